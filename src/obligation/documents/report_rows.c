/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/report_private.h"

#define SAME_DAY_MS (20 * 3600 * 1000) /* within which hours alone are clear */

/* A finding or a measure, by its time. */
struct event {
        int64_t at_ms;
        const struct finding *finding;
        const struct measure *measure;
        size_t number; /* of the measure, as on the plot */
};

const char *report_measure_name(enum measure_kind kind, enum language language)
{
        static const char *const names[MEASURE_KIND_COUNT][2] = {
                [MEASURE_KIND_SIGNATURE] = {"signature", "signature"},
                [MEASURE_KIND_CHALLENGE] = {"preuve d’adresse", "proof of address"},
                [MEASURE_KIND_FENCE] = {"clôture de pays", "country fence"},
                [MEASURE_KIND_THROTTLE] = {"limite de débit", "rate limit"},
        };

        return (unsigned)kind < MEASURE_KIND_COUNT ? names[kind][language] : "";
}

static void time_text(const struct report_sheet *sheet, int64_t at_ms, struct buffer *text)
{
        int64_t base = sheet->report->began_ms ? sheet->report->began_ms : sheet->report->incident->opened_ms;
        bool near = at_ms - base < SAME_DAY_MS && base - at_ms < SAME_DAY_MS;

        if (at_ms == 0)
                buffer_text(text, "–");
        else
                language_moment(text, sheet->language, sheet->report->zone,
                                near ? MOMENT_SECOND : MOMENT_SHORT, at_ms);
}

static int compare_events(const void *a, const void *b)
{
        const struct event *x = a, *y = b;

        if (x->at_ms != y->at_ms)
                return x->at_ms > y->at_ms ? 1 : -1;
        /* A finding comes before the measure it led to. */
        if (!x->measure != !y->measure)
                return x->measure ? 1 : -1;
        return x->number > y->number ? 1 : -1;
}

/* Beginnings and ends first: what only continues is left out before them. */
static size_t findings_choose(const struct report_sheet *sheet, struct event *events)
{
        const struct incident_report *report = sheet->report;
        size_t count = 0;

        for (int continues = 0; continues <= 1; continues++) {
                for (size_t i = 0; i < report->finding_count && count < sheet->detail->findings; i++) {
                        const struct finding *finding = &report->findings[i];

                        if ((finding->phase == FINDING_PHASE_CONTINUES) != continues)
                                continue;
                        events[count++] =
                                (struct event){.at_ms = finding->seen_ms, .finding = finding, .number = i};
                }
        }
        return count;
}

static void finding_row(const struct report_sheet *sheet, const struct event *event)
{
        static const char *const phases[FINDING_PHASE_COUNT][2] = {
                [FINDING_PHASE_BEGINS] = {"constat : début", "finding: begins"},
                [FINDING_PHASE_CONTINUES] = {"constat : suite", "finding: continues"},
                [FINDING_PHASE_ENDS] = {"constat : fin", "finding: ends"},
        };
        const struct finding *finding = event->finding;
        CLEANUP(cleanup_free)
        char *why = report_cut(language_text(sheet->language, &finding->why), sheet->detail->why);
        CLEANUP(buffer_release) struct buffer at = BUFFER_INIT(64);
        const char *phase =
                (unsigned)finding->phase < FINDING_PHASE_COUNT ? phases[finding->phase][sheet->language] : "";

        time_text(sheet, event->at_ms, &at);
        paper_row(sheet->paper, (const char *[]){buffer_string(&at), phase, why, "", "", ""});
}

static void cost_text(const struct report_sheet *sheet, double cost, struct buffer *text)
{
        if (cost < 0)
                buffer_text(text, "–");
        else
                language_percent(text, sheet->language, cost);
}

static void until_text(const struct report_sheet *sheet, const struct measure *measure, struct buffer *text)
{
        switch (measure->state) {
        case MEASURE_STATE_PROPOSED:
                buffer_text(text, SAY(sheet, "proposée", "proposed"));
                break;
        case MEASURE_STATE_REFUSED:
                buffer_text(text, SAY(sheet, "refusée", "refused"));
                break;
        case MEASURE_STATE_STANDING:
        case MEASURE_STATE_PROBATION:
                buffer_text(text, SAY(sheet, "en place, expire ", "stands, expires "));
                time_text(sheet, measure->until_ms, text);
                break;
        default:
                time_text(sheet, measure->until_ms, text);
        }
}

