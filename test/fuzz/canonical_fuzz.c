// fuzz: links=journal_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The scanner accepts bytes exactly when the writer would write them; and what the writer writes stays as it
 * is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "journal/canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct canonical_member members[16];
        struct buffer out = BUFFER_INIT(1 << 20);
        const char *text = (const char *)data;
        json_t *value = NULL;
        size_t at = 0, count = 0, length = 0;
        bool scanned = canonical_check(text, size, &at) == 0;
        bool same = false;

        if (!scanned && at > size)
                abort();
        canonical_members(text, size, members, 16, &count, &at);
        if (scanned && (canonical_value_length(text, size, &length) < 0 || length != size))
                abort();
        value = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
        if (value && canonical_append(value, &out, NULL) == 0) {
                same = out.length == size && memcmp(out.data, data, size) == 0;
                if (canonical_check(out.data, out.length, &at) < 0)
                        abort();
        }
        if (same != scanned)
                abort();
        json_decref(value);
        buffer_release(&out);
        return 0;
}
