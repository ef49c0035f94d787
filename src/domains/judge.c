/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "flow/field.h"

#define PUBLIC_LIST_BYTES_MAX (64 * 1024 * 1024)

#define VERDICT_WORD(name, word) word,
static const char *const verdict_words[] = {VERDICTS(VERDICT_WORD)};

struct judge {
        struct brand_set brands;
        struct theme_set themes;
        struct plausibility plausibility;
        struct suffixes *suffixes;
        struct fold *fold;
        struct protected *set;
};

const char *verdict_word(enum verdict_level level)
{
        return field_word(verdict_words, VERDICT_COUNT, level);
}

const struct protected *judge_protected(const struct judge *judge)
{
        return judge->set;
}

struct judge *judge_close(struct judge *judge)
{
        if (!judge)
                return NULL;
        protected_free(judge->set);
        fold_close(judge->fold);
        suffixes_close(judge->suffixes);
        plausibility_release(&judge->plausibility);
        themes_release(&judge->themes);
        brands_release(&judge->brands);
        free(judge);
        return NULL;
}

static const char *folder_of(const char *given, const char *name, char path[static PATH_MAX], int *result,
                             struct error *error)
{
        if (given || *result)
                return given;
        *result = paths_data(name, path, error);
        return path;
}

static int load_data(struct judge *judge, const struct judge_files *files, struct error *error)
{
        char path[PATH_MAX];
        const char *folder;
        int r = 0;

        folder = folder_of(files->brands, "brands", path, &r, error);
        if (!r)
                r = brands_load(folder, &judge->brands, error);
        folder = folder_of(files->themes, "themes", path, &r, error);
        if (!r)
                r = themes_load(folder, &judge->themes, error);
        folder = folder_of(files->suffixes, "suffixes", path, &r, error);
        if (!r)
                r = plausibility_load(folder, &judge->plausibility, error);
        if (!r)
                r = suffixes_open(files->public_suffixes, &judge->suffixes, error);
        return r ? r : fold_open(&judge->fold, error);
}

static int build(struct judge *judge, const struct judge_files *files, struct error *error)
{
        CLEANUP(cleanup_free) char *list = NULL;
        size_t length = 0;
        int r = files->public_list
                        ? file_read(files->public_list, PUBLIC_LIST_BYTES_MAX, &list, &length, error)
                        : 0;
        const struct protected_source source = {.own = files->own,
                                                .own_count = files->own_count,
                                                .brands = &judge->brands,
                                                .themes = &judge->themes,
                                                .public_list = list,
                                                .public_length = length,
                                                .suffixes = judge->suffixes,
                                                .fold = judge->fold};

        return r ? r : protected_build(&source, &judge->set, error);
}

int judge_open(const struct judge_files *files, struct judge **ret_judge, struct error *error)
{
        struct judge *judge = calloc(1, sizeof(*judge));
        int r;

        if (!judge)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = load_data(judge, files, error);
        if (!r)
                r = build(judge, files, error);
        if (r) {
                judge_close(judge);
                return r;
        }
        *ret_judge = judge;
        return 0;
}

/* ---- judging ---- */

enum verdict_level verdict_level_of(const struct lookalike *lookalike)
{
        if (lookalike->score >= JUDGE_BLOCK)
                return VERDICT_BLOCK;
        return lookalike->score >= JUDGE_SUSPECT ? VERDICT_SUSPECT : VERDICT_WATCH;
}

static bool find(const struct judge *judge, const struct name *name, bool absent,
                 struct lookalike *ret_lookalike)
{
        const struct lookalike_context context = {.set = judge->set,
                                                  .fold = judge->fold,
                                                  .suffixes = judge->suffixes,
                                                  .plausibility = &judge->plausibility,
                                                  .absent = absent};

        return lookalike_find(&context, name, ret_lookalike);
}

enum verdict_level judge_level(const struct judge *judge, const struct name *name,
                               struct lookalike *ret_lookalike)
{
        return find(judge, name, false, ret_lookalike) ? verdict_level_of(ret_lookalike) : VERDICT_CLEAN;
}

bool judge_as_if_absent(const struct judge *judge, const struct name *name, struct lookalike *ret_lookalike)
{
        return find(judge, name, true, ret_lookalike);
}

static void say(struct verdict *verdict, const char *fr, const char *en, const char *detail)
{
        snprintf(verdict->why_fr, sizeof(verdict->why_fr), fr, detail);
        snprintf(verdict->why_en, sizeof(verdict->why_en), en, detail);
}

static const char *first_source(const struct judge_lists *lists, const struct set_class *class)
{
        const char *name = NULL;

        if (class->sources && lists->source)
                name = lists->source(lists->context, (unsigned)__builtin_ctzll(class->sources));
        return name ? name : "?";
}

static void judge_listed(const struct judge_lists *lists, struct verdict *verdict)
{
        const char *source = first_source(lists, &verdict->hit.class);

        switch (verdict->hit.class.action) {
        case SET_ALLOW:
                verdict->level = VERDICT_CLEAN;
                say(verdict, "sur la liste des noms admis « %s »", "on the list of admitted names \"%s\"",
                    source);
                break;
        case SET_BLOCK:
                verdict->level = VERDICT_BLOCK;
                say(verdict, "sur la liste de blocage « %s »", "on the block list \"%s\"", source);
                break;
        default:
                verdict->level = VERDICT_WATCH;
                say(verdict, "sur la liste de surveillance « %s »", "on the watch list \"%s\"", source);
        }
}

/* A name that is on a list to be watched, and imitates somebody, is as bad as the worse of the two. */
static void judge_looks(const struct judge *judge, const struct name *name, struct verdict *verdict)
{
        enum verdict_level level;

        verdict->is_lookalike = find(judge, name, false, &verdict->lookalike);
        if (!verdict->is_lookalike)
                return;
        level = verdict_level_of(&verdict->lookalike);
        if (level < verdict->level || (level == verdict->level && verdict->is_listed))
                return;
        verdict->level = level;
        lookalike_say(&verdict->lookalike, name, verdict->why_fr, verdict->why_en);
}

void judge_name(const struct judge *judge, const struct judge_lists *lists, const struct name *name,
                struct verdict *ret_verdict)
{
        const struct protected_entry *owner = protected_covers(judge->set, name->text);
        struct verdict *verdict = ret_verdict;

        memset(verdict, 0, offsetof(struct verdict, why_fr));
        say(verdict, "rien à signaler%s", "nothing to report%s", "");
        if (owner) {
                verdict->protected_name = owner->name;
                say(verdict, "c’est un nom protégé, ou au-dessous de lui : %s",
                    "it is a protected name, or below it: %s", owner->name);
                return;
        }
        verdict->is_listed = lists && lists->find(lists->context, name->text, name->length, &verdict->hit);
        if (verdict->is_listed)
                judge_listed(lists, verdict);
        if (!verdict->is_listed || verdict->hit.class.action != SET_ALLOW)
                judge_looks(judge, name, verdict);
}
