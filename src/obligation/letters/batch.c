/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/letters/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

static void csv_close(struct csv **csv)
{
        csv_free(*csv);
}

void batch_look_release(struct batch_look *look)
{
        free(look->said);
        *look = (struct batch_look){0};
}

/* One record: 0 a recipient, CSV_END, CSV_BAD with why. */
static int next(struct csv *csv, const struct recipient_map *map, struct recipient *recipient,
                struct error *why)
{
        int r = csv_next(csv, why);

        if (!r && recipient_read(csv, map, recipient, why))
                r = CSV_BAD;
        return r;
}

static int look_through(struct csv *csv, const struct recipient_map *map, struct batch_look *look,
                        struct error *error)
{
        struct recipient recipient;
        struct error why;
        int r;

        while ((r = next(csv, map, &recipient, &why)) != CSV_END) {
                if (r == 0 && ++look->good > BATCH_LETTERS_MAX)
                        return error_say(error, -E2BIG, "plus de %d destinataires ; faites plusieurs envois",
                                         "more than %d recipients; make several batches", BATCH_LETTERS_MAX);
                if (r == 0)
                        continue;
                look->bad++;
                if (look->said_count < BATCH_BAD_SAID)
                        look->said[look->said_count++] = (struct batch_bad){csv_number(csv), why};
        }
        explicit_bzero(&recipient, sizeof(recipient));
        return 0;
}

int batch_look(const char *csv_bytes, size_t length, struct batch_look *ret_look, struct error *error)
{
        CLEANUP(csv_close) struct csv *csv = NULL;
        struct batch_look look = {.said = calloc(BATCH_BAD_SAID, sizeof(*look.said))};
        struct recipient_map map;
        int r = look.said ? csv_new(csv_bytes, length, &csv, error)
                          : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");

        if (!r)
                r = recipient_map(csv, &map, error);
        if (!r)
                r = look_through(csv, &map, &look, error);
        if (r) {
                batch_look_release(&look);
                return r;
        }
        for (size_t i = 0; i < RECIPIENT_COLUMN_COUNT; i++)
                look.columns[i] = map.columns[i] != SIZE_MAX;
        look.utf8 = csv_is_utf8(csv);
        look.separator = csv_separator(csv);
        *ret_look = look;
        return 0;
}

static int print_one(struct letter_press *press, const struct recipient *recipient,
                     struct batch_progress *progress, struct error *error)
{
        unsigned pages = 0;
        int r = letter_press_add(press, recipient, atomic_load(&progress->done) + 1, &pages, error);

        if (r)
                return r;
        atomic_fetch_add(&progress->done, 1);
        atomic_fetch_add(&progress->pages, pages);
        return atomic_load(&progress->stop)
                       ? error_say(error, -ECANCELED, "arrêté par une personne", "stopped by a person")
                       : 0;
}

static int print_table(const struct batch_order *order, struct letter_press *press,
                       struct batch_progress *progress, struct error *error)
{
        CLEANUP(csv_close) struct csv *csv = NULL;
        struct recipient recipient;
        struct recipient_map map;
        struct error why;
        int r = csv_new(order->csv, order->length, &csv, error), read = 0;

        if (!r)
                r = recipient_map(csv, &map, error);
        while (!r && (read = next(csv, &map, &recipient, &why)) != CSV_END)
                if (read == 0)
                        r = print_one(press, &recipient, progress, error);
        explicit_bzero(&recipient, sizeof(recipient));
        return r;
}

int batch_print(const struct batch_order *order, struct batch_progress *progress, struct error *error)
{
        struct letter_press *press = NULL;
        int r = letter_press_open(order->path, order->house, order->words, order->otherwise, &press, error);

        if (r)
                return r;
        r = order->csv ? print_table(order, press, progress, error)
                       : print_one(press, order->typed, progress, error);
        if (!r)
                r = letter_press_close(press, error);
        else
                letter_press_abort(press);
        if (r)
                unlink(order->path);
        return r;
}
