/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "domains/list.h"

struct taken {
        char text[4096]; /* "name" or "*.name", "(why)" behind it, one blank between entries */
        struct list_report report;
        struct error error;
};

static int take(void *context, const struct list_entry *entry)
{
        struct taken *taken = context;
        size_t length = strlen(taken->text);

        snprintf(taken->text + length, sizeof(taken->text) - length, "%s%s%s%s%s%s", length ? " " : "",
                 entry->below ? "*." : "", entry->name.text, entry->why[0] ? "(" : "", entry->why,
                 entry->why[0] ? ")" : "");
        return 0;
}

static int file_of(const char *text, size_t length)
{
        int fd = memfd_create("list", MFD_CLOEXEC);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, length), (ssize_t)length);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        return fd;
}

static int read_with(const struct list_options *options, const char *text, size_t length, struct taken *taken)
{
        CLEANUP(cleanup_fd) int fd = file_of(text, length);

        memset(taken, 0, sizeof(*taken));
        return list_read(fd, options, take, taken, &taken->report, &taken->error);
}

static int read_as(enum list_format format, const char *text, struct taken *taken)
{
        const struct list_options options = {
                .format = format, .entries_max = 1000, .bytes_max = 1 << 20, .now_ms = 1600000000000};

        return read_with(&options, text, strlen(text), taken);
}

static uint64_t refused(const struct taken *taken)
{
        uint64_t sum = 0;

        for (size_t i = 0; i < LIST_REFUSAL_COUNT; i++)
                sum += taken->report.refused[i];
        return sum;
}

static void plain_takes_what_people_write(void **state)
{
        struct taken taken;

        assert_int_equal(read_as(LIST_FORMAT_PLAIN,
                                 "\xef\xbb\xbf# une "
                                 "liste\r\nCovid19-Aide.Example\r\n\r\nhxxp://evil[.]example/a#b ; vu\r\n"
                                 "*.wild.example   # tout\r\n192.0.2.1\r\nseul\r\nvaccin.example.",
                                 &taken),
                         0);
        assert_string_equal(taken.text, "covid19-aide.example evil.example *.wild.example vaccin.example");
        assert_int_equal(taken.report.refused[NAME_REFUSED_ADDRESS], 1);
        assert_int_equal(taken.report.refused[NAME_REFUSED_SINGLE], 1);
        assert_int_equal(refused(&taken), 2);
        assert_int_equal(taken.report.shown_count, 2);
        assert_int_equal(taken.report.shown[0].line, 6);
        assert_string_equal(taken.report.shown[0].text, "192.0.2.1");
}

static void hosts_leaves_the_machine_out(void **state)
{
        struct taken taken;

        assert_int_equal(read_as(LIST_FORMAT_HOSTS,
                                 "127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n"
                                 "0.0.0.0 a.example b.example # deux\nfe80::1%lo0 localhost\nnonsense\n",
                                 &taken),
                         0);
        assert_string_equal(taken.text, "a.example b.example");
        assert_int_equal(taken.report.refused[LIST_REFUSED_SYNTAX], 1);
}

static void adblock_takes_whole_names_alone(void **state)
{
        struct taken taken;

        assert_int_equal(read_as(LIST_FORMAT_ADBLOCK,
                                 "[Adblock Plus 2.0]\n! "
                                 "comment\n||bad.example^\n||ads.example^$third-party,important\n"
                                 "||x.example^$script\n||y.example/path^\n@@||good.example^\n/banner/\n",
                                 &taken),
                         0);
        assert_string_equal(taken.text, "*.bad.example *.ads.example");
        assert_int_equal(taken.report.refused[LIST_REFUSED_EXCEPTION], 1);
        assert_int_equal(taken.report.refused[LIST_REFUSED_KIND], 1);
        assert_int_equal(taken.report.refused[LIST_REFUSED_SYNTAX], 2);
}

static void csv_finds_its_column(void **state)
{
        struct taken taken;

        assert_int_equal(read_as(LIST_FORMAT_CSV,
                                 "# made\n\"date\";\"url\";\"note\"\n2020-03-22;\"http://a.example/x;y\";un\n"
                                 "2020-03-22;b.example;\"deux\nlignes \"\"ici\"\"\"\n;;\n",
                                 &taken),
                         0);
        assert_string_equal(taken.text, "a.example b.example");
        assert_int_equal(taken.report.refused[NAME_REFUSED_EMPTY], 1);
        assert_int_equal(read_as(LIST_FORMAT_CSV, "2020-03-22,c.example,x\n2020-03-23,d.example,y\n", &taken),
                         0);
        assert_string_equal(taken.text, "c.example d.example");
}

static void csv_columns_by_name(void **state)
{
        const char text[] = "host,reason,other\na.example,hame\xc3\xa7onnage,c.example\n";
        struct list_options options = {.format = LIST_FORMAT_CSV,
                                       .column = "other",
                                       .why_column = "reason",
                                       .entries_max = 10,
                                       .bytes_max = 1000};
        struct taken taken;

        assert_int_equal(read_with(&options, text, strlen(text), &taken), 0);
        assert_string_equal(taken.text, "c.example(hame\xc3\xa7onnage)");
        options.column = "missing";
        assert_int_equal(read_with(&options, text, strlen(text), &taken), -EINVAL);
        assert_non_null(strstr(taken.error.en, "“missing”"));
}

