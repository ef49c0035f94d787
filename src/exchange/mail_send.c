/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/mail_send.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "exchange/call.h"
#include "exchange/mail.h"

#define PORT_TLS        465
#define PORT_SUBMISSION 587

struct reading {
        const char *at;
        size_t left;
};

static size_t give(char *to, size_t size, size_t count, void *context)
{
        struct reading *reading = context;
        size_t length = size * count < reading->left ? size * count : reading->left;

        memcpy(to, reading->at, length);
        reading->at += length;
        reading->left -= length;
        return length;
}

static int judge(const struct call *call, CURLcode code, struct error *error)
{
        long answer = 0;
        bool final;

        if (code == CURLE_OK)
                return 0;
        curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &answer);
        if (answer < 400 || code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED)
                return call_fail(call, code, error);
        final = answer >= 550 && answer < 560;
        return error_say(error, final ? DELIVER_REFUSED : -EIO,
                         "cible %s : le serveur de courriel refuse (%ld)",
                         "target %s: the mail server refuses (%ld)", call->target->name, answer);
}

/* The sender's domain as a path is the name we greet with; libcurl takes this machine's otherwise. 1 when the server is this machine. */
static int make_url(const struct config_target *target, char ret_url[static CALL_URL_MAX])
{
        const char *domain = strchr(target->from, '@');
        struct config_address address;
        unsigned port;

        if (!domain || config_target_parse(target->address, &address))
                return -EINVAL;
        port = !strcmp(address.scheme, "smtps") ? PORT_TLS : PORT_SUBMISSION;
        snprintf(ret_url, CALL_URL_MAX, strchr(address.host, ':') ? "%s://[%s]:%u/%s" : "%s://%s:%u/%s",
                 address.scheme, address.host, address.port ? address.port : port, domain + 1);
        return config_is_loopback(address.host);
}

static int list_recipients(const struct config_target *target, struct curl_slist **ret_list)
{
        struct curl_slist *list = NULL, *longer;

        for (uint32_t i = 0; i < target->to_count; i++) {
                longer = curl_slist_append(list, target->to[i]);
                if (!longer) {
                        curl_slist_free_all(list);
                        return -ENOMEM;
                }
                list = longer;
        }
        *ret_list = list;
        return 0;
}

static void set_mail(CURL *curl, const struct outlet *outlet, const char *url, bool here)
{
        char sender[sizeof(outlet->config->from) + 2];

        snprintf(sender, sizeof(sender), "<%s>", outlet->config->from);
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_USE_SSL,
                         (long)(here && !outlet->password[0] ? CURLUSESSL_TRY : CURLUSESSL_ALL));
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender);
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        if (outlet->user[0]) {
                curl_easy_setopt(curl, CURLOPT_USERNAME, outlet->user);
                curl_easy_setopt(curl, CURLOPT_PASSWORD, outlet->password);
        }
}

static int send_message(const struct outlet *outlet, const struct buffer *message, struct error *error)
{
        CLEANUP(call_end) struct call call = CALL_INIT;
        struct reading reading = {message->data, message->length};
        struct curl_slist *recipients = NULL;
        char url[CALL_URL_MAX];
        int here = make_url(outlet->config, url), r = call_begin(&call, outlet->config, error);

        if (!r && (here < 0 || list_recipients(outlet->config, &recipients)))
                r = error_say(error, -ENOMEM, "cible %s : adresse ou mémoire manquante",
                              "target %s: no address, or out of memory", outlet->config->name);
        if (r)
                return r;
        set_mail(call.curl, outlet, url, here);
        curl_easy_setopt(call.curl, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(call.curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(call.curl, CURLOPT_READDATA, &reading);
        r = judge(&call, curl_easy_perform(call.curl), error);
        curl_slist_free_all(recipients);
        return r;
}

int mail_send(const struct outlet *outlet, const struct parcel *parcel, int64_t now_ms, struct error *error)
{
        struct buffer message = BUFFER_INIT(MAIL_MAX);
        int r = mail_message(outlet, parcel, now_ms, &message, error) ? DELIVER_REFUSED : 0;

        if (!r)
                r = send_message(outlet, &message, error);
        buffer_release(&message);
        return r;
}
