// fuzz: links=domains_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a name: first as a name is, then as labels run together without a check, so that folding and reading meet what no name
 * can hold. What is found has a score within its bounds, a sentence in both languages, and is never a protected name. Any
 * bytes as a file of brands, themes or suffixes: refused with a sentence that names the file, or read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domains/judge.h"
#include "domains/lexicon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const own[] = {"chu-exemple.fr", "ght-valmont.org"};

/* Opened once: each input is judged by the data as it ships. */
static const struct judge *the_judge(void)
{
        static struct judge *judge;
        const struct judge_files files = {.own = own, .own_count = 2};

        if (!judge && judge_open(&files, &judge, NULL))
                abort();
        return judge;
}

static void judge_it(const struct name *name)
{
        struct verdict verdict;
        struct lookalike lookalike;

        judge_name(the_judge(), NULL, name, &verdict);
        if (!verdict.why_fr[0] || !verdict.why_en[0] ||
            (verdict.protected_name && verdict.level != VERDICT_CLEAN))
                abort();
        if (verdict.is_lookalike && (verdict.lookalike.score <= 0 || verdict.lookalike.score > 1 ||
                                     verdict.lookalike.class >= LOOKALIKE_CLASS_COUNT ||
                                     verdict.level != verdict_level_of(&verdict.lookalike)))
                abort();
        judge_as_if_absent(the_judge(), name, &lookalike);
}

static void read_raw(const char *text, size_t size)
{
        static struct fold *fold;
        struct folded folded;
        struct reading reading;

        if (!fold && fold_open(&fold, NULL))
                abort();
        fold_label(fold, text, size < 200 ? size : 200, &folded);
        if (strlen(folded.ascii) > folded.ascii_length || folded.key_length > folded.ascii_length)
                abort();
        lexicon_read(protected_lexicon(judge_protected(the_judge())), folded.ascii, folded.ascii_length,
                     &reading);
        if (reading.count > READING_WORDS_MAX || reading.unread > size + FOLD_SIZE)
                abort();
}

static void read_data(const char *text, size_t size)
{
        struct brand_set brands = {0};
        struct theme_set themes = {0};
        struct plausibility plausibility = {0};
        struct error error = {0};

        if (brands_read("d.yaml", text, size, &brands, &error) && !strstr(error.fr, "d.yaml"))
                abort();
        if (themes_read("d.yaml", text, size, &themes, &error) && !strstr(error.fr, "d.yaml"))
                abort();
        if (plausibility_read("d.yaml", text, size, &plausibility, &error) && !strstr(error.fr, "d.yaml"))
                abort();
        brands_release(&brands);
        themes_release(&themes);
        plausibility_release(&plausibility);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const char *text = (const char *)data;
        struct name name;

        if (!name_parse(text, size, &name))
                judge_it(&name);
        read_raw(text, size);
        read_data(text, size);
        return 0;
}
