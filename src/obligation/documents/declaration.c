/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/declaration.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "obligation/documents/declaration_private.h"

#define FILE_MODE 0640

const struct form_field *declaration_field(const struct form *form, const char *key)
{
        for (size_t i = 0; i < form->section_count; i++)
                for (size_t j = 0; j < form->sections[i].field_count; j++)
                        if (strcmp(form->sections[i].fields[j].key, key) == 0)
                                return &form->sections[i].fields[j];
        return NULL;
}

const char *declaration_known(const struct form *form, const char *key, enum language language)
{
        const struct form_field *field = declaration_field(form, key);

        return field && field->state == FACT_STATE_KNOWN ? language_text(language, &field->value) : NULL;
}

const char *declaration_channel_name(enum form_channel_kind kind, enum language language)
{
        static const char *const names[FORM_CHANNEL_COUNT][2] = {
                [FORM_CHANNEL_PORTAL] = {"Portail", "Portal"},
                [FORM_CHANNEL_MAIL] = {"Courriel", "E-mail"},
                [FORM_CHANNEL_PHONE] = {"Téléphone", "Telephone"},
                [FORM_CHANNEL_PAPER] = {"Courrier", "Post"},
                [FORM_CHANNEL_IN_PERSON] = {"Sur place", "In person"},
                [FORM_CHANNEL_REGISTER] = {"Registre interne", "Internal register"},
        };

        return (unsigned)kind < FORM_CHANNEL_COUNT ? names[kind][language] : "";
}

void declaration_channel_text(struct buffer *buffer, const struct form_channel *channel, const char *zone,
                              enum language language)
{
        const char *note = language_text(language, &channel->note);

        buffer_text(buffer, channel->target);
        if (*note)
                buffer_format(buffer, "%s%s", *channel->target ? "\n" : "", note);
        if (!channel->stale || !*channel->target)
                return;
        buffer_text(buffer, language_pick(language, "\nÀ confirmer avant usage", "\nConfirm before use"));
        if (channel->checked_ms) {
                buffer_text(buffer, language_pick(language, " : vérifié pour la dernière fois le ",
                                                  ": last checked on "));
                language_moment(buffer, language, zone, MOMENT_DAY, channel->checked_ms);
        }
        buffer_text(buffer, ".");
}

static void count_text(struct buffer *buffer, size_t count, const char *one, const char *many)
{
        buffer_format(buffer, "%zu %s", count, count == 1 ? one : many);
}

void declaration_counts(struct buffer *buffer, const struct form *form, enum language language)
{
        bool en = language == LANGUAGE_EN;

        count_text(buffer, form->known_count, en ? "answer known" : "réponse connue",
                   en ? "answers known" : "réponses connues");
        buffer_text(buffer, ", ");
        count_text(buffer, form->unknown_count, en ? "unknown so far" : "inconnue à ce stade",
                   en ? "unknown so far" : "inconnues à ce stade");
        buffer_text(buffer, ", ");
        count_text(buffer, form->not_asked_count, en ? "question not asked yet" : "question pas encore posée",
                   en ? "questions not asked yet" : "questions pas encore posées");
}

static json_t *time_json(int64_t wall_ms)
{
        char text[TIME_TEXT_SIZE];

        if (wall_ms == 0)
                return json_null();
        time_format(wall_ms, text);
        return json_string(text);
}

/* Always a string: what is not UTF-8 in it is replaced, for a declaration must go out. */
static json_t *string_json(const char *text)
{
        g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

        return json_string(valid);
}

/* "" says nobody or nothing. */
static json_t *word_json(const char *text)
{
        return *text ? string_json(text) : json_null();
}

static json_t *both_json(const struct bitext *text)
{
        return json_pack("{s:o, s:o}", "fr", string_json(text->fr), "en", string_json(text->en));
}

static json_t *field_json(const struct form_field *field)
{
        static const char *const states[] = {
#define FACT_STATE_WORD(name, word) word,
                FACT_STATES(FACT_STATE_WORD)};

        return json_pack("{s:s, s:o, s:s, s:b, s:b, s:o, s:o, s:o}", "key", field->key, "label",
                         both_json(&field->label), "state",
                         (unsigned)field->state < FACT_STATE_COUNT ? states[field->state] : "not-asked",
                         "required", field->required, "news", field->news, "value", both_json(&field->value),
                         "author", word_json(field->author), "at", time_json(field->at_ms));
}

static json_t *sections_json(const struct form *form)
{
        json_t *sections = json_array();

        for (size_t i = 0; i < form->section_count; i++) {
                const struct form_section *section = &form->sections[i];
                json_t *fields = json_array();

                for (size_t j = 0; j < section->field_count; j++)
                        json_array_append_new(fields, field_json(&section->fields[j]));
                json_array_append_new(sections, json_pack("{s:s, s:o, s:o}", "key", section->key, "title",
                                                          both_json(&section->title), "fields", fields));
        }
        return sections;
}

