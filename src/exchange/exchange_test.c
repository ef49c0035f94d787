/* SPDX-License-Identifier: EUPL-1.2 */
/* What leaves the house, byte by byte: messages against their formats, secrets, retries, who may be called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <errno.h>
#include <sodium.h>

#include "base/cleanup.h"
#include "exchange/alert.h"
#include "exchange/deliver.h"
#include "exchange/mail.h"
#include "exchange/retry.h"
#include "exchange/secrets.h"
#include "exchange/signature.h"
#include "exchange/syslog_message.h"
#include "exchange/words.h"

#define ID "out_0123456789abcdef0123456789abcdef"

static struct config_target target = {.name = "soc",
                                      .from = "garde@hopital.example",
                                      .to = {"soc@region.example", "garde@soc.example"},
                                      .to_count = 2,
                                      .tlp = CONFIG_TLP_AMBER,
                                      .category = "DDoS",
                                      .detection = "Garde",
                                      .business_line = "Hôpital"};

static struct outlet outlet_of(void)
{
        return (struct outlet){.config = &target, .enterprise = "32473", .language = LANGUAGE_FR};
}

static json_t *payload_with(const char *title)
{
        json_t *payload =
                json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:{s:s, s:s}}}", "at",
                          "2020-03-22T10:15:00.000Z", "structure", "Hôpital de l’exercice", "tlp", "amber",
                          "event", "incident.opened", "incident", "id", "i_01", "kind", "flood", "gravity",
                          "grave", "state", "open", "title", "fr", title, "en", title);
        assert_non_null(payload);
        return payload;
}

/* ---- syslog ---- */

static void test_syslog(void **state)
{
        struct outlet outlet = outlet_of();
        json_t *payload = payload_with("Inondation de « portail »");
        const struct parcel parcel = {.id = ID, .event = "incident.opened", .payload = payload};
        struct buffer message = BUFFER_INIT(SYSLOG_MAX), framed = BUFFER_INIT(SYSLOG_MAX);

        syslog_message(&outlet, &parcel, "garde box", &message);
        assert_string_equal(
                buffer_string(&message),
                "<106>1 2020-03-22T10:15:00.000Z gardebox garde - incident.opened [garde@32473 id=\"" ID
                "\" event=\"incident.opened\" incident=\"i_01\" kind=\"flood\" gravity=\"grave\" "
                "tlp=\"amber\"] \xef\xbb\xbfIncident ouvert : Inondation de « portail » (gravité : "
                "grave)");
        syslog_frame(&message, &framed);
        assert_int_equal(strtoul(buffer_string(&framed), NULL, 10), message.length);
        assert_string_equal(strchr(buffer_string(&framed), ' ') + 1, buffer_string(&message));
        buffer_release(&message);
        buffer_release(&framed);
        json_decref(payload);
}

/* RFC 5424 6.3.3: quote, backslash and bracket are escaped; a title cannot begin a second message. */
static void test_syslog_is_one_message(void **state)
{
        struct outlet outlet = outlet_of();
        json_t *payload = payload_with("a\n<0>1 - - - - - - b\r\nc");
        const struct parcel parcel = {.id = ID, .event = "incident.opened", .payload = payload};
        struct buffer message = BUFFER_INIT(SYSLOG_MAX);

        json_object_set_new(json_object_get(payload, "incident"), "kind", json_string("a\"b\\c]d"));
        syslog_message(&outlet, &parcel, "", &message);
        assert_null(strpbrk(buffer_string(&message), "\r\n"));
        assert_non_null(strstr(buffer_string(&message), "kind=\"a\\\"b\\\\c\\]d\""));
        assert_non_null(strstr(buffer_string(&message), "Z - garde - "));
        buffer_release(&message);
        json_decref(payload);
}

/* ---- mail ---- */

static size_t count_lines(const char *text, const char *begin)
{
        size_t count = 0;

        for (const char *line = text; line; line = strstr(line, "\r\n"), line = line ? line + 2 : NULL)
                count += !strncmp(line, begin, strlen(begin));
        return count;
}

