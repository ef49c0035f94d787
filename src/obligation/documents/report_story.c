/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/report_private.h"

#define SUBJECT_MAX 60 /* characters */

static void what_fr(const struct report_sheet *sheet, struct buffer *text)
{
        const struct incident *incident = sheet->report->incident;
        CLEANUP(cleanup_free) char *subject = report_cut(incident->subject, SUBJECT_MAX);
        const char *what = strcmp(incident->kind, "flood") == 0         ? "une attaque par saturation a visé"
                           : strcmp(incident->kind, "flash-crowd") == 0 ? "un afflux de visiteurs a atteint"
                                                                        : "un incident a touché";

        buffer_format(text, ", %s « %s »", what, subject ? subject : "");
}

static void what_en(const struct report_sheet *sheet, struct buffer *text)
{
        const struct incident *incident = sheet->report->incident;
        CLEANUP(cleanup_free) char *subject = report_cut(incident->subject, SUBJECT_MAX);
        const char *what = strcmp(incident->kind, "flood") == 0         ? "a flood was aimed at"
                           : strcmp(incident->kind, "flash-crowd") == 0 ? "a crowd of visitors reached"
                                                                        : "an incident hit";

        buffer_format(text, ", %s “%s”", what, subject ? subject : "");
}

static void where_from(const struct report_sheet *sheet, struct buffer *text)
{
        const struct report_figures *figures = &sheet->report->figures;

        if (figures->sources >= 0) {
                buffer_text(text, SAY(sheet, ", venus de ", ", from "));
                language_rounded(text, sheet->language, figures->sources);
                buffer_text(text, figures->sources < 2 ? SAY(sheet, " source", " source")
                                                       : SAY(sheet, " sources", " sources"));
        }
        if (figures->sources >= 0 && figures->countries >= 0) {
                buffer_text(text, SAY(sheet, " dans ", " in "));
                language_decimal(text, sheet->language, figures->countries, 0);
                buffer_text(text, figures->countries < 2 ? SAY(sheet, " pays", " country")
                                                         : SAY(sheet, " pays", " countries"));
        }
}

static void sentence_attack(const struct report_sheet *sheet, struct buffer *text)
{
        const struct incident_report *report = sheet->report;
        int64_t began = report->began_ms ? report->began_ms : report->incident->opened_ms;

        buffer_text(text, SAY(sheet, "Le ", "On "));
        language_moment(text, sheet->language, report->zone, MOMENT_LONG, began);
        if (sheet->language == LANGUAGE_EN)
                what_en(sheet, text);
        else
                what_fr(sheet, text);
        if (report->figures.peak_pps >= 0) {
                buffer_text(text, SAY(sheet, " : jusqu’à ", ": up to "));
                language_rounded(text, sheet->language, report->figures.peak_pps);
                buffer_text(text, SAY(sheet, " paquets par seconde", " packets a second"));
                where_from(sheet, text);
        }
        if (report->figures.duration_ms >= 0) {
                buffer_text(text, SAY(sheet, ", pendant ", ", for "));
                language_duration(text, sheet->language, report->figures.duration_ms);
        }
        buffer_text(text, ". ");
}

static void measures_taken(const struct report_sheet *sheet, struct buffer *text)
{
        size_t count = sheet->report->measure_count;

        if (count == 0)
                buffer_text(text, SAY(sheet, "aucune mesure n’a été prise", "no measure was taken"));
        else if (count == 1)
                buffer_text(text, SAY(sheet, "une mesure a été prise", "one measure was taken"));
        else
                buffer_format(text, SAY(sheet, "%zu mesures ont été prises", "%zu measures were taken"),
                              count);
}

static void sentence_answer(const struct report_sheet *sheet, struct buffer *text)
{
        const struct report_figures *figures = &sheet->report->figures;

        if (figures->detected_after_ms >= 0) {
                buffer_text(text, SAY(sheet, "Garde l’a vu en ", "Garde saw it within "));
                language_duration(text, sheet->language, figures->detected_after_ms);
        } else {
                buffer_text(text, SAY(sheet, "Le délai de détection n’est pas connu",
                                      "How soon it was seen is not known"));
        }
        buffer_text(text, SAY(sheet, " ; ", "; "));
        measures_taken(sheet, text);
        if (sheet->report->measure_count && figures->effective_after_ms >= 0) {
                buffer_text(text, SAY(sheet, ", avec plein effet après ", ", in full effect after "));
                language_duration(text, sheet->language, figures->effective_after_ms);
        }
        if (sheet->report->measure_count && figures->share_dropped >= 0) {
                buffer_text(text, SAY(sheet, ", et ", ", and "));
                language_percent(text, sheet->language, figures->share_dropped);
                buffer_text(text, SAY(sheet, " des paquets de l’attaque ont dès lors été écartés",
                                      " of the attack’s packets were dropped from then on"));
        }
        buffer_text(text, ". ");
}

