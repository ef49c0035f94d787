/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/give.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"

#define RPZ_TTL 60

struct giving {
        FILE *out;
        const struct give_options *options;
        uint64_t names, reserved;
        int64_t now_ms;
};

#define GIVE_WORD(name, word) word,
static const char *const form_words[] = {GIVE_FORMS(GIVE_WORD)};

const char *give_form_word(enum give_form form)
{
        return form_words[form];
}

int give_form_parse(const char *word, enum give_form *ret_form)
{
        for (int i = 0; i < GIVE_FORM_COUNT; i++) {
                if (strcmp(form_words[i], word) == 0) {
                        *ret_form = (enum give_form)i;
                        return 0;
                }
        }
        return -EINVAL;
}

/* ---- response policy zone ---- */

static void rpz_begin(struct giving *giving)
{
        const char *zone = giving->options->zone;

        fprintf(giving->out,
                "$ORIGIN %s.\n$TTL %d\n@ SOA localhost. root.localhost. %" PRIu32
                " 3600 600 86400 %d\n@ NS localhost.\n",
                zone, RPZ_TTL, (uint32_t)(giving->now_ms / 1000), RPZ_TTL);
}

static void rpz_record(const struct giving *giving, const struct listed *listed, const char *star,
                       const char *data)
{
        fprintf(giving->out, "%s%.*s %s\n", star, (int)listed->length, listed->name, data);
}

static void rpz_records(const struct giving *giving, const struct listed *listed, const char *star)
{
        const struct give_options *options = giving->options;
        char data[ADDR_TEXT_SIZE + 8];

        switch (options->answer) {
        case CONFIG_NAME_ANSWER_GARDEN:
                if (options->ipv4 && options->ipv4[0]) {
                        snprintf(data, sizeof(data), "A %s", options->ipv4);
                        rpz_record(giving, listed, star, data);
                }
                if (options->ipv6 && options->ipv6[0]) {
                        snprintf(data, sizeof(data), "AAAA %s", options->ipv6);
                        rpz_record(giving, listed, star, data);
                }
                return;
        case CONFIG_NAME_ANSWER_DROP:
                rpz_record(giving, listed, star, "CNAME rpz-drop.");
                return;
        case CONFIG_NAME_ANSWER_WATCH:
                rpz_record(giving, listed, star, "CNAME rpz-passthru.");
                return;
        default:
                rpz_record(giving, listed, star, "CNAME .");
        }
}

/* What is never blocked stands in the zone as well: it may lie below a blocked name. */
static void rpz_pass(const struct giving *giving, const char *name)
{
        fprintf(giving->out, "%s CNAME rpz-passthru.\n*.%s CNAME rpz-passthru.\n", name, name);
}

static void rpz_pass_all(const struct giving *giving, const struct lists *lists)
{
        const struct exemption *exemptions;
        size_t count = lists_exemptions(lists, &exemptions);
        const struct config *config = lists_configuration(lists);

        for (uint32_t i = 0; i < config->domains.own_count; i++)
                rpz_pass(giving, config->domains.own[i]);
        for (uint32_t i = 0; i < config->domains.partner_count; i++)
                rpz_pass(giving, config->domains.partners[i]);
        for (size_t i = 0; i < count; i++)
                if (!exemptions[i].network.family && lists_is_exempted(lists, &exemptions[i].name, NULL))
                        rpz_pass(giving, exemptions[i].name.text);
}

/* A name and the zone's must fit into 253 octets together. */
static bool fits_zone(const struct giving *giving, const struct listed *listed)
{
        return listed->length + 2 + 1 + strlen(giving->options->zone) <= NAME_LENGTH_MAX;
}

static void rpz_name(struct giving *giving, const struct listed *listed)
{
        if (!fits_zone(giving, listed))
                return;
        rpz_records(giving, listed, "");
        if (listed->below)
                rpz_records(giving, listed, "*.");
}

/* ---- MISP ---- */

static void misp_begin(struct giving *giving)
{
        json_t *name = json_string(giving->options->structure);
        CLEANUP(cleanup_free) char *who = json_dumps(name, JSON_ENCODE_ANY);
        char day[TIME_TEXT_SIZE];

        json_decref(name);

        time_format(giving->now_ms, day);
        fprintf(giving->out,
                "{\"Event\":{\"info\":\"Garde: blocked "
                "names\",\"date\":\"%.10s\",\"threat_level_id\":\"2\",\"analysis\":\"2\","
                "\"distribution\":\"0\",\"Orgc\":{\"name\":%s},\"Attribute\":[",
                day, who ? who : "\"\"");
}

static void misp_name(struct giving *giving, const struct listed *listed)
{
        fprintf(giving->out,
                "%s\n{\"type\":\"domain\",\"category\":\"Network "
                "activity\",\"to_ids\":true,\"value\":\"%.*s\",\"comment\":\"%s\"}",
                giving->names ? "," : "", (int)listed->length, listed->name, listed->list->name);
}

/* ---- all of them ---- */

static void begin(struct giving *giving)
{
        if (giving->options->form == GIVE_RPZ)
                rpz_begin(giving);
        else if (giving->options->form == GIVE_MISP)
                misp_begin(giving);
}

static void write_name(struct giving *giving, const struct listed *listed)
{
        static const char *const formats[GIVE_FORM_COUNT][2] = {
                [GIVE_PLAIN] = {"%.*s\n", "*.%.*s\n"},
                [GIVE_HOSTS] = {"0.0.0.0 %.*s\n", "0.0.0.0 %.*s\n"},
                [GIVE_DNSMASQ] = {"address=/%.*s/\n", "address=/%.*s/\n"},
                [GIVE_SQUID] = {"%.*s\n", ".%.*s\n"},
                [GIVE_POSTFIX] = {"%.*s REJECT\n", "%.*s REJECT\n"},
        };

        if (giving->options->form == GIVE_RPZ)
                rpz_name(giving, listed);
        else if (giving->options->form == GIVE_MISP)
                misp_name(giving, listed);
        else
                fprintf(giving->out, formats[giving->options->form][listed->below], (int)listed->length,
                        listed->name);
}

static int give_one(void *context, const struct listed *listed)
{
        struct giving *giving = context;

        if (!giving->options->all && listed->tlp != CONFIG_TLP_CLEAR && listed->tlp != CONFIG_TLP_GREEN) {
                giving->reserved++;
                return 0;
        }
        write_name(giving, listed);
        giving->names++;
        return ferror(giving->out) ? -EIO : 0;
}

int give_write(FILE *out, const struct lists *lists, const struct give_options *options, uint64_t *ret_names,
               uint64_t *ret_reserved, struct error *error)
{
        struct giving giving = {.out = out, .options = options, .now_ms = clock_wall_ms(&clock_system)};
        int r;

        begin(&giving);
        if (options->form == GIVE_RPZ)
                rpz_pass_all(&giving, lists);
        r = lists_each_blocked(lists, give_one, &giving, error);
        if (options->form == GIVE_MISP)
                fputs("\n]}}\n", out);
        if (r == -EIO || fflush(out))
                return error_say(error, -EIO, "l’écriture a échoué : %m", "writing failed: %m");
        *ret_names = giving.names;
        *ret_reserved = giving.reserved;
        return r;
}
