/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/chain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define TIME_LENGTH 24 /* 2020-03-22T10:15:00.000Z */

void chain_commit(const uint8_t salt[static CHAIN_SALT_SIZE], const void *text, size_t length,
                  uint8_t ret_commitment[static HASH_SIZE])
{
        hash_prefixed(0x02, salt, CHAIN_SALT_SIZE, text, length, ret_commitment);
}

static int check_draft(const struct record_draft *draft, struct error *error)
{
        if ((unsigned)draft->type >= RECORD_TYPE_COUNT)
                return error_say(error, -EINVAL, "Un enregistrement est d’un type inconnu.",
                                 "A record has no known type.");
        if (!draft->subject || strlen(draft->subject) >= sizeof(((struct record *)0)->subject))
                return error_say(error, -EINVAL, "Le sujet d’un enregistrement dépasse 63 octets.",
                                 "The subject of a record is longer than 63 bytes.");
        if (!draft->author || strlen(draft->author) >= sizeof(((struct record *)0)->author))
                return error_say(error, -EINVAL, "L’auteur d’un enregistrement dépasse 63 octets.",
                                 "The author of a record is longer than 63 bytes.");
        if (!json_is_object(draft->body))
                return error_say(error, -EINVAL, "Le corps d’un enregistrement n’est pas un objet.",
                                 "The body of a record is not an object.");
        if (draft->personal && !json_is_object(draft->personal))
                return error_say(error, -EINVAL,
                                 "Les textes personnels d’un enregistrement ne forment pas un objet.",
                                 "The personal texts of a record are not an object.");
        return 0;
}

/* Names are fields, not prose: without escapes, the same bytes stand in the line and in the store. */
static bool is_name(const char *name, size_t length)
{
        for (size_t i = 0; i < length; i++) {
                char byte = name[i];

                if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') &&
                    !(byte >= '0' && byte <= '9') && byte != '_' && byte != '.' && byte != '-')
                        return false;
        }
        return length > 0 && length <= CHAIN_PERSONAL_NAME_MAX;
}

static int check_personal(const struct chain_personal *personal, size_t name_length, struct error *error)
{
        if (!is_name(personal->name, name_length))
                return error_say(
                        error, -EINVAL,
                        "Le nom d’un texte personnel compte de 1 à %d caractères parmi A-Z a-z 0-9 _ . -",
                        "The name of a personal text must have 1 to %d of A-Z a-z 0-9 _ . -",
                        CHAIN_PERSONAL_NAME_MAX);
        if (!personal->text)
                return error_say(error, -EINVAL, "Le texte personnel « %s » n’est pas un texte.",
                                 "The personal text \"%s\" is not a text.", personal->name);
        if (personal->text_length > CHAIN_PERSONAL_TEXT_MAX)
                return error_say(error, -E2BIG, "Le texte personnel « %s » dépasse %d octets.",
                                 "The personal text \"%s\" is longer than %d bytes.", personal->name,
                                 CHAIN_PERSONAL_TEXT_MAX);
        return 0;
}

static void insert_by_name(struct chain_personal *list, size_t count, const struct chain_personal *personal)
{
        size_t at = count;

        for (; at > 0 && canonical_compare_keys(list[at - 1].name, strlen(list[at - 1].name), personal->name,
                                                strlen(personal->name)) > 0;
             at--)
                list[at] = list[at - 1];
        list[at] = *personal;
}

int chain_salt_personal(const struct record_draft *draft, const struct random *random,
                        struct chain_personal ret_personal[static RECORD_PERSONAL_MAX], size_t *ret_count,
                        struct error *error)
{
        size_t count = 0;
        int r = check_draft(draft, error);