/* The body, decoded. */
static void read_body(const char *message, char *ret_body, size_t size)
{
        const char *body = strstr(message, "\r\n\r\n") + 4;
        size_t length = 0;

        assert_int_equal(sodium_base642bin((unsigned char *)ret_body, size - 1, body, strlen(body), "\r\n",
                                           &length, NULL, sodium_base64_VARIANT_ORIGINAL),
                         0);
        ret_body[length] = '\0';
}

static void test_mail(void **state)
{
        struct outlet outlet = outlet_of();
        json_t *payload = payload_with("Inondation\r\nBcc: x@evil.example\r\n\r\nbonjour");
        const struct parcel parcel = {.id = ID, .event = "incident.opened", .payload = payload};
        struct buffer message = BUFFER_INIT(MAIL_MAX);
        char body[8192];

        assert_int_equal(mail_message(&outlet, &parcel, 1584872100000, &message, NULL), 0);
        assert_int_equal(count_lines(buffer_string(&message), "Bcc:"), 0);
        assert_int_equal(count_lines(buffer_string(&message), "Subject: =?UTF-8?B?"), 1);
        assert_int_equal(count_lines(buffer_string(&message), "From: Garde <garde@hopital.example>\r\n"), 1);
        assert_int_equal(count_lines(buffer_string(&message), "Date: Sun, 22 Mar 2020 10:15:00 +0000\r\n"),
                         1);
        assert_int_equal(count_lines(buffer_string(&message), "Message-ID: <" ID "@hopital.example>\r\n"), 1);
        for (const char *line = buffer_string(&message); line; line = strstr(line, "\r\n")) {
                line += line[0] == '\r' ? 2 : 0;
                assert_in_range(strcspn(line, "\r"), 0, 78);
                if (!*line)
                        break;
        }
        read_body(buffer_string(&message), body, sizeof(body));
        assert_non_null(strstr(
                body, "Incident ouvert : Inondation  Bcc: x@evil.example    bonjour (gravité : grave)\n"));
        assert_non_null(strstr(body, "Incident opened: Inondation"));
        buffer_release(&message);
        json_decref(payload);
}

static void test_mail_addresses(void **state)
{
        static const char *const wrong[] = {"a@b.example\r\nX: y", "a b@c.example", "<a@b.example>",
                                            "é@b.example", "ab"};
        struct config_target other = target;
        struct outlet outlet = {.config = &other};
        json_t *payload = payload_with("t");
        const struct parcel parcel = {.id = ID, .event = "test", .payload = payload};

        for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
                struct buffer message = BUFFER_INIT(MAIL_MAX);
                strcpy(other.to[1], wrong[i]);
                assert_int_equal(mail_message(&outlet, &parcel, 0, &message, NULL), -EINVAL);
                buffer_release(&message);
        }
        json_decref(payload);
}

/* ---- other desks ---- */

static void check_types(const json_t *json, const char *const (*fields)[2], size_t count)
{
        for (size_t i = 0; i < count; i++) {
                const json_t *value = json_object_get(json, fields[i][0]);
                if (!(fields[i][1][0] == 'i'   ? json_is_integer(value)
                      : fields[i][1][0] == 'o' ? json_is_object(value)
                      : fields[i][1][0] == 'b' ? json_is_boolean(value)
                      : fields[i][1][0] == 'a' ? json_is_array(value)
                                               : json_string_length(value) > 0))
                        fail_msg("%s is not as documented", fields[i][0]);
        }
        assert_int_equal(json_object_size(json), count);
}

static void test_iris(void **state)
{
        static const char *const fields[][2] = {
                {"alert_title", "s"},      {"alert_description", "s"},       {"alert_source", "s"},
                {"alert_source_ref", "s"}, {"alert_source_content", "o"},    {"alert_severity_id", "i"},
                {"alert_status_id", "i"},  {"alert_source_event_time", "s"}, {"alert_tags", "s"},
                {"alert_customer_id", "i"}};
        struct outlet outlet = outlet_of();
        json_t *payload = payload_with("Inondation"), *alert;
        const struct parcel parcel = {.id = ID, .event = "incident.opened", .payload = payload};

        alert = alert_iris(&outlet, &parcel);
        check_types(alert, fields, ARRAY_LEN(fields));
        assert_int_equal(json_integer_value(json_object_get(alert, "alert_severity_id")), 6);
        assert_int_equal(json_integer_value(json_object_get(alert, "alert_customer_id")), 1);
        assert_string_equal(json_string_value(json_object_get(alert, "alert_source_ref")), "i_01");
        assert_string_equal(json_string_value(json_object_get(alert, "alert_source_event_time")),
                            "2020-03-22T10:15:00.000");
        assert_string_equal(json_string_value(json_object_get(alert, "alert_tags")),
                            "garde,incident.opened,tlp:amber,flood");
        json_decref(alert);
        json_decref(payload);
}

