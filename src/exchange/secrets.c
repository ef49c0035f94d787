/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/secrets.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "flow/yaml_tree.h"

#define FILE_MAX (64 * 1024)

static bool is_printable(const char *text)
{
        for (; *text; text++)
                if (*text < ' ' || *text > '~')
                        return false;
        return true;
}

static void take(struct yaml_file *file, struct yaml_node *map, const char *key, char *to, size_t size)
{
        if (yaml_text(file, map, key, false, to, size) && !is_printable(to))
                yaml_fault(file, yaml_any(file, map, key, false),
                           "« %s » : des caractères ASCII imprimables seulement",
                           "“%s”: printable ASCII characters only", key);
}

static void take_target(struct yaml_file *file, struct yaml_node *map, struct outlet *outlets, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct outlet *outlet = &outlets[i];
                if (strcmp(outlet->config->name, map->key))
                        continue;
                take(file, map, "token", outlet->token, sizeof(outlet->token));
                take(file, map, "signing", outlet->signing, sizeof(outlet->signing));
                take(file, map, "user", outlet->user, sizeof(outlet->user));
                take(file, map, "password", outlet->password, sizeof(outlet->password));
                yaml_only_known(file, map);
                return;
        }
        yaml_fault(file, map, "aucune cible de ce nom dans out.targets",
                   "no target of this name in out.targets");
}

int secrets_read(const char *path, struct outlet *outlets, size_t count, struct error *error)
{
        struct yaml_file file = {0};
        char *text = NULL;
        size_t length = 0;
        int r = file_read_secret(path, FILE_MAX, &text, &length, error);

        if (r)
                return r == -ENOENT ? 0 : r;
        r = yaml_read(path, text, length, &file, error);
        if (!r && yaml_is(&file, file.root, YAML_MAP, CONFIG_TARGETS_MAX))
                for (struct yaml_node *node = file.root->child; node; node = node->next)
                        if (yaml_is(&file, node, YAML_MAP, 8))
                                take_target(&file, node, outlets, count);
        if (!r)
                r = file.result;
        yaml_release(&file);
        sodium_memzero(text, length);
        free(text);
        return r;
}

void secrets_wipe(struct outlet *outlets, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                sodium_memzero(outlets[i].token, sizeof(outlets[i].token));
                sodium_memzero(outlets[i].signing, sizeof(outlets[i].signing));
                sodium_memzero(outlets[i].password, sizeof(outlets[i].password));
        }
}
