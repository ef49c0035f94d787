/* SPDX-License-Identifier: EUPL-1.2 */
/* What no single key of garde.yaml can know. */
#include <string.h>

#include "base/cleanup.h"
#include "service/config_check.h"
#include "service/config_complaint.h"

#define PATH_TEXT_MAX 512

/* A group of the file, and the keys it may have; `node` is OUTLINE_NONE when the file has none. */
struct group {
        const struct config_check *check;
        const struct config_key *keys;
        uint32_t node;
};

static const struct outline_node *node_at(const struct config_check *check, uint32_t node)
{
        return &check->outline->nodes[node];
}

static struct group group_at(const struct group *parent, const char *name)
{
        return (struct group){parent->check, config_key_find(parent->keys, name)->children,
                              outline_child(parent->check->outline, parent->node, name)};
}

static uint32_t first_item(const struct group *list)
{
        if (list->node == OUTLINE_NONE || node_at(list->check, list->node)->kind != OUTLINE_SEQUENCE)
                return OUTLINE_NONE;
        return node_at(list->check, list->node)->first;
}

/* The items of a list of groups, one after another from {0}; those beyond `most` were complained about. */
static bool next_item(const struct group *list, size_t most, struct group *item)
{
        uint32_t next = item->check ? node_at(list->check, item->node)->next : first_item(list);

        if (next == OUTLINE_NONE || node_at(list->check, next)->index >= most)
                return false;
        *item = (struct group){list->check, list->keys, next};
        return true;
}

static bool is_plain(const struct outline_node *node)
{
        return node->kind == OUTLINE_SCALAR && !node->refused && !node->cut;
}

/* What holds at a key: the text there, its default, or ""; NULL when it is at fault by itself. */
static const char *text_at(const struct group *group, const char *name)
{
        const struct config_key *key = config_key_find(group->keys, name);
        uint32_t child = outline_child(group->check->outline, group->node, name);

        if (child == OUTLINE_NONE)
                return key->required ? NULL : key->fallback ? key->fallback : "";
        const struct outline_node *node = node_at(group->check, child);
        return is_plain(node) && config_value_is_right(key, node->text) ? node->text : NULL;
}

static bool is_set(const struct group *group, const char *name)
{
        return outline_child(group->check->outline, group->node, name) != OUTLINE_NONE;
}

/* The node of a key, or where it would stand. */
static uint32_t place_of(const struct group *group, const char *name)
{
        uint32_t child = outline_child(group->check->outline, group->node, name);

        return child == OUTLINE_NONE ? group->node : child;
}

#define COMPLAIN(check, node, complaint, ...)                                                                \
        do {                                                                                                 \
                CLEANUP(buffer_release) struct buffer path = BUFFER_INIT(PATH_TEXT_MAX);                     \
                outline_path((check)->outline, node, &path);                                                 \
                config_complain((check)->log, node_at(check, node)->line, buffer_string(&path), complaint,   \
                                __VA_ARGS__);                                                                \
        } while (0)

static void complain_same(const struct config_check *check, uint32_t node, uint32_t first,
                          enum config_complaint complaint)
{
        CLEANUP(buffer_release) struct buffer where = BUFFER_INIT(PATH_TEXT_MAX);

        outline_path(check->outline, node, &where);
        COMPLAIN(check, node, complaint, buffer_string(&where), node_at(check, node)->text,
                 node_at(check, first)->line);
}

/* A fault when an item before this one has the same name. */
static void check_name(const struct group *list, size_t most, const struct group *item,
                       enum config_complaint complaint)
{
        const char *name = text_at(item, "name");
        struct group other = {0};

        while (name && next_item(list, most, &other) && other.node != item->node) {
                const char *taken = text_at(&other, "name");

                if (!taken || strcmp(taken, name))
                        continue;
                complain_same(list->check, place_of(item, "name"), place_of(&other, "name"), complaint);
                return;
        }
}

/* ---- services ---- */

