/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/record.h"

#include <errno.h>
#include <string.h>

#define RECORD_TYPE_WORD(name, word) [RECORD_TYPE_##name] = word,
static const char *const record_type_words[RECORD_TYPE_COUNT] = {RECORD_TYPES(RECORD_TYPE_WORD)};

void record_release(struct record *record)
{
        json_decref(record->body);
        json_decref(record->personal);
        record->body = NULL;
        record->personal = NULL;
}

const char *record_type_word(enum record_type type)
{
        if ((unsigned)type >= RECORD_TYPE_COUNT)
                return "";
        return record_type_words[type];
}

int record_type_parse(const char *word, enum record_type *ret_type)
{
        for (unsigned type = 0; type < RECORD_TYPE_COUNT; type++) {
                if (strcmp(word, record_type_words[type]) == 0) {
                        *ret_type = (enum record_type)type;
                        return 0;
                }
        }
        return -EINVAL;
}
