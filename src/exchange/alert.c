/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/alert.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "exchange/words.h"

#define LINE_BYTES_MAX  4096
#define IRIS_TITLE_MAX  512 /* its column has no limit; a list of alerts has */
#define FIR_SUBJECT_MAX 256 /* beyond, FIR refuses the incident */

static unsigned grade(const struct parcel *parcel)
{
        static const char *const words[] = {"not-qualified", "mineur", "significatif", "grave"};
        const char *gravity = parcel_text(json_object_get(parcel->payload, "incident"), "gravity");

        for (unsigned i = 0; i < ARRAY_LEN(words); i++)
                if (!strcmp(words[i], gravity))
                        return i;
        return 0;
}

/* At most so many characters (not bytes) of it; what is missing is shown by an ellipsis. */
static void cut(struct buffer *buffer, size_t characters)
{
        size_t seen = 0, keep = 0;

        for (size_t i = 0; i < buffer->length; i++) {
                if (((unsigned char)buffer->data[i] & 0xc0) == 0x80)
                        continue;
                if (++seen == characters)
                        keep = i;
        }
        if (seen <= characters)
                return;
        buffer->length = keep;
        buffer_text(buffer, "…");
}

static json_t *line_json(const struct outlet *outlet, const struct parcel *parcel, size_t characters)
{
        struct buffer buffer = BUFFER_INIT(LINE_BYTES_MAX);
        json_t *json;

        buffer_text(&buffer, "Garde: ");
        words_line(parcel, outlet->language, &buffer);
        cut(&buffer, characters);
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

/* UTC without saying so: its column has no zone, and an offset is taken for the database's. */
static void iris_moment(const char *at, char ret_moment[static TIME_TEXT_SIZE])
{
        snprintf(ret_moment, TIME_TEXT_SIZE, "%.*s", (int)strcspn(at, "Z"), at);
}

json_t *alert_iris(const struct outlet *outlet, const struct parcel *parcel)
{
        static const int severities[] = {1, 4, 5, 6};
        const json_t *incident = json_object_get(parcel->payload, "incident");
        const char *reference = parcel_text(incident, "id"), *kind = parcel_text(incident, "kind");
        char tags[160], moment[TIME_TEXT_SIZE];

        snprintf(tags, sizeof(tags), "garde,%s,tlp:%s%s%s", parcel->event,
                 parcel_text(parcel->payload, "tlp"), kind[0] ? "," : "", kind);
        iris_moment(parcel_text(parcel->payload, "at"), moment);
        return json_pack("{s:o, s:o, s:s, s:s, s:O, s:i, s:i, s:s, s:s, s:i}", "alert_title",
                         line_json(outlet, parcel, IRIS_TITLE_MAX), "alert_description", lines_json(parcel),
                         "alert_source", "Garde", "alert_source_ref", reference[0] ? reference : parcel->id,
                         "alert_source_content", parcel->payload, "alert_severity_id",
                         severities[grade(parcel)], "alert_status_id", 2, "alert_source_event_time", moment,
                         "alert_tags", tags, "alert_customer_id",
                         outlet->config->customer ? (int)outlet->config->customer : 1);
}

/* FIR's levels of confidentiality, and its names of the TLP that took their place in 2026. */
static const struct {
        const char *confidentiality, *tlp;
} levels[CONFIG_TLP_COUNT] = {[CONFIG_TLP_CLEAR] = {"C0", "CLEAR"},
                              [CONFIG_TLP_GREEN] = {"C1", "GREEN"},
                              [CONFIG_TLP_AMBER] = {"C2", "AMBER"},
                              [CONFIG_TLP_AMBER_STRICT] = {"C2", "AMBER+STRICT"},
                              [CONFIG_TLP_RED] = {"C3", "RED"}};

json_t *alert_fir(const struct outlet *outlet, const struct parcel *parcel)
{
        static const char *const severities[] = {"1", "2", "3", "4"};
        const struct config_target *target = outlet->config;
        const char *line = target->business_line;
        json_t *json =
                json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "subject",
                          line_json(outlet, parcel, FIR_SUBJECT_MAX), "description", lines_json(parcel),
                          "severity", severities[grade(parcel)], "category", target->category, "detection",
                          target->detection, "confidentiality", levels[target->tlp].confidentiality, "tlp",
                          levels[target->tlp].tlp, "date", parcel_text(parcel->payload, "at"), "is_incident",
                          1, "is_major", grade(parcel) == 3, "is_starred", 0);

        if (json && line[0] &&
            json_object_set_new(json, "concerned_business_lines", json_pack("[s]", line))) {
                json_decref(json);
                return NULL;
        }
        return json;
}
