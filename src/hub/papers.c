/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/papers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "flow/catalogue.h"
#include "hub/casebook.h"
#include "journal/journal.h"
#include "obligation/declaration_data.h"
#include "obligation/documents/declaration.h"

/* All that papers are made from. */
struct study {
        const struct papers_options *options;
        struct journal *journal;
        struct casebook *book;
        struct catalogue catalogue;
        struct rule_set rules;
        struct head head;
        bool headed;
};

void papers_journal_path(const struct config *config, char ret_path[static PATH_MAX])
{
        snprintf(ret_path, PATH_MAX, "%s/hub/journal.db", config->state);
}

static void study_release(struct study *study)
{
        study->book = casebook_close(study->book);
        rules_release(&study->rules);
        catalogue_release(&study->catalogue);
        study->journal = journal_close(study->journal);
}

static int study_open(struct study *study, struct error *error)
{
        char path[PATH_MAX];
        int r;

        papers_journal_path(study->options->config, path);
        r = journal_open_readonly(path, &study->journal, error);
        if (!r)
                r = casebook_open(study->journal, &random_system, &study->book, error);
        if (!r)
                r = paths_data("facts", path, error);
        if (!r)
                r = catalogue_load(path, &study->catalogue, error);
        if (!r)
                r = paths_data("obligations", path, error);
        if (!r)
                r = rules_load(path, &study->catalogue, &study->rules, error);
        if (!r)
                study->headed = journal_last_head(study->journal, &study->head, NULL) == 0;
        return r;
}

static const struct incident *choose_incident(const struct study *study)
{
        size_t count = casebook_count(study->book);

        if (study->options->incident)
                return casebook_incident(study->book, study->options->incident);
        for (size_t i = count; i-- > 0;)
                if (casebook_brief(study->book, i)->open)
                        return casebook_incident(study->book, casebook_brief(study->book, i)->id.text);
        return count ? casebook_incident(study->book, casebook_brief(study->book, count - 1)->id.text) : NULL;
}

/* The word of the configuration as the catalogue says it to people. */
static const char *activity_of(const struct study *study)
{
        const char *word = config_kind_word(study->options->config->structure.kind);
        const struct fact_kind *kind = catalogue_find(&study->catalogue, "structure.kind");

        for (size_t i = 0; kind && i < kind->choice_count; i++)
                if (!strcmp(kind->choices[i].word, word))
                        return study->options->english ? kind->choices[i].label.en
                                                       : kind->choices[i].label.fr;
        return word;
}

static struct house house_of(const struct study *study)
{
        const struct config *config = study->options->config;

        return (struct house){.structure_name = config->structure.name,
                              .structure_finess = config->structure.finess,
                              .structure_address = config->structure.address,
                              .structure_activity = activity_of(study),
                              .declarant_name = config->people.declarant.name,
                              .declarant_role = config->people.declarant.function,
                              .declarant_phone = config->people.declarant.phone,
                              .declarant_mail = config->people.declarant.mail,
                              .dpo_name = config->people.dpo.name,
                              .dpo_phone = config->people.dpo.phone,
                              .dpo_mail = config->people.dpo.mail};
}

struct measure_list {
        struct measure *measures; /* owned */
        size_t count;
};

static void cleanup_measures(struct measure_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                measure_release(&list->measures[i]);
        free(list->measures);
}

static int add_measure(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct measure_list *list = context;
        struct measure *grown = realloc(list->measures, (list->count + 1) * sizeof(*grown));
        int r;

        if (!grown)
                return -ENOMEM;
        list->measures = grown;
        memset(&grown[list->count], 0, sizeof(*grown));
        r = measure_from_json(json, &grown[list->count], NULL);
        if (!r)
                list->count++;
        return r == -ENOMEM ? r : 0;
}

static int write_one(const struct study *study, const struct declaration_input *input, struct paper_set *set,
                     struct error *error)
{
        const struct papers_options *options = study->options;
        const struct declaration_seal seal = {.zone = options->config->structure.timezone,
                                              .printed_ms = clock_wall_ms(options->clock),
                                              .journal_head = study->headed ? study->head.root : NULL,
                                              .journal_size = study->headed ? study->head.size : 0};
        struct declaration_paths paths;
        struct form form = {0};
        char stem[96];
        int r = declaration_fill(input, &form, error);

