/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "hub/letters_private.h"
#include "journal/journal.h"

#define DAY_MS      (24LL * 60 * 60 * 1000)
#define LOOK_MS     (60 * 60 * 1000) /* how often batches are looked at for what is to be erased */
#define BATCHES_MAX 4096

struct letters {
        struct world *world;
        const struct template_set *templates;
        uv_async_t async;
        uv_timer_t timer;
        unsigned handles;                              /* that are still open */
        struct letters_job *jobs[LETTERS_WAITING_MAX]; /* in order; the first one is being printed */
        size_t count;
        uv_thread_t thread;
        bool printing;
};

const struct template_set *letters_templates(const struct letters *letters)
{
        return letters->templates;
}

static void path_of(const struct letters *letters, const char *id, const char *suffix, char *ret_path,
                    size_t size)
{
        snprintf(ret_path, size, "%s/letters/%s.%s", letters->world->state, id, suffix);
}

/* ---- what the journal knows ---- */

static int write_down(struct letters *letters, enum record_type type, const char *what, const char *author,
                      json_t *document, const char *text, struct error *error)
{
        const char *incident = json_string_value(json_object_get(document, "incident")),
                   *id = json_string_value(json_object_get(document, "id"));
        const struct desk_entry entry = {.incident = incident,
                                         .type = type,
                                         .author = author,
                                         .text = text,
                                         .body = json_pack("{s:s, s:{s:s, s:s, s:O}}", "what", what,
                                                           "document", "kind", "letters", "id", id, "json",
                                                           document)};
        struct watch_event event = {
                .kind = WATCH_CHANGED, .incident = incident ? incident : "", .act = "letters"};
        int r = desk_write(letters->world->desk, &entry, NULL, error);

        json_decref(entry.body);
        if (!r && letters->world->watch)
                watch_tell(letters->world->watch, &event);
        return r;
}

static int set_state(json_t *document, const char *state)
{
        return json_object_set_new(document, "state", json_string(state));
}

/* ---- the thread ---- */

static void start_next(struct letters *letters);

static void on_thread(void *context)
{
        struct letters *letters = context;
        struct letters_job *job = letters->jobs[0];

        letters_job_print(job);
        atomic_store(&job->finished, true);
        uv_async_send(&letters->async);
}

static const char *state_of(const struct letters_job *job)
{
        return job->result == -ECANCELED ? "stopped" : job->result ? "failed" : "made";
}

/* The batch as it has become; the table goes, the letters stay until their day. */
static void end_job(struct letters *letters, struct letters_job *job)
{
        const char *author = json_string_value(json_object_get(job->document, "by"));
        char until[TIME_TEXT_SIZE];
        struct error error = {0};

        if (job->result && job->result != -ECANCELED)
                log_error("letters %s were not printed: %s", job->id, error_text(&job->error, job->result));
        time_format(clock_wall_ms(letters->world->clock) + LETTERS_DAYS * DAY_MS, until);
        set_state(job->document, state_of(job));
        json_object_set_new(job->document, "done",
                            json_integer((json_int_t)atomic_load(&job->progress.done)));
        json_object_set_new(job->document, "pages",
                            json_integer((json_int_t)atomic_load(&job->progress.pages)));
        if (!job->result) {
                json_object_set_new(job->document, "pdf_sha256", json_string(job->pdf_sha256));
                json_object_set_new(job->document, "erase_at", json_string(until));
        }
        if (job->has_table)
                unlink(job->csv);
        if (write_down(letters, RECORD_TYPE_LETTERS_MADE, state_of(job), author, job->document, NULL, &error))
                log_error("letters %s: the journal does not know their end: %s", job->id,
                          error_text(&error, error.code));
}

static void on_async(uv_async_t *async)
{
        struct letters *letters = async->data;
        struct letters_job *job = letters->count ? letters->jobs[0] : NULL;

        if (!job || !letters->printing || !atomic_load(&job->finished))
                return;
        uv_thread_join(&letters->thread);
        letters->printing = false;
        end_job(letters, job);
        letters_job_free(job);
        letters->count--;
        memmove(letters->jobs, letters->jobs + 1, letters->count * sizeof(struct letters_job *));
        start_next(letters);
}