/* Nodes and values of one service's addresses, as far as they are right. */
struct addresses {
        struct addr addr[CONFIG_ADDRESSES_MAX];
        uint32_t node[CONFIG_ADDRESSES_MAX];
        size_t count;
};

static bool is_new(const struct config_check *check, struct addresses *seen, uint32_t node)
{
        struct addr addr;

        if (!is_plain(node_at(check, node)) || addr_parse(node_at(check, node)->text, &addr))
                return false;
        for (size_t i = 0; i < seen->count; i++) {
                if (!addr_equal(&seen->addr[i], &addr))
                        continue;
                complain_same(check, node, seen->node[i], COMPLAINT_SAME_ADDRESS);
                return false;
        }
        seen->addr[seen->count] = addr;
        seen->node[seen->count++] = node;
        return true;
}

static void check_addresses(const struct group *service, unsigned totals[static 2])
{
        const struct config_check *check = service->check;
        uint32_t list = outline_child(check->outline, service->node, "addresses");
        struct addresses seen = {0};

        if (list == OUTLINE_NONE)
                return;
        for (uint32_t i = node_at(check, list)->first; i != OUTLINE_NONE; i = node_at(check, i)->next) {
                if (node_at(check, i)->index >= CONFIG_ADDRESSES_MAX || !is_new(check, &seen, i))
                        continue;
                int family = seen.addr[seen.count - 1].family;
                unsigned *total = &totals[family == 6];

                if (++*total == CONFIG_ADDRESSES_MAX + 1) {
                        CLEANUP(buffer_release) struct buffer where = BUFFER_INIT(PATH_TEXT_MAX);

                        outline_path(check->outline, i, &where);
                        COMPLAIN(check, i, COMPLAINT_FAMILY, buffer_string(&where), *total, family,
                                 CONFIG_ADDRESSES_MAX);
                }
        }
}

static void check_services(const struct group *root)
{
        struct group edge = group_at(root, "edge"), list = group_at(&edge, "services"), service = {0};
        unsigned totals[2] = {0, 0};

        while (next_item(&list, CONFIG_SERVICES_MAX, &service)) {
                check_name(&list, CONFIG_SERVICES_MAX, &service, COMPLAINT_SAME_NAME);
                check_addresses(&service, totals);
        }
}

/* ---- the console ---- */

/* Whoever may say who comes in must be known by address and by secret. */
static void check_proxy(const struct group *root, const struct group *console)
{
        struct group proxy = group_at(console, "proxy");

        if (is_set(&proxy, "header") && !(is_set(&proxy, "secret") && is_set(&proxy, "addresses")))
                COMPLAIN(root->check, proxy.node, COMPLAINT_CONSOLE_PROXY, "");
}

/* No plain HTTP beyond this machine; certificate and key together. */
static void check_console(const struct group *root)
{
        struct group console = group_at(root, "console");
        const char *tls = text_at(&console, "tls"), *listen = text_at(&console, "listen");
        bool certificate = is_set(&console, "certificate"), key = is_set(&console, "key");
        struct addr addr;
        uint16_t port;

        if (console.node == OUTLINE_NONE || !tls)
                return;
        if (!strcmp(tls, "files") != (certificate && key) || certificate != key)
                COMPLAIN(root->check, place_of(&console, "tls"), COMPLAINT_CONSOLE_FILES, "");
        if (!strcmp(tls, "off") && listen && !config_listen_parse(listen, &addr, &port) &&
            !addr_is_loopback(&addr))
                COMPLAIN(root->check, place_of(&console, "tls"), COMPLAINT_CONSOLE_OPEN, listen);
        check_proxy(root, &console);
}

/* ---- targets ---- */