        if (r < 0)
                return r;
        if (json_object_size(draft->personal) > RECORD_PERSONAL_MAX)
                return error_say(error, -E2BIG, "Un enregistrement a plus de %d textes personnels.",
                                 "A record has more than %d personal texts.", RECORD_PERSONAL_MAX);
        for (void *at = json_object_iter(draft->personal); at;
             at = json_object_iter_next(draft->personal, at)) {
                json_t *value = json_object_iter_value(at);
                struct chain_personal personal = {.name = json_object_iter_key(at),
                                                  .text = json_string_value(value),
                                                  .text_length = json_string_length(value)};

                r = check_personal(&personal, json_object_iter_key_len(at), error);
                if (r < 0)
                        return r;
                random_fill(random, personal.salt, sizeof(personal.salt));
                chain_commit(personal.salt, personal.text, personal.text_length, personal.commitment);
                insert_by_name(ret_personal, count++, &personal);
        }
        *ret_count = count;
        return 0;
}

static void append_hash(const uint8_t *hash, struct buffer *line)
{
        char hex[HASH_HEX_SIZE + 2];

        hex[0] = '"';
        hash_format(hash, hex + 1);
        hex[HASH_HEX_SIZE] = '"';
        buffer_append(line, hex, HASH_HEX_SIZE + 1);
}

static int append_personal(const struct chain_personal *personal, size_t count, struct buffer *line,
                           struct error *error)
{
        for (size_t i = 0; i < count; i++) {
                int r;

                if (i)
                        buffer_append(line, ",", 1);
                r = canonical_append_string(personal[i].name, strlen(personal[i].name), line, error);
                if (r < 0)
                        return r;
                buffer_append(line, ":", 1);
                append_hash(personal[i].commitment, line);
        }
        return 0;
}

static void append_number(uint64_t number, struct buffer *line)
{
        char text[24];
        size_t at = sizeof(text);

        do {
                text[--at] = (char)('0' + number % 10);
                number /= 10;
        } while (number);
        buffer_append(line, text + at, sizeof(text) - at);
}

static int append_body(const json_t *body, struct buffer *line, struct error *error)
{
        size_t before = line->length;
        int r = canonical_append(body, line, error);

        if (r < 0)
                return r;
        if (line->length - before > RECORD_BODY_MAX)
                return error_say(error, -E2BIG, "Le corps d’un enregistrement dépasse %d octets.",
                                 "The body of a record is larger than %d bytes.", RECORD_BODY_MAX);
        return 0;
}

/* Where a member's value lies; its bytes may still move. */
struct span {
        size_t from, to;
};

static int append_text(const char *text, struct buffer *line, struct span *ret_span, struct error *error)
{
        size_t from = line->length;
        int r = canonical_append_string(text, strlen(text), line, error);

        *ret_span = (struct span){from, line->length};
        return r;
}

static struct canonical_member member_at(const struct buffer *line, const struct span *span)
{
        return (struct canonical_member){.value = line->data + span->from,
                                         .value_length = span->to - span->from};
}

int chain_write(const struct record_draft *draft, const struct chain_place *place,
                const struct chain_personal *personal, size_t personal_count, struct buffer *line,
                struct chain_view *ret_view, struct error *error)
{
        struct span author, body, subject, time;
        char when[TIME_TEXT_SIZE];
        int r;

        buffer_append(line, "{\"author\":", 10);
        r = append_text(draft->author, line, &author, error);
        if (r < 0)
                return r;
        buffer_append(line, ",\"body\":", 8);
        body.from = line->length;
        r = append_body(draft->body, line, error);
        if (r < 0)
                return r;
        body.to = line->length;
        buffer_append(line, ",\"personal\":{", 13);
        r = append_personal(personal, personal_count, line, error);
        if (r < 0)
                return r;
        buffer_append(line, "},\"prev\":", 9);
        append_hash(place->prev, line);
        buffer_append(line, ",\"seq\":", 7);
        append_number(place->seq, line);
        buffer_append(line, ",\"subject\":", 11);
        r = append_text(draft->subject, line, &subject, error);
        if (r < 0)
                return r;
        time_format(place->time_ms, when);
        buffer_append(line, ",\"time\":", 8);
        r = append_text(when, line, &time, error);
        if (r < 0)
                return r;
        buffer_append(line, ",\"type\":\"", 9);
        buffer_text(line, record_type_word(draft->type));
        buffer_append(line, "\",\"v\":1}", 8);
        if (line->overflow)
                return error_say(error, -E2BIG, "Un enregistrement dépasse %d octets.",
                                 "A record is larger than %d bytes.", CHAIN_LINE_MAX);
        *ret_view = (struct chain_view){.seq = place->seq,
                                        .type = draft->type,
                                        .body = member_at(line, &body),
                                        .subject = member_at(line, &subject),
                                        .time = member_at(line, &time)};
        memcpy(ret_view->prev, place->prev, HASH_SIZE);
        return 0;
}

