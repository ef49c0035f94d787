/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/sheet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "obligation/documents/report.h"

#define POINT_BINS 10 /* bins that make a point of the plot: a tenth of a second */

/* The nouns as the report wants them. */
struct nouns {
        struct incident incident;
        struct finding *findings;
        struct measure *measures;
        struct obligation *obligations;
        size_t finding_count, measure_count, obligation_count;
};

static void nouns_release(struct nouns *nouns)
{
        for (size_t i = 0; i < nouns->finding_count; i++)
                finding_release(&nouns->findings[i]);
        for (size_t i = 0; i < nouns->measure_count; i++)
                measure_release(&nouns->measures[i]);
        for (size_t i = 0; i < nouns->obligation_count; i++)
                obligation_release(&nouns->obligations[i]);
        free(nouns->findings);
        free(nouns->measures);
        free(nouns->obligations);
        incident_release(&nouns->incident);
}

static int read_findings(const json_t *list, struct nouns *nouns, struct error *error)
{
        const json_t *json;
        size_t index;

        nouns->findings = calloc(json_array_size(list) + 1, sizeof(*nouns->findings));
        if (!nouns->findings)
                return -ENOMEM;
        json_array_foreach(list, index, json)
        {
                int r = finding_from_json(json, &nouns->findings[index], error);

                if (r)
                        return r;
                nouns->finding_count++;
        }
        return 0;
}

static int read_measures(const json_t *list, struct nouns *nouns, struct error *error)
{
        const json_t *json;
        size_t index;

        nouns->measures = calloc(json_array_size(list) + 1, sizeof(*nouns->measures));
        if (!nouns->measures)
                return -ENOMEM;
        json_array_foreach(list, index, json)
        {
                int r = measure_from_json(json, &nouns->measures[index], error);

                if (r)
                        return r;
                nouns->measure_count++;
        }
        return 0;
}

/* A sheet has room for few: what is owed comes first, then by age. */
static int compare_urgency(const void *a, const void *b)
{
        static const int order[] = {[OBLIGATION_STATE_DUE] = 0,
                                    [OBLIGATION_STATE_FILED] = 1,
                                    [OBLIGATION_STATE_POSSIBLE] = 2,
                                    [OBLIGATION_STATE_WAIVED] = 3,
                                    [OBLIGATION_STATE_VOID] = 4};
        const struct obligation *x = a, *y = b;

        if (x->state != y->state)
                return order[x->state] - order[y->state];
        return strcmp(x->id.text, y->id.text);
}

static int read_obligations(const json_t *list, struct nouns *nouns, struct error *error)
{
        const json_t *json;
        size_t index;

        nouns->obligations = calloc(json_array_size(list) + 1, sizeof(*nouns->obligations));
        if (!nouns->obligations)
                return -ENOMEM;
        json_array_foreach(list, index, json)
        {
                int r = obligation_from_json(json, &nouns->obligations[index], error);

                if (r)
                        return r;
                nouns->obligation_count++;
        }
        qsort(nouns->obligations, nouns->obligation_count, sizeof(*nouns->obligations), compare_urgency);
        return 0;
}

static int read_nouns(const struct dossier *dossier, struct nouns *nouns, struct error *error)
{
        int r = incident_from_json(json_object_get(dossier->incident, "incident"), &nouns->incident, error);

        if (!r)
                r = read_findings(json_object_get(dossier->incident, "findings"), nouns, error);
        if (!r)
                r = read_measures(dossier->measures, nouns, error);
        if (!r)
                r = read_obligations(json_object_get(dossier->incident, "obligations"), nouns, error);
        return r;
}

static struct plot_point point_at(const struct stage *stage, uint32_t from)
{
        const struct flood_share *share = flood_share(stage->flood);
        const double per_second = 1e9 / ((double)METER_BIN_NS * POINT_BINS);
        double sent = 0, attack = 0, other = 0;

        for (unsigned service = 0; service < stage->scenario->service_count; service++) {
                for (uint32_t bin = from; bin < from + POINT_BINS; bin++) {
                        struct meter_bin passed = meter_bin(stage->meter, service, bin);

                        sent += share->sent_bins[service][bin];
                        attack += passed.attack;
                        other += passed.other;
                }
        }
        return (struct plot_point){
                .t_ms = stage_wall_ms(stage, stage->origin_ns + from * METER_BIN_NS),
                .legitimate_pps = other * per_second,
                .attack_pps = attack * per_second,
                .dropped_pps = sent > attack ? (sent - attack) * per_second : 0,
        };
}

static bool is_empty(const struct plot_point *point)
{
        return point->legitimate_pps + point->attack_pps + point->dropped_pps <= 0;
}

/* From the beginning of the exercise to its last packet. */
static struct plot_point *make_points(const struct stage *stage, size_t *ret_count)
{
        uint64_t bins = (clock_mono_ns(&clock_system) - stage->origin_ns) / METER_BIN_NS;
        size_t count = (size_t)(bins < METER_BINS ? bins : METER_BINS) / POINT_BINS;
        struct plot_point *points = calloc(count + 1, sizeof(*points));