static bool address_fits(const char *kind, const char *text)
{
        struct config_address address;
        const char *scheme = address.scheme;

        if (config_target_parse(text, &address))
                return false;
        if (!strcmp(kind, config_target_word(CONFIG_TARGET_SYSLOG)))
                return !strcmp(scheme, "tls") || ((!strcmp(scheme, "tcp") || !strcmp(scheme, "udp")) &&
                                                  config_is_loopback(address.host));
        if (!strcmp(kind, config_target_word(CONFIG_TARGET_MAIL)))
                return !strcmp(scheme, "smtp") || !strcmp(scheme, "smtps");
        return !strcmp(scheme, "https");
}

/* What this kind of target needs together. */
static void check_parts(const struct group *target, const char *kind, const char *name)
{
        struct group tls = group_at(target, "tls");

        if (!strcmp(kind, config_target_word(CONFIG_TARGET_MAIL)) &&
            (!is_set(target, "from") || !is_set(target, "to")))
                COMPLAIN(target->check, target->node, COMPLAINT_TARGET_MAIL, name);
        if (!strcmp(kind, config_target_word(CONFIG_TARGET_FIR)) &&
            (!is_set(target, "category") || !is_set(target, "detection")))
                COMPLAIN(target->check, target->node, COMPLAINT_TARGET_FIR, name);
        if (is_set(&tls, "certificate") != is_set(&tls, "key"))
                COMPLAIN(target->check, tls.node, COMPLAINT_TARGET_TLS, name);
}

static void check_targets(const struct group *root)
{
        struct group out = group_at(root, "out"), list = group_at(&out, "targets"), target = {0};

        while (next_item(&list, CONFIG_TARGETS_MAX, &target)) {
                const char *kind = text_at(&target, "kind"), *address = text_at(&target, "address"),
                           *name = text_at(&target, "name");

                check_name(&list, CONFIG_TARGETS_MAX, &target, COMPLAINT_SAME_TARGET);
                if (kind && address && !address_fits(kind, address))
                        COMPLAIN(root->check, place_of(&target, "address"), COMPLAINT_TARGET_ADDRESS, address,
                                 kind);
                if (kind)
                        check_parts(&target, kind, name ? name : "?");
        }
}

/* ---- names ---- */

static void check_lists(const struct group *domains)
{
        struct group lists = group_at(domains, "lists"), list = {0};

        while (next_item(&lists, CONFIG_LISTS_MAX, &list)) {
                const char *format = text_at(&list, "format"), *address = text_at(&list, "address"),
                           *name = text_at(&list, "name");

                check_name(&lists, CONFIG_LISTS_MAX, &list, COMPLAINT_SAME_LIST);
                if (format && address && !strncmp(address, "file:", 5) &&
                    (!strcmp(format, config_list_format_word(CONFIG_LIST_MISP_FEED)) ||
                     !strcmp(format, config_list_format_word(CONFIG_LIST_TAXII))))
                        COMPLAIN(list.check, place_of(&list, "address"), COMPLAINT_LIST_PIECES,
                                 name ? name : "?", format);
        }
}

static void check_domains(const struct group *root)
{
        struct group domains = group_at(root, "domains"), garden, rpz;
        const char *answer;

        if (domains.node == OUTLINE_NONE)
                return;
        garden = group_at(&domains, "garden");
        rpz = group_at(&domains, "rpz");
        answer = text_at(&domains, "answer");
        check_lists(&domains);
        if (answer && !strcmp(answer, config_name_answer_word(CONFIG_NAME_ANSWER_GARDEN)) &&
            !is_set(&garden, "ipv4") && !is_set(&garden, "ipv6"))
                COMPLAIN(root->check, place_of(&domains, "answer"), COMPLAINT_GARDEN, "domains.answer");
        if (is_set(&rpz, "hook") && !is_set(&rpz, "file"))
                COMPLAIN(root->check, place_of(&rpz, "hook"), COMPLAINT_RPZ_HOOK, "");
}

void config_check_across(const struct config_check *check)
{
        const struct group root = {check, config_schema, 0};

        check_services(&root);
        check_console(&root);
        check_targets(&root);
        check_domains(&root);
}
