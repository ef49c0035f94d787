/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers, cookies, hosts, addresses behind proxies, the console's files, the certificate. */
#include "api/answer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "api/caller.h"
#include "api/certificate.h"
#include "api/cookie.h"
#include "api/host.h"
#include "api/site.h"
#include "base/cleanup.h"
#include "base/file.h"

static const char *header_of(const struct answer *answer, const char *name)
{
        for (size_t i = 0; i < answer->header_count; i++)
                if (!strcmp(answer->headers[i].name, name))
                        return answer->headers[i].value;
        return NULL;
}

static void test_problem(void **state)
{
        struct answer answer = ANSWER_INIT;

        answer_problem(&answer, 409, "déjà fait", "done already", false);
        assert_int_equal(answer.status, 409);
        assert_string_equal(
                answer.body,
                "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"déjà fait\","
                "\"detail_fr\":\"déjà fait\",\"detail_en\":\"done already\"}");
        assert_string_equal(header_of(&answer, "Content-Type"), "application/problem+json");
        answer_release(&answer);
        answer_problem(&answer, 404, "rien", "nothing", true);
        assert_non_null(strstr(answer.body, "\"detail\":\"nothing\""));
        answer_release(&answer);
}

static void test_status(void **state)
{
        assert_int_equal(answer_status(0), 200);
        assert_int_equal(answer_status(-EINPROGRESS), 202);
        assert_int_equal(answer_status(-EINVAL), 422);
        assert_int_equal(answer_status(-ESTALE), 412);
        assert_int_equal(answer_status(-EIO), 500);
}

static void test_no_header_begins_another(void **state)
{
        struct answer answer = ANSWER_INIT;

        answer_header(&answer, "Content-Disposition", "attachment; filename=\"a\r\nSet-Cookie: x\"");
        assert_string_equal(header_of(&answer, "Content-Disposition"), "attachment; filename=\"a");
        for (unsigned i = 0; i < 2 * ANSWER_HEADERS_MAX; i++)
                answer_header(&answer, "X", "y");
        assert_int_equal(answer.header_count, ANSWER_HEADERS_MAX);
        answer_release(&answer);
}

static void test_tags(void **state)
{
        char tag[ANSWER_TAG_SIZE], other[ANSWER_TAG_SIZE], list[128];

        answer_tag("a", 1, tag);
        answer_tag("b", 1, other);
        assert_int_equal(strlen(tag), 34);
        assert_string_not_equal(tag, other);
        assert_true(answer_tag_named("*", tag));
        assert_true(answer_tag_named(tag, tag));
        assert_false(answer_tag_named(other, tag));
        assert_false(answer_tag_named(NULL, tag));
        assert_false(answer_tag_named("", tag));
        snprintf(list, sizeof(list), "%s, W/%s", other, tag);
        assert_true(answer_tag_named(list, tag));
        snprintf(list, sizeof(list), "%.20s", tag);
        assert_false(answer_tag_named(list, tag));
}

static void test_not_modified(void **state)
{
        json_t *json = json_pack("{s:i}", "a", 1);
        struct answer answer = ANSWER_INIT;
        char tag[ANSWER_TAG_SIZE];

        assert_int_equal(answer_json(&answer, 200, "application/json", json), 0);
        answer_tag(answer.body, answer.length, tag);
        answer_settle_tag(&answer, tag, false, tag);
        assert_int_equal(answer.status, 304);
        assert_int_equal(answer.length, 0);
        assert_string_equal(header_of(&answer, "ETag"), tag);
        answer_release(&answer);
        json_decref(json);
}

static void note(void *context, const char *name, const char *value)
{
        strcat(strcat(strcat(strcat(context, name), ": "), value), "\n");
}