/* The members where they stand: canonical order is the order of the alphabet. */
#define MEMBER_NAMES(X)                                                                                      \
        X(AUTHOR, "author")                                                                                  \
        X(BODY, "body")                                                                                      \
        X(PERSONAL, "personal")                                                                              \
        X(PREV, "prev")                                                                                      \
        X(SEQ, "seq")                                                                                        \
        X(SUBJECT, "subject")                                                                                \
        X(TIME, "time")                                                                                      \
        X(TYPE, "type")                                                                                      \
        X(VERSION, "v")

#define MEMBER_PLACE(place, name) place,
enum { MEMBER_NAMES(MEMBER_PLACE) MEMBERS };

/* A word of known length, so that the compiler compares it without a call. */
#define TEXT_IS(text, length, word)                                                                          \
        ((length) == sizeof(word) - 1 && memcmp(text, word, sizeof(word) - 1) == 0)

static bool has_members(const struct canonical_member *members)
{
#define MEMBER_FITS(place, name) &&TEXT_IS(members[place].key, members[place].key_length, name)
        return true MEMBER_NAMES(MEMBER_FITS);
#undef MEMBER_FITS
}

static int scan_hash(const struct canonical_member *member, uint8_t *ret_hash)
{
        if (member->value_length != HASH_HEX_SIZE + 1 || member->value[0] != '"')
                return -EINVAL;
        return hash_parse_hex(member->value + 1, HASH_HEX_SIZE - 1, ret_hash, HASH_SIZE);
}

static int scan_seq(const struct canonical_member *member, uint64_t *ret_seq)
{
        uint64_t seq = 0;

        if (member->value_length > 16)
                return -EINVAL;
        for (size_t i = 0; i < member->value_length; i++) {
                if (member->value[i] < '0' || member->value[i] > '9')
                        return -EINVAL;
                seq = seq * 10 + (uint64_t)(member->value[i] - '0');
        }
        *ret_seq = seq;
        return 0;
}

static int scan_time(const struct canonical_member *member)
{
        static const char form[] = "\"dddd-dd-ddTdd:dd:dd.dddZ\"";

        if (member->value_length != sizeof(form) - 1)
                return -EINVAL;
        for (size_t i = 0; i < sizeof(form) - 1; i++) {
                char byte = member->value[i];

                if (form[i] == 'd' ? byte < '0' || byte > '9' : byte != form[i])
                        return -EINVAL;
        }
        return 0;
}

static int scan_type(const struct canonical_member *member, enum record_type *ret_type)
{
#define TYPE_WORD(name, word) {word, sizeof(word) - 1},
        static const struct {
                const char *text;
                size_t length;
        } words[RECORD_TYPE_COUNT] = {RECORD_TYPES(TYPE_WORD)};
#undef TYPE_WORD

        if (member->value_length < 2 || member->value[0] != '"')
                return -EINVAL;
        for (unsigned type = 0; type < RECORD_TYPE_COUNT; type++) {
                if (member->value_length - 2 == words[type].length &&
                    memcmp(member->value + 1, words[type].text, words[type].length) == 0) {
                        *ret_type = (enum record_type)type;
                        return 0;
                }
        }
        return -EINVAL;
}

/* Escapes make a text longer in the line than it is, never shorter: six bytes for one at most. */
static bool is_string(const struct canonical_member *member)
{
        return member->value[0] == '"' && member->value_length <= 6 * 63 + 2;
}

