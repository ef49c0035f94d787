/* SPDX-License-Identifier: EUPL-1.2 */
/* Where a node stands, and what is wrong with it. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/yaml_tree_private.h"

#define PATH_MAX_BYTES 512

static size_t index_of(const struct yaml_node *node)
{
        size_t index = 1;

        for (const struct yaml_node *child = node->parent->child; child && child != node; child = child->next)
                index++;
        return index;
}

void yaml_path(const struct yaml_node *node, struct buffer *path)
{
        if (!node)
                return;
        yaml_path(node->parent, path);
        if (node->key)
                buffer_format(path, "%s%.64s", path->length ? "." : "", node->key);
        else if (node->parent)
                buffer_format(path, "[%zu]", index_of(node));
}

static const struct yaml_node *step(const struct yaml_node *node, const char *path, size_t length)
{
        size_t index = *path == '[' ? strtoul(path + 1, NULL, 10) : 0;
        const struct yaml_node *child = node->child;

        for (; child; child = child->next) {
                if (*path == '[' && !--index)
                        return child;
                if (child->key && strlen(child->key) == length && !strncmp(child->key, path, length))
                        return child;
        }
        return NULL;
}

const struct yaml_node *yaml_at(const struct yaml_node *node, const char *path)
{
        while (node && *path) {
                size_t length = *path == '[' ? strcspn(path, "]") + 1 : strcspn(path, ".[");

                node = step(node, path, length);
                path += length;
                path += *path == '.';
        }
        return node;
}

void yaml_fault_at(struct yaml_file *file, unsigned line, const char *path, const char *fr, const char *en)
{
        struct error said = {0};

        error_forward(&said, -EINVAL, fr, en);
        if (*path)
                error_context(&said, -EINVAL, "%s", "%s", path);
        fault_log_add(&file->log, line, path, said.fr, said.en);
        if (!file->result)
                file->result = -EINVAL;
}

void yaml_fault_text(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en)
{
        CLEANUP(buffer_release) struct buffer path = BUFFER_INIT(PATH_MAX_BYTES);

        yaml_path(node, &path);
        yaml_fault_at(file, node ? node->line : 1, buffer_string(&path), fr, en);
}

void yaml_fault(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en, ...)
{
        struct error said = {0};
        va_list arguments, again;

        va_start(arguments, en);
        va_copy(again, arguments);
        error_vsay_in(&said, -EINVAL, LANGUAGE_FR, fr, arguments);
        error_vsay_in(&said, -EINVAL, LANGUAGE_EN, en, again);
        va_end(again);
        va_end(arguments);
        yaml_fault_text(file, node, said.fr, said.en);
}

void yaml_no_memory(struct yaml_file *file)
{
        file->result = error_say(file->log.error, -ENOMEM, "mémoire insuffisante", "out of memory");
}
