/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/deliver.h"

#include <curl/curl.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "exchange/alert.h"
#include "exchange/call.h"
#include "exchange/mail_send.h"
#include "exchange/signature.h"
#include "exchange/syslog_message.h"
#include "exchange/wire.h"

int deliver_begin(struct error *error)
{
        if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_ALL) || gnutls_global_init())
                return error_say(error, -ENOSYS, "la bibliothèque de chiffrement ne démarre pas",
                                 "the library of ciphers does not start");
        return 0;
}

void deliver_end(void)
{
        curl_global_cleanup();
        gnutls_global_deinit();
}

/* ---- who may be called ---- */

bool deliver_is_private(const struct addr *addr)
{
        static const char *const ranges[] = {
                "0.0.0.0/8",     "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16",
                "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
                "::/127",        "fc00::/7",     "fe80::/10",      "ff00::/8",      "64:ff9b:1::/48"};
        struct addr range, mapped = {.family = 4, .prefix = 32};
        static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

        if (addr->family == 6 && !memcmp(addr->bytes, prefix, sizeof(prefix))) {
                memcpy(mapped.bytes, addr->bytes + 12, 4);
                addr = &mapped;
        }
        for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
                if (!addr_parse(ranges[i], &range) && addr_within(addr, &range))
                        return true;
        return false;
}