static int scan_personal(const struct canonical_member *member, struct chain_view *view)
{
        uint8_t commitment[HASH_SIZE];
        size_t at;

        view->personal_count = 0;
        if (member->value_length == 2)
                return member->value[0] == '{' ? 0 : -EINVAL;
        if (canonical_members(member->value, member->value_length, view->personal, RECORD_PERSONAL_MAX,
                              &view->personal_count, &at) < 0)
                return -EINVAL;
        for (size_t i = 0; i < view->personal_count; i++)
                if (!is_name(view->personal[i].key, view->personal[i].key_length) ||
                    scan_hash(&view->personal[i], commitment) < 0)
                        return -EINVAL;
        return 0;
}

int chain_scan(const char *line, size_t length, struct chain_view *ret_view)
{
        struct canonical_member members[MEMBERS];
        size_t count;
        size_t at;

        if (canonical_members(line, length, members, MEMBERS, &count, &at) < 0 || count != MEMBERS)
                return -EINVAL;
        if (!has_members(members) || !is_string(&members[AUTHOR]) || members[BODY].value[0] != '{' ||
            !is_string(&members[SUBJECT]) || scan_hash(&members[PREV], ret_view->prev) < 0 ||
            scan_seq(&members[SEQ], &ret_view->seq) < 0 || scan_time(&members[TIME]) < 0 ||
            scan_type(&members[TYPE], &ret_view->type) < 0 ||
            !TEXT_IS(members[VERSION].value, members[VERSION].value_length, "1") ||
            scan_personal(&members[PERSONAL], ret_view) < 0)
                return -EINVAL;
        ret_view->body = members[BODY];
        ret_view->subject = members[SUBJECT];
        ret_view->time = members[TIME];
        return 0;
}

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static int read_personal(const json_t *object, json_t **ret_personal)
{
        CLEANUP(cleanup_json) json_t *personal = json_object();
        const char *name;
        json_t *commitment;

        if (!personal)
                return -ENOMEM;
        json_object_foreach((json_t *)object, name,
                            commitment) if (json_object_set_new(personal, name,
                                                                json_pack("{s:O}", "commitment",
                                                                          commitment)) < 0) return -ENOMEM;
        *ret_personal = STEAL_PTR(personal);
        return 0;
}

static int fill_record(json_t *json, struct record *record)
{
        const char *author, *subject, *when;
        json_t *personal;
        size_t author_length, subject_length;

        if (json_unpack(json, "{s:s%, s:O, s:o, s:s%, s:s}", "author", &author, &author_length, "body",
                        &record->body, "personal", &personal, "subject", &subject, &subject_length, "time",
                        &when) < 0)
                return -EINVAL;
        if (author_length >= sizeof(record->author) || subject_length >= sizeof(record->subject) ||
            time_parse(when, &record->time_ms) < 0)
                return -EINVAL;
        memcpy(record->author, author, author_length);
        memcpy(record->subject, subject, subject_length);
        return read_personal(personal, &record->personal);
}

int chain_read(const char *line, size_t length, struct record *ret_record, struct error *error)
{
        CLEANUP(cleanup_json) json_t *json = NULL;
        struct record record = {.body = NULL};
        struct chain_view view;
        int r;

        if (chain_scan(line, length, &view) < 0)
                return error_say(error, -EINVAL, "Un enregistrement du journal est abîmé.",
                                 "A record of the journal is damaged.");
        json = json_loadb(line, length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
        if (!json)
                return error_say(error, -EINVAL, "L’enregistrement %" PRIu64 " est illisible.",
                                 "Record %" PRIu64 " cannot be read.", view.seq);
        record.seq = view.seq;
        record.type = view.type;
        memcpy(record.prev, view.prev, HASH_SIZE);
        hash_bytes(line, length, record.hash);
        r = fill_record(json, &record);
        if (r < 0) {
                record_release(&record);
                return error_say(error, r, "L’enregistrement %" PRIu64 " est illisible.",
                                 "Record %" PRIu64 " cannot be read.", view.seq);
        }
        *ret_record = record;
        return 0;
}