static void rpz_owners_are_within_the_zone(void **state)
{
        struct taken taken;

        assert_int_equal(
                read_as(LIST_FORMAT_RPZ,
                        "$TTL 60\n$ORIGIN rpz.example.\n@ IN SOA ns. root. (\n 1 2 3\n 4 5 )\n NS ns.\n"
                        "bad.example CNAME .\n*.bad.example 60 IN CNAME .\n"
                        "abs.test.rpz.example. IN 300 CNAME rpz-drop.\ngarden.example A 192.0.2.1\n"
                        "good.example CNAME rpz-passthru.\n32.1.2.0.192.rpz-ip CNAME .\noutside.example. "
                        "CNAME .\n",
                        &taken),
                0);
        assert_string_equal(taken.text, "bad.example *.bad.example abs.test garden.example");
        assert_int_equal(taken.report.refused[LIST_REFUSED_EXCEPTION], 1);
        assert_int_equal(taken.report.refused[LIST_REFUSED_KIND], 1);
        assert_int_equal(taken.report.refused[LIST_REFUSED_SYNTAX], 1);
}

static void misp_takes_what_is_for_detection(void **state)
{
        struct taken taken;

        assert_int_equal(
                read_as(LIST_FORMAT_MISP,
                        "{\"Event\":{\"info\":\"Covid\",\"Attribute\":["
                        "{\"type\":\"domain\",\"value\":\"a.example\",\"to_ids\":true,\"comment\":\"vu\"},"
                        "{\"type\":\"domain|ip\",\"value\":\"b.example|192.0.2.1\",\"to_ids\":true},"
                        "{\"type\":\"domain\",\"value\":\"context.example\",\"to_ids\":false},"
                        "{\"type\":\"md5\",\"value\":\"00\",\"to_ids\":true}],"
                        "\"Object\":[{\"Attribute\":[{\"type\":\"url\",\"value\":\"http://c.example/"
                        "x\",\"to_ids\":true}]}]}}\n"
                        "{\"Event\":{\"Attribute\":[{\"type\":\"hostname\",\"value\":\"d.example\",\"to_"
                        "ids\":true}]}}",
                        &taken),
                0);
        assert_string_equal(taken.text, "a.example(vu) b.example(Covid) c.example(Covid) d.example");
        assert_int_equal(taken.report.refused[LIST_REFUSED_KIND], 2);
        assert_int_equal(read_as(LIST_FORMAT_MISP, "{\"Events\":1}", &taken), -EINVAL);
        assert_int_equal(read_as(LIST_FORMAT_MISP, "{\"Event\":", &taken), -EINVAL);
        assert_int_equal(read_as(LIST_FORMAT_MISP, "", &taken), -EINVAL);
}

static void stix_takes_indicators(void **state)
{
        struct taken taken;

        assert_int_equal(
                read_as(LIST_FORMAT_STIX,
                        "{\"type\":\"bundle\",\"objects\":["
                        "{\"type\":\"indicator\",\"name\":\"n\",\"pattern_type\":\"stix\",\"pattern\":"
                        "\"[domain-name:value = 'a.example' OR domain-name:value='b.example']\"},"
                        "{\"type\":\"indicator\",\"pattern\":\"[url:value = 'http://c.example/x']\","
                        "\"valid_until\":\"2021-01-01T00:00:00Z\"},"
                        "{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = 'old.example']\","
                        "\"valid_until\":\"2020-01-01T00:00:00Z\"},"
                        "{\"type\":\"indicator\",\"revoked\":true,\"pattern\":\"[domain-name:value = "
                        "'r.example']\"},"
                        "{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = 'x.example' AND "
                        "file:size = 1]\"},"
                        "{\"type\":\"domain-name\",\"value\":\"seen.example\"}]}",
                        &taken),
                0);
        assert_string_equal(taken.text, "a.example(n) b.example(n) c.example");
        assert_int_equal(taken.report.refused[LIST_REFUSED_EXPIRED], 2);
        assert_int_equal(taken.report.refused[LIST_REFUSED_KIND], 1);
}

static void what_is_no_list_is_refused_whole(void **state)
{
        struct list_options few = {.format = LIST_FORMAT_PLAIN, .entries_max = 2, .bytes_max = 1000};
        struct taken taken;

        assert_int_equal(read_as(LIST_FORMAT_PLAIN, "\n<!DOCTYPE html>\n<html>404\n", &taken), -EINVAL);
        assert_non_null(strstr(taken.error.en, "line 2"));
        assert_int_equal(read_with(&few, "a.example\n\0b.example\n", 21, &taken), -EINVAL);
        assert_int_equal(read_with(&few, "a.a\nb.b\nc.c\n", 12, &taken), -E2BIG);
        few.bytes_max = 5;
        assert_int_equal(read_with(&few, "a.a\nb.b\n", 8, &taken), -E2BIG);
}

static void a_line_too_long_is_skipped_alone(void **state)
{
        size_t length = 3 * LIST_LINE_MAX;
        CLEANUP(cleanup_free) char *text = malloc(length + 32);
        struct list_options options = {.format = LIST_FORMAT_PLAIN, .entries_max = 10, .bytes_max = 1 << 20};
        struct taken taken;

        memset(text, 'a', length);
        strcpy(text + length, "\nb.example\n");
        assert_int_equal(read_with(&options, text, strlen(text), &taken), 0);
        assert_string_equal(taken.text, "b.example");
        assert_int_equal(taken.report.refused[LIST_REFUSED_LINE_TOO_LONG], 1);
        assert_int_equal(refused(&taken), 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(plain_takes_what_people_write),
                cmocka_unit_test(hosts_leaves_the_machine_out),
                cmocka_unit_test(adblock_takes_whole_names_alone),
                cmocka_unit_test(csv_finds_its_column),
                cmocka_unit_test(csv_columns_by_name),
                cmocka_unit_test(rpz_owners_are_within_the_zone),
                cmocka_unit_test(misp_takes_what_is_for_detection),
                cmocka_unit_test(stix_takes_indicators),
                cmocka_unit_test(what_is_no_list_is_refused_whole),
                cmocka_unit_test(a_line_too_long_is_skipped_alone),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
