/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "flow/yaml_tree.h"

int yaml_say(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en, ...)
{
        const char *key = node && node->key ? node->key : "";
        char what_fr[ERROR_TEXT_MAX / 2], what_en[ERROR_TEXT_MAX / 2];
        va_list arguments, again;

        if (file->result)
                return file->result;
        va_start(arguments, en);
        va_copy(again, arguments);
        vsnprintf(what_fr, sizeof(what_fr), fr, arguments);
        vsnprintf(what_en, sizeof(what_en), en, again);
        va_end(again);
        va_end(arguments);
        error_say_in(file->error, -EINVAL, LANGUAGE_EN, "%s:%u: %s%s%s", file->name, node ? node->line : 1,
                     key, *key ? ": " : "", what_en);
        file->result = error_say_in(file->error, -EINVAL, LANGUAGE_FR, "%s:%u : %s%s%s", file->name,
                                    node ? node->line : 1, key, *key ? " : " : "", what_fr);
        return file->result;
}
