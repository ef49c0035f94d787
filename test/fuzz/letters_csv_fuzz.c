// fuzz: links=letters_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a table of recipients: refused with a sentence in both languages, or every record is a recipient with a name and two
 * lines of valid UTF-8, or told by its number. Reading it twice gives the same.
 */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "obligation/letters/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_recipient(const struct recipient *recipient)
{
        if (!recipient->name[0] || recipient->line_count < 2 || recipient->line_count > RECIPIENT_LINES_MAX)
                abort();
        for (size_t i = 0; i < recipient->line_count; i++)
                if (!recipient->lines[i][0] || !g_utf8_validate(recipient->lines[i], -1, NULL))
                        abort();
}

static void read_all(struct csv *csv, const struct recipient_map *map, const struct batch_look *look)
{
        unsigned long good = 0, bad = 0, last = csv_number(csv);
        struct recipient recipient;
        struct error why;
        int r;

        while ((r = csv_next(csv, &why)) != CSV_END) {
                if (csv_number(csv) <= last)
                        abort();
                last = csv_number(csv);
                if (r == 0 && recipient_read(csv, map, &recipient, &why) == 0) {
                        check_recipient(&recipient);
                        good++;
                } else if (!why.fr[0] || !why.en[0]) {
                        abort();
                } else {
                        bad++;
                }
        }
        if (good != look->good || bad != look->bad)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct batch_look look = {0};
        struct recipient_map map;
        struct error error = {0};
        struct csv *csv = NULL;

        if (batch_look((const char *)data, size, &look, &error)) {
                if (!error.fr[0] || !error.en[0])
                        abort();
                return 0;
        }
        if (csv_new((const char *)data, size, &csv, &error) || recipient_map(csv, &map, &error))
                abort();
        read_all(csv, &map, &look);
        csv_free(csv);
        batch_look_release(&look);
        return 0;
}