        for (size_t i = 0; points && i < count; i++)
                points[i] = point_at(stage, (uint32_t)i * POINT_BINS);
        while (points && count && is_empty(&points[count - 1]))
                count--;
        *ret_count = points ? count : 0;
        return points;
}

static void make_classes(const struct outcome *outcome, struct report_class classes[static TALLY_CLASS_COUNT])
{
        static const struct {
                const char *fr, *en;
        } names[TALLY_CLASS_COUNT] = {
                [TALLY_KNOWN_EUROPE] = {"connus, Europe", "known, Europe"},
                [TALLY_NEW_EUROPE] = {"nouveaux, Europe", "new, Europe"},
                [TALLY_KNOWN_ELSEWHERE] = {"connus, ailleurs", "known, elsewhere"},
                [TALLY_NEW_ELSEWHERE] = {"nouveaux, ailleurs", "new, elsewhere"},
        };

        for (unsigned i = 0; i < TALLY_CLASS_COUNT; i++) {
                const struct tally_row *row = &outcome->tally.rows[TALLY_PHASE_DURING][i];

                classes[i] = (struct report_class){.name_fr = names[i].fr,
                                                   .name_en = names[i].en,
                                                   .tried = row->tried,
                                                   .served = row->ok,
                                                   .p50_ms = row->ok ? row->p50_ms : -1,
                                                   .p99_ms = row->ok ? row->p99_ms : -1};
        }
}

static struct report_figures make_figures(const struct outcome *outcome, const struct nouns *nouns)
{
        struct report_figures figures = {
                .peak_pps = (double)outcome->effect.peak_pps,
                .packets = (double)outcome->effect.sent,
                .sources = (double)outcome->sources,
                .countries = outcome->countries,
                .duration_ms = (int64_t)(outcome->effect.duration_s * 1000),
                .detected_after_ms = outcome->detected_ms,
                .effective_after_ms = outcome->effect.effective_ms,
                .reopened_after_ms = outcome->reopened_s < 0 ? -1 : (int64_t)(outcome->reopened_s * 1000),
                .relapses = (int)outcome->relapses,
                .share_dropped = outcome->effect.dropped,
                .actual_cost = -1,
        };

        for (size_t i = 0; i < nouns->measure_count; i++) {
                const struct measure *measure = &nouns->measures[i];

                figures.predicted_cost += measure->predicted_cost;
                if (measure->actual_cost >= 0)
                        figures.actual_cost =
                                (figures.actual_cost < 0 ? 0 : figures.actual_cost) + measure->actual_cost;
        }
        figures.predicted_cost = figures.predicted_cost > 1 ? 1 : figures.predicted_cost;
        figures.actual_cost = figures.actual_cost > 1 ? 1 : figures.actual_cost;
        return figures;
}

static int64_t moment(const struct outcome *outcome, int64_t after_ms)
{
        return after_ms < 0 ? 0 : outcome->attack_wall_ms + after_ms;
}

int sheet_write(const struct stage *stage, const struct outcome *outcome, const struct dossier *dossier,
                const struct config *config, const struct head *head, const char *folder, bool english,
                struct error *error)
{
        CLEANUP(nouns_release) struct nouns nouns = {0};
        CLEANUP(cleanup_free) struct plot_point *points = NULL;
        struct report_class classes[TALLY_CLASS_COUNT];
        struct report_paths paths;
        size_t point_count;
        int r = read_nouns(dossier, &nouns, error);

        if (r)
                return error_context(error, r, "rapport de l’exercice", "the exercise's report");
        points = make_points(stage, &point_count);
        make_classes(outcome, classes);
        const struct incident_report report = {
                .structure = config->structure.name,
                .zone = config->structure.timezone,
                .printed_ms = clock_wall_ms(&clock_system),
                .journal_head = head->root,
                .journal_size = head->size,
                .incident = &nouns.incident,
                .findings = nouns.findings,
                .finding_count = nouns.finding_count,
                .measures = nouns.measures,
                .measure_count = nouns.measure_count,
                .obligations = nouns.obligations,
                .obligation_count = nouns.obligation_count,
                .figures = make_figures(outcome, &nouns),
                .classes = classes,
                .class_count = TALLY_CLASS_COUNT,
                .points = points,
                .point_count = point_count,
                .began_ms = outcome->attack_wall_ms,
                .detected_ms = moment(outcome, outcome->detected_ms),
                .effective_ms = moment(outcome, outcome->effect.effective_ms),
                .ended_ms = outcome->end_wall_ms,
                .reopened_ms = outcome->reopened_s < 0
                                       ? 0
                                       : outcome->end_wall_ms + (int64_t)(outcome->reopened_s * 1000),
        };

        r = report_write(&report, folder, english ? "report" : "rapport", english ? LANGUAGE_EN : LANGUAGE_FR,
                         &paths, error);
        if (r)
                return r;
        json_object_set_new(dossier->files, "report", json_string(paths.pdf));
        json_object_set_new(dossier->files, "plot", json_string(paths.png));
        return 0;
}
