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
#include "hub/papers_facts.h"
#include "hub/papers_form.h"
#include "hub/status.h"
#include "journal/journal.h"
#include "obligation/documents/declaration.h"

/* All that papers are made from. */
struct study {
        const struct papers_options *options;
        struct papers_facts facts;
        struct catalogue catalogue;
        struct rule_set rules;
};

void papers_journal_path(const struct config *config, char ret_path[static PATH_MAX])
{
        snprintf(ret_path, PATH_MAX, "%s/hub/journal.db", config->state);
}

static void study_release(struct study *study)
{
        papers_facts_release(&study->facts);
        rules_release(&study->rules);
        catalogue_release(&study->catalogue);
}

static const struct incident *choose_incident(struct casebook *book, const char *wanted)
{
        size_t count = casebook_count(book);

        if (wanted)
                return casebook_incident(book, wanted);
        for (size_t i = count; i-- > 0;)
                if (casebook_brief(book, i)->open)
                        return casebook_incident(book, casebook_brief(book, i)->id.text);
        return count ? casebook_incident(book, casebook_brief(book, count - 1)->id.text) : NULL;
}

/* What the hub would tell. */
static int ask_journal(struct journal *journal, const char *wanted, json_t **ret_told, struct error *error)
{
        const struct incident *incident;
        struct head head;
        struct casebook *book = NULL;
        int r = casebook_open(journal, &random_system, &book, error);

        if (r)
                return r;
        incident = choose_incident(book, wanted);
        if (incident)
                *ret_told = status_incident(book, incident, journal);
        else
                r = error_say(error, -ENOENT, "aucun incident de ce nom (garde incident list --all)",
                              "there is no such incident (garde incident list --all)");
        if (incident && journal_last_head(journal, &head, NULL) == 0)
                json_object_set_new(*ret_told, "head", head_to_json(&head));
        casebook_close(book);
        return r;
}

static int read_journal(struct study *study, struct error *error)
{
        struct journal *journal = NULL;
        json_t *told = NULL;
        char path[PATH_MAX];
        int r;

        papers_journal_path(study->options->config, path);
        r = journal_open_readonly(path, &journal, error);
        if (!r)
                r = ask_journal(journal, study->options->incident, &told, error);
        if (!r)
                r = papers_facts_read(told, &study->facts, error);
        json_decref(told);
        journal_close(journal);
        return r;
}

static int study_open(struct study *study, struct error *error)
{
        char path[PATH_MAX];
        int r = study->options->told ? papers_facts_read(study->options->told, &study->facts, error)
                                     : read_journal(study, error);

        if (!r)
                r = paths_data("facts", path, error);
        if (!r)
                r = catalogue_load(path, &study->catalogue, error);
        if (!r)
                r = paths_data("obligations", path, error);
        if (!r)
                r = rules_load(path, &study->catalogue, &study->rules, error);
        return r;
}

static int write_one(const struct study *study, const struct obligation *obligation, const struct rule *rule,
                     struct paper_set *set, struct error *error)
{
        const struct papers_options *options = study->options;
        const struct papers_form how = {.config = options->config,
                                        .catalogue = &study->catalogue,
                                        .clock = options->clock,
                                        .phase = options->phase,
                                        .english = options->english};
        const struct declaration_seal seal = {
                .zone = options->config->structure.timezone,
                .printed_ms = clock_wall_ms(options->clock),
                .journal_head = study->facts.headed ? study->facts.head.root : NULL,
                .journal_size = study->facts.headed ? study->facts.head.size : 0};
        struct declaration_paths paths;
        struct form form = {0};
        char stem[96];
        int r = papers_fill(&how, &study->facts, obligation, rule, &form, error);

        if (r)
                return r;
        snprintf(stem, sizeof(stem), "declaration-%s%s%s", rule->id,
                 options->phase == PHASE_AS_IT_STANDS ? "" : "-", filing_phase_word(options->phase));
        r = declaration_write(&form, &seal, options->folder, stem,
                              options->english ? LANGUAGE_EN : LANGUAGE_FR, &paths, error);
        form_release(&form);
        if (r)
                return r;
        snprintf(set->rule, sizeof(set->rule), "%s", rule->id);
        snprintf(set->title_fr, sizeof(set->title_fr), "%s", rule->title.fr);
        snprintf(set->title_en, sizeof(set->title_en), "%s", rule->title.en);
        snprintf(set->pdf, sizeof(set->pdf), "%s", paths.pdf);
        snprintf(set->json, sizeof(set->json), "%s", paths.json);
        snprintf(set->text, sizeof(set->text), "%s", paths.text);
        return 0;
}

static bool is_wanted(const struct study *study, const struct obligation *one)
{
        if (study->options->rule)
                return !strcmp(one->rule, study->options->rule);
        if (study->options->all)
                return one->state != OBLIGATION_STATE_VOID && one->state != OBLIGATION_STATE_WAIVED &&
                       !phase_check(one, study->options->phase, NULL);
        return (one->state == OBLIGATION_STATE_DUE && !phase_check(one, study->options->phase, NULL)) ||
               one->state == OBLIGATION_STATE_FILED;
}

static int write_all(const struct study *study, struct papers *papers, struct error *error)
{
        const struct papers_facts *facts = &study->facts;
        int r = 0;

        for (size_t i = 0; !r && i < facts->obligation_count && papers->count < PAPERS_MAX; i++) {
                const struct obligation *one = &facts->obligations[i];
                const struct rule *rule = rules_find(&study->rules, one->rule);
                if (!rule || !is_wanted(study, one))
                        continue;
                r = write_one(study, one, rule, &papers->sets[papers->count], error);
                if (!r)
                        papers->count++;
        }
        return r;
}

static int make(struct study *study, struct papers *papers, struct error *error)
{
        int r = study_open(study, error);

        if (r)
                return r;
        papers->incident = study->facts.incident.id;
        r = file_make_folders(study->options->folder, 0750, error);
        if (!r)
                r = write_all(study, papers, error);
        if (!r && !papers->count)
                r = error_say(error, -ENOENT, "l’incident %s n’a rien de tel à déclarer",
                              "incident %s has nothing of that kind to declare", papers->incident.text);
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
