/* SPDX-License-Identifier: EUPL-1.2 */
/* What leaves the house: the outbox, exports for spreadsheets and programs, what will be erased. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/courier.h"
#include "hub/export.h"
#include "hub/retention.h"
#include "hub/world.h"
#include "journal/journal.h"

static int no_memory(struct act_call *call)
{
        return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
}

static int no_targets(struct act_call *call)
{
        return act_refuse(call, -ENOENT,
                          "rien ne part d’ici : la configuration n’a pas de cible (out.targets)",
                          "nothing leaves from here: the configuration has no target (out.targets)");
}

/* ---- the outbox ---- */

static json_t *time_json(int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        time_format(ms, text);
        return json_string(text);
}

struct page {
        json_t *list;
        size_t limit;
        int64_t last;
        bool more;
};

static int add_item(void *context, const struct outbox_item *item)
{
        struct page *page = context;

        if (json_array_size(page->list) == page->limit) {
                page->more = true;
                return 1;
        }
        page->last = item->number;
        return json_array_append_new(
                       page->list,
                       json_pack("{s:s, s:s, s:s, s:o, s:s, s:i, s:o, s:o, s:o}", "id", item->id, "target",
                                 item->target, "event", item->event, "incident",
                                 item->incident[0] ? json_string(item->incident) : json_null(), "state",
                                 outbox_state_word(item->state), "attempts", (int)item->attempts, "since",
                                 time_json(item->since_ms), "changed", time_json(item->changed_ms), "why",
                                 item->why_fr[0]
                                         ? json_pack("{s:s, s:s}", "fr", item->why_fr, "en", item->why_en)
                                         : json_null()))
                       ? -ENOMEM
                       : 0;
}

static json_t *target_json(struct courier *courier, const struct config_target *target)
{
        int64_t counts[OUTBOX_STATES] = {0};
        json_t *events = json_array();

        for (int state = 0; state < OUTBOX_STATES; state++)
                outbox_count(courier_box(courier), target->name, (enum outbox_state)state, &counts[state],
                             NULL);
        for (uint32_t i = 0; i < target->event_count; i++)
                json_array_append_new(events, json_string(target->events[i]));
        return json_pack("{s:s, s:s, s:s, s:b, s:o, s:I, s:I}", "name", target->name, "kind",
                         config_target_word(target->kind), "tlp", config_tlp_word(target->tlp), "personal",
                         target->personal == CONFIG_YES, "events", events, "waiting",
                         (json_int_t)counts[OUTBOX_WAITING], "given_up", (json_int_t)counts[OUTBOX_GIVEN_UP]);
}

static int list_items(struct act_call *call, struct page *page)
{
        const char *after = act_text(call, "after"), *target = act_text(call, "target");
        int64_t limit = act_integer(call, "limit", ACT_PAGE_DEFAULT);
        char *rest = NULL;
        struct outbox_question question = {
                .target = target, .state = OUTBOX_STATES, .newest = act_flag(call, "newest")};

        page->limit = limit > 0 ? (size_t)limit : ACT_PAGE_DEFAULT;
        question.limit = page->limit + 1;
        question.after = after[0] ? strtoll(after, &rest, 10) : 0;
        if (rest && *rest)
                return act_refuse(call, -EINVAL, "« after » : ce que « next » a donné",
                                  "“after”: what “next” gave");
        for (size_t i = 0; i < OUTBOX_STATES; i++)
                if (!strcmp(act_text(call, "state"), outbox_state_word((enum outbox_state)i)))
                        question.state = (enum outbox_state)i;
        if (act_text(call, "state")[0] && question.state == OUTBOX_STATES)
                return act_refuse(call, -EINVAL, "« state » : waiting, sent ou given-up",
                                  "“state”: waiting, sent or given-up");
        return outbox_list(courier_box(call->world->courier), &question, add_item, page, &call->error);
}

static int run_list(struct act_call *call)
{
        const struct config *config = call->world->config;
        struct courier *courier = call->world->courier;
        json_t *targets = json_array();
        struct page page = {.list = json_array()};
        char next[24];
        int r = courier ? list_items(call, &page) : 0;

        for (uint32_t i = 0; courier && i < config->out.target_count; i++)
                json_array_append_new(targets, target_json(courier, &config->out.targets[i]));
        snprintf(next, sizeof(next), "%lld", (long long)page.last);
        if (json_object_set_new(call->out, "targets", targets) ||
            json_object_set_new(call->out, "items", page.list) ||
            json_object_set_new(call->out, "next", page.more ? json_string(next) : json_null()) ||
            json_object_set_new(call->out, "connected",
                                json_boolean(courier && courier_is_connected(courier))))
                return no_memory(call);
        return r < 0 ? r : 0;
}

