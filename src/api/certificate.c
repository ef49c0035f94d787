/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/certificate.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"

#define YEARS          10
#define SECONDS_A_YEAR (366 * 24 * 3600LL)
#define SERIAL_BYTES   16
#define PEM_MAX        (16 * 1024)

void certificate_release(struct certificate *certificate)
{
        if (certificate->key) {
                explicit_bzero(certificate->key, strlen(certificate->key));
                free(certificate->key);
        }
        free(certificate->chain);
        *certificate = (struct certificate){0};
}

static int complain(struct error *error, int r, const char *fr, const char *en)
{
        error_say_in(error, -EINVAL, LANGUAGE_FR, "%s : %s", fr, gnutls_strerror(r));
        return error_say_in(error, -EINVAL, LANGUAGE_EN, "%s: %s", en, gnutls_strerror(r));
}

static void write_fingerprint(const uint8_t *hash, size_t length,
                              char ret_text[static CERTIFICATE_FINGERPRINT_SIZE])
{
        for (size_t i = 0; i < length; i++)
                snprintf(ret_text + 3 * i, 4, "%02X%s", hash[i], i + 1 < length ? ":" : "");
}

static int import_first(const char *chain, gnutls_x509_crt_t certificate)
{
        const gnutls_datum_t pem = {(unsigned char *)chain, (unsigned)strlen(chain)};

        return gnutls_x509_crt_import(certificate, &pem, GNUTLS_X509_FMT_PEM);
}

static int take_fingerprint(struct certificate *certificate, struct error *error)
{
        gnutls_x509_crt_t crt;
        uint8_t hash[32];
        size_t length = sizeof(hash);
        int r = gnutls_x509_crt_init(&crt);

        if (r)
                return complain(error, r, "certificat", "certificate");
        r = import_first(certificate->chain, crt);
        if (!r)
                r = gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, hash, &length);
        gnutls_x509_crt_deinit(crt);
        if (r)
                return complain(error, r, "le certificat n’est pas lisible",
                                "the certificate cannot be read");
        write_fingerprint(hash, length, certificate->fingerprint);
        return 0;
}

/* Whether key and certificate belong together, as a server would find at its first client. */
static int check_pair(const struct certificate *certificate, struct error *error)
{
        const gnutls_datum_t chain = {(unsigned char *)certificate->chain,
                                      (unsigned)strlen(certificate->chain)};
        const gnutls_datum_t key = {(unsigned char *)certificate->key, (unsigned)strlen(certificate->key)};
        gnutls_certificate_credentials_t credentials;
        int r = gnutls_certificate_allocate_credentials(&credentials);

        if (r)
                return complain(error, r, "certificat", "certificate");
        r = gnutls_certificate_set_x509_key_mem(credentials, &chain, &key, GNUTLS_X509_FMT_PEM);
        gnutls_certificate_free_credentials(credentials);
        return r < 0 ? complain(error, r, "la clé et le certificat ne vont pas ensemble",
                                "key and certificate do not belong together")
                     : 0;
}

int certificate_read(const char *chain, const char *key, struct certificate *ret_certificate,
                     struct error *error)
{
        CLEANUP(certificate_release) struct certificate certificate = {0};
        size_t length;
        int r = file_read(chain, CERTIFICATE_FILE_MAX, &certificate.chain, &length, error);

        if (!r)
                r = file_read(key, CERTIFICATE_FILE_MAX, &certificate.key, &length, error);
        if (!r)
                r = check_pair(&certificate, error);
        if (!r)
                r = take_fingerprint(&certificate, error);
        if (r)
                return error_context(error, r, "%s", "%s", chain);
        *ret_certificate = certificate;
        certificate = (struct certificate){0};
        return 0;
}

/* ---- making one ---- */

