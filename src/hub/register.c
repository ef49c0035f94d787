/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/register.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "hub/casebook.h"
#include "hub/status.h"
#include "journal/journal.h"

#define BREACHES_MAX 65536

/* ---- which incidents are breaches ---- */

struct found {
        struct id *ids;
        size_t count, size;
};

static int find_breach(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct found *found = context;
        const char *rule = json_string_value(json_object_get(json, "rule"));
        const char *state = json_string_value(json_object_get(json, "state"));
        const char *incident = json_string_value(json_object_get(json, "incident"));

        if (!rule || strcmp(rule, REGISTER_RULE) || !state || !incident || !strcmp(state, "possible") ||
            !strcmp(state, "void") || found->count == BREACHES_MAX)
                return 0;
        if (found->count == found->size) {
                size_t size = found->size ? 2 * found->size : 64;
                struct id *ids = reallocarray(found->ids, size, sizeof(*ids));

                if (!ids)
                        return -ENOMEM;
                found->ids = ids;
                found->size = size;
        }
        return id_parse(incident, 'i', &found->ids[found->count]) ? 0 : (found->count++, 0);
}

static int by_id(const void *a, const void *b)
{
        return strcmp(((const struct id *)a)->text, ((const struct id *)b)->text);
}

/* ---- one breach ---- */

static json_t *field_json(const struct form_field *field)
{
        return json_pack("{s:s, s:o, s:o, s:s}", "key", field->key, "label", bitext_to_json(&field->label),
                         "value", bitext_to_json(&field->value), "state", fact_state_word(field->state));
}

static json_t *sections_json(const struct form *form)
{
        json_t *list = json_array();

        for (size_t i = 0; i < form->section_count; i++) {
                json_t *fields = json_array();

                for (size_t k = 0; k < form->sections[i].field_count; k++)
                        json_array_append_new(fields, field_json(&form->sections[i].fields[k]));
                json_array_append_new(list,
                                      json_pack("{s:s, s:o, s:o}", "key", form->sections[i].key, "title",
                                                bitext_to_json(&form->sections[i].title), "fields", fields));
        }
        return list;
}

static const struct obligation *find_duty(const struct papers_facts *facts, const char *rule)
{
        for (size_t i = 0; i < facts->obligation_count; i++)
                if (!strcmp(facts->obligations[i].rule, rule))
                        return &facts->obligations[i];
        return NULL;
}

struct told {
        struct buffer fr, en;
};

static void say_filings(const struct obligation *duty, struct told *told)
{
        for (size_t i = 0; i < duty->filing_count; i++) {
                const struct filing *filing = &duty->filings[i];
                CLEANUP(bitext_release) struct bitext when = BITEXT_INIT;

                if (moment_text(filing->at_ms, &when))
                        return;
                buffer_format(&told->fr, "%sFait le %s par %s%s%s%s", i ? "\n" : "", when.fr, filing->by,
                              filing->receipt[0] ? ", reçu " : "", filing->receipt,
                              filing->late ? ", hors délai" : "");
                buffer_format(&told->en, "%sDone on %s by %s%s%s%s", i ? "\n" : "", when.en, filing->by,
                              filing->receipt[0] ? ", receipt " : "", filing->receipt,
                              filing->late ? ", late" : "");
        }
}

/* What the duty's state means to an inspector: told, or why not. */
static void say_duty(const struct obligation *duty, struct told *told)
{
        const char *why_fr = duty && duty->why.fr ? duty->why.fr : "",
                   *why_en = duty && duty->why.en ? duty->why.en : "";

        if (!duty) {
                buffer_text(&told->fr, "Non : aucun fait connu ne le demande.");
                buffer_text(&told->en, "No: no known fact asks for it.");
        } else if (duty->state == OBLIGATION_STATE_FILED) {
                say_filings(duty, told);
        } else if (duty->state == OBLIGATION_STATE_WAIVED) {
                buffer_format(&told->fr, "Non. Motif : %s", duty->waived_reason ? duty->waived_reason : "");
                buffer_format(&told->en, "No. Reason: %s", duty->waived_reason ? duty->waived_reason : "");
        } else if (duty->state == OBLIGATION_STATE_VOID) {
                buffer_format(&told->fr, "Non : sans objet d’après les faits. %s", why_fr);
                buffer_format(&told->en, "No: does not apply, from the facts. %s", why_en);
        } else if (duty->state == OBLIGATION_STATE_DUE) {
                buffer_format(&told->fr, "Due, pas encore faite. %s", why_fr);
                buffer_format(&told->en, "Owed, not done yet. %s", why_en);
        } else {
                buffer_format(&told->fr, "Pas encore tranché. %s", why_fr);
                buffer_format(&told->en, "Not settled yet. %s", why_en);
        }
}

