/* SPDX-License-Identifier: EUPL-1.2 */
/* Letters: which there are, a table of recipients in, a file of letters out, the proof that they went. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "hub/act_letters.h"
#include "hub/acts.h"
#include "hub/letters.h"
#include "hub/letters_proof.h"
#include "hub/world.h"
#include "journal/journal.h"

#define BODY_MAX (96UL * 1024 * 1024)
#define ROWS_MAX 900 /* bytes of the rows that a refusal names */

/* ---- which there are ---- */

static int run_templates(struct act_call *call)
{
        const struct template_set *set;
        json_t *list = json_array();

        if (!call->world->letters) {
                json_decref(list);
                return letters_none(call);
        }
        set = letters_templates(call->world->letters);
        for (size_t i = 0; i < set->count; i++) {
                const struct letter_template *one = &set->templates[i];

                json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s, s:s}", "id", one->id, "title",
                                                      bitext_to_json(&one->title), "about",
                                                      bitext_to_json(&one->about), "to",
                                                      letter_to_word(one->to), "basis", one->basis));
        }
        return json_object_set_new(call->out, "templates", list) ? letters_no_memory(call) : 0;
}

/* ---- a batch begins ---- */

struct making {
        struct letters *letters;
        const struct letter_template *template;
        char id[ID_TEXT_SIZE], incident[ID_TEXT_SIZE], author[64];
        enum language language;
        const char *csv; /* of the call's input, or `decoded` */
        size_t length;
        unsigned char *decoded;
        size_t decoded_size;
        bool is_base64, leave_out, check;
        struct batch_look look;
        char path[4200], sha256[65];
};

static void release_making(void *context)
{
        struct making *making = context;

        batch_look_release(&making->look);
        if (making->decoded)
                explicit_bzero(making->decoded, making->decoded_size);
        free(making->decoded);
        free(making);
}

static int decode(struct making *making, struct error *error)
{
        size_t length;

        making->decoded_size = making->length / 4 * 3 + 4;
        making->decoded = malloc(making->decoded_size);
        if (!making->decoded)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (sodium_base642bin(making->decoded, making->decoded_size, making->csv, making->length, "\r\n ",
                              &length, NULL, sodium_base64_VARIANT_ORIGINAL))
                return error_say(error, -EINVAL, "« csv64 » n’est pas du base64", "“csv64” is no base64");
        making->csv = (const char *)making->decoded;
        making->length = length;
        return 0;
}

/* Which rows, and why: the person mends them, or says that they may be left out. */
static int refuse_rows(const struct batch_look *look, struct error *error)
{
        CLEANUP(buffer_release) struct buffer fr = BUFFER_INIT(ROWS_MAX), en = BUFFER_INIT(ROWS_MAX);

        for (size_t i = 0; i < look->said_count && fr.length + 120 < ROWS_MAX - 200; i++) {
                buffer_format(&fr, "%s%lu (%.60s)", i ? ", " : "", look->said[i].row, look->said[i].why.fr);
                buffer_format(&en, "%s%lu (%.60s)", i ? ", " : "", look->said[i].row, look->said[i].why.en);
        }
        error_say_in(error, -EINVAL, LANGUAGE_FR,
                     "%lu lignes ne donnent pas de lettre : %s ; corrigez-les, ou demandez qu’elles soient "
                     "laissées de côté",
                     look->bad, buffer_string(&fr));
        return error_say_in(error, -EINVAL, LANGUAGE_EN,
                            "%lu rows give no letter: %s; mend them, or ask for them to be left out",
                            look->bad, buffer_string(&en));
}

static int keep_table(struct making *making, struct error *error)
{
        unsigned char hash[crypto_hash_sha256_BYTES];

        crypto_hash_sha256(hash, (const unsigned char *)making->csv, making->length);
        sodium_bin2hex(making->sha256, sizeof(making->sha256), hash, sizeof(hash));
        return file_write_atomic(making->path, making->csv, making->length, 0600, error);
}

static int work_making(void *context, struct error *error)
{
        struct making *making = context;
        int r = making->is_base64 ? decode(making, error) : 0;

        if (!r)
                r = batch_look(making->csv, making->length, &making->look, error);
        if (r || making->check)
                return r;
        if (making->look.bad && !making->leave_out)
                return refuse_rows(&making->look, error);
        if (!making->look.good)
                return error_say(error, -EINVAL, "le tableau ne contient aucun destinataire",
                                 "the table holds no recipient");
        return keep_table(making, error);
}