static void test_fir(void **state)
{
        static const char *const fields[][2] = {
                {"subject", "s"},  {"description", "s"}, {"severity", "s"},
                {"category", "s"}, {"detection", "s"},   {"confidentiality", "s"},
                {"tlp", "s"},      {"date", "s"},        {"is_incident", "b"},
                {"is_major", "b"}, {"is_starred", "b"},  {"concerned_business_lines", "a"}};
        struct outlet outlet = outlet_of();
        json_t *payload = payload_with("Inondation"), *incident;
        const struct parcel parcel = {.id = ID, .event = "incident.opened", .payload = payload};

        incident = alert_fir(&outlet, &parcel);
        check_types(incident, fields, ARRAY_LEN(fields));
        assert_string_equal(json_string_value(json_object_get(incident, "severity")), "4");
        assert_string_equal(json_string_value(json_object_get(incident, "confidentiality")), "C2");
        assert_string_equal(json_string_value(json_object_get(incident, "tlp")), "AMBER");
        assert_true(json_is_true(json_object_get(incident, "is_major")));
        json_decref(incident);
        json_decref(payload);
}

/* FIR counts characters, and refuses what is longer than its column: it would be given up. */
static void test_fir_subjects_fit(void **state)
{
        static const size_t lengths[] = {10, 200, 400};
        struct outlet outlet = outlet_of();

        for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
                char title[1024] = "";
                for (size_t k = 0; k < lengths[i]; k++)
                        strcat(title, "é");
                json_t *payload = payload_with(title), *incident;
                const struct parcel parcel = {.id = ID, .event = "incident.opened", .payload = payload};
                const char *subject;
                size_t characters = 0;
                incident = alert_fir(&outlet, &parcel);
                subject = json_string_value(json_object_get(incident, "subject"));
                assert_non_null(subject); /* no half character, or jansson would have refused it */
                for (const char *at = subject; *at; at++)
                        characters += ((unsigned char)*at & 0xc0) != 0x80;
                assert_int_equal(characters, lengths[i] == 400
                                                     ? 256
                                                     : strlen("Garde: Incident ouvert :  (gravite : grave)") +
                                                               lengths[i]);
                assert_int_equal(strstr(subject, "…") != NULL, lengths[i] == 400);
                json_decref(incident);
                json_decref(payload);
        }
}

/* RFC 4231, test case 2, with the moment before the text. */
static void test_signature(void **state)
{
        char text[SIGNATURE_SIZE], again[SIGNATURE_SIZE];
        unsigned char hash[crypto_auth_hmacsha256_BYTES];
        crypto_auth_hmacsha256_state hmac;

        crypto_auth_hmacsha256_init(&hmac, (const unsigned char *)"Jefe", 4);
        crypto_auth_hmacsha256_update(&hmac, (const unsigned char *)"what do ya want for nothing?", 28);
        crypto_auth_hmacsha256_final(&hmac, hash);
        sodium_bin2hex(again, sizeof(again), hash, sizeof(hash));
        assert_string_equal(again, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        signature_make("Jefe", 1584872100, "{}", 2, text);
        assert_memory_equal(text, "sha256=", 7);
        assert_int_equal(strlen(text), 71);
        signature_make("Jefe", 1584872101, "{}", 2, again);
        assert_string_not_equal(text, again);
        signature_make("jefe", 1584872100, "{}", 2, again);
        assert_string_not_equal(text, again);
}

/* ---- retries, who may be called ---- */

static void test_retry(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 3);
        int64_t full = RETRY_FIRST_MS;

        assert_int_equal(retry_wait_ms(0, &random), 0);
        for (unsigned failures = 1; failures < 100; failures++) {
                int64_t wait = retry_wait_ms(failures, &random);
                assert_in_range(wait, full / 2, full);
                full = full * 2 > RETRY_LONGEST_MS ? RETRY_LONGEST_MS : full * 2;
        }
        assert_false(retry_is_over(1000, RETRY_GIVE_UP_MS - 1));
        assert_false(retry_is_over(2, RETRY_GIVE_UP_MS * 2));
        assert_true(retry_is_over(3, RETRY_GIVE_UP_MS));
}