static void start_next(struct letters *letters)
{
        if (letters->printing || !letters->count)
                return;
        letters->printing = true;
        if (!uv_thread_create(&letters->thread, on_thread, letters))
                return;
        letters->printing = false;
        log_error("letters: no thread could be made; it is tried again with the next batch");
}

static struct letters_job *find_job(const struct letters *letters, const char *id)
{
        for (size_t i = 0; i < letters->count; i++)
                if (!strcmp(letters->jobs[i]->id, id))
                        return letters->jobs[i];
        return NULL;
}

/* ---- beginning ---- */

static struct letters_job *job_new(struct letters *letters, const char *id, const char *incident,
                                   enum language language)
{
        struct letters_job *job = calloc(1, sizeof(*job));

        if (!job)
                return NULL;
        snprintf(job->id, sizeof(job->id), "%s", id);
        snprintf(job->incident, sizeof(job->incident), "%s", incident);
        job->otherwise = language;
        path_of(letters, id, "csv", job->csv, sizeof(job->csv));
        path_of(letters, id, "pdf", job->pdf, sizeof(job->pdf));
        return job;
}

static json_t *document_of(const struct letters_request *request, const struct letters_job *job,
                           const struct clock *clock)
{
        char at[TIME_TEXT_SIZE];

        time_format(clock_wall_ms(clock), at);
        return json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:I, s:I, s:i, s:i, s:s?, s:n, s:s, s:s, s:n, s:[]}",
                         "id", job->id, "incident", request->incident, "template", request->template->id,
                         "title", bitext_to_json(&request->template->title), "language",
                         language_word(request->language), "state", "making", "total",
                         (json_int_t)request->total, "left_out", (json_int_t)request->left_out, "done", 0,
                         "pages", 0, "csv_sha256", request->csv_sha256, "pdf_sha256", "by", request->author,
                         "at", at, "erase_at", "sent");
}

static int begin(struct letters *letters, const struct letters_request *request, struct letters_job *job,
                 struct error *error)
{
        int r = request->typed ? recipient_typed(request->typed, &job->typed, error) : 0;

        job->has_typed = request->typed != NULL;
        job->has_table = request->has_table;
        if (!r)
                r = letters_job_fill(job, letters->world, request->template, error);
        if (r)
                return r;
        job->document = document_of(request, job, letters->world->clock);
        if (!job->document)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        return write_down(letters, RECORD_TYPE_LETTERS_MADE, "making", request->author, job->document, NULL,
                          error);
}

int letters_begin(struct letters *letters, const struct letters_request *request, json_t **ret_document,
                  struct error *error)
{
        struct letters_job *job;
        int r;

        if (letters->count == LETTERS_WAITING_MAX)
                return error_say(error, -EAGAIN, "trop d’envois attendent déjà",
                                 "too many batches are waiting already");
        job = job_new(letters, request->id, request->incident, request->language);
        r = job ? begin(letters, request, job, error)
                : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (r) {
                letters_job_free(job);
                return r;
        }
        *ret_document = json_deep_copy(job->document);
        letters->jobs[letters->count++] = job;
        start_next(letters);
        return 0;
}

void letters_table_path(const struct letters *letters, const char *id, char *ret_path, size_t size)
{
        path_of(letters, id, "csv", ret_path, size);
}

/* ---- what may be asked of one ---- */

int letters_find(struct letters *letters, const char *id, json_t **ret_document, struct error *error)
{
        const struct letters_job *job = find_job(letters, id);
        json_t *document = NULL;
        int r = view_get(letters->world->journal, "letters", id, &document, NULL, error);

        if (r < 0)
                return r;
        if (r == VIEW_NONE)
                return error_say(error, -ENOENT, "aucun envoi « %s »", "no batch “%s”", id);
        if (job) {
                json_object_set_new(document, "done",
                                    json_integer((json_int_t)atomic_load(&job->progress.done)));
                json_object_set_new(document, "pages",
                                    json_integer((json_int_t)atomic_load(&job->progress.pages)));
                if (job != letters->jobs[0])
                        set_state(document, "waiting");
        }
        *ret_document = document;
        return 0;
}