static json_t *look_json(const struct batch_look *look)
{
        const char separator[2] = {look->separator, '\0'};
        json_t *bad = json_array(), *columns = json_array();

        for (size_t i = 0; i < look->said_count; i++)
                json_array_append_new(bad, json_pack("{s:I, s:{s:s, s:s}}", "row",
                                                     (json_int_t)look->said[i].row, "why", "fr",
                                                     look->said[i].why.fr, "en", look->said[i].why.en));
        for (size_t i = 0; i < RECIPIENT_COLUMN_COUNT; i++)
                if (look->columns[i])
                        json_array_append_new(columns,
                                              json_string(recipient_column_word((enum recipient_column)i)));
        return json_pack("{s:I, s:I, s:o, s:o, s:s, s:s}", "good", (json_int_t)look->good, "bad",
                         (json_int_t)look->bad, "rows", bad, "columns", columns, "encoding",
                         look->utf8 ? "utf-8" : "windows-1252", "separator", separator);
}

static int start(struct act_call *call, struct making *making, const char *typed)
{
        const struct letters_request request = {.template = making->template,
                                                .incident = making->incident,
                                                .language = making->language,
                                                .author = making->author,
                                                .id = making->id,
                                                .has_table = making->csv != NULL,
                                                .typed = typed,
                                                .total = making->csv ? making->look.good : 1,
                                                .left_out = making->look.bad,
                                                .csv_sha256 = making->csv ? making->sha256 : NULL};
        json_t *document = NULL;
        int r = letters_begin(making->letters, &request, &document, &call->error);

        if (!r && json_object_update(call->out, document))
                r = letters_no_memory(call);
        json_decref(document);
        return r;
}

static int end_making(void *context, struct act_call *call, int result)
{
        struct making *making = context;

        if (result)
                return result;
        if (making->check)
                return json_object_set_new(call->out, "check", look_json(&making->look))
                               ? letters_no_memory(call)
                               : 0;
        result = start(call, making, NULL);
        if (result)
                unlink(making->path);
        return result;
}

/* What this template is written to must be there, and nothing else. */
static int judge(struct act_call *call, const struct letter_template *template, bool table, bool typed)
{
        if (template->to == LETTER_NOBODY && (table || typed))
                return act_refuse(call, -EINVAL, "cet avis n’est adressé à personne : ni tableau ni adresse",
                                  "this notice is addressed to nobody: neither table nor address");
        if (template->to == LETTER_ONE && (table || !typed))
                return act_refuse(call, -EINVAL, "cette lettre a un seul destinataire : donnez « recipient »",
                                  "this letter has one recipient: give “recipient”");
        if (template->to == LETTER_MANY && table == typed)
                return act_refuse(call, -EINVAL,
                                  "donnez le tableau des destinataires (« csv » ou « csv64 »), ou une seule "
                                  "adresse (« recipient »)",
                                  "give the table of recipients (“csv” or “csv64”), or one address "
                                  "(“recipient”)");
        return 0;
}

static int fill_making(struct act_call *call, struct making *making)
{
        const json_t *csv = act_json(call, "csv"), *csv64 = act_json(call, "csv64");
        const json_t *table = json_string_length(csv) ? csv : csv64;
        bool typed = act_text(call, "recipient")[0] != '\0';
        struct id id;
        int r;

        making->letters = call->world->letters;
        making->template = letters_template(call);
        if (!making->template)
                return call->error.code;
        making->check = act_flag(call, "check");
        r = judge(call, making->template, json_string_length(table) > 0, typed);
        if (!r && !making->check)
                r = letters_refuse_holes(call, making->template);
        if (r)
                return r;
        id_make('l', call->world->clock, call->world->random, &id);
        strcpy(making->id, id.text);
        snprintf(making->incident, sizeof(making->incident), "%s", act_text(call, "incident"));
        snprintf(making->author, sizeof(making->author), "%s", act_author(call));
        language_parse(act_text(call, "language"), &making->language);
        if (json_string_length(table)) {
                making->csv = json_string_value(table);
                making->length = json_string_length(table);
                making->is_base64 = table == csv64;
        }
        making->leave_out = act_flag(call, "leave_out");
        letters_table_path(making->letters, making->id, making->path, sizeof(making->path));
        return 0;
}

static int run_make(struct act_call *call)
{
        struct making *making;
        const char *typed = act_text(call, "recipient");
        int r;

        if (!call->world->letters)
                return letters_none(call);
        making = calloc(1, sizeof(*making));
        if (!making)
                return letters_no_memory(call);
        r = fill_making(call, making);
        if (!r && making->csv) {
                call->work = (struct act_work){.work = work_making,
                                               .done = end_making,
                                               .release = release_making,
                                               .context = making};
                return 0;
        }
        if (!r)
                r = start(call, making, typed[0] ? typed : NULL);
        release_making(making);
        return r;
}

/* ---- what became of it ---- */