static int name_it(gnutls_x509_crt_t crt, const struct certificate_subject *subject)
{
        const char *first = subject->name_count ? subject->names[0] : "garde";
        const struct addr *address = subject->address;
        static const uint8_t any[16];
        int r = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, first,
                                              (unsigned)strlen(first));

        if (!r)
                r = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "localhost", 9,
                                                         GNUTLS_FSAN_SET);
        for (size_t i = 0; !r && i < subject->name_count; i++)
                r = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, subject->names[i],
                                                         (unsigned)strlen(subject->names[i]),
                                                         GNUTLS_FSAN_APPEND);
        if (!r && address && memcmp(address->bytes, any, sizeof(any)) != 0)
                r = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address->bytes,
                                                         address->family == 6 ? 16 : 4, GNUTLS_FSAN_APPEND);
        return r;
}

static int describe(gnutls_x509_crt_t crt, const struct certificate_subject *subject,
                    const struct clock *clock)
{
        int64_t now = clock_wall_ms(clock) / 1000;
        uint8_t serial[SERIAL_BYTES];
        int r = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

        serial[0] &= 0x7f; /* RFC 5280 section 4.1.2.2: positive */
        if (!r)
                r = gnutls_x509_crt_set_version(crt, 3);
        if (!r)
                r = gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
        if (!r)
                r = gnutls_x509_crt_set_activation_time(crt, (time_t)(now - 24 * 3600)); /* clocks differ */
        if (!r)
                r = gnutls_x509_crt_set_expiration_time(crt, (time_t)(now + YEARS * SECONDS_A_YEAR));
        if (!r)
                r = gnutls_x509_crt_set_basic_constraints(crt, 0, -1);
        if (!r)
                r = gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
        if (!r)
                r = gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
        return r ? r : name_it(crt, subject);
}

static int write_out(const char *path, const void *pem, size_t length, struct error *error)
{
        return file_write_atomic(path, pem, length, 0600, error);
}

static int export_pair(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *chain_path,
                       const char *key_path, struct error *error)
{
        char pem[PEM_MAX];
        size_t length = sizeof(pem);
        int r = gnutls_x509_privkey_export_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, pem,
                                                 &length);

        if (!r)
                r = write_out(key_path, pem, length, error);
        explicit_bzero(pem, sizeof(pem));
        if (r)
                return r;
        length = sizeof(pem);
        r = gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, pem, &length);
        return r ? r : write_out(chain_path, pem, length, error);
}

static int make(const char *chain_path, const char *key_path, const struct certificate_subject *subject,
                const struct clock *clock, struct error *error)
{
        gnutls_x509_privkey_t key = NULL;
        gnutls_x509_crt_t crt = NULL;
        int r = gnutls_x509_privkey_init(&key);

        if (!r)
                r = gnutls_x509_crt_init(&crt);
        if (!r)
                r = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                                 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
        if (!r)
                r = gnutls_x509_crt_set_key(crt, key);
        if (!r)
                r = describe(crt, subject, clock);
        if (!r)
                r = gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
        if (r)
                complain(error, r, "le certificat n’a pas pu être fait", "the certificate could not be made");
        else
                r = export_pair(crt, key, chain_path, key_path, error);
        gnutls_x509_crt_deinit(crt);
        gnutls_x509_privkey_deinit(key);
        return r ? -EINVAL : 0;
}

int certificate_own(const char *folder, const struct certificate_subject *subject, const struct clock *clock,
                    struct certificate *ret_certificate, struct error *error)
{
        char chain[PATH_MAX], key[PATH_MAX];
        int r = 0;

        if (snprintf(chain, sizeof(chain), "%s/tls.crt", folder) >= (int)sizeof(chain) ||
            snprintf(key, sizeof(key), "%s/tls.key", folder) >= (int)sizeof(key))
                return error_say(error, -ENAMETOOLONG, "%s : %m", "%s: %m", folder);
        /* The certificate is written last: without it the key alone is of a start that was cut short. */
        if (access(chain, F_OK) != 0)
                r = make(chain, key, subject, clock, error);
        return r ? r : certificate_read(chain, key, ret_certificate, error);
}