int letters_stop(struct letters *letters, const char *id, struct error *error)
{
        struct letters_job *job = find_job(letters, id);
        json_t *document = NULL;
        int r;

        if (job) {
                atomic_store(&job->progress.stop, true);
                return 0;
        }
        r = letters_find(letters, id, &document, error);
        json_decref(document);
        return r ? r
                 : error_say(error, -EALREADY, "cet envoi n’est plus en préparation",
                             "this batch is not being prepared any more");
}

static bool is_state(const json_t *document, const char *state)
{
        const char *is = json_string_value(json_object_get(document, "state"));

        return is && !strcmp(is, state);
}

int letters_path(struct letters *letters, const char *id, char *ret_path, size_t size, struct error *error)
{
        json_t *document = NULL;
        int r = letters_find(letters, id, &document, error);

        if (r)
                return r;
        if (is_state(document, "erased"))
                r = error_say(error, -ENOENT, "ces lettres sont effacées", "these letters are erased");
        else if (!is_state(document, "made"))
                r = error_say(error, -EBUSY, "ces lettres ne sont pas prêtes", "these letters are not ready");
        json_decref(document);
        if (!r)
                path_of(letters, id, "pdf", ret_path, size);
        return r;
}

static void remove_files(const struct letters *letters, const char *id)
{
        static const char *const suffixes[] = {"csv", "pdf"};
        char path[4200];

        for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
                path_of(letters, id, suffixes[i], path, sizeof(path));
                if (unlink(path) && errno != ENOENT)
                        log_error("%s could not be removed: %s", path, strerror(errno));
        }
}

int letters_erase(struct letters *letters, const char *id, const char *author, const char *reason,
                  struct error *error)
{
        json_t *document = NULL;
        int r = letters_find(letters, id, &document, error);

        if (r)
                return r;
        if (find_job(letters, id))
                r = error_say(error, -EBUSY, "cet envoi est en préparation : arrêtez-le d’abord",
                              "this batch is being prepared: stop it first");
        else if (is_state(document, "erased"))
                r = error_say(error, -EALREADY, "ces lettres sont déjà effacées",
                              "these letters are erased already");
        else if (set_state(document, "erased") || json_object_set_new(document, "erase_at", json_null()))
                r = error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (!r)
                r = write_down(letters, RECORD_TYPE_LETTERS_MADE, "erased", author, document, reason, error);
        if (!r)
                remove_files(letters, id);
        json_decref(document);
        return r;
}

int letters_sent(struct letters *letters, const char *id, const char *author, json_t *line,
                 struct error *error)
{
        json_t *document = NULL, *sent;
        int r = letters_find(letters, id, &document, error);