static int add_batch(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        return json_array_append_new(context, json_string(id));
}

static int run_list(struct act_call *call)
{
        json_t *ids = json_array(), *list = json_array(), *id, *document;
        size_t index;
        int r = view_list_of(call->world->journal, "letters", act_text(call, "incident"), add_batch, ids,
                             &call->error);

        json_array_foreach(ids, index, id)
        {
                if (r >= 0 && call->world->letters &&
                    !letters_find(call->world->letters, json_string_value(id), &document, NULL))
                        json_array_append_new(list, document);
        }
        json_decref(ids);
        if (json_object_set_new(call->out, "letters", list))
                return letters_no_memory(call);
        return r < 0 ? r : 0;
}

static int answer(struct act_call *call)
{
        json_t *document = NULL;
        int r = call->world->letters ? letters_find(call->world->letters, act_text(call, "letters"),
                                                    &document, &call->error)
                                     : letters_none(call);

        if (!r && json_object_update(call->out, document))
                r = letters_no_memory(call);
        snprintf(call->incident, sizeof(call->incident), "%s",
                 r ? "" : json_string_value(json_object_get(document, "incident")));
        json_decref(document);
        return r;
}

static int run_file(struct act_call *call)
{
        const char *id = act_text(call, "letters");
        char path[4200];
        int r = call->world->letters
                        ? letters_path(call->world->letters, id, path, sizeof(path), &call->error)
                        : letters_none(call);

        if (r)
                return r;
        call->blob.path = strdup(path);
        if (!call->blob.path)
                return letters_no_memory(call);
        strcpy(call->blob.type, "application/pdf");
        snprintf(call->blob.name, sizeof(call->blob.name), "%s-%s.pdf",
                 call->caller->english ? "letters" : "lettres", id);
        return 0;
}

static int run_stop(struct act_call *call)
{
        int r = call->world->letters
                        ? letters_stop(call->world->letters, act_text(call, "letters"), &call->error)
                        : letters_none(call);

        return r ? r : answer(call);
}

static int run_erase(struct act_call *call)
{
        int r = call->world->letters ? letters_erase(call->world->letters, act_text(call, "letters"),
                                                     act_author(call), act_text(call, "reason"), &call->error)
                                     : letters_none(call);

        return r ? r : answer(call);
}

static int run_sent(struct act_call *call)
{
        int64_t now_ms = clock_wall_ms(call->world->clock), at_ms = act_time(call, "at");
        int64_t from = act_integer(call, "from", 0), to = act_integer(call, "to", 0);
        char at[TIME_TEXT_SIZE];
        int r;

        if (!call->world->letters)
                return letters_none(call);
        if (at_ms > now_ms)
                return act_refuse(call, -EINVAL, "ce qui est envoyé ne peut pas être à venir",
                                  "what was sent cannot lie in the future");
        if (from > to)
                return act_refuse(call, -EINVAL, "« from » dépasse « to »", "“from” is greater than “to”");
        time_format(at_ms ? at_ms : now_ms, at);
        r = letters_sent(call->world->letters, act_text(call, "letters"), act_author(call),
                         json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "from", (json_int_t)from, "to",
                                   (json_int_t)to, "at", at, "way", act_text(call, "way"), "tracking",
                                   act_text(call, "tracking"), "by", act_author(call)),
                         &call->error);
        return r ? r : answer(call);
}

static int run_proof(struct act_call *call)
{
        json_t *document = NULL;
        int r = call->world->letters ? letters_find(call->world->letters, act_text(call, "letters"),
                                                    &document, &call->error)
                                     : letters_none(call);

        return r ? r : letters_proof(call, document);
}

/* ---- the rows ---- */

#define LETTERS                                                                                              \
        {                                                                                                    \
                .name = "letters", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                           \
                .fr = "identifiant de l’envoi", .en = "id of the batch"                                      \
        }
#define INCIDENT                                                                                             \
        {                                                                                                    \
                .name = "incident", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                          \
                .fr = "identifiant de l’incident", .en = "id of the incident"                                \
        }
/* clang-format off */
static const struct act_param make_params[] = {
        INCIDENT,
        {.name = "template", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 47, .fr = "modèle", .en = "template"},
        PRESS_LANGUAGE,
        {.name = "csv", .type = ACT_TEXT, .flags = ACT_SECRET, .max = CSV_BYTES_MAX,
         .fr = "tableau des destinataires", .en = "table of recipients"},
        {.name = "csv64", .type = ACT_TEXT, .flags = ACT_SECRET, .max = CSV_BYTES_MAX / 3 * 4 + 1024 * 1024,
         .fr = "le même en base64, tel que le fichier est", .en = "the same in base64, as the file is"},
        {.name = "recipient", .type = ACT_TEXT, .flags = ACT_SECRET, .max = 1200,
         .fr = "un seul destinataire : nom et adresse, une ligne chacun", .en = "one recipient: name and address, a line each"},
        {.name = "leave_out", .type = ACT_BOOLEAN, .fr = "laisser de côté les lignes inutilisables",
         .en = "leave out rows that cannot be used"},
        {.name = "incomplete", .type = ACT_BOOLEAN, .fr = "telle quelle, même si tout n’est pas connu",
         .en = "as it is, even if not all is known"},
        {.name = "check", .type = ACT_BOOLEAN, .fr = "seulement regarder le tableau", .en = "only look at the table"},
        {0}};
