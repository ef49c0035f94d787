/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "domains/fetch_private.h"

#define CONNECT_SECONDS 20
#define REDIRECTIONS    5

/* ---- what comes ---- */

static size_t take_octets(char *octets, size_t size, size_t count, void *context)
{
        struct fetching *fetching = context;
        size_t length = size * count, done = 0;

        fetching->octets += (int64_t)length;
        if (fetching->octets > fetching->most)
                return 0;
        while (done < length) {
                ssize_t written = write(fetching->fd, octets + done, length - done);

                if (written < 0 && errno == EINTR)
                        continue;
                if (written <= 0) {
                        fetching->write_error = written ? errno : EIO;
                        return 0;
                }
                done += (size_t)written;
        }
        return length;
}

/* A validator that does not fit is none: the list is then had whole the next time. */
static void take_validator(const char *line, size_t length, const char *name,
                           char value[static FETCH_VALIDATOR_SIZE])
{
        size_t head = strlen(name);

        if (length <= head || strncasecmp(line, name, head) != 0)
                return;
        for (line += head, length -= head; length && (*line == ' ' || *line == '\t'); line++, length--)
                continue;
        while (length && strchr("\r\n \t", line[length - 1]))
                length--;
        value[0] = '\0';
        if (length >= FETCH_VALIDATOR_SIZE)
                return;
        memcpy(value, line, length);
        value[length] = '\0';
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
        struct fetching *fetching = context;
        size_t length = size * count;

        if (length > 5 && !strncmp(line, "HTTP/", 5))
                fetching->seen = (struct fetch_validators){0};
        take_validator(line, length, "etag:", fetching->seen.etag);
        take_validator(line, length, "last-modified:", fetching->seen.modified);
        return length;
}

/* ---- asking ---- */

static int add_header(struct fetching *fetching, const char *name, const char *value, struct error *error)
{
        char line[FETCH_SECRET_SIZE + 64];
        struct curl_slist *longer;

        snprintf(line, sizeof(line), "%s: %s", name, value);
        longer = curl_slist_append(fetching->headers, line);
        sodium_memzero(line, sizeof(line));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        fetching->headers = longer;
        return 0;
}

static int open_door(struct fetching *fetching, struct error *error)
{
        switch (fetching->secret->way) {
        case FETCH_BEARER:
                curl_easy_setopt(fetching->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
                curl_easy_setopt(fetching->curl, CURLOPT_XOAUTH2_BEARER, fetching->secret->text);
                return 0;
        case FETCH_BASIC:
                curl_easy_setopt(fetching->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
                curl_easy_setopt(fetching->curl, CURLOPT_USERPWD, fetching->secret->text);
                return 0;
        case FETCH_KEY:
                return add_header(fetching, "Authorization", fetching->secret->text, error);
        default:
                return 0;
        }
}

static void bound(struct fetching *fetching, bool has_secret)
{
        CURL *curl = fetching->curl;
        const struct config_list *list = fetching->list;

        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetching->reason);
        curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
        curl_easy_setopt(curl, CURLOPT_PROXY, list->proxy);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)list->seconds_max);
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, strncmp(list->address, "http:", 5) ? "https" : "http");
        curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, has_secret ? 0L : 1L);
        curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTIONS);
        curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetching->most);
        curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
        curl_easy_setopt(curl, CURLOPT_USERAGENT, "Garde/" GARDE_VERSION);
        if (list->ca[0]) {
                curl_easy_setopt(curl, CURLOPT_CAINFO, list->ca);
                curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        }
}

static int prepare(struct fetching *fetching, const struct fetch_validators *validators, struct error *error)
{
        CURL *curl = fetching->curl;
        int r = open_door(fetching, error);

        bound(fetching, fetching->secret->way != FETCH_OPEN);
        curl_easy_setopt(curl, CURLOPT_URL, fetching->url);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_octets);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetching);
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, fetching);
        if (!r && fetching->accept)
                r = add_header(fetching, "Accept", fetching->accept, error);
        if (!r && validators->etag[0])
                r = add_header(fetching, "If-None-Match", validators->etag, error);
        if (!r && validators->modified[0])
                r = add_header(fetching, "If-Modified-Since", validators->modified, error);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fetching->headers);
        return r;
}

/* ---- what became of it ---- */

