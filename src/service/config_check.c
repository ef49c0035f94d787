/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_check.h"

#include <errno.h>
#include <string.h>

#include "service/config_complaint.h"

#define SENTENCE_PART_MAX 512 /* bytes of a path, an expectation, a list of keys */
#define SHOWN_VALUE_MAX   80  /* of what stands there */

struct check {
        const char *name;
        const struct outline *outline;
        enum language language;
        struct error *error;
};

static const struct outline_node *node_at(const struct check *check, uint32_t node)
{
        return &check->outline->nodes[node];
}

#define COMPLAIN(check, node, complaint, ...)                                                                \
        config_complain((check)->error, (check)->language, (check)->name, node_at(check, node)->line,        \
                        complaint, __VA_ARGS__)

/* ---- near misses ---- */

static unsigned least(unsigned a, unsigned b)
{
        return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964, with Levenshtein's table). */
unsigned config_word_distance(const char *a, const char *b)
{
        unsigned rows[3][65];
        size_t la = strlen(a), lb = strlen(b);

        if (la > 64 || lb > 64)
                return 99;
        for (unsigned j = 0; j <= lb; j++)
                rows[0][j] = j;
        for (unsigned i = 1; i <= la; i++) {
                unsigned *row = rows[i % 3];
                const unsigned *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];

                row[0] = i;
                for (unsigned j = 1; j <= lb; j++) {
                        row[j] =
                                least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                row[j] = least(row[j], higher[j - 2] + 1);
                }
        }
        return rows[la % 3][lb];
}

static const char *nearest_key(const struct config_key *keys, const char *word)
{
        const char *nearest = NULL;
        unsigned best = strlen(word) < 5 ? 2 : 3; /* fewer edits than this */

        for (const struct config_key *key = keys; key->name; key++) {
                unsigned distance = config_word_distance(word, key->name);
                if (distance < best) {
                        best = distance;
                        nearest = key->name;
                }
        }
        return nearest;
}

/* The first place in the schema that has a key of this name; people put keys one level off. */
static bool place_of(const struct config_key *keys, const char *word, struct buffer *place)
{
        size_t before = place->length;

        for (const struct config_key *key = keys; key->name; key++) {
                buffer_format(place, "%s%s", before ? "." : "", key->name);
                if (!strcmp(key->name, word) || (key->children && place_of(key->children, word, place)))
                        return true;
                place->length = before;
        }
        return false;
}

static int complain_unknown(const struct check *check, uint32_t node, const struct config_key *keys)
{
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX), help = BUFFER_INIT(SENTENCE_PART_MAX);
        const char *word = node_at(check, node)->key;
        const char *near = nearest_key(keys, word);
        int r;

        outline_path(check->outline, node, &path);
        if (near) {
                r = COMPLAIN(check, node, COMPLAINT_UNKNOWN_NEAR, buffer_string(&path), near);
        } else if (place_of(config_schema, word, &help)) {
                r = COMPLAIN(check, node, COMPLAINT_UNKNOWN_ELSEWHERE, buffer_string(&path),
                             buffer_string(&help));
        } else {
                for (const struct config_key *key = keys; key->name; key++)
                        buffer_format(&help, "%s%s", key == keys ? "" : ", ", key->name);
                r = COMPLAIN(check, node, COMPLAINT_UNKNOWN, buffer_string(&path), buffer_string(&help));
        }
        buffer_release(&path);
        buffer_release(&help);
        return r;
}

/* ---- values ---- */

