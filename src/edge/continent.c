/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/continent.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
        const char *continent;
        const char *countries; /* two letters each, one space between */
} continents[] = {
        {"EU", "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES EU FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV "
               "MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK"},
        {"AF", "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ "
               "NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"},
        {"AS", "AE AF AM AP AZ BD BH BN BT CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY "
               "NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"},
        {"NA", "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX "
               "TC TT US VC VG VI"},
        {"SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"},
        {"OC", "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"},
        {"AN", "AQ BV GS HM TF"},
};

const char *continent_of(const char *country)
{
        if (strlen(country) == 2)
                for (size_t i = 0; i < ARRAY_LEN(continents); i++)
                        for (const char *p = continents[i].countries; *p; p += p[2] ? 3 : 2)
                                if (!strncmp(p, country, 2))
                                        return continents[i].continent;
        return "??";
}
