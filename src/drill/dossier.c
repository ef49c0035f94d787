/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/dossier.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "drill/sheet.h"
#include "hub/papers.h"
#include "journal/journal.h"
#include "obligation/phase.h"
#include "service/config.h"

#define LOG_MAX   (8u * 1024 * 1024)
#define PAPER_MAX (64u * 1024 * 1024)

static void config_cleanup(struct config **config)
{
        config_free(*config);
}

static void journal_cleanup(struct journal **journal)
{
        journal_close(*journal);
}

/* ---- what the hub knows ---- */

/* One that was lifted by a person is called refused: it may have stood before. */
static bool stood(const json_t *measure)
{
        const char *state = json_string_value(json_object_get(measure, "state"));
        bool dropped = json_integer_value(json_object_get(measure, "dropped")) > 0;

        return state && strcmp(state, "proposed") != 0 && (strcmp(state, "refused") != 0 || dropped);
}

int dossier_ask(const struct link *link, const char *id, struct dossier *dossier, struct error *error)
{
        CLEANUP(json_decrefp) json_t *all = NULL;
        json_t *measure;
        size_t index;
        int r = link_measures(link, &all, error);

        if (r)
                return r;
        dossier->measures = json_array();
        json_array_foreach(json_object_get(all, "measures"), index, measure)
        {
                if (!stood(measure))
                        continue;
                /* What it drops at this moment is no part of what it was. */
                json_object_del(measure, "rates");
                json_array_append(dossier->measures, measure);
        }
        return *id ? link_incident(link, id, &dossier->incident, error) : 0;
}

int64_t dossier_detected(const struct dossier *dossier, int64_t attack_wall_ms)
{
        const json_t *finding;
        int64_t best = -1, seen;
        size_t index;

        json_array_foreach(json_object_get(dossier->incident, "findings"), index, finding)
        {
                const char *text = json_string_value(json_object_get(finding, "seen"));

                if (!text || time_parse(text, &seen) || seen < attack_wall_ms)
                        continue;
                if (best < 0 || seen - attack_wall_ms < best)
                        best = seen - attack_wall_ms;
        }
        return best;
}

/* ---- declarations ---- */

static int add_digest(json_t *digests, const char *path, struct error *error)
{
        CLEANUP(cleanup_free) char *data = NULL;
        uint8_t digest[crypto_hash_sha256_BYTES];
        char hex[2 * crypto_hash_sha256_BYTES + 1];
        const char *name = strrchr(path, '/');
        size_t length;
        int r = file_read(path, PAPER_MAX, &data, &length, error);

        if (r)
                return r;
        crypto_hash_sha256(digest, (const uint8_t *)data, length);
        sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
        return json_object_set_new(digests, name ? name + 1 : path, json_string(hex)) ? -ENOMEM : 0;
}

static int write_down(const struct link *link, const struct papers *papers, const struct paper_set *set,
                      struct error *error)
{
        CLEANUP(json_decrefp) json_t *digests = json_object();
        int r = add_digest(digests, set->pdf, error);

        if (!r)
                r = add_digest(digests, set->json, error);
        if (!r)
                r = add_digest(digests, set->text, error);
        return r ? r : link_declared(link, papers->incident.text, set->rule, digests, error);
}

static int write_declarations(const struct stage *stage, const struct config *config, const char *incident,
                              const char *folder, bool english, json_t *files, struct error *error)
{
        const struct papers_options options = {.config = config,
                                               .phase = PHASE_AS_IT_STANDS,
                                               .clock = &clock_system,
                                               .incident = incident,
                                               .folder = folder,
                                               .english = english};
        struct papers papers = {0};
        json_t *list = json_array();
        int r = papers_make(&options, &papers, error);

        for (size_t i = 0; !r && i < papers.count; i++) {
                const struct paper_set *set = &papers.sets[i];

                r = write_down(&stage->link, &papers, set, error);
                json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "rule", set->rule, "pdf",
                                                      set->pdf, "json", set->json, "text", set->text));
        }
        papers_release(&papers);
        json_object_set_new(files, "declarations", list);
        return r;
}

/* ---- the journal ---- */

static int export_journal(const struct stage *stage, const struct config *config, const char *folder,
                          json_t *files, struct head *ret_head, struct error *error)
{
        CLEANUP(journal_cleanup) struct journal *journal = NULL;
        char store[PATH_MAX], path[PATH_MAX];
        int r = link_seal(&stage->link, error);

        if (r)
                return r;
        papers_journal_path(config, store);
        snprintf(path, sizeof(path), "%s/journal.jsonl", folder);
        r = journal_open_readonly(store, &journal, error);
        if (!r)
                r = journal_export_file(journal, path, error);
        if (!r)
                r = journal_last_head(journal, ret_head, error);
        if (r)
                return r < 0 ? r
                             : error_say(error, -EIO, "le journal n’a pas de tête signée",
                                         "the journal has no signed head");
        json_object_set_new(files, "journal", json_string(path));
        return 0;
}

/* ---- the rest ---- */

/* What the programs said, for those who want to know more. A missing log is no failure. */
static void copy_log(const char *from, const char *folder, const char *name, json_t *files)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX];
        size_t length;

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        if (file_read(from, LOG_MAX, &text, &length, NULL) ||
            file_write_atomic(path, text, length, 0640, NULL))
                return;
        json_object_set_new(files, name, json_string(path));
}

int dossier_write(const struct stage *stage, const struct outcome *outcome, const char *folder, bool english,
                  struct dossier *dossier, struct error *error)
{
        CLEANUP(config_cleanup) struct config *config = NULL;
        const char *incident =
                json_string_value(json_object_get(json_object_get(dossier->incident, "incident"), "id"));
        struct head head = {0};
        int r = config_load(stage->link.config, &config, error);

        dossier->files = json_object();
        if (!r && incident)
                r = write_declarations(stage, config, incident, folder, english, dossier->files, error);
        if (!r)
                r = export_journal(stage, config, folder, dossier->files, &head, error);
        if (!r && incident)
                r = sheet_write(stage, outcome, dossier, config, &head, folder, english, error);
        if (r)
                return r;
        copy_log(stage->link.log, folder, "garde.log", dossier->files);
        copy_log(stage->link.config, folder, "garde.yaml", dossier->files);
        return 0;
}

void dossier_release(struct dossier *dossier)
{
        json_decref(dossier->incident);
        json_decref(dossier->measures);
        json_decref(dossier->files);
        *dossier = (struct dossier)DOSSIER_INIT;
}