static void served(const struct report_sheet *sheet, struct buffer *text)
{
        uint64_t tried = 0, ok = 0;

        for (size_t i = 0; i < sheet->report->class_count; i++) {
                tried += sheet->report->classes[i].tried;
                ok += sheet->report->classes[i].served;
        }
        if (tried == 0) {
                buffer_text(text, SAY(sheet, "Les demandes légitimes n’ont pas été comptées",
                                      "Legitimate requests were not counted"));
                return;
        }
        language_integer(text, sheet->language, (int64_t)ok);
        buffer_text(text, SAY(sheet, " demandes légitimes sur ", " legitimate requests out of "));
        language_integer(text, sheet->language, (int64_t)tried);
        buffer_text(text,
                    SAY(sheet, " ont été servies pendant l’attaque (", " were served during the attack ("));
        language_percent(text, sheet->language, (double)ok / (double)tried);
        buffer_text(text, ")");
}

static void sentence_outcome(const struct report_sheet *sheet, struct buffer *text)
{
        const struct incident_report *report = sheet->report;

        served(sheet, text);
        if (report->figures.reopened_after_ms >= 0) {
                buffer_text(text, SAY(sheet, " ; tout était rouvert ", "; all was reopened "));
                language_duration(text, sheet->language, report->figures.reopened_after_ms);
                buffer_text(text, SAY(sheet, " après sa fin", " after its end"));
        }
        buffer_text(text, report->incident->open
                                  ? SAY(sheet, " ; l’incident reste ouvert.", "; the incident is still open.")
                                  : SAY(sheet, " ; l’incident est clos.", "; the incident is closed."));
}

void report_story(const struct report_sheet *sheet)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(16384);

        sentence_attack(sheet, &text);
        sentence_answer(sheet, &text);
        sentence_outcome(sheet, &text);
        paper_paragraph(sheet->paper, buffer_string(&text));
}

/* How a figure is written. */
enum figure_unit { UNIT_COUNT, UNIT_RATE, UNIT_SHARE, UNIT_COST, UNIT_TIME };

struct figure {
        const char *fr, *en;
        enum figure_unit unit;
        double value;
};

static void figure_text(const struct report_sheet *sheet, const struct figure *figure,
                        char ret_text[static 96])
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(96);

        if (figure->value < 0) {
                buffer_text(&text, SAY(sheet, "inconnu", "unknown"));
        } else if (figure->unit == UNIT_SHARE || figure->unit == UNIT_COST) {
                language_percent(&text, sheet->language, figure->value);
        } else if (figure->unit == UNIT_TIME) {
                language_duration(&text, sheet->language, (int64_t)figure->value);
        } else {
                language_decimal(&text, sheet->language, figure->value, 0);
                if (figure->unit == UNIT_RATE)
                        buffer_text(&text, SAY(sheet, " paquets/s", " packets/s"));
        }
        snprintf(ret_text, 96, "%s", buffer_string(&text));
}

