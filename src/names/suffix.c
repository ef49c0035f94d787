/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/suffix.h"

#include <errno.h>
#include <libpsl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "names/name.h"

#define SUFFIX_PATH_TEXT "/usr/share/publicsuffix/public_suffix_list.dat"

struct suffixes {
        psl_ctx_t *list;
        bool owned;
};

/* libpsl makes a list of any file. One that does not know these is no list of suffixes. */
static bool is_list(const psl_ctx_t *list)
{
        return psl_is_public_suffix2(list, "com", PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) &&
               psl_is_public_suffix2(list, "fr", PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) &&
               !psl_is_public_suffix2(list, "example.com", PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

static int load(const char *path, psl_ctx_t **ret_list, struct error *error)
{
        psl_ctx_t *list;

        if (access(path, R_OK) < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        list = psl_load_file(path);
        if (!list || !is_list(list)) {
                psl_free(list);
                return error_say(error, -EINVAL, "%s n’est pas la liste des suffixes publics",
                                 "%s is not the public suffix list", path);
        }
        *ret_list = list;
        return 0;
}

static int load_default(struct suffixes *suffixes, struct error *error)
{
        psl_ctx_t *list = NULL;

        if (!load(SUFFIX_PATH_DEFAULT, &list, NULL) || !load(SUFFIX_PATH_TEXT, &list, NULL)) {
                suffixes->list = list;
                suffixes->owned = true;
                return 0;
        }
        /* psl_builtin() gives away the const of what is static; psl_free() must not see it. */
        suffixes->list = (psl_ctx_t *)psl_builtin();
        if (!suffixes->list)
                return load(SUFFIX_PATH_DEFAULT, &list, error);
        log_warning("no public suffix list in %s; the one built into libpsl is taken, as old as its package",
                    SUFFIX_PATH_DEFAULT);
        return 0;
}

int suffixes_open(const char *path, struct suffixes **ret_suffixes, struct error *error)
{
        struct suffixes *suffixes = calloc(1, sizeof(*suffixes));
        int r;

        if (!suffixes)
                return error_say(error, -ENOMEM, "%m", "%m");
        suffixes->owned = path != NULL;
        r = path ? load(path, &suffixes->list, error) : load_default(suffixes, error);
        if (r) {
                suffixes_close(suffixes);
                return r;
        }
        *ret_suffixes = suffixes;
        return 0;
}

struct suffixes *suffixes_close(struct suffixes *suffixes)
{
        if (suffixes && suffixes->owned)
                psl_free(suffixes->list);
        free(suffixes);
        return NULL;
}

bool suffix_is_public(const struct suffixes *suffixes, const char *text)
{
        return psl_is_public_suffix2(suffixes->list, text, PSL_TYPE_ANY);
}

const char *suffix_of(const struct suffixes *suffixes, const char *text)
{
        return psl_unregistrable_domain(suffixes->list, text);
}

const char *suffix_registered(const struct suffixes *suffixes, const char *text)
{
        return psl_registrable_domain(suffixes->list, text);
}

/* libpsl's own walk knows no types. */
const char *suffix_registered_icann(const struct suffixes *suffixes, const char *text)
{
        const char *registered = NULL;

        for (const char *at = text; at; at = name_parent(at)) {
                if (psl_is_public_suffix2(suffixes->list, at, PSL_TYPE_ICANN))
                        return registered;
                registered = at;
        }
        return NULL;
}