static void test_strict_headers(void **state)
{
        char all[2048] = "";

        answer_headers(false, note, all);
        assert_non_null(strstr(all, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
        assert_non_null(strstr(all, "frame-ancestors 'none'; base-uri 'none'"));
        assert_null(strstr(all, "unsafe"));
        assert_non_null(strstr(all, "X-Content-Type-Options: nosniff\n"));
        assert_non_null(strstr(all, "Referrer-Policy: no-referrer\n"));
        assert_null(strstr(all, "Strict-Transport-Security"));
        all[0] = '\0';
        answer_headers(true, note, all);
        assert_non_null(strstr(all, "Strict-Transport-Security: max-age="));
}

static void test_languages_and_codings(void **state)
{
        assert_true(answer_english("en", false));
        assert_true(answer_english("de, en-GB;q=0.8, fr;q=0.5", false));
        assert_false(answer_english("fr-FR,fr;q=0.9,en;q=0.8", true));
        assert_true(answer_english("de", true));
        assert_false(answer_english("de", false));
        assert_false(answer_english(NULL, false));
        assert_true(answer_accepts("gzip, br", "br"));
        assert_false(answer_accepts("gzip, br;q=0", "br"));
        assert_false(answer_accepts("brotli", "br"));
        assert_false(answer_accepts(NULL, "gzip"));
}

static void test_cookies(void **state)
{
        char value[COOKIE_VALUE_SIZE], header[COOKIE_HEADER_SIZE];

        assert_true(cookie_find("a=b; __Host-garde=xyz; c=d", "__Host-garde", value));
        assert_string_equal(value, "xyz");
        assert_false(cookie_find("x__Host-garde=xyz", "__Host-garde", value));
        assert_false(cookie_find("garde=1; garde=2", "garde", value));
        assert_false(cookie_find("garde=", "garde", value));
        assert_false(cookie_find(NULL, "garde", value));
        cookie_set(true, "v", header);
        assert_string_equal(header, "__Host-garde=v; Path=/; HttpOnly; SameSite=Strict; Secure");
        cookie_set(false, "", header);
        assert_string_equal(header, "garde=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

static void test_hosts(void **state)
{
        static const char *const names[] = {"garde.chu.example"};
        static const char *const ours[] = {
                "localhost", "LOCALHOST:8443",    "127.0.0.1:8443",       "[::1]:8443",
                "192.0.2.1", "garde.chu.example", "Garde.CHU.example:443"};
        static const char *const others[] = {"",
                                             "evil.example",
                                             "localhost.evil.example",
                                             "garde.chu.example.evil",
                                             "::1",
                                             "[::1",
                                             "localhost:",
                                             "localhost:80x",
                                             "[127.0.0.1]:1",
                                             "127.0.0.1/8",
                                             "localhost:123456",
                                             "[localhost]"};

        for (size_t i = 0; i < ARRAY_LEN(ours); i++)
                assert_true(host_is_ours(ours[i], names, 1));
        for (size_t i = 0; i < ARRAY_LEN(others); i++)
                assert_false(host_is_ours(others[i], names, 1));
        assert_false(host_is_ours(NULL, names, 1));
        assert_true(host_is_origin("localhost:8443", "https://localhost:8443"));
        assert_false(host_is_origin("localhost:8443", "https://localhost"));
        assert_false(host_is_origin("localhost:8443", "null"));
        assert_false(host_is_origin("localhost:8443", "ftp://localhost:8443"));
}

static void assert_address(const char *peer, const char *forwarded, const char *expected)
{
        struct addr proxy, from, found;
        char text[ADDR_TEXT_SIZE];

        assert_int_equal(addr_parse("10.0.0.0/8", &proxy), 0);
        assert_int_equal(addr_parse(peer, &from), 0);
        caller_address(&from, forwarded, &proxy, 1, &found);
        addr_format(&found, text);
        text[strcspn(text, "/")] = '\0';
        assert_string_equal(text, expected);
}

static void test_addresses_behind_proxies(void **state)
{
        assert_address("192.0.2.1", "203.0.113.9", "192.0.2.1"); /* no proxy of ours: a tale */
        assert_address("10.0.0.1", "203.0.113.9", "203.0.113.9");
        assert_address("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9");
        assert_address("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9");
        assert_address("10.0.0.1", NULL, "10.0.0.1");
        assert_address("10.0.0.1", "what", "10.0.0.1");
        assert_address("10.0.0.1", "2001:db8::1", "2001:db8::1");
}

/* ---- files ---- */

static void write_text(const char *folder, const char *name, const char *text)
{
        char path[512];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_int_equal(file_write_atomic(path, text, strlen(text), 0644, NULL), 0);
}

static void ask(const struct site *site, const char *path, const char *coding, const char *tag,
                struct answer *answer)
{
        const struct site_request request = {.path = path, .accept_encoding = coding, .if_none_match = tag};

        *answer = (struct answer)ANSWER_INIT;
        site_answer(site, &request, answer);
}

static void test_site(void **state)
{
        char folder[] = "/tmp/garde-site-XXXXXX", path[512], command[600], tag[ANSWER_TAG_SIZE];
        struct site *site;
        struct answer answer;

        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/assets", folder);
        assert_int_equal(mkdir(path, 0755), 0);
        write_text(folder, "index.html", "<!doctype html>");
        write_text(folder, "aide.html", "<!doctype html>aide");
        write_text(folder, ".secret", "no");
        write_text(folder, "assets/a-1234.js", "let a = 1;let b = 2;");
        write_text(folder, "assets/a-1234.js.br", "BR");
        write_text(folder, "assets/a-1234.js.gz", "GZIP");
        snprintf(path, sizeof(path), "%s/link.txt", folder);
        assert_int_equal(symlink("/etc/passwd", path), 0);
        assert_int_equal(site_load(folder, &site, NULL), 0);

        ask(site, "/", NULL, NULL, &answer);
        assert_string_equal(header_of(&answer, "Content-Type"), "text/html; charset=utf-8");
        assert_string_equal(header_of(&answer, "Cache-Control"), "no-cache");
        answer_release(&answer);
        ask(site, "/incidents/i_1", NULL, NULL, &answer); /* a place inside the console */
        assert_int_equal(answer.length, strlen("<!doctype html>"));
        answer_release(&answer);
        ask(site, "/aide", NULL, NULL, &answer);
        assert_int_equal(answer.length, strlen("<!doctype html>aide"));
        answer_release(&answer);
        ask(site, "/assets/a-1234.js", "gzip, br", NULL, &answer);
        assert_memory_equal(answer.body, "BR", 2);
        assert_string_equal(header_of(&answer, "Content-Encoding"), "br");
        assert_string_equal(header_of(&answer, "Content-Type"), "text/javascript; charset=utf-8");
        assert_non_null(strstr(header_of(&answer, "Cache-Control"), "immutable"));
        memcpy(tag, answer.tag, sizeof(tag));
        answer_release(&answer);
        ask(site, "/assets/a-1234.js", "br", tag, &answer);
        assert_int_equal(answer.status, 304);
        answer_release(&answer);
        ask(site, "/assets/a-1234.js", NULL, tag, &answer); /* another form, another tag */
        assert_int_equal(answer.status, 200);
        assert_null(header_of(&answer, "Content-Encoding"));
        answer_release(&answer);
        static const char *const nothing[] = {"/x.js", "/.secret", "/link.txt", "/assets/none.css",
                                              "/../etc/passwd.x"};
        for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
                ask(site, nothing[i], NULL, NULL, &answer);
                assert_int_equal(answer.status, 404);
                answer_release(&answer);
        }
        ask(NULL, "/", NULL, NULL, &answer);
        assert_int_equal(answer.status, 404);
        answer_release(&answer);
        site_free(site);
        snprintf(command, sizeof(command), "rm -r %s", folder);
        assert_int_equal(system(command), 0);
}

static void test_certificate(void **state)
{
        static const char *const names[] = {"garde.chu.example"};
        char folder[] = "/tmp/garde-tls-XXXXXX", path[512], other[512], command[600];
        struct certificate first, again;
        struct error error = {0};
        struct stat st;
        struct addr here;

        assert_non_null(mkdtemp(folder));
        assert_int_equal(addr_parse("192.0.2.1", &here), 0);
        const struct certificate_subject subject = {names, 1, &here};
        assert_int_equal(certificate_own(folder, &subject, &clock_system, &first, &error), 0);
        assert_int_equal(strlen(first.fingerprint), 32 * 3 - 1);
        snprintf(path, sizeof(path), "%s/tls.key", folder);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(certificate_own(folder, &subject, &clock_system, &again, &error), 0);
        assert_string_equal(first.fingerprint, again.fingerprint);
        certificate_release(&again);
        snprintf(other, sizeof(other), "%s/tls.crt", folder);
        write_text(folder, "junk", "no PEM");
        snprintf(path, sizeof(path), "%s/junk", folder);
        assert_int_equal(certificate_read(other, path, &again, &error), -EINVAL);
        assert_true(error.fr[0] && error.en[0]);
        certificate_release(&first);
        snprintf(command, sizeof(command), "rm -r %s", folder);
        assert_int_equal(system(command), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_problem),
                                           cmocka_unit_test(test_status),
                                           cmocka_unit_test(test_no_header_begins_another),
                                           cmocka_unit_test(test_tags),
                                           cmocka_unit_test(test_not_modified),
                                           cmocka_unit_test(test_strict_headers),
                                           cmocka_unit_test(test_languages_and_codings),
                                           cmocka_unit_test(test_cookies),
                                           cmocka_unit_test(test_hosts),
                                           cmocka_unit_test(test_addresses_behind_proxies),
                                           cmocka_unit_test(test_site),
                                           cmocka_unit_test(test_certificate)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
