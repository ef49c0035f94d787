/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config.h"

#include <assert.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "service/config_check.h"
#include "service/config_complaint.h"
#include "service/config_outline.h"
#include "service/config_schema.h"

/* ---- libcyaml's schema, grown from ours ---- */

#define CYAML_FIELDS_MAX  256
#define CYAML_ENTRIES_MAX 24
#define CYAML_LOG_MAX     256

struct cyaml_made {
        cyaml_schema_field_t fields[CYAML_FIELDS_MAX];
        size_t field_count;
        cyaml_schema_value_t entries[CYAML_ENTRIES_MAX];
        size_t entry_count;
        char log[CYAML_LOG_MAX];
};

static const cyaml_schema_field_t *make_fields(struct cyaml_made *made, const struct config_key *keys);

static cyaml_schema_value_t make_value(struct cyaml_made *made, const struct config_key *key, bool item)
{
        cyaml_schema_value_t value = {.data_size = (uint32_t)key->size};

        value.flags = key->required || item ? CYAML_FLAG_DEFAULT : CYAML_FLAG_OPTIONAL;
        switch (key->type) {
        case CONFIG_GROUP:
        case CONFIG_GROUPS:
                value.type = CYAML_MAPPING;
                value.mapping.fields = make_fields(made, key->children);
                break;
        case CONFIG_TEXT:
        case CONFIG_TEXTS:
                value.type = CYAML_STRING;
                value.string.min = 0;
                value.string.max = (uint32_t)config_key_text_max(key);
                break;
        case CONFIG_NUMBER:
                value.type = CYAML_UINT;
                break;
        case CONFIG_WORD:
                value.type = CYAML_ENUM;
                value.flags |= CYAML_FLAG_STRICT;
                value.enumeration.strings = key->words;
                value.enumeration.count = key->word_count;
                break;
        }
        return value;
}

static cyaml_schema_field_t make_field(struct cyaml_made *made, const struct config_key *key)
{
        cyaml_schema_field_t field = {.key = key->name, .data_offset = (uint32_t)key->offset};

        if (key->type != CONFIG_GROUPS && key->type != CONFIG_TEXTS) {
                field.value = make_value(made, key, false);
                return field;
        }
        assert(made->entry_count < CYAML_ENTRIES_MAX);
        cyaml_schema_value_t *entry = &made->entries[made->entry_count++];
        *entry = make_value(made, key, true);
        field.count_offset = (uint32_t)key->count_offset;
        field.count_size = sizeof(uint32_t);
        field.value.type = CYAML_SEQUENCE;
        field.value.flags = key->required ? CYAML_FLAG_DEFAULT : CYAML_FLAG_OPTIONAL;
        field.value.data_size = (uint32_t)key->size;
        field.value.sequence.entry = entry;
        field.value.sequence.min = (uint32_t)key->min;
        field.value.sequence.max = (uint32_t)key->max;
        return field;
}

static const cyaml_schema_field_t *make_fields(struct cyaml_made *made, const struct config_key *keys)
{
        cyaml_schema_field_t *first = &made->fields[made->field_count];

        for (const struct config_key *key = keys; key->name; key++)
                made->field_count++;
        made->field_count++; /* the NULL key that ends the table; the memory is zero */
        assert(made->field_count <= CYAML_FIELDS_MAX); /* the schema is ours: a test loads all of it */
        for (size_t i = 0; keys[i].name; i++)
                first[i] = make_field(made, &keys[i]);
        return first;
}

static void keep_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
        struct cyaml_made *made = context;
        size_t length;

        if (made->log[0]) /* the first line is the cause, the rest its backtrace */
                return;
        vsnprintf(made->log, sizeof(made->log), format, args);
        length = strlen(made->log);
        if (length && made->log[length - 1] == '\n')
                made->log[length - 1] = '\0';
}

static int load_values(struct fault_log *log, const char *text, size_t length, struct config **ret_config)
{
        CLEANUP(cleanup_free) struct cyaml_made *made = calloc(1, sizeof(*made));
        cyaml_schema_value_t top = {
                .type = CYAML_MAPPING, .flags = CYAML_FLAG_POINTER, .data_size = sizeof(struct config)};
        cyaml_config_t options = {.log_fn = keep_log,
                                  .log_ctx = made,
                                  .mem_fn = cyaml_mem,
                                  .log_level = CYAML_LOG_ERROR,
                                  .flags = CYAML_CFG_NO_ALIAS};
        struct config *loaded = NULL, *config;
        cyaml_err_t r;

        config = calloc(1, sizeof(*config));
        if (!made || !config) {
                free(config);
                return -ENOMEM;
        }
        top.mapping.fields = make_fields(made, config_schema);
        r = cyaml_load_data((const uint8_t *)text, length, &options, &top, (cyaml_data_t **)&loaded, NULL);
        if (r != CYAML_OK || !loaded) {
                free(config);
                return config_complain(log, 0, "", COMPLAINT_LIBRARY,
                                       made->log[0] ? made->log : cyaml_strerror(r));
        }
        *config = *loaded; /* all values lie inside, so ours needs no schema to be freed */
        cyaml_free(&options, &top, loaded, 0);
        *ret_config = config;
        return 0;
}

/* ---- defaults ---- */

