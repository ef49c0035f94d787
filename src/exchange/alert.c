/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/alert.h"

#include <string.h>

#include "base/cleanup.h"
#include "exchange/words.h"

static unsigned grade(const struct parcel *parcel)
{
        static const char *const words[] = {"not-qualified", "mineur", "significatif", "grave"};
        const char *gravity = parcel_text(json_object_get(parcel->payload, "incident"), "gravity");

        for (unsigned i = 0; i < ARRAY_LEN(words); i++)
                if (!strcmp(words[i], gravity))
                        return i;
        return 0;
}

static json_t *line_json(const struct outlet *outlet, const struct parcel *parcel)
{
        struct buffer buffer = BUFFER_INIT(1024);
        json_t *json;

        buffer_text(&buffer, "Garde: ");
        words_line(parcel, outlet->language, &buffer);
        json = json_string(buffer_string(&buffer));
        buffer_release(&buffer);
        return json ? json : json_string(parcel->event);
}

static json_t *lines_json(const struct parcel *parcel)
{
        struct buffer buffer = BUFFER_INIT(16384);
        json_t *json;

        words_lines(parcel, LANGUAGE_FR, &buffer);
        buffer_text(&buffer, "\n");
        words_lines(parcel, LANGUAGE_EN, &buffer);
        json = json_string(buffer_string(&buffer));
        buffer_release(&buffer);
        return json ? json : json_string(parcel->event);
}

json_t *alert_iris(const struct outlet *outlet, const struct parcel *parcel)
{
        static const int severities[] = {1, 4, 5, 6};
        const json_t *incident = json_object_get(parcel->payload, "incident");
        const char *reference = parcel_text(incident, "id"), *kind = parcel_text(incident, "kind");
        char tags[160];

        snprintf(tags, sizeof(tags), "garde,%s,tlp:%s%s%s", parcel->event,
                 parcel_text(parcel->payload, "tlp"), kind[0] ? "," : "", kind);
        return json_pack("{s:o, s:o, s:s, s:s, s:O, s:i, s:i, s:s, s:s, s:i}", "alert_title",
                         line_json(outlet, parcel), "alert_description", lines_json(parcel), "alert_source",
                         "Garde", "alert_source_ref", reference[0] ? reference : parcel->id,
                         "alert_source_content", parcel->payload, "alert_severity_id",
                         severities[grade(parcel)], "alert_status_id", 2, "alert_source_event_time",
                         parcel_text(parcel->payload, "at"), "alert_tags", tags, "alert_customer_id",
                         outlet->config->customer ? (int)outlet->config->customer : 1);
}

/* TLP to FIR's levels of confidentiality. */
static const char *confidentiality(enum config_tlp tlp)
{
        static const char *const levels[CONFIG_TLP_COUNT] = {[CONFIG_TLP_CLEAR] = "C0",
                                                             [CONFIG_TLP_GREEN] = "C1",
                                                             [CONFIG_TLP_AMBER] = "C2",
                                                             [CONFIG_TLP_AMBER_STRICT] = "C2",
                                                             [CONFIG_TLP_RED] = "C3"};

        return levels[tlp];
}

json_t *alert_fir(const struct outlet *outlet, const struct parcel *parcel)
{
        static const char *const severities[] = {"1", "2", "3", "4"};
        const struct config_target *target = outlet->config;
        const char *line = target->business_line;
        json_t *json = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "subject",
                                 line_json(outlet, parcel), "description", lines_json(parcel), "severity",
                                 severities[grade(parcel)], "category", target->category, "detection",
                                 target->detection, "confidentiality", confidentiality(target->tlp), "date",
                                 parcel_text(parcel->payload, "at"), "is_incident", 1, "is_major",
                                 grade(parcel) == 3, "is_starred", 0);

        if (json && line[0] &&
            json_object_set_new(json, "concerned_business_lines", json_pack("[s]", line))) {
                json_decref(json);
                return NULL;
        }
        return json;
}
