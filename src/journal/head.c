/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/head.h"

#include <errno.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "journal/canonical.h"

#define HEAD_TYPE      "garde.head"
#define HEAD_BYTES_MAX 1024

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static json_t *unsigned_json(const struct head *head)
{
        char last[HASH_HEX_SIZE];
        char root[HASH_HEX_SIZE];
        char when[TIME_TEXT_SIZE];

        hash_format(head->last, last);
        hash_format(head->root, root);
        time_format(head->time_ms, when);
        return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:i}", "key", head->key_id, "last", last, "root",
                         root, "size", (json_int_t)head->size, "time", when, "type", HEAD_TYPE, "v", 1);
}

static int signed_bytes(const struct head *head, struct buffer *out)
{
        CLEANUP(cleanup_json) json_t *json = unsigned_json(head);

        if (!json)
                return -ENOMEM;
        return canonical_append(json, out, NULL);
}

int head_sign(struct head *head, const struct key *key)
{
        CLEANUP(buffer_release) struct buffer bytes = BUFFER_INIT(HEAD_BYTES_MAX);
        int r;

        key_id(key->public, head->key_id);
        r = signed_bytes(head, &bytes);
        if (r < 0)
                return r;
        key_sign(key, bytes.data, bytes.length, head->signature);
        return 0;
}

int head_check(const struct head *head, const uint8_t public[static KEY_PUBLIC_SIZE])
{
        CLEANUP(buffer_release) struct buffer bytes = BUFFER_INIT(HEAD_BYTES_MAX);
        char id[KEY_ID_SIZE];
        int r;

        key_id(public, id);
        if (strcmp(id, head->key_id) != 0)
                return -EBADMSG;
        r = signed_bytes(head, &bytes);
        if (r < 0)
                return r;
        return key_verify(public, bytes.data, bytes.length, head->signature);
}

json_t *head_to_json(const struct head *head)
{
        char signature[2 * KEY_SIGNATURE_SIZE + 1];
        json_t *json = unsigned_json(head);

        hash_format_hex(head->signature, KEY_SIGNATURE_SIZE, signature);
        if (json && json_object_set_new(json, "signature", json_string(signature)) < 0) {
                json_decref(json);
                return NULL;
        }
        return json;
}

static int parse_hex(const char *hex, uint8_t *ret_bytes, size_t size)
{
        return hash_parse_hex(hex, strlen(hex), ret_bytes, size);
}

/* The instant must be written as we write it: another spelling would be signed bytes that nobody signed. */
static int parse_time(const char *text, int64_t *ret_time_ms)
{
        char again[TIME_TEXT_SIZE];

        if (time_parse(text, ret_time_ms) < 0)
                return -EINVAL;
        time_format(*ret_time_ms, again);
        return strcmp(text, again) == 0 ? 0 : -EINVAL;
}

int head_from_json(const json_t *json, struct head *ret_head, struct error *error)
{
        const char *key, *last, *root, *signature, *when, *type;
        struct head head = {.size = 0};
        json_int_t size;
        int version;

        if (json_unpack((json_t *)json, "{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:i !}", "key", &key, "last",
                        &last, "root", &root, "signature", &signature, "size", &size, "time", &when, "type",
                        &type, "v", &version) < 0 ||
            strcmp(type, HEAD_TYPE) != 0 || version != 1 || size < 1 || size > CANONICAL_INTEGER_MAX ||
            strlen(key) != KEY_ID_SIZE - 1 || parse_hex(last, head.last, HASH_SIZE) < 0 ||
            parse_hex(root, head.root, HASH_SIZE) < 0 ||
            parse_hex(signature, head.signature, KEY_SIGNATURE_SIZE) < 0 ||
            parse_time(when, &head.time_ms) < 0)
                return error_say(error, -EINVAL, "Ceci n’est pas une tête signée d’un journal de Garde.",
                                 "This is not a signed head of a Garde journal.");
        memcpy(head.key_id, key, KEY_ID_SIZE);
        head.size = (uint64_t)size;
        *ret_head = head;
        return 0;
}
