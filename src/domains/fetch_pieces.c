/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "domains/fetch_private.h"

/* The piece that begins at `from`, as JSON; NULL when it is none. */
static json_t *read_piece(const struct fetching *fetching, int64_t from)
{
        size_t length = (size_t)(fetching->octets - from);
        CLEANUP(cleanup_free) char *text = malloc(length + 1);

        if (!text || pread(fetching->fd, text, length, from) != (ssize_t)length)
                return NULL;
        return json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
}

static int no_piece(const struct fetching *fetching, struct error *error)
{
        return fetch_say(fetching, -EINVAL, "ce n’est pas le JSON attendu",
                         "it is not the JSON that was expected", error);
}

/* A piece's own validators are of no use: pieces are asked for whenever the first one changed. */
static int next_piece(struct fetching *fetching, const char *url, struct error *error)
{
        struct fetch_validators none = {0};
        enum fetch_outcome outcome;

        fetching->url = url;
        return fetch_one(fetching, &none, &outcome, error);
}

/* Whether a text may be put into an address as it is. */
static bool is_plain(const char *text)
{
        return text && *text &&
               strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~=") ==
                       strlen(text);
}

static int fetch_event(struct fetching *fetching, const char *folder, const char *uuid, struct error *error)
{
        char url[FETCH_URL_SIZE];

        if (!is_plain(uuid) || snprintf(url, sizeof(url), "%s/%s.json", folder, uuid) >= (int)sizeof(url))
                return no_piece(fetching, error);
        return next_piece(fetching, url, error);
}

/* A MISP feed is a folder: manifest.json names its events by UUID, each a file. */
int fetch_feed(struct fetching *fetching, struct fetch_validators *validators,
               enum fetch_outcome *ret_outcome, struct error *error)
{
        char folder[FETCH_URL_SIZE], url[FETCH_URL_SIZE + 16];
        const char *uuid;
        json_t *manifest, *about;
        int r;

        snprintf(folder, sizeof(folder), "%s", fetching->list->address);
        while (folder[0] && folder[strlen(folder) - 1] == '/')
                folder[strlen(folder) - 1] = '\0';
        snprintf(url, sizeof(url), "%s/manifest.json", folder);
        fetching->url = url;
        r = fetch_one(fetching, validators, ret_outcome, error);
        if (r || *ret_outcome == FETCH_SAME)
                return r;
        manifest = read_piece(fetching, 0);
        if (!json_is_object(manifest) || json_object_size(manifest) > FETCH_PIECES_MAX)
                r = no_piece(fetching, error);
        else if (ftruncate(fetching->fd, 0) || lseek(fetching->fd, 0, SEEK_SET))
                r = error_say(error, -errno, "%m", "%m");
        fetching->most -= fetching->octets;
        fetching->octets = 0;
        json_object_foreach(manifest, uuid, about) r = r ? r : fetch_event(fetching, folder, uuid, error);
        json_decref(manifest);
        return r;
}

/* TAXII 2.1, 5.4: the objects of a collection come in envelopes; "more" and "next" say how to go on. */
int fetch_collection(struct fetching *fetching, struct fetch_validators *validators,
                     enum fetch_outcome *ret_outcome, struct error *error)
{
        const char *address = fetching->list->address;
        char url[FETCH_URL_SIZE + 320], next[256] = "";
        int64_t from = 0;
        int r = 0;

        fetching->accept = "application/taxii+json;version=2.1";
        for (unsigned page = 0; !r; page++) {
                struct fetch_validators none = {0};

                snprintf(url, sizeof(url), "%s%sobjects/%s%s", address,
                         address[strlen(address) - 1] == '/' ? "" : "/", *next ? "?next=" : "", next);
                fetching->url = url;
                r = fetch_one(fetching, page ? &none : validators, ret_outcome, error);
                if (r || *ret_outcome == FETCH_SAME)
                        return r;
                json_t *envelope = read_piece(fetching, from);
                const char *to = json_string_value(json_object_get(envelope, "next"));
                bool more = json_is_true(json_object_get(envelope, "more"));

                if (!json_is_object(envelope) || (more && (!is_plain(to) || strlen(to) >= sizeof(next))) ||
                    page == FETCH_PIECES_MAX)
                        r = no_piece(fetching, error);
                else if (more)
                        strcpy(next, to);
                json_decref(envelope);
                if (!more)
                        break;
                from = fetching->octets;
        }
        return r;
}
