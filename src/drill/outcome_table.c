/* SPDX-License-Identifier: EUPL-1.2 */
/* The tables people read. */
#include <string.h>

#include "base/cleanup.h"
#include "drill/outcome.h"

#define LABEL_COLUMNS 40
#define CELL_COLUMNS  18
#define CELL_SIZE     64

/* Characters a terminal shows; ours are all one column wide. */
static int columns(const char *text)
{
        int count = 0;

        for (; *text; text++)
                count += (*text & 0xc0) != 0x80;
        return count;
}

static void pad(struct buffer *buffer, int wanted, int there)
{
        for (; there < wanted; there++)
                buffer_text(buffer, " ");
}

static double real_at(const json_t *json, const char *key)
{
        return json_number_value(json_object_get(json, key));
}

/* One figure of a report, as a person reads it. */
enum figure {
        FIGURE_COUNT,
        FIGURE_MILLISECONDS,
        FIGURE_SECONDS,
        FIGURE_PERCENT,
        FIGURE_MEGABYTES,
        FIGURE_LENGTH
};

static void format_figure(enum figure figure, const json_t *value, bool english, char cell[static CELL_SIZE])
{
        double number = json_number_value(value);

        if (!value || json_is_null(value)) {
                snprintf(cell, CELL_SIZE, "%s", english ? "never" : "jamais");
                return;
        }
        switch (figure) {
        case FIGURE_COUNT:
                snprintf(cell, CELL_SIZE, "%.0f", number);
                break;
        case FIGURE_MILLISECONDS:
                snprintf(cell, CELL_SIZE, "%.0f ms", number);
                break;
        case FIGURE_SECONDS:
                snprintf(cell, CELL_SIZE, "%.1f s", number);
                break;
        case FIGURE_PERCENT:
                snprintf(cell, CELL_SIZE, "%.2f %%", number * 100);
                break;
        case FIGURE_MEGABYTES:
                snprintf(cell, CELL_SIZE, "%.0f %s", number, english ? "MB" : "Mo");
                break;
        case FIGURE_LENGTH:
                snprintf(cell, CELL_SIZE, "%zu", json_array_size(value));
                break;
        }
        for (char *point = cell; !english && *point; point++)
                if (*point == '.')
                        *point = ',';
}

static void line(struct buffer *buffer, const char *label, const char *first, const char *second)
{
        buffer_text(buffer, "  ");
        buffer_text(buffer, label);
        pad(buffer, LABEL_COLUMNS, columns(label));
        pad(buffer, CELL_COLUMNS, columns(first));
        buffer_text(buffer, first);
        if (second) {
                pad(buffer, CELL_COLUMNS, columns(second));
                buffer_text(buffer, second);
        }
        buffer_text(buffer, "\n");
}

struct sides {
        struct buffer *buffer;
        const json_t *first, *second;
        bool english;
};

static void figure_line(const struct sides *sides, const char *fr, const char *en, const char *group,
                        const char *key, enum figure figure)
{
        const json_t *reports[2] = {sides->first, sides->second};
        char cells[2][CELL_SIZE];

        for (int i = 0; i < 2; i++) {
                const json_t *at = group ? json_object_get(reports[i], group) : reports[i];

                format_figure(figure, json_object_get(at, key), sides->english, cells[i]);
        }
        line(sides->buffer, sides->english ? en : fr, cells[0], sides->second ? cells[1] : NULL);
}

static void format_visits(const json_t *row, bool english, char cell[static CELL_SIZE])
{
        double tried = real_at(row, "tried"), ok = real_at(row, "ok");
        /* Never rounded up to all of them. */
        double percent = tried > 0 ? (double)(long)(ok / tried * 10000) / 100 : 0;

        if (tried <= 0) {
                snprintf(cell, CELL_SIZE, "–");
                return;
        }
        snprintf(cell, CELL_SIZE, "%.2f %% %5.0f", percent, tried);
        for (char *point = cell; !english && *point; point++)
                if (*point == '.')
                        *point = ',';
}

static void phase_lines(const struct sides *sides, const char *phase, const char *title)
{
        static const struct {
                const char *key, *fr, *en;
        } rows[] = {
                {"known_europe", "connus, Europe", "known, Europe"},
                {"new_europe", "nouveaux, Europe", "new, Europe"},
                {"known_elsewhere", "connus, ailleurs", "known, elsewhere"},
                {"new_elsewhere", "nouveaux, ailleurs", "new, elsewhere"},
        };

        buffer_format(sides->buffer, "\n  %s\n", title);
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
                const json_t *first = json_object_get(json_object_get(sides->first, phase), rows[i].key);
                const json_t *second = json_object_get(json_object_get(sides->second, phase), rows[i].key);
                char cells[2][CELL_SIZE], label[CELL_SIZE];

                format_visits(first, sides->english, cells[0]);
                format_visits(second, sides->english, cells[1]);
                snprintf(label, sizeof(label), "  %s", sides->english ? rows[i].en : rows[i].fr);
                line(sides->buffer, label, cells[0], sides->second ? cells[1] : NULL);
        }
}

static const char *policy_of(const json_t *report)
{
        const char *policy = json_string_value(json_object_get(report, "policy"));

        return policy ? policy : "?";
}

void outcome_table(struct buffer *buffer, const json_t *first, const json_t *second, bool english)
{
        const struct sides sides = {buffer, first, second, english};

        line(buffer, english ? "Policy" : "Politique", policy_of(first), second ? policy_of(second) : NULL);
        figure_line(&sides, "Paquets de l’attaque", "Attack packets", "attack", "packets", FIGURE_COUNT);
        figure_line(&sides, "Pointe (paquets/s)", "Peak (packets/s)", "attack", "peak_pps", FIGURE_COUNT);
        figure_line(&sides, "Adresses sources", "Source addresses", "attack", "sources", FIGURE_COUNT);
        figure_line(&sides, "Pays", "Countries", "attack", "countries", FIGURE_COUNT);
        figure_line(&sides, "Détectée après", "Detected after", NULL, "detected_ms", FIGURE_MILLISECONDS);
        figure_line(&sides, "Contenue (95 %) après", "Contained (95 %) after", NULL, "effective_ms",
                    FIGURE_MILLISECONDS);
        figure_line(&sides, "Attaque arrêtée ensuite", "Attack dropped from then on", NULL, "attack_dropped",
                    FIGURE_PERCENT);
        figure_line(&sides, "Mesures posées", "Measures taken", NULL, "measures", FIGURE_LENGTH);
        figure_line(&sides, "Tout rouvert après", "All reopened after", NULL, "reopened_s", FIGURE_SECONDS);
        figure_line(&sides, "Rechutes", "Relapses", NULL, "relapses", FIGURE_COUNT);
        figure_line(&sides, "Mémoire de Garde", "Garde's memory", NULL, "resident_mb", FIGURE_MEGABYTES);
        phase_lines(&sides, "calm",
                    english ? "Visits served in the calm, of so many (new: a client's first request ever)"
                            : "Visites servies dans le calme, sur (nouveaux : première demande d’un client)");
        phase_lines(&sides, "during",
                    english ? "Visits served during the attack, of so many (new: first seen since it began)"
                            : "Visites servies pendant l’attaque, sur (nouveaux : venus depuis son début)");
        phase_lines(&sides, "after",
                    english ? "Visits served after the attack, of so many"
                            : "Visites servies après l’attaque, sur");
}
