/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/call.h"

#include <errno.h>

#include "base/cleanup.h"

static size_t swallow(char *bytes, size_t size, size_t count, void *context)
{
        size_t *taken = context;

        *taken += size * count;
        return *taken > CALL_ANSWER_MAX ? 0 : size * count;
}

int call_begin(struct call *call, const struct config_target *target, struct error *error)
{
        CURL *curl = curl_easy_init();

        if (!curl)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        *call = (struct call){.target = target, .curl = curl};
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CALL_CONNECT_SECONDS);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)CALL_SECONDS);
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &call->taken);
        if (target->tls.ca[0]) {
                curl_easy_setopt(curl, CURLOPT_CAINFO, target->tls.ca);
                curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        }
        if (target->tls.certificate[0]) {
                curl_easy_setopt(curl, CURLOPT_SSLCERT, target->tls.certificate);
                curl_easy_setopt(curl, CURLOPT_SSLKEY, target->tls.key);
        }
        return 0;
}

void call_end(struct call *call)
{
        curl_easy_cleanup(call->curl);
        call->curl = NULL;
}

static const struct {
        CURLcode code;
        const char *fr, *en;
} failures[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "le nom ne se résout pas", "the name does not resolve"},
        {CURLE_COULDNT_CONNECT, "ne répond pas", "does not answer"},
        {CURLE_OPERATION_TIMEDOUT, "met trop longtemps à répondre", "takes too long to answer"},
        {CURLE_PEER_FAILED_VERIFICATION,
         "son certificat n’est pas reconnu, ou n’est pas à ce nom (tls.ca) : rien n’est envoyé",
         "its certificate is not trusted, or not of this name (tls.ca): nothing is sent"},
        {CURLE_SSL_CACERT_BADFILE, "le fichier tls.ca ne se lit pas", "the file tls.ca cannot be read"},
        {CURLE_SSL_CERTPROBLEM, "notre certificat ne se lit pas (tls.certificate, tls.key)",
         "our certificate cannot be read (tls.certificate, tls.key)"},
        {CURLE_USE_SSL_FAILED, "n’offre pas TLS (STARTTLS) : rien n’est envoyé",
         "does not offer TLS (STARTTLS): nothing is sent"},
        {CURLE_LOGIN_DENIED, "refuse le nom ou le mot de passe (out.secrets)",
         "refuses the name or the password (out.secrets)"},
};

int call_fail(const struct call *call, CURLcode code, struct error *error)
{
        const struct config_target *target = call->target;
        const char *fr = curl_easy_strerror(code), *en = fr;

        for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
                if (failures[i].code == code) {
                        fr = failures[i].fr;
                        en = failures[i].en;
                }
        }
        error_say_in(error, -EIO, LANGUAGE_FR, "cible %s : %s : %s", target->name, target->address, fr);
        return error_say_in(error, -EIO, LANGUAGE_EN, "target %s: %s: %s", target->name, target->address, en);
}