static int run_retry(struct act_call *call)
{
        if (!call->world->courier)
                return no_targets(call);
        return courier_retry(call->world->courier, act_text(call, "item"), &call->error);
}

static int run_test(struct act_call *call)
{
        char id[OUTBOX_ID_SIZE];
        int r;

        if (!call->world->courier)
                return no_targets(call);
        r = courier_test(call->world->courier, act_text(call, "target"), id, &call->error);
        if (!r && json_object_set_new(call->out, "item", json_string(id)))
                return no_memory(call);
        return r;
}

/* ---- exports ---- */

struct exporting {
        char journal[PATH_MAX], path[PATH_MAX];
        struct export_request request;
};

static int work_export(void *context, struct error *error)
{
        struct exporting *exporting = context;

        return export_to_file(&exporting->request, exporting->path, error);
}

static int done_export(void *context, struct act_call *call, int result)
{
        struct exporting *exporting = context;

        if (result)
                return result;
        call->blob.path = strdup(exporting->path);
        if (!call->blob.path)
                return no_memory(call);
        call->blob.unlink = true;
        exporting->path[0] = '\0';
        snprintf(call->blob.type, sizeof(call->blob.type), "%s",
                 exporting->request.csv ? "text/csv; charset=utf-8" : "application/json");
        snprintf(call->blob.name, sizeof(call->blob.name), "garde-%s.%s",
                 export_kind_word(exporting->request.kind), exporting->request.csv ? "csv" : "json");
        return 0;
}

/* Also when it was refused half-way: then the file is still ours. */
static void release_export(void *context)
{
        struct exporting *exporting = context;

        if (exporting->path[0])
                unlink(exporting->path);
        free(exporting);
}

static int run_export(struct act_call *call)
{
        const char *format = act_text(call, "format");
        struct exporting *exporting;
        enum export_kind kind;

        if (export_kind_parse(act_text(call, "kind"), &kind))
                return act_refuse(call, -ENOENT, "on n’exporte pas « %s » ; mais : %s",
                                  "“%s” is not exported; but these are: %s", act_text(call, "kind"),
                                  EXPORT_WORDS);
        if (format[0] && strcmp(format, "csv") && strcmp(format, "json"))
                return act_refuse(call, -EINVAL, "« format » : csv ou json", "“format”: csv or json");
        exporting = calloc(1, sizeof(*exporting));
        if (!exporting)
                return no_memory(call);
        exporting->request = (struct export_request){.journal = exporting->journal,
                                                     .playbooks = call->world->playbooks,
                                                     .kind = kind,
                                                     .csv = strcmp(format, "json") != 0};
        snprintf(exporting->journal, sizeof(exporting->journal), "%s", journal_path(call->world->journal));
        if (snprintf(exporting->path, sizeof(exporting->path), "%s/export-%016llx", call->world->state,
                     (unsigned long long)random_u64(call->world->random)) >= (int)sizeof(exporting->path)) {
                free(exporting);
                return act_refuse(call, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                  call->world->state);
        }
        call->work = (struct act_work){
                .work = work_export, .done = done_export, .release = release_export, .context = exporting};
        return 0;
}

/* ---- what will be erased ---- */

struct preview {
        size_t texts;
};

static int count_text(void *context, const struct retention_text *text)
{
        struct preview *preview = context;

        return ++preview->texts == RETENTION_TEXTS_MAX;
}

#define PREVIEW_LOOKED_MAX 2000 /* incidents looked at in one answer */