static json_t *duty_json(const struct obligation *duty)
{
        struct told told = {BUFFER_INIT(64 * 1024), BUFFER_INIT(64 * 1024)};
        json_t *json;

        say_duty(duty, &told);
        json = json_pack("{s:s, s:{s:s, s:s}}", "state", duty ? obligation_state_word(duty->state) : "none",
                         "text", "fr", buffer_string(&told.fr), "en", buffer_string(&told.en));
        buffer_release(&told.fr);
        buffer_release(&told.en);
        return json;
}

static json_t *time_json(int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (!ms)
                return json_null();
        time_format(ms, text);
        return json_string(text);
}

static json_t *breach_json(const struct papers_facts *facts, const struct form *form)
{
        const struct incident *incident = &facts->incident;

        return json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "incident", incident->id.text, "title",
                         bitext_to_json(&incident->title), "opened", time_json(incident->opened_ms), "closed",
                         time_json(incident->closed_ms), "state", incident->open ? "open" : "closed",
                         "sections", sections_json(form), "authority", duty_json(find_duty(facts, "cnil-33")),
                         "persons", duty_json(find_duty(facts, "rgpd-34")));
}

static int add_breach(const struct register_asked *asked, const struct rule *rule,
                      const struct papers_facts *facts, json_t *list, struct error *error)
{
        CLEANUP(form_release) struct form form = {0};
        const struct obligation *duty = find_duty(facts, REGISTER_RULE);
        int r = duty ? papers_fill(&asked->how, facts, duty, rule, &form, error) : 0;

        if (r || !duty)
                return r;
        return json_array_append_new(list, breach_json(facts, &form))
                       ? error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory")
                       : 0;
}

/* ---- the page ---- */

static int read_one(const struct register_asked *asked, struct journal *journal, struct casebook *book,
                    const char *id, json_t *list, struct error *error)
{
        const struct rule *rule = rules_find(asked->rules, REGISTER_RULE);
        const struct incident *incident = casebook_incident(book, id);
        struct papers_facts facts = {0};
        json_t *told;
        int r;

        if (!incident || !rule)
                return 0;
        told = status_incident(book, incident, journal);
        r = papers_facts_read(told, &facts, error);
        json_decref(told);
        if (!r)
                r = add_breach(asked, rule, &facts, list, error);
        papers_facts_release(&facts);
        return r;
}

static int read_page(const struct register_asked *asked, struct journal *journal, const struct found *found,
                     json_t **ret_register, struct error *error)
{
        struct casebook *book = NULL;
        json_t *list = json_array();
        const char *last = "";
        bool more = false;
        int r = casebook_open(journal, &random_system, &book, error);

        for (size_t i = 0; !r && i < found->count; i++) {
                const char *id = found->ids[i].text;

                if (strcmp(id, asked->after) <= 0 || (i && !strcmp(id, found->ids[i - 1].text)))
                        continue;
                more = json_array_size(list) == asked->limit;
                if (more)
                        break;
                r = read_one(asked, journal, book, id, list, error);
                last = id;
        }
        casebook_close(book);
        if (!r)
                *ret_register = json_pack("{s:O, s:o}", "breaches", list, "next",
                                          more ? json_string(last) : json_null());
        json_decref(list);
        return r;
}

int register_read(const struct register_asked *asked, json_t **ret_register, struct error *error)
{
        struct journal *journal = NULL;
        struct found found = {0};
        int r = journal_open_readonly(asked->journal, &journal, error);

        if (!r)
                r = view_list(journal, "obligation", find_breach, &found, error);
        if (!r && found.count)
                qsort(found.ids, found.count, sizeof(*found.ids), by_id);
        if (!r)
                r = read_page(asked, journal, &found, ret_register, error);
        free(found.ids);
        journal_close(journal);
        return r;
}