void report_figures(const struct report_sheet *sheet)
{
        const struct report_figures *f = &sheet->report->figures;
        const struct figure rows[][2] = {
                {{"Crête de l’attaque", "Peak of the attack", UNIT_RATE, f->peak_pps},
                 {"Détectée après", "Detected after", UNIT_TIME, (double)f->detected_after_ms}},
                {{"Paquets de l’attaque", "Packets of the attack", UNIT_COUNT, f->packets},
                 {"Contenue après", "Contained after", UNIT_TIME, (double)f->effective_after_ms}},
                {{"Sources (souvent falsifiées)", "Sources (often forged)", UNIT_COUNT, f->sources},
                 {"Part de l’attaque écartée", "Share of the attack dropped", UNIT_SHARE, f->share_dropped}},
                {{"Pays", "Countries", UNIT_COUNT, f->countries},
                 {"Tout rouvert après la fin", "All reopened after the end", UNIT_TIME,
                  (double)f->reopened_after_ms}},
                {{"Durée", "Duration", UNIT_TIME, (double)f->duration_ms},
                 {"Rechutes", "Relapses", UNIT_COUNT, f->relapses}},
                {{"Trafic normal écarté, prévu", "Normal traffic dropped, predicted", UNIT_COST,
                  f->predicted_cost},
                 {"Trafic normal écarté, mesuré", "Normal traffic dropped, measured", UNIT_COST,
                  f->actual_cost}},
        };
        static const struct paper_column columns[] = {
                {.share = 30}, {.share = 20, .bold = true}, {.share = 30}, {.share = 20, .bold = true}};

        paper_heading(sheet->paper, 2, SAY(sheet, "Chiffres clés", "Key figures"));
        paper_table(sheet->paper, columns, ARRAY_LEN(columns));
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
                char left[96], right[96];

                figure_text(sheet, &rows[i][0], left);
                figure_text(sheet, &rows[i][1], right);
                paper_row(sheet->paper, (const char *[]){SAY(sheet, rows[i][0].fr, rows[i][0].en), left,
                                                         SAY(sheet, rows[i][1].fr, rows[i][1].en), right});
        }
        paper_table_end(sheet->paper);
}

static void milliseconds_text(const struct report_sheet *sheet, double milliseconds, char ret_text[static 48])
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(48);

        if (milliseconds < 0)
                buffer_text(&text, "–");
        else
                language_decimal(&text, sheet->language, milliseconds, milliseconds < 10 ? 1 : 0);
        buffer_text(&text, milliseconds < 0 ? "" : NBSP "ms");
        snprintf(ret_text, 48, "%s", buffer_string(&text));
}

static void class_row(const struct report_sheet *sheet, const struct report_class *class)
{
        CLEANUP(cleanup_free) char *name = report_cut(SAY(sheet, class->name_fr, class->name_en), 60);
        CLEANUP(buffer_release)
        struct buffer tried = BUFFER_INIT(48), ok = BUFFER_INIT(48), share = BUFFER_INIT(48);
        char p50[48], p99[48];

        language_integer(&tried, sheet->language, (int64_t) class->tried);
        language_integer(&ok, sheet->language, (int64_t) class->served);
        if (class->tried)
                language_percent(&share, sheet->language, (double)class->served / (double)class->tried);
        else
                buffer_text(&share, "–");
        milliseconds_text(sheet, class->p50_ms, p50);
        milliseconds_text(sheet, class->p99_ms, p99);
        paper_row(sheet->paper, (const char *[]){name, buffer_string(&tried), buffer_string(&ok),
                                                 buffer_string(&share), p50, p99});
}

void report_classes(const struct report_sheet *sheet)
{
        const struct paper_column columns[] = {
                {.title = SAY(sheet, "Demandes légitimes pendant l’attaque",
                              "Legitimate requests during the attack"),
                 .share = 38},
                {.title = SAY(sheet, "tentées", "tried"), .share = 12, .right = true},
                {.title = SAY(sheet, "servies", "served"), .share = 12, .right = true},
                {.title = SAY(sheet, "part", "share"), .share = 12, .right = true, .bold = true},
                {.title = SAY(sheet, "délai médian", "median delay"), .share = 14, .right = true},
                {.title = SAY(sheet, "99 % sous", "99% below"), .share = 12, .right = true}};
        size_t count = sheet->report->class_count;
        size_t shown = count < sheet->detail->classes ? count : sheet->detail->classes;
        char more[96];

        if (count == 0)
                return;
        paper_gap(sheet->paper, 6);
        paper_table(sheet->paper, columns, ARRAY_LEN(columns));
        for (size_t i = 0; i < shown; i++)
                class_row(sheet, &sheet->report->classes[i]);
        paper_table_end(sheet->paper);
        if (shown == count)
                return;
        snprintf(more, sizeof(more),
                 SAY(sheet, "… et %zu autres publics, voir le journal.", "… and %zu more, see the journal."),
                 count - shown);
        paper_note(sheet->paper, more);
}