static void store(const struct config_key *key, char *value, const char *text)
{
        uint64_t number = 0;

        switch (key->type) {
        case CONFIG_NUMBER:
                config_number_parse(text, &number);
                if (key->size == sizeof(uint32_t))
                        *(uint32_t *)value = (uint32_t)number;
                else
                        *(uint64_t *)value = number;
                break;
        case CONFIG_WORD:
                for (uint32_t i = 0; i < key->word_count; i++)
                        if (!strcmp(key->words[i].str, text))
                                *(int *)value = (int)key->words[i].val;
                break;
        default:
                snprintf(value, key->size, "%s", text);
        }
}

static void fill_defaults(const struct config_key *keys, char *base, const struct outline *outline,
                          uint32_t node);

static void fill_items(const struct config_key *key, char *base, const struct outline *outline, uint32_t list)
{
        uint32_t item = list == OUTLINE_NONE ? OUTLINE_NONE : outline->nodes[list].first;

        for (; item != OUTLINE_NONE; item = outline->nodes[item].next)
                fill_defaults(key->children, base + key->offset + outline->nodes[item].index * key->size,
                              outline, item);
}

static void fill_defaults(const struct config_key *keys, char *base, const struct outline *outline,
                          uint32_t node)
{
        for (const struct config_key *key = keys; key->name; key++) {
                uint32_t child = outline_child(outline, node, key->name);

                if (key->type == CONFIG_GROUP)
                        fill_defaults(key->children, base + key->offset, outline, child);
                else if (key->type == CONFIG_GROUPS)
                        fill_items(key, base, outline, child);
                else if (child == OUTLINE_NONE && key->fallback)
                        store(key, base + key->offset, key->fallback);
        }
}

/* ---- loading ---- */

/* Both were checked by the schema, so they parse. */
static void parse_services(struct config *config)
{
        for (uint32_t i = 0; i < config->edge.service_count; i++) {
                struct config_service *service = &config->edge.services[i];

                for (uint32_t j = 0; j < service->address_count; j++)
                        (void)addr_parse(service->address_texts[j], &service->addresses[j]);
                for (uint32_t j = 0; j < service->port_count; j++)
                        (void)config_port_parse(service->port_texts[j], &service->ports[j]);
        }
}

static void parse_proxies(struct config *config)
{
        for (uint32_t i = 0; i < config->console.proxy.address_count; i++)
                (void)addr_parse(config->console.proxy.address_texts[i], &config->console.proxy.addresses[i]);
}

static int load_outlined(struct fault_log *log, const char *text, size_t length,
                         const struct outline *outline, struct config **ret_config)
{
        struct config *config = NULL;
        int r = config_check(log, outline);

        if (!r)
                r = load_values(log, text, length, &config);
        if (r)
                return r;
        fill_defaults(config_schema, (char *)config, outline, 0);
        config->edge.configured = outline_child(outline, 0, "edge") != OUTLINE_NONE;
        config->domains.configured = outline_child(outline, 0, "domains") != OUTLINE_NONE;
        parse_services(config);
        parse_proxies(config);
        *ret_config = config;
        return 0;
}

int config_load_text(const char *name, const char *text, size_t length, struct config **ret_config,
                     struct error *error)
{
        struct fault_log log = {.file = name, .error = error};
        struct outline outline = {0};
        int r;

        if (length > CONFIG_FILE_MAX)
                return error_say(error, -EFBIG, "%s dépasse les %d octets admis",
                                 "%s is larger than the %d bytes allowed", name, CONFIG_FILE_MAX);
        r = outline_parse(&log, text, length, &outline);
        if (!r)
                r = load_outlined(&log, text, length, &outline, ret_config);
        outline_release(&outline);
        if (r == -ENOMEM)
                return error_say(error, r, "mémoire insuffisante pour lire %s", "out of memory reading %s",
                                 name);
        return r;
}

int config_load(const char *path, struct config **ret_config, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;
        int r;

        r = file_read(path, CONFIG_FILE_MAX, &text, &length, error);
        if (r)
                return r;
        return config_load_text(path, text, length, ret_config, error);
}

struct config *config_free(struct config *config)
{
        free(config);
        return NULL;
}

/* ---- small questions ---- */

#define KIND_WORD(name, word) word,
const char *config_kind_word(enum config_kind kind)
{
        static const char *const words[] = {CONFIG_KINDS(KIND_WORD)};

        return (unsigned)kind < CONFIG_KIND_COUNT ? words[kind] : "?";
}

const char *config_target_word(enum config_target_kind kind)
{
        static const char *const words[] = {CONFIG_TARGET_KINDS(KIND_WORD)};

        return (unsigned)kind < CONFIG_TARGET_COUNT ? words[kind] : "?";
}

const char *config_tlp_word(enum config_tlp tlp)
{
        static const char *const words[] = {CONFIG_TLPS(KIND_WORD)};

        return (unsigned)tlp < CONFIG_TLP_COUNT ? words[tlp] : "?";
}

int config_user_lookup(const char *user, unsigned *ret_uid, unsigned *ret_gid, struct error *error)
{
        uint64_t number;
        bool is_number = config_number_parse(user, &number) && number < UINT32_MAX;
        struct passwd *account = is_number ? getpwuid((uid_t)number) : getpwnam(user);

        if (!account && !is_number)
                return error_say(error, -ENOENT, "aucun compte %s sur cette machine",
                                 "no user %s on this machine", user);
        *ret_uid = account ? account->pw_uid : (unsigned)number;
        *ret_gid = account ? account->pw_gid : (unsigned)number;
        return 0;
}

void config_use_zone(const struct config *config)
{
        if (config->structure.timezone[0] && !setenv("TZ", config->structure.timezone, 1))
                tzset();
}