/* Cut at a whole UTF-8 character. */
static void shown_value(const char *text, char ret_shown[static SHOWN_VALUE_MAX + 4])
{
        size_t length = strlen(text);

        if (length <= SHOWN_VALUE_MAX) {
                memcpy(ret_shown, text, length + 1);
                return;
        }
        for (length = SHOWN_VALUE_MAX; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
                length--;
        memcpy(ret_shown, text, length);
        memcpy(ret_shown + length, "…", sizeof("…"));
}

static int complain_value(const struct check *check, uint32_t node, const struct config_key *key,
                          enum config_complaint complaint)
{
        static const char *const shapes[][LANGUAGE_COUNT] = {
                [OUTLINE_SCALAR] = {"un texte", "a text"},
                [OUTLINE_MAPPING] = {"un groupe de clés", "a group of keys"},
                [OUTLINE_SEQUENCE] = {"une liste", "a list"}};
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX), expected = BUFFER_INIT(SENTENCE_PART_MAX);
        const struct outline_node *n = node_at(check, node);
        char shown[SHOWN_VALUE_MAX + 4] = "";
        const char *where;
        int r;

        outline_path(check->outline, node, &path);
        where = path.length ? buffer_string(&path) : check->name;
        config_key_expected(key, check->language, &expected);
        if (n->text)
                shown_value(n->text, shown);
        if (complaint == COMPLAINT_VALUE)
                r = COMPLAIN(check, node, complaint, where, shown, buffer_string(&expected));
        else if (complaint == COMPLAINT_SHAPE)
                r = COMPLAIN(check, node, complaint, where, shapes[n->kind][check->language],
                             buffer_string(&expected));
        else
                r = COMPLAIN(check, node, complaint, where, buffer_string(&expected));
        buffer_release(&path);
        buffer_release(&expected);
        return r;
}

static bool has_control(const struct outline_node *node)
{
        if (node->cut)
                return true;
        for (const unsigned char *p = (const unsigned char *)node->text; *p; p++)
                if (*p < 0x20 || *p == 0x7f)
                        return true;
        return false;
}

static bool value_is_right(const struct config_key *key, const char *text)
{
        uint64_t number;

        switch (key->type) {
        case CONFIG_NUMBER:
                if (!config_number_parse(text, &number) || number < key->min || number > key->max)
                        return false;
                break;
        case CONFIG_WORD:
                for (uint32_t i = 0; i < key->word_count; i++)
                        if (!strcmp(key->words[i].str, text))
                                return true;
                return false;
        default:
                if (strlen(text) > config_key_text_max(key))
                        return false;
        }
        return !key->check || key->check(text);
}

static int check_scalar(const struct check *check, uint32_t node, const struct config_key *key)
{
        const struct outline_node *n = node_at(check, node);
        struct config_key item = *key;

        if (key->type == CONFIG_TEXTS)
                item.type = CONFIG_TEXT; /* so that the sentence speaks of one item */
        if (n->kind != OUTLINE_SCALAR)
                return complain_value(check, node, &item, COMPLAINT_SHAPE);
        if (has_control(n))
                return complain_value(check, node, &item, COMPLAINT_CONTROL);
        if (!*n->text)
                return complain_value(check, node, &item, COMPLAINT_VOID);
        return value_is_right(&item, n->text) ? 0 : complain_value(check, node, &item, COMPLAINT_VALUE);
}

/* ---- groups and lists ---- */

static int check_group(const struct check *check, uint32_t node, const struct config_key *keys);

static int check_item_count(const struct check *check, uint32_t node, const struct config_key *key)
{
        const struct outline_node *n = node_at(check, node);
        uint32_t count = n->last == OUTLINE_NONE ? 0 : node_at(check, n->last)->index + 1;
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX), expected = BUFFER_INIT(SENTENCE_PART_MAX);
        int r;

        if (count >= key->min && count <= key->max)
                return 0;
        outline_path(check->outline, node, &path);
        config_key_expected(key, check->language, &expected);
        r = COMPLAIN(check, node, COMPLAINT_ITEMS, buffer_string(&path), count, buffer_string(&expected));
        buffer_release(&path);
        buffer_release(&expected);
        return r;
}

static int check_list(const struct check *check, uint32_t node, const struct config_key *key)
{
        int r;

        if (node_at(check, node)->kind != OUTLINE_SEQUENCE)
                return complain_value(check, node, key, COMPLAINT_SHAPE);
        r = check_item_count(check, node, key);
        for (uint32_t i = node_at(check, node)->first; !r && i != OUTLINE_NONE; i = node_at(check, i)->next)
                r = key->type == CONFIG_GROUPS ? check_group(check, i, key->children)
                                               : check_scalar(check, i, key);
        return r;
}

static int check_value(const struct check *check, uint32_t node, const struct config_key *key)
{
        if (key->type == CONFIG_GROUP)
                return check_group(check, node, key->children);
        if (key->type == CONFIG_GROUPS || key->type == CONFIG_TEXTS)
                return check_list(check, node, key);
        return check_scalar(check, node, key);
}