static const struct {
        CURLcode code;
        int result;
        const char *fr, *en;
} failures[] = {
        {CURLE_COULDNT_RESOLVE_HOST, -EIO, "le nom de sa machine ne se résout pas",
         "its host's name does not resolve"},
        {CURLE_COULDNT_RESOLVE_PROXY, -EIO, "le nom du mandataire ne se résout pas",
         "the proxy's name does not resolve"},
        {CURLE_COULDNT_CONNECT, -EIO, "sa machine ne répond pas", "its host does not answer"},
        {CURLE_OPERATION_TIMEDOUT, -ETIMEDOUT, "trop lente : abandonnée (seconds_max)",
         "too slow: given up (seconds_max)"},
        {CURLE_FILESIZE_EXCEEDED, -E2BIG, "plus grande qu’il n’est admis (megabytes_max)",
         "larger than is allowed (megabytes_max)"},
        {CURLE_PEER_FAILED_VERIFICATION, -EIO,
         "le certificat de sa machine n’est pas reconnu, ou n’est pas à ce nom (ca)",
         "its host's certificate is not trusted, or not of this name (ca)"},
        {CURLE_SSL_CACERT_BADFILE, -EIO, "le fichier ca ne se lit pas", "the file ca cannot be read"},
        {CURLE_TOO_MANY_REDIRECTS, -EIO, "renvoyée d’une adresse à l’autre sans fin",
         "redirected without end"},
        {CURLE_UNSUPPORTED_PROTOCOL, -EIO, "renvoyée vers une adresse sans chiffrement",
         "redirected to an address without encryption"},
        {CURLE_PARTIAL_FILE, -EIO, "coupée avant sa fin", "cut off before its end"},
};

int fetch_say(const struct fetching *fetching, int code, const char *fr, const char *en, struct error *error)
{
        const struct config_list *list = fetching->list;

        const char *url = fetching->url ? fetching->url : list->address;

        error_say_in(error, code, LANGUAGE_FR, "la liste %s : %s : %s", list->name, url, fr);
        return error_say_in(error, code, LANGUAGE_EN, "the list %s: %s: %s", list->name, url, en);
}

static int failed(const struct fetching *fetching, CURLcode code, struct error *error)
{
        if (fetching->write_error) {
                errno = fetching->write_error;
                return error_say(error, -errno, "la liste %s : %m", "the list %s: %m", fetching->list->name);
        }
        if (fetching->octets > fetching->most)
                code = CURLE_FILESIZE_EXCEEDED;
        for (size_t i = 0; i < ARRAY_LEN(failures); i++)
                if (failures[i].code == code)
                        return fetch_say(fetching, failures[i].result, failures[i].fr, failures[i].en, error);
        return fetch_say(fetching, -EIO, fetching->reason[0] ? fetching->reason : curl_easy_strerror(code),
                         fetching->reason[0] ? fetching->reason : curl_easy_strerror(code), error);
}

static int refused(const struct fetching *fetching, long status, struct error *error)
{
        char fr[96], en[96];

        if (status == 401 || status == 403)
                return fetch_say(fetching, -EACCES, "sa machine demande un autre secret (secret)",
                                 "its host wants another secret (secret)", error);
        if (status == 404 || status == 410)
                return fetch_say(fetching, -ENOENT, "elle n’est plus à cette adresse",
                                 "it is not at this address any more", error);
        snprintf(fr, sizeof(fr), "réponse HTTP %ld", status);
        snprintf(en, sizeof(en), "HTTP answer %ld", status);
        return fetch_say(fetching, -EIO, fr, en, error);
}

static int conclude(struct fetching *fetching, struct fetch_validators *validators,
                    enum fetch_outcome *ret_outcome, struct error *error)
{
        long status = 0;

        curl_easy_getinfo(fetching->curl, CURLINFO_RESPONSE_CODE, &status);
        if (status == 304) {
                *ret_outcome = FETCH_SAME;
                return 0;
        }
        if (status != 200)
                return refused(fetching, status, error);
        *validators = fetching->seen;
        *ret_outcome = FETCH_NEW;
        return 0;
}

int fetch_one(struct fetching *fetching, struct fetch_validators *validators, enum fetch_outcome *ret_outcome,
              struct error *error)
{
        CURLcode code;
        int r;

        fetching->curl = curl_easy_init();
        if (!fetching->curl)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = prepare(fetching, validators, error);
        if (!r) {
                code = curl_easy_perform(fetching->curl);
                r = code ? failed(fetching, code, error) : conclude(fetching, validators, ret_outcome, error);
        }
        curl_slist_free_all(fetching->headers);
        fetching->headers = NULL;
        curl_easy_cleanup(fetching->curl);
        return r;
}