        sent = json_object_get(document, "sent");
        if (r) {
                json_decref(line);
                return r;
        }
        if (!is_state(document, "made") && !is_state(document, "erased")) {
                json_decref(line);
                r = error_say(error, -EBUSY, "ces lettres ne sont pas prêtes", "these letters are not ready");
        } else if (json_array_size(sent) >= LETTERS_SENT_MAX) {
                json_decref(line);
                r = error_say(error, -E2BIG, "plus de %d lignes de preuve", "more than %d lines of proof",
                              LETTERS_SENT_MAX);
        } else if (json_array_append_new(sent, line)) {
                r = error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        if (!r)
                r = write_down(letters, RECORD_TYPE_LETTERS_SENT, "sent", author, document, NULL, error);
        json_decref(document);
        return r;
}

/* ---- what a stop left behind, what is over ---- */

struct review {
        json_t *list; /* documents */
};

static int add_batch(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct review *review = context;

        if (!is_state(json, "erased"))
                json_array_append(review->list, (json_t *)json);
        return json_array_size(review->list) == BATCHES_MAX;
}

static json_t *all_batches(struct letters *letters)
{
        struct review review = {json_array()};
        struct error error = {0};

        if (view_list(letters->world->journal, "letters", add_batch, &review, &error) < 0)
                log_error("letters: the batches cannot be listed: %s", error_text(&error, error.code));
        return review.list;
}

static const char *text_of(const json_t *document, const char *key)
{
        const char *text = json_string_value(json_object_get(document, key));

        return text ? text : "";
}

/* Whose table is still there is printed again from the first letter; else the batch has failed. */
static void take_up(struct letters *letters, json_t *document)
{
        const struct letter_template *template =
                templates_find(letters->templates, text_of(document, "template"));
        enum language language = LANGUAGE_FR;
        struct letters_job *job;
        struct error error = {0};

        language_parse(text_of(document, "language"), &language);
        job = job_new(letters, text_of(document, "id"), text_of(document, "incident"), language);
        if (!job)
                return;
        job->document = json_deep_copy(document);
        job->has_table = access(job->csv, R_OK) == 0;
        if (letters->count < LETTERS_WAITING_MAX && job->has_table && template &&
            !letters_job_fill(job, letters->world, template, &error)) {
                letters->jobs[letters->count++] = job;
                return;
        }
        job->result = error_say(&job->error, -EINTR, "interrompu par un arrêt", "interrupted by a stop");
        end_job(letters, job);
        letters_job_free(job);
}

static void review(struct letters *letters, bool opening)
{
        json_t *list = all_batches(letters), *document;
        int64_t now_ms = clock_wall_ms(letters->world->clock), erase_ms;
        struct error error = {0};
        size_t index;

        json_array_foreach(list, index, document)
        {
                if (opening && is_state(document, "making"))
                        take_up(letters, document);
                if (!time_parse(text_of(document, "erase_at"), &erase_ms) && erase_ms <= now_ms &&
                    letters_erase(letters, text_of(document, "id"), text_of(document, "by"), NULL, &error))
                        log_error("letters %s could not be erased: %s", text_of(document, "id"),
                                  error_text(&error, error.code));
        }
        json_decref(list);
}

static void on_timer(uv_timer_t *timer)
{
        review(timer->data, false);
}

/* ---- life ---- */

int letters_open(uv_loop_t *loop, struct world *world, const struct template_set *templates,
                 struct letters **ret_letters, struct error *error)
{
        struct letters *letters = calloc(1, sizeof(*letters));
        char folder[4200];
        int r;

        if (!letters)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        letters->world = world;
        letters->templates = templates;
        snprintf(folder, sizeof(folder), "%.4000s/letters", world->state);
        r = file_make_folders(folder, 0700, error);
        if (!r && (r = uv_async_init(loop, &letters->async, on_async)))
                error_say(error, r, "impossible d’armer un réveil : %m", "no waker: %m");
        if (r) {
                free(letters);
                return r;
        }
        uv_timer_init(loop, &letters->timer);
        letters->async.data = letters->timer.data = letters;
        letters->handles = 2;
        uv_unref((uv_handle_t *)&letters->async);
        uv_unref((uv_handle_t *)&letters->timer);
        uv_timer_start(&letters->timer, on_timer, LOOK_MS, LOOK_MS);
        review(letters, true);
        start_next(letters);
        *ret_letters = letters;
        return 0;
}

static void on_closed(uv_handle_t *handle)
{
        struct letters *letters = handle->data;

        if (--letters->handles == 0)
                free(letters);
}

struct letters *letters_close(struct letters *letters)
{
        if (!letters)
                return NULL;
        /* What is being printed is given up and begun again at the next start. */
        if (letters->printing) {
                atomic_store(&letters->jobs[0]->progress.stop, true);
                uv_thread_join(&letters->thread);
        }
        for (size_t i = 0; i < letters->count; i++)
                letters_job_free(letters->jobs[i]);
        letters->count = 0;
        uv_close((uv_handle_t *)&letters->async, on_closed);
        uv_close((uv_handle_t *)&letters->timer, on_closed);
        return NULL;
}
