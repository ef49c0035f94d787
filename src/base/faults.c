/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/faults.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void fault_release(struct fault *fault)
{
        free(fault->key);
        free(fault->fr);
        free(fault->en);
        *fault = (struct fault){0};
}

void faults_release(struct faults *faults)
{
        for (size_t i = 0; i < faults->count; i++)
                fault_release(&faults->list[i]);
        *faults = (struct faults){0};
}

/* A place in the list for a fault of that line, made free; NULL when all that are kept come before it. */
static struct fault *make_place(struct faults *faults, unsigned line)
{
        size_t at = faults->count;

        while (at && faults->list[at - 1].line > line)
                at--;
        if (at == FAULTS_MAX)
                return NULL;
        if (faults->count == FAULTS_MAX) {
                fault_release(&faults->list[--faults->count]);
                faults->more++;
        }
        memmove(&faults->list[at + 1], &faults->list[at], (faults->count - at) * sizeof(faults->list[0]));
        faults->count++;
        return &faults->list[at];
}

void faults_add(struct faults *faults, unsigned line, const char *key, const char *fr, const char *en)
{
        struct fault fault = {line, strdup(key), strdup(fr), strdup(en)};
        struct fault *place = fault.key && fault.fr && fault.en ? make_place(faults, line) : NULL;

        if (place) {
                *place = fault;
        } else {
                fault_release(&fault);
                faults->more++;
        }
}

/* As compilers write a place, in both languages: editors jump there. */
static void say_at(struct error *said, const struct fault_log *log, unsigned line, enum language language,
                   const char *sentence)
{
        if (line)
                error_say_in(said, -EINVAL, language, "%s:%u: %s", log->file, line, sentence);
        else
                error_say_in(said, -EINVAL, language, "%s: %s", log->file, sentence);
}

int fault_log_add(struct fault_log *log, unsigned line, const char *key, const char *fr, const char *en)
{
        struct error said = {0};

        say_at(&said, log, line, LANGUAGE_FR, fr);
        say_at(&said, log, line, LANGUAGE_EN, en);
        if (log->error && (!log->found || line < log->line)) {
                error_forward(log->error, -EINVAL, said.fr, said.en);
                log->line = line;
        }
        log->found++;
        if (log->error && log->error->faults)
                faults_add(log->error->faults, line, key ? key : "", said.fr, said.en);
        return -EINVAL;
}
