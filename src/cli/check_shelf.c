/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/check_shelf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "flow/yaml_tree.h"

/* What the file says at the top, if it can be made out. */
static bool say_id(struct card *card, const char *data, size_t length)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        const struct yaml_node *node;

        if (yaml_read(card->path, data, length, &file, NULL) || file.root->shape != YAML_MAP)
                return false;
        node = yaml_at(file.root, "id");
        if (!node || node->shape != YAML_SCALAR || strlen(node->text) >= sizeof(card->id))
                return false;
        memcpy(card->id, node->text, strlen(node->text) + 1);
        return true;
}

struct card *shelf_add(struct shelf *shelf, const char *path, const char *data, size_t length)
{
        struct card *card = &shelf->cards[shelf->count];

        if (shelf->count == FOLDER_FILES_MAX)
                return NULL;
        card->path = strdup(path);
        if (!card->path)
                return NULL;
        shelf->count++;
        if (!say_id(card, data, length))
                shelf->blind = true;
        return card;
}

void shelf_release(struct shelf *shelf)
{
        for (size_t i = 0; i < shelf->count; i++) {
                free(shelf->cards[i].path);
                faults_release(&shelf->cards[i].faults);
        }
        shelf->count = 0;
}

bool shelf_has(const struct shelf *shelf, const char *id)
{
        size_t length = strlen(id);
        bool prefix = length && id[length - 1] == '*';

        for (size_t i = 0; i < shelf->count; i++)
                if (prefix ? !strncmp(shelf->cards[i].id, id, length - 1) : !strcmp(shelf->cards[i].id, id))
                        return true;
        return false;
}

const struct card *shelf_same(const struct shelf *shelf, const struct card *card)
{
        for (const struct card *other = shelf->cards; other < card; other++)
                if (*card->id && !strcmp(other->id, card->id))
                        return other;
        return NULL;
}

void card_failed(struct card *card, const struct error *error)
{
        if (!card->faults.count)
                faults_add(&card->faults, 0, "", error_text_in(error, error->code, LANGUAGE_FR),
                           error_text_in(error, error->code, LANGUAGE_EN));
}

/* 0 when it cannot be told. */
static unsigned line_of(const char *path, const char *place)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        CLEANUP(cleanup_free) char *text = NULL;
        const struct yaml_node *node;
        size_t length;

        if (file_read(path, YAML_BYTES_MAX, &text, &length, NULL) ||
            yaml_read(path, text, length, &file, NULL))
                return 0;
        node = yaml_at(file.root, place);
        return node ? node->line : 0;
}

void card_fault(struct card *card, const char *place, const char *fr, const char *en, ...)
{
        struct error said = {0}, kept = {.faults = &card->faults};
        struct fault_log log = {.file = card->path, .error = &kept};
        va_list arguments, again;

        va_start(arguments, en);
        va_copy(again, arguments);
        error_vsay_in(&said, -EINVAL, LANGUAGE_FR, fr, arguments);
        error_vsay_in(&said, -EINVAL, LANGUAGE_EN, en, again);
        va_end(again);
        va_end(arguments);
        error_context(&said, -EINVAL, "%s", "%s", place);
        fault_log_add(&log, line_of(card->path, place), place, said.fr, said.en);
}

int faults_to_json(const char *file, const struct faults *faults, json_t *list)
{
        struct error more = {0};

        for (size_t i = 0; i < faults->count; i++) {
                const struct fault *fault = &faults->list[i];

                if (json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:s, s:s}", "file", file, "line",
                                                          (int)fault->line, "key", fault->key, "fr",
                                                          fault->fr, "en", fault->en)))
                        return -ENOMEM;
        }
        if (!faults->more)
                return 0;
        error_say(&more, -EINVAL, "%s : %zu de plus ; corrigez celles-ci, puis relancez garde check",
                  "%s: %zu more; mend these, then run garde check again", file, faults->more);
        return json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s}", "file", file, "more",
                                                     (json_int_t)faults->more, "fr", more.fr, "en", more.en))
                       ? -ENOMEM
                       : 0;
}