static int check_child(const struct check *check, uint32_t parent, uint32_t node,
                       const struct config_key *keys)
{
        const char *word = node_at(check, node)->key;
        const struct config_key *key = config_key_find(keys, word);
        uint32_t first = outline_child(check->outline, parent, word);
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX);
        int r;

        if (!key)
                return complain_unknown(check, node, keys);
        if (first == node)
                return check_value(check, node, key);
        outline_path(check->outline, node, &path);
        r = COMPLAIN(check, node, COMPLAINT_DOUBLE, buffer_string(&path), node_at(check, first)->line);
        buffer_release(&path);
        return r;
}

static int complain_missing(const struct check *check, uint32_t node, const struct config_key *key)
{
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX), expected = BUFFER_INIT(SENTENCE_PART_MAX);
        int r;

        outline_path(check->outline, node, &path);
        buffer_format(&path, "%s%s", path.length ? "." : "", key->name);
        config_key_expected(key, check->language, &expected);
        r = COMPLAIN(check, node, COMPLAINT_MISSING, buffer_string(&path), buffer_string(&expected),
                     key->help.text[check->language]);
        buffer_release(&path);
        buffer_release(&expected);
        return r;
}

static int check_group(const struct check *check, uint32_t node, const struct config_key *keys)
{
        static const struct config_key group = {.type = CONFIG_GROUP};
        int r = 0;

        if (node_at(check, node)->kind != OUTLINE_MAPPING)
                return complain_value(check, node, &group, COMPLAINT_SHAPE);
        for (uint32_t i = node_at(check, node)->first; !r && i != OUTLINE_NONE; i = node_at(check, i)->next)
                r = check_child(check, node, i, keys);
        for (const struct config_key *key = keys; !r && key->name; key++)
                if (key->required && outline_child(check->outline, node, key->name) == OUTLINE_NONE)
                        r = complain_missing(check, node, key);
        return r;
}

int config_check_outline(const char *name, const struct outline *outline, enum language language,
                         struct error *error)
{
        const struct check check = {.name = name, .outline = outline, .language = language, .error = error};

        if (!outline->count || (outline->nodes[0].kind == OUTLINE_SCALAR && !*outline->nodes[0].text))
                return config_complain(error, language, name, 1, COMPLAINT_EMPTY,
                                       "structure.name, structure.kind");
        return check_group(&check, 0, config_schema);
}

/* ---- across services ---- */

static uint32_t nth_item(const struct check *check, uint32_t list, uint32_t index)
{
        uint32_t node = node_at(check, list)->first;

        while (node != OUTLINE_NONE && node_at(check, node)->index != index)
                node = node_at(check, node)->next;
        return node;
}

static uint32_t services_list(const struct check *check)
{
        return outline_child(check->outline, outline_child(check->outline, 0, "edge"), "services");
}

static uint32_t service_child(const struct check *check, uint32_t index, const char *key)
{
        return outline_child(check->outline, nth_item(check, services_list(check), index), key);
}

static int complain_same(const struct check *check, uint32_t node, uint32_t first,
                         enum config_complaint complaint)
{
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX);
        int r;

        outline_path(check->outline, node, &path);
        r = COMPLAIN(check, node, complaint, buffer_string(&path), node_at(check, node)->text,
                     node_at(check, first)->line);
        buffer_release(&path);
        return r;
}

static int check_names(const struct check *check, const struct config *config, uint32_t service)
{
        for (uint32_t i = 0; i < service; i++)
                if (!strcmp(config->edge.services[i].name, config->edge.services[service].name))
                        return complain_same(check, service_child(check, service, "name"),
                                             service_child(check, i, "name"), COMPLAINT_SAME_NAME);
        return 0;
}

static int check_addresses(const struct check *check, const struct config_service *service, uint32_t index,
                           unsigned totals[static 2])
{
        uint32_t list = service_child(check, index, "addresses");
        struct buffer path = BUFFER_INIT(SENTENCE_PART_MAX);
        int r;

        for (uint32_t i = 0; i < service->address_count; i++) {
                unsigned *total = &totals[service->addresses[i].family == 6];
                uint32_t node = nth_item(check, list, i);

                for (uint32_t j = 0; j < i; j++)
                        if (addr_equal(&service->addresses[i], &service->addresses[j]))
                                return complain_same(check, node, nth_item(check, list, j),
                                                     COMPLAINT_SAME_ADDRESS);
                if (++*total <= CONFIG_ADDRESSES_MAX)
                        continue;
                outline_path(check->outline, node, &path);
                r = COMPLAIN(check, node, COMPLAINT_FAMILY, buffer_string(&path), *total,
                             (int)service->addresses[i].family, CONFIG_ADDRESSES_MAX);
                buffer_release(&path);
                return r;
        }
        return 0;
}