static void measure_row(const struct report_sheet *sheet, const struct event *event)
{
        const struct measure *measure = event->measure;
        CLEANUP(cleanup_free)
        char *why = report_cut(language_text(sheet->language, &measure->why), sheet->detail->why);
        CLEANUP(buffer_release)
        struct buffer at = BUFFER_INIT(64), until = BUFFER_INIT(128), dropped = BUFFER_INIT(64),
                      cost = BUFFER_INIT(128);
        char name[96];

        snprintf(name, sizeof(name), "%zu. %s", event->number,
                 report_measure_name(measure->kind, sheet->language));
        time_text(sheet, measure->since_ms, &at);
        until_text(sheet, measure, &until);
        language_integer(&dropped, sheet->language, (int64_t)measure->dropped);
        cost_text(sheet, measure->predicted_cost, &cost);
        buffer_text(&cost, NBSP "/ ");
        cost_text(sheet, measure->actual_cost, &cost);
        paper_row(sheet->paper, (const char *[]){buffer_string(&at), name, why, buffer_string(&until),
                                                 buffer_string(&dropped), buffer_string(&cost)});
}

/* "3 autres mesures", "1 more finding". */
static void say_more(const struct report_sheet *sheet, size_t count, const char *fr, const char *en,
                     struct buffer *text)
{
        const char *plural = count > 1 ? "s" : "";

        if (!count)
                return;
        if (text->length)
                buffer_text(text, SAY(sheet, " et ", " and "));
        if (sheet->language == LANGUAGE_FR)
                buffer_format(text, "%zu autre%s %s%s", count, plural, fr, plural);
        else
                buffer_format(text, "%zu more %s%s", count, en, plural);
}

static void left_out(const struct report_sheet *sheet, size_t measures, size_t findings)
{
        CLEANUP(buffer_release) struct buffer more = BUFFER_INIT(160), text = BUFFER_INIT(256);

        say_more(sheet, measures, "mesure", "measure", &more);
        say_more(sheet, findings, "constat", "finding", &more);
        if (!more.length)
                return;
        buffer_format(&text, SAY(sheet, "… et %s, voir le journal.", "… and %s, see the journal."),
                      buffer_string(&more));
        paper_note(sheet->paper, buffer_string(&text));
}

static void timeline_rows(const struct report_sheet *sheet, struct event *events)
{
        size_t measures = sheet->report->measure_count;
        size_t findings = findings_choose(sheet, events), count = findings;

        for (size_t i = 0; i < measures && i < sheet->detail->measures; i++)
                events[count++] = (struct event){.at_ms = sheet->measures[i]->since_ms,
                                                 .measure = sheet->measures[i],
                                                 .number = i + 1};
        qsort(events, count, sizeof(*events), compare_events);
        for (size_t i = 0; i < count; i++) {
                if (events[i].measure)
                        measure_row(sheet, &events[i]);
                else
                        finding_row(sheet, &events[i]);
        }
        paper_table_end(sheet->paper);
        left_out(sheet, measures - (count - findings), sheet->report->finding_count - findings);
}

void report_timeline(const struct report_sheet *sheet)
{
        const struct paper_column columns[] = {
                {.title = SAY(sheet, "Heure", "Time"), .share = 10},
                {.title = SAY(sheet, "Quoi", "What"), .share = 17},
                {.title = SAY(sheet, "Pourquoi", "Why"), .share = 45},
                {.title = SAY(sheet, "Jusqu’à", "Until"), .share = 13},
                {.title = SAY(sheet, "Paquets écartés", "Packets dropped"), .share = 13, .right = true},
                {.title = SAY(sheet, "Coût prévu / réel", "Cost predicted / actual"),
                 .share = 14,
                 .right = true}};
        size_t size = sheet->detail->findings + sheet->detail->measures;
        CLEANUP(cleanup_free) struct event *events = calloc(size ? size : 1, sizeof(*events));

        paper_heading(sheet->paper, 2, SAY(sheet, "Déroulement", "Course of events"));
        if (sheet->report->measure_count + sheet->report->finding_count == 0) {
                paper_paragraph(sheet->paper,
                                SAY(sheet, "Aucun constat ni mesure.", "No finding and no measure."));
                return;
        }
        if (!events)
                return;
        paper_table(sheet->paper, columns, ARRAY_LEN(columns));
        timeline_rows(sheet, events);
}