static void addr_of_socket(const struct sockaddr *from, struct addr *ret_addr)
{
        *ret_addr = (struct addr){0};
        if (from->sa_family == AF_INET) {
                ret_addr->family = 4;
                ret_addr->prefix = 32;
                memcpy(ret_addr->bytes, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
        } else if (from->sa_family == AF_INET6) {
                ret_addr->family = 6;
                ret_addr->prefix = 128;
                memcpy(ret_addr->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
        }
}

struct guard {
        bool private_allowed, refused;
};

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
        struct guard *guard = context;
        struct addr addr;

        addr_of_socket(&address->addr, &addr);
        if (!addr.family || (!guard->private_allowed && deliver_is_private(&addr))) {
                guard->refused = true;
                return CURL_SOCKET_BAD;
        }
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- over HTTP ---- */

static void cleanup_list(struct curl_slist **list)
{
        curl_slist_free_all(*list);
}

static int add_header(struct curl_slist **list, const char *name, const char *value)
{
        char line[OUTLET_SECRET_SIZE + 64];
        struct curl_slist *longer;

        snprintf(line, sizeof(line), "%s: %s", name, value);
        longer = curl_slist_append(*list, line);
        if (!longer)
                return -ENOMEM;
        *list = longer;
        return 0;
}

int deliver_judge_status(long status)
{
        if (status >= 200 && status < 300)
                return 0;
        if (status == 409) /* it has this one already */
                return 0;
        if (status >= 500 || status == 401 || status == 403 || status == 404 || status == 408 ||
            status == 425 || status == 429)
                return -EAGAIN;
        return DELIVER_REFUSED;
}

static int post(const struct outlet *outlet, const char *url, struct curl_slist *headers, const char *body,
                struct error *error)
{
        CLEANUP(call_end) struct call call = CALL_INIT;
        struct guard guard = {.private_allowed = outlet->config->private == CONFIG_YES};
        long status = 0;
        CURLcode code;
        int r = call_begin(&call, outlet->config, error);

        if (r)
                return r;
        curl_easy_setopt(call.curl, CURLOPT_URL, url);
        curl_easy_setopt(call.curl, CURLOPT_PROTOCOLS_STR, "https");
        curl_easy_setopt(call.curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(call.curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        curl_easy_setopt(call.curl, CURLOPT_OPENSOCKETDATA, &guard);
        curl_easy_setopt(call.curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(call.curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
        curl_easy_setopt(call.curl, CURLOPT_POSTFIELDS, body);
        code = curl_easy_perform(call.curl);
        if (guard.refused)
                return error_say(error, -EPERM,
                                 "cible %s : %s mène à une adresse privée ; si c’est voulu : private: yes",
                                 "target %s: %s leads to a private address; if that is meant: private: yes",
                                 outlet->config->name, outlet->config->address);
        curl_easy_getinfo(call.curl, CURLINFO_RESPONSE_CODE, &status);
        if (code != CURLE_OK && (code != CURLE_WRITE_ERROR || status < 200))
                return call_fail(&call, code, error);
        r = deliver_judge_status(status);
        if (r)
                error_say(error, r, "cible %s : réponse HTTP %ld", "target %s: HTTP answer %ld",
                          outlet->config->name, status);
        return r;
}

/* Without a slash of its own at the end of the base. */
static void make_url(const struct config_target *target, const char *path, char ret_url[static CALL_URL_MAX])
{
        size_t length = strlen(target->address);

        while (*path && length && target->address[length - 1] == '/')
                length--;
        snprintf(ret_url, CALL_URL_MAX, "%.*s%s", (int)length, target->address, path);
}

static int add_token(const struct outlet *outlet, struct curl_slist **headers)
{
        char value[OUTLET_SECRET_SIZE + 16];
        bool fir = outlet->config->kind == CONFIG_TARGET_FIR;

        if (!outlet->token[0])
                return 0;
        snprintf(value, sizeof(value), "%s %s", fir ? "Token" : "Bearer", outlet->token);
        return add_header(headers, fir ? "X-Api" : "Authorization", value);
}

static int deliver_json(const struct outlet *outlet, const struct parcel *parcel, const char *path,
                        json_t *json, int64_t now_ms, struct error *error)
{
        CLEANUP(cleanup_list) struct curl_slist *headers = NULL;
        CLEANUP(cleanup_free) char *body = json_dumps(json, JSON_COMPACT);
        char moment[24], signature[SIGNATURE_SIZE], url[CALL_URL_MAX];
        int r = body ? 0 : -ENOMEM;

        json_decref(json);
        make_url(outlet->config, path, url);
        snprintf(moment, sizeof(moment), "%lld", (long long)(now_ms / 1000));
        if (!r)
                r = add_header(&headers, "Content-Type", "application/json") |
                    add_header(&headers, "User-Agent", "garde/" GARDE_VERSION) |
                    add_header(&headers, "Expect", "") | add_header(&headers, "Idempotency-Key", parcel->id) |
                    add_header(&headers, "X-Garde-Event", parcel->event) |
                    add_header(&headers, "X-Garde-Timestamp", moment) | add_token(outlet, &headers);
        if (!r && outlet->signing[0]) {
                signature_make(outlet->signing, now_ms / 1000, body, strlen(body), signature);
                r = add_header(&headers, "X-Garde-Signature", signature);
        }
        if (r)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        return post(outlet, url, headers, body, error);
}

/* ---- all of them ---- */

static int deliver_syslog(const struct outlet *outlet, const struct parcel *parcel, struct error *error)
{
        struct buffer message = BUFFER_INIT(SYSLOG_MAX), framed = BUFFER_INIT(SYSLOG_MAX + 16);
        bool datagram = !strncmp(outlet->config->address, "udp:", 4);
        char host[256] = "";
        int r;

        gethostname(host, sizeof(host) - 1);
        syslog_message(outlet, parcel, host, &message);
        syslog_frame(&message, &framed);
        r = datagram ? wire_send(outlet->config, message.data, message.length, error)
                     : wire_send(outlet->config, framed.data, framed.length, error);
        buffer_release(&message);
        buffer_release(&framed);
        return r;
}

int deliver(const struct outlet *outlet, const struct parcel *parcel, int64_t now_ms, struct error *error)
{
        switch (outlet->config->kind) {
        case CONFIG_TARGET_SYSLOG:
                return deliver_syslog(outlet, parcel, error);
        case CONFIG_TARGET_MAIL:
                return mail_send(outlet, parcel, now_ms, error);
        case CONFIG_TARGET_IRIS:
                return deliver_json(outlet, parcel, "/alerts/add", alert_iris(outlet, parcel), now_ms, error);
        case CONFIG_TARGET_FIR:
                return deliver_json(outlet, parcel, "/api/incidents", alert_fir(outlet, parcel), now_ms,
                                    error);
        default:
                return deliver_json(outlet, parcel, "", json_deep_copy(parcel->payload), now_ms, error);
        }
}
