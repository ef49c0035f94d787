/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/country.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
        const char *continent;
        const char *countries; /* two letters each, one space between */
} continents[] = {
        {"EU", "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES EU FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI "
               "LT LU LV "
               "MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK"},
        {"AF", "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML "
               "MR MU MW MZ "
               "NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"},
        {"AS", "AE AF AM AP AZ BD BH BN BT CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN "
               "MO MV MY "
               "NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"},
        {"NA", "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA "
               "PM PR SV SX "
               "TC TT US VC VG VI"},
        {"SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"},
        {"OC", "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"},
        {"AN", "AQ BV GS HM TF"},
};

#define CODES_STEP 3 /* "FR " */

/* Calls for one code after the other in the order of the table; the last of a continent has no space behind it. */
static const char *next_code(const char *code)
{
        return code[2] ? code + CODES_STEP : NULL;
}

uint8_t country_index(const char *code)
{
        uint8_t index = 1;

        if (strlen(code) != 2)
                return 0;
        if (!strcmp(code, "UK"))
                code = "GB";
        else if (!strcmp(code, "CS"))
                code = "RS";
        for (size_t i = 0; i < ARRAY_LEN(continents); i++)
                for (const char *p = continents[i].countries; p; p = next_code(p), index++)
                        if (p[0] == code[0] && p[1] == code[1])
                                return index;
        return 0;
}

void country_code(uint8_t index, char ret_code[static COUNTRY_CODE_SIZE])
{
        size_t left = index;

        memcpy(ret_code, "??", COUNTRY_CODE_SIZE);
        if (!index)
                return;
        for (size_t i = 0; i < ARRAY_LEN(continents); i++) {
                size_t here = (strlen(continents[i].countries) + 1) / CODES_STEP;
                if (left <= here) {
                        memcpy(ret_code, continents[i].countries + (left - 1) * CODES_STEP, 2);
                        return;
                }
                left -= here;
        }
}

unsigned country_count(void)
{
        size_t count = 1;

        for (size_t i = 0; i < ARRAY_LEN(continents); i++)
                count += (strlen(continents[i].countries) + 1) / CODES_STEP;
        return (unsigned)count;
}

const char *continent_of(const char *country)
{
        uint8_t index = country_index(country);
        size_t left = index;

        for (size_t i = 0; index && i < ARRAY_LEN(continents); i++) {
                size_t here = (strlen(continents[i].countries) + 1) / CODES_STEP;
                if (left <= here)
                        return continents[i].continent;
                left -= here;
        }
        return "??";
}