static void due_text(const struct report_sheet *sheet, const struct obligation *obligation,
                     struct buffer *text)
{
        if (obligation->without_delay)
                buffer_text(text, SAY(sheet, "sans délai", "without delay"));
        if (obligation->due_ms) {
                buffer_text(text, obligation->without_delay ? ", " : "");
                language_moment(text, sheet->language, sheet->report->zone, MOMENT_SHORT, obligation->due_ms);
        } else if (!obligation->without_delay) {
                buffer_text(text, obligation->voluntary ? SAY(sheet, "volontaire", "voluntary") : "–");
        }
}

static void state_text(const struct report_sheet *sheet, const struct obligation *obligation,
                       struct buffer *text)
{
        static const char *const words[OBLIGATION_STATE_COUNT][2] = {
                [OBLIGATION_STATE_POSSIBLE] = {"à confirmer", "to be confirmed"},
                [OBLIGATION_STATE_DUE] = {"à faire", "to do"},
                [OBLIGATION_STATE_FILED] = {"faite le ", "done "},
                [OBLIGATION_STATE_WAIVED] = {"écartée, motif au journal", "waived, reason in the journal"},
                [OBLIGATION_STATE_VOID] = {"sans objet", "void"},
        };
        enum obligation_state state = obligation->state;

        buffer_text(text, (unsigned)state < OBLIGATION_STATE_COUNT ? words[state][sheet->language] : "");
        if (state == OBLIGATION_STATE_FILED && obligation->filed_ms)
                language_moment(text, sheet->language, sheet->report->zone, MOMENT_SHORT,
                                obligation->filed_ms);
}

static void duty_row(const struct report_sheet *sheet, const struct obligation *obligation)
{
        CLEANUP(cleanup_free)
        char *title = report_cut(language_text(sheet->language, &obligation->title), 110);
        CLEANUP(cleanup_free)
        char *recipient = report_cut(language_text(sheet->language, &obligation->recipient), 70);
        CLEANUP(buffer_release) struct buffer due = BUFFER_INIT(128), state = BUFFER_INIT(128);

        due_text(sheet, obligation, &due);
        state_text(sheet, obligation, &state);
        paper_row(sheet->paper,
                  (const char *[]){title, recipient, buffer_string(&due), buffer_string(&state)});
}

void report_duties(const struct report_sheet *sheet)
{
        const struct paper_column columns[] = {
                {.title = SAY(sheet, "Obligation", "Duty"), .share = 42},
                {.title = SAY(sheet, "Destinataire", "Recipient"), .share = 24},
                {.title = SAY(sheet, "Échéance", "Due"), .share = 18},
                {.title = SAY(sheet, "État", "State"), .share = 18, .bold = true}};
        size_t count = sheet->report->obligation_count;
        size_t shown = count < sheet->detail->obligations ? count : sheet->detail->obligations;
        char more[96];

        paper_heading(sheet->paper, 2, SAY(sheet, "Obligations", "Legal duties"));
        if (count == 0) {
                paper_paragraph(sheet->paper, SAY(sheet, "Aucune obligation n’est née de cet incident.",
                                                  "No duty has arisen from this incident."));
                return;
        }
        paper_table(sheet->paper, columns, ARRAY_LEN(columns));
        for (size_t i = 0; i < shown; i++)
                duty_row(sheet, &sheet->report->obligations[i]);
        paper_table_end(sheet->paper);
        if (shown == count)
                return;
        snprintf(
                more, sizeof(more),
                shown + 1 == count
                        ? SAY(sheet, "… et %zu autre, voir le journal.", "… and %zu more, see the journal.")
                        : SAY(sheet, "… et %zu autres, voir le journal.", "… and %zu more, see the journal."),
                count - shown);
        paper_note(sheet->paper, more);
}