static void test_private(void **state)
{
        static const char *const private[] = {"127.0.0.1",      "10.1.2.3",        "192.168.0.9",
                                              "172.31.255.1",   "169.254.169.254", "100.64.0.1",
                                              "0.0.0.0",        "224.0.0.1",       "::1",
                                              "fd00::1",        "fe80::1",         "::ffff:127.0.0.1",
                                              "::ffff:10.0.0.1"},
                                 *const public[] = {"192.0.2.1", "172.32.0.1", "8.8.8.8", "2001:db8::1",
                                                    "::ffff:8.8.8.8"};
        struct addr addr;

        for (size_t i = 0; i < ARRAY_LEN(private); i++) {
                if (addr_parse(private[i], &addr))
                        fail_msg("%s is no address", private[i]);
                if (!deliver_is_private(&addr))
                        fail_msg("%s could be called", private[i]);
        }
        for (size_t i = 0; i < ARRAY_LEN(public); i++) {
                assert_int_equal(addr_parse(public[i], &addr), 0);
                if (deliver_is_private(&addr))
                        fail_msg("%s could not be called", public[i]);
        }
}

static void test_status(void **state)
{
        assert_int_equal(deliver_judge_status(200), 0);
        assert_int_equal(deliver_judge_status(204), 0);
        assert_int_equal(deliver_judge_status(409), 0);
        assert_int_equal(deliver_judge_status(302), DELIVER_REFUSED);
        assert_int_equal(deliver_judge_status(400), DELIVER_REFUSED);
        assert_int_equal(deliver_judge_status(401), -EAGAIN);
        assert_int_equal(deliver_judge_status(429), -EAGAIN);
        assert_int_equal(deliver_judge_status(503), -EAGAIN);
}

/* ---- secrets ---- */

static int read_secrets(const char *text, mode_t mode, struct outlet *ret_outlet, struct error *error)
{
        char path[] = "/tmp/garde-secrets-XXXXXX";
        int fd = mkstemp(path), r;

        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), strlen(text));
        fchmod(fd, mode);
        close(fd);
        r = secrets_read(path, ret_outlet, 1, error);
        unlink(path);
        return r;
}

static void test_secrets(void **state)
{
        struct outlet outlet = outlet_of();
        struct error error = {0};

        assert_int_equal(read_secrets("soc: {token: abc, signing: \"a b\", user: u, password: p}\n", 0600,
                                      &outlet, NULL),
                         0);
        assert_string_equal(outlet.token, "abc");
        assert_string_equal(outlet.signing, "a b");
        secrets_wipe(&outlet, 1);
        assert_string_equal(outlet.token, "");
        assert_int_equal(read_secrets("soc: {token: abc}\n", 0640, &outlet, &error), -EACCES);
        assert_int_equal(read_secrets("soc: {token: abc}\n", 0604, &outlet, &error), -EACCES);
        assert_int_equal(read_secrets("other: {token: hidden}\n", 0600, &outlet, &error), -EINVAL);
        assert_null(strstr(error.en, "hidden"));
        assert_int_equal(read_secrets("soc: {tokens: hidden}\n", 0600, &outlet, &error), -EINVAL);
        assert_int_equal(read_secrets("soc: {token: \"a\\r\\nX: y\"}\n", 0600, &outlet, &error), -EINVAL);
        assert_int_equal(secrets_read("/nowhere/out.secrets", &outlet, 1, NULL), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_syslog),
                cmocka_unit_test(test_syslog_is_one_message),
                cmocka_unit_test(test_mail),
                cmocka_unit_test(test_mail_addresses),
                cmocka_unit_test(test_iris),
                cmocka_unit_test(test_fir),
                cmocka_unit_test(test_fir_subjects_fit),
                cmocka_unit_test(test_signature),
                cmocka_unit_test(test_retry),
                cmocka_unit_test(test_private),
                cmocka_unit_test(test_status),
                cmocka_unit_test(test_secrets),
        };

        return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
