/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/fetch_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define SECRET_FILE_MAX 4096
#define MEGABYTE        (1024LL * 1024)

int fetch_begin(struct error *error)
{
        return curl_global_init(CURL_GLOBAL_DEFAULT)
                       ? error_say(error, -EIO, "libcurl ne démarre pas", "libcurl does not start")
                       : 0;
}

void fetch_end(void)
{
        curl_global_cleanup();
}

/* ---- secrets ---- */

static bool take_way(struct fetch_secret *secret, const char *text, const char *word, int way)
{
        size_t length = strlen(word);

        if (strncmp(text, word, length) != 0 || text[length] != ' ' || !text[length + 1] ||
            strlen(text + length + 1) >= sizeof(secret->text))
                return false;
        secret->way = way;
        strcpy(secret->text, text + length + 1);
        return true;
}

int fetch_secret_read(const struct config_list *list, struct fetch_secret *ret_secret, struct error *error)
{
        struct fetch_secret secret = {.way = FETCH_OPEN};
        char *text = NULL;
        size_t length;
        bool good;
        int r;

        if (!list->secret[0]) {
                *ret_secret = secret;
                return 0;
        }
        r = file_read_secret(list->secret, SECRET_FILE_MAX, &text, &length, error);
        if (r)
                return error_context(error, r, "la liste %s", "the list %s", list->name);
        text[strcspn(text, "\r\n")] = '\0';
        good = take_way(&secret, text, "bearer", FETCH_BEARER) ||
               take_way(&secret, text, "basic", FETCH_BASIC) || take_way(&secret, text, "key", FETCH_KEY);
        sodium_memzero(text, length);
        free(text);
        if (!good)
                return error_say(
                        error, -EINVAL,
                        "la liste %s : %s : attendu « bearer JETON », « basic NOM:MOTDEPASSE » ou « key CLE "
                        "»",
                        "the list %s: %s: expected \"bearer TOKEN\", \"basic NAME:PASSWORD\" or \"key KEY\"",
                        list->name, list->secret);
        *ret_secret = secret;
        sodium_memzero(&secret, sizeof(secret));
        return 0;
}

static int fetch_http(struct fetching *fetching, struct fetch_validators *validators,
                      enum fetch_outcome *ret_outcome, struct error *error)
{
        struct fetch_validators fresh = *validators;
        int r;

        fetching->url = fetching->list->address;
        if (fetching->list->format == CONFIG_LIST_MISP_FEED)
                r = fetch_feed(fetching, &fresh, ret_outcome, error);
        else if (fetching->list->format == CONFIG_LIST_TAXII)
                r = fetch_collection(fetching, &fresh, ret_outcome, error);
        else
                r = fetch_one(fetching, &fresh, ret_outcome, error);
        if (r || *ret_outcome == FETCH_SAME)
                return r;
        if (lseek(fetching->fd, 0, SEEK_SET) < 0)
                return error_say(error, -errno, "%m", "%m");
        *validators = fresh;
        return 0;
}

int fetch_list(const struct config_list *list, const struct fetch_secret *secret, const char *folder,
               struct fetch_validators *validators, enum fetch_outcome *ret_outcome, int *ret_fd,
               struct error *error)
{
        struct fetching fetching = {.list = list, .secret = secret, .most = list->megabytes_max * MEGABYTE};
        CLEANUP(cleanup_fd) int fd = -1;
        int r;

        *ret_fd = -1;
        if (!strncmp(list->address, "file://", 7)) {
                *ret_outcome = FETCH_NEW;
                *ret_fd = open(list->address + 7, O_RDONLY | O_CLOEXEC);
                return *ret_fd < 0 ? error_say(error, -errno, "la liste %s : %s : %m", "the list %s: %s: %m",
                                               list->name, list->address + 7)
                                   : 0;
        }
        fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (fd < 0)
                return error_say(error, -errno, "%s : %m", "%s: %m", folder);
        fetching.fd = fd;
        r = fetch_http(&fetching, validators, ret_outcome, error);
        if (!r && *ret_outcome == FETCH_NEW)
                *ret_fd = STEAL_FD(fd);
        return r;
}