static json_t *channels_json(const struct form *form)
{
        json_t *channels = json_array();

        for (size_t i = 0; i < form->channel_count; i++) {
                const struct form_channel *channel = &form->channels[i];
                json_t *note = channel->note.fr || channel->note.en ? both_json(&channel->note) : json_null();

                json_array_append_new(channels,
                                      json_pack("{s:s, s:o, s:o, s:o, s:b}", "kind",
                                                form_channel_word(channel->kind), "target",
                                                word_json(channel->target), "note", note, "checked",
                                                time_json(channel->checked_ms), "stale", channel->stale));
        }
        return channels;
}

static json_t *journal_json(const struct declaration_seal *seal)
{
        char hex[RECORD_HASH_SIZE * 2 + 1] = "";

        if (!seal->journal_head)
                return json_null();
        for (size_t i = 0; i < RECORD_HASH_SIZE; i++)
                snprintf(hex + 2 * i, 3, "%02x", seal->journal_head[i]);
        return json_pack("{s:s, s:I}", "head", hex, "records", (json_int_t)seal->journal_size);
}

static json_t *phase_json(const struct form *form)
{
        json_t *text = form->phase_text.fr ? both_json(&form->phase_text) : json_null();

        return json_pack("{s:s, s:b, s:o, s:o}", "phase", filing_phase_word(form->phase), "pending",
                         form->pending, "since", time_json(form->since_ms), "text", text);
}

static json_t *form_json(const struct form *form, const struct declaration_seal *seal, enum language language)
{
        json_t *counts =
                json_pack("{s:I, s:I, s:I}", "known", (json_int_t)form->known_count, "unknown",
                          (json_int_t)form->unknown_count, "not_asked", (json_int_t)form->not_asked_count);
        json_t *law = json_pack("{s:o, s:b, s:b, s:o, s:o, s:o}", "basis", string_json(form->legal_basis),
                                "voluntary", form->voluntary, "without_delay", form->without_delay, "why",
                                both_json(&form->why), "clock_started", time_json(form->clock_started_ms),
                                "due", time_json(form->due_ms));

        return json_pack(
                "{s:i, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                "v", 1, "language", language_word(language), "rule", form->rule, "rule_version",
                (int)form->rule_version, "obligation", word_json(form->obligation.text), "incident",
                word_json(form->incident.text), "title", both_json(&form->title), "recipient",
                both_json(&form->recipient), "state", obligation_state_word(form->state), "standing",
                both_json(&form->standing), "law", law, "made", time_json(form->made_ms), "printed",
                time_json(seal->printed_ms), "channels", channels_json(form), "counts", counts, "sections",
                sections_json(form), "journal", journal_json(seal), "filing", phase_json(form));
}

int declaration_json(const struct form *form, const struct declaration_seal *seal, enum language language,
                     char **ret_json, size_t *ret_length, struct error *error)
{
        json_t *json = form_json(form, seal, language);
        char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;

        json_decref(json);
        if (!text)
                return error_say(error, -ENOMEM, "La déclaration n’a pas pu être écrite en JSON.",
                                 "The declaration could not be written as JSON.");
        *ret_length = strlen(text);
        *ret_json = text;
        return 0;
}

static int path_make(char path[static DECLARATION_PATH_SIZE], const char *folder, const char *stem,
                     const char *end, struct error *error)
{
        int length = snprintf(path, DECLARATION_PATH_SIZE, "%s/%s.%s", folder, stem, end);

        if (length < DECLARATION_PATH_SIZE)
                return 0;
        return error_say(error, -ENAMETOOLONG, "Le chemin %.80s… d’une déclaration est trop long.",
                         "The path %.80s… for a declaration is too long.", path);
}

typedef int render(const struct form *form, const struct declaration_seal *seal, enum language language,
                   char **ret_bytes, size_t *ret_length, struct error *error);

int declaration_write(const struct form *form, const struct declaration_seal *seal, const char *folder,
                      const char *stem, enum language language, struct declaration_paths *ret_paths,
                      struct error *error)
{
        struct declaration_paths paths;
        const struct {
                render *render;
                const char *end;
                char *path;
        } files[] = {{declaration_pdf, "pdf", paths.pdf},
                     {declaration_json, "json", paths.json},
                     {declaration_text, "txt", paths.text}};

        if (!*stem || strchr(stem, '/'))
                return error_say(error, -EINVAL,
                                 "Le nom de fichier d’une déclaration ne peut ni être vide ni contenir une "
                                 "barre oblique.",
                                 "A declaration's file name may not be empty nor hold a slash.");
        for (size_t i = 0; i < ARRAY_LEN(files); i++) {
                CLEANUP(cleanup_free) char *bytes = NULL;
                size_t length;
                int r = path_make(files[i].path, folder, stem, files[i].end, error);

                if (r == 0)
                        r = files[i].render(form, seal, language, &bytes, &length, error);
                if (r == 0)
                        r = file_write_atomic(files[i].path, bytes, length, FILE_MODE, error);
                if (r < 0)
                        return r;
        }
        *ret_paths = paths;
        return 0;
}