static const struct act_param sent_params[] = {
        LETTERS,
        {.name = "from", .type = ACT_INTEGER, .max = BATCH_LETTERS_MAX, .flags = ACT_REQUIRED, .fr = "du numéro", .en = "from number"},
        {.name = "to", .type = ACT_INTEGER, .max = BATCH_LETTERS_MAX, .flags = ACT_REQUIRED, .fr = "au numéro", .en = "to number"},
        {.name = "at", .type = ACT_TIME, .fr = "quand", .en = "when"},
        {.name = "way", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 80, .fr = "par quelle voie", .en = "by which way"},
        {.name = "tracking", .type = ACT_TEXT, .max = 80, .fr = "numéro de suivi ou de dépôt", .en = "tracking or deposit number"},
        {0}};
static const struct act_param erase_params[] = {
        LETTERS,
        {.name = "reason", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 1000, .fr = "pourquoi", .en = "why"},
        {0}};
/* clang-format on */
static const struct act_param one_params[] = {LETTERS, {0}};
static const struct act_param proof_params[] = {LETTERS, PRESS_LANGUAGE, {0}};
static const struct act_param list_params[] = {INCIDENT, {0}};

#define PATRONS (ACT_ROLE(RESPONDER) | ACT_LAW)

static const struct act acts[] = {
        {.name = "letters.templates",
         .method = ACT_GET,
         .path = "/letters/templates",
         .result = "LetterTemplates",
         .fr = "Les modèles de lettre",
         .en = "The templates of letters",
         .run = run_templates},
        {.name = "letters.make",
         .method = ACT_POST,
         .path = "/incidents/{incident}/letters",
         .roles = PATRONS,
         .body_max = BODY_MAX,
         .result = "Letters",
         .fr = "Préparer des lettres",
         .en = "Prepare letters",
         .params = make_params,
         .run = run_make},
        {.name = "letters.list",
         .method = ACT_GET,
         .path = "/incidents/{incident}/letters",
         .result = "LettersList",
         .fr = "Les envois d’un incident",
         .en = "The batches of an incident",
         .params = list_params,
         .run = run_list},
        {.name = "letters.show",
         .method = ACT_GET,
         .path = "/letters/{letters}",
         .result = "Letters",
         .fr = "Où en est un envoi",
         .en = "How far a batch is",
         .params = one_params,
         .run = answer},
        {.name = "letters.file",
         .method = ACT_GET,
         .path = "/letters/{letters}/file",
         .roles = PATRONS,
         .flags = ACT_HTTP_ONLY,
         .result = "application/pdf",
         .fr = "Les lettres, à imprimer",
         .en = "The letters, to be printed",
         .params = one_params,
         .run = run_file},
        {.name = "letters.stop",
         .method = ACT_POST,
         .path = "/letters/{letters}/stop",
         .roles = PATRONS,
         .result = "Letters",
         .fr = "Arrêter une préparation",
         .en = "Stop a batch being prepared",
         .params = one_params,
         .run = run_stop},
        {.name = "letters.sent",
         .method = ACT_POST,
         .path = "/letters/{letters}/sent",
         .roles = PATRONS,
         .flags = ACT_SEAL,
         .result = "Letters",
         .fr = "Noter que des lettres sont parties",
         .en = "Note that letters went out",
         .params = sent_params,
         .run = run_sent},
        {.name = "letters.proof",
         .method = ACT_GET,
         .path = "/letters/{letters}/proof",
         .result = "application/pdf",
         .fr = "La preuve d’envoi, imprimable",
         .en = "The proof of sending, to be printed",
         .params = proof_params,
         .run = run_proof},
        {.name = "letters.erase",
         .method = ACT_POST,
         .path = "/letters/{letters}/erase",
         .roles = ACT_LAW,
         .flags = ACT_SEAL,
         .result = "Letters",
         .fr = "Effacer les lettres d’un envoi",
         .en = "Erase the letters of a batch",
         .params = erase_params,
         .run = run_erase},
};

const struct act_table acts_letters = {acts, ARRAY_LEN(acts)};