static int run_preview(struct act_call *call)
{
        struct casebook *book = desk_book(call->world->desk);
        const struct config *config = call->world->config;
        size_t index = casebook_after(book, act_text(call, "after")), end = index + PREVIEW_LOOKED_MAX;
        struct act_page page;
        int r = 0;

        act_page_begin(call, &page);
        for (; r >= 0 && index < casebook_count(book) && index < end && !page.next[0]; index++) {
                const struct casebook_brief *brief = casebook_brief(book, index);
                struct preview preview = {0};
                struct id id = brief->id;
                if (brief->open)
                        continue;
                r = retention_find(call->world, id.text, count_text, &preview, &call->error);
                if (r >= 0 && preview.texts && act_page_wants(&page, id.text))
                        json_array_append_new(page.list, json_pack("{s:s, s:I}", "incident", id.text, "texts",
                                                                   (json_int_t)preview.texts));
                if (index + 1 == end && index + 1 < casebook_count(book))
                        snprintf(page.next, sizeof(page.next), "%s", id.text);
        }
        struct preview replaced = {0};
        if (r >= 0)
                r = retention_find_contacts(call->world, count_text, &replaced, &call->error);
        json_object_set_new(call->out, "contacts", json_integer((json_int_t)replaced.texts));
        json_object_set_new(call->out, "personal_days",
                            json_integer((json_int_t)config->hub.retention.personal_days));
        json_object_set_new(call->out, "reports_days",
                            json_integer((json_int_t)config->hub.retention.reports_days));
        return act_page_end(call, &page, "incidents") ? call->error.code : r < 0 ? r : 0;
}

/* ---- the rows ---- */

static const struct act_param list_params[] = {{.name = "target",
                                                .type = ACT_TEXT,
                                                .max = 31,
                                                .fr = "vers cette cible seulement",
                                                .en = "to this target alone"},
                                               {.name = "state",
                                                .type = ACT_TEXT,
                                                .max = 15,
                                                .fr = "waiting, sent ou given-up seulement",
                                                .en = "waiting, sent or given-up alone"},
                                               {0}};
static const struct act_param retry_params[] = {{.name = "item",
                                                 .type = ACT_TEXT,
                                                 .flags = ACT_PATH,
                                                 .max = OUTBOX_ID_SIZE - 1,
                                                 .fr = "ce qui n’est pas parti",
                                                 .en = "what did not leave"},
                                                {0}};
static const struct act_param test_params[] = {{.name = "target",
                                                .type = ACT_TEXT,
                                                .flags = ACT_PATH,
                                                .max = 31,
                                                .fr = "nom de la cible (out.targets)",
                                                .en = "name of the target (out.targets)"},
                                               {0}};
static const struct act_param export_params[] = {{.name = "kind",
                                                  .type = ACT_TEXT,
                                                  .flags = ACT_PATH,
                                                  .max = 31,
                                                  .fr = "l’un de : " EXPORT_WORDS,
                                                  .en = "one of: " EXPORT_WORDS},
                                                 {.name = "format",
                                                  .type = ACT_TEXT,
                                                  .max = 7,
                                                  .fr = "csv (sinon) ou json",
                                                  .en = "csv (else) or json"},
                                                 {0}};

#define OUT_READERS (ACT_RESPONDERS | ACT_LAW | ACT_ROLE(AUDITOR))

static const struct act acts[] = {
        {.name = "out.list",
         .method = ACT_GET,
         .path = "/out",
         .roles = OUT_READERS,
         .flags = ACT_PAGED,
         .result = "Outbox",
         .fr = "Ce qui part vers l’extérieur, ce qui attend, ce qui n’a pas pu partir",
         .en = "What leaves for outside, what waits, what could not leave",
         .params = list_params,
         .run = run_list},
        {.name = "out.retry",
         .method = ACT_POST,
         .path = "/out/{item}/retry",
         .roles = ACT_RESPONDERS,
         .result = "Empty",
         .fr = "Essayer de nouveau ce qui n’a pas pu partir",
         .en = "Try again what could not leave",
         .params = retry_params,
         .run = run_retry},
        {.name = "out.test",
         .method = ACT_POST,
         .path = "/out/targets/{target}/test",
         .roles = ACT_RESPONDERS,
         .result = "OutItem",
         .fr = "Envoyer une nouvelle d’essai à une cible",
         .en = "Send a test to a target",
         .params = test_params,
         .run = run_test},
        {.name = "export",
         .method = ACT_GET,
         .path = "/export/{kind}",
         .roles = ACT_LAW | ACT_ROLE(AUDITOR),
         .result = "application/octet-stream",
         .fr = "Exporter vers un tableur ou un programme, sans les textes personnels",
         .en = "Export for a spreadsheet or a program, without personal texts",
         .params = export_params,
         .run = run_export},
        {.name = "retention.preview",
         .method = ACT_GET,
         .path = "/retention",
         .roles = ACT_LAW | ACT_ROLE(AUDITOR),
         .flags = ACT_PAGED,
         .result = "Retention",
         .fr = "Les textes personnels qui seront effacés la nuit prochaine",
         .en = "The personal texts that will be erased next night",
         .run = run_preview},
};

const struct act_table acts_out = {acts, ARRAY_LEN(acts)};