        if (r)
                return r;
        snprintf(stem, sizeof(stem), "declaration-%s", input->rule->id);
        r = declaration_write(&form, &seal, options->folder, stem,
                              options->english ? LANGUAGE_EN : LANGUAGE_FR, &paths, error);
        form_release(&form);
        if (r)
                return r;
        snprintf(set->rule, sizeof(set->rule), "%s", input->rule->id);
        snprintf(set->title_fr, sizeof(set->title_fr), "%s", input->rule->title.fr);
        snprintf(set->title_en, sizeof(set->title_en), "%s", input->rule->title.en);
        snprintf(set->pdf, sizeof(set->pdf), "%s", paths.pdf);
        snprintf(set->json, sizeof(set->json), "%s", paths.json);
        snprintf(set->text, sizeof(set->text), "%s", paths.text);
        return 0;
}

static bool is_wanted(const struct study *study, const struct incident *incident,
                      const struct obligation *one)
{
        if (strcmp(one->incident.text, incident->id.text))
                return false;
        if (study->options->rule)
                return !strcmp(one->rule, study->options->rule);
        if (study->options->all)
                return one->state != OBLIGATION_STATE_VOID && one->state != OBLIGATION_STATE_WAIVED;
        return one->state == OBLIGATION_STATE_DUE || one->state == OBLIGATION_STATE_FILED;
}

static int write_all(const struct study *study, const struct incident *incident, struct papers *papers,
                     struct error *error)
{
        const struct house house = house_of(study);
        CLEANUP(cleanup_measures) struct measure_list measures = {0};
        int r = view_list_of(study->journal, "measure", incident->id.text, add_measure, &measures, error);
        size_t count;
        const struct obligation *obligations = casebook_obligations(study->book, incident->id.text, &count);

        for (size_t i = 0; !r && i < count && papers->count < PAPERS_MAX; i++) {
                const struct obligation *one = &obligations[i];
                const struct rule *rule = rules_find(&study->rules, one->rule);
                if (!rule || !is_wanted(study, incident, one))
                        continue;
                const struct declaration_input input = {.rule = rule,
                                                        .obligation = one,
                                                        .incident = incident,
                                                        .measures = measures.measures,
                                                        .measure_count = measures.count,
                                                        .house = &house,
                                                        .catalogue = &study->catalogue,
                                                        .clock = study->options->clock};
                r = write_one(study, &input, &papers->sets[papers->count], error);
                if (!r)
                        papers->count++;
        }
        return r;
}

static int make(struct study *study, struct papers *papers, struct error *error)
{
        const struct incident *incident;
        int r = study_open(study, error);

        if (r)
                return r;
        incident = choose_incident(study);
        if (!incident)
                return error_say(error, -ENOENT, "aucun incident de ce nom (garde incident list --all)",
                                 "there is no such incident (garde incident list --all)");
        papers->incident = incident->id;
        r = file_make_folders(study->options->folder, 0750, error);
        if (!r)
                r = write_all(study, incident, papers, error);
        if (!r && !papers->count)
                r = error_say(error, -ENOENT, "l’incident %s n’a rien de tel à déclarer",
                              "incident %s has nothing of that kind to declare", incident->id.text);
        return r;
}

int papers_make(const struct papers_options *options, struct papers *ret_papers, struct error *error)
{
        struct study study = {.options = options};
        struct papers papers = {.sets = calloc(PAPERS_MAX, sizeof(*papers.sets))};
        int r;

        config_use_zone(options->config); /* dates inside a form are written in the zone of the process */
        r = papers.sets ? make(&study, &papers, error)
                        : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");

        study_release(&study);
        if (r) {
                papers_release(&papers);
                return r;
        }
        *ret_papers = papers;
        return 0;
}

void papers_release(struct papers *papers)
{
        free(papers->sets);
        *papers = (struct papers){0};
}