int config_check_services(const char *name, const struct outline *outline, const struct config *config,
                          enum language language, struct error *error)
{
        const struct check check = {.name = name, .outline = outline, .language = language, .error = error};
        unsigned totals[2] = {0, 0};
        int r = 0;

        for (uint32_t i = 0; !r && i < config->edge.service_count; i++) {
                r = check_names(&check, config, i);
                if (!r)
                        r = check_addresses(&check, &config->edge.services[i], i, totals);
        }
        return r;
}

/* ---- the console ---- */

int config_check_console(const char *name, const struct outline *outline, const struct config *config,
                         enum language language, struct error *error)
{
        const struct check check = {.name = name, .outline = outline, .language = language, .error = error};
        uint32_t group = outline_child(outline, 0, "console"), tls = outline_child(outline, group, "tls");
        bool files = config->console.tls == CONFIG_TLS_FILES;
        struct addr addr;
        uint16_t port;

        if (group == OUTLINE_NONE)
                return 0;
        if (files != (config->console.certificate[0] && config->console.key[0]) ||
            !config->console.certificate[0] != !config->console.key[0])
                return COMPLAIN(&check, tls == OUTLINE_NONE ? group : tls, COMPLAINT_CONSOLE_FILES, "");
        if (config->console.tls == CONFIG_TLS_OFF &&
            !config_listen_parse(config->console.listen, &addr, &port) && !addr_is_loopback(&addr))
                return COMPLAIN(&check, tls, COMPLAINT_CONSOLE_OPEN, config->console.listen);
        if (config->console.proxy.header[0] &&
            (!config->console.proxy.secret[0] || !config->console.proxy.address_count))
                return COMPLAIN(&check, outline_child(outline, group, "proxy"), COMPLAINT_CONSOLE_PROXY, "");
        return 0;
}

/* ---- targets ---- */

static bool address_fits(const struct config_target *target)
{
        struct config_address address;
        const char *scheme = address.scheme;

        if (config_target_parse(target->address, &address))
                return false;
        switch (target->kind) {
        case CONFIG_TARGET_SYSLOG:
                return !strcmp(scheme, "tls") || ((!strcmp(scheme, "tcp") || !strcmp(scheme, "udp")) &&
                                                  config_is_loopback(address.host));
        case CONFIG_TARGET_MAIL:
                return !strcmp(scheme, "smtp") || !strcmp(scheme, "smtps");
        default:
                return !strcmp(scheme, "https");
        }
}

static bool is_complete(const struct config_target *target)
{
        if (target->kind == CONFIG_TARGET_MAIL && (!target->from[0] || !target->to_count))
                return false;
        if (target->kind == CONFIG_TARGET_FIR && (!target->category[0] || !target->detection[0]))
                return false;
        return !target->tls.certificate[0] == !target->tls.key[0];
}

int config_check_targets(const char *name, const struct outline *outline, const struct config *config,
                         enum language language, struct error *error)
{
        const struct check check = {.name = name, .outline = outline, .language = language, .error = error};
        uint32_t list = outline_child(outline, outline_child(outline, 0, "out"), "targets");

        for (uint32_t i = 0; i < config->out.target_count; i++) {
                const struct config_target *target = &config->out.targets[i];
                uint32_t node = nth_item(&check, list, i);

                for (uint32_t k = 0; k < i; k++)
                        if (!strcmp(config->out.targets[k].name, target->name))
                                return complain_same(
                                        &check, outline_child(outline, node, "name"),
                                        outline_child(outline, nth_item(&check, list, k), "name"),
                                        COMPLAINT_SAME_TARGET);
                if (!address_fits(target))
                        return COMPLAIN(&check, outline_child(outline, node, "address"),
                                        COMPLAINT_TARGET_ADDRESS, target->address,
                                        config_target_word(target->kind));
                if (!is_complete(target))
                        return COMPLAIN(&check, node, COMPLAINT_TARGET_PARTS, target->name);
        }
        return 0;
}
