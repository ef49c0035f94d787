/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

/* What log_write() put on stderr, which is a file for as long. */
struct catcher {
        FILE *file;
        int stderr_before;
        char text[16384];
};

static void catch_begin(struct catcher *catcher)
{
        catcher->file = tmpfile();
        assert_non_null(catcher->file);
        catcher->stderr_before = dup(STDERR_FILENO);
        assert_true(dup2(fileno(catcher->file), STDERR_FILENO) >= 0);
}

static const char *catch_end(struct catcher *catcher)
{
        size_t length;

        dup2(catcher->stderr_before, STDERR_FILENO);
        close(catcher->stderr_before);
        rewind(catcher->file);
        length = fread(catcher->text, 1, sizeof(catcher->text) - 1, catcher->file);
        catcher->text[length] = '\0';
        fclose(catcher->file);
        return catcher->text;
}

static const char *logged(struct catcher *catcher, enum log_format format, const char *message)
{
        log_setup("garde-test", format, LOG_LEVEL_INFO);
        catch_begin(catcher);
        log_notice("%s", message);
        return catch_end(catcher);
}

static void assert_ends(const char *text, const char *end)
{
        assert_true(strlen(text) >= strlen(end));
        assert_string_equal(text + strlen(text) - strlen(end), end);
}

static void test_a_line_for_people(void **state)
{
        struct catcher catcher;
        const char *line = logged(&catcher, LOG_FORMAT_TEXT, "a \"quoted\" word, a back\\slash, été");
        char end[200];

        snprintf(end, sizeof(end), " garde-test[%d] notice: a \"quoted\" word, a back\\slash, été\n",
                 (int)getpid());
        assert_ends(line, end);
        assert_int_equal(line[10], 'T');
}

static void test_a_line_for_machines(void **state)
{
        struct catcher catcher;
        const char *line = logged(&catcher, LOG_FORMAT_JSON, "a \"quoted\" word, a back\\slash, été");
        char end[200];

        snprintf(end, sizeof(end),
                 "\"level\":\"notice\",\"program\":\"garde-test\",\"pid\":%d,"
                 "\"message\":\"a \\\"quoted\\\" word, a back\\\\slash, été\"}\n",
                 (int)getpid());
        assert_memory_equal(line, "{\"time\":\"", 9);
        assert_ends(line, end);
}

static void test_no_second_line_and_no_terminal_tricks(void **state)
{
        struct catcher catcher;

        assert_ends(logged(&catcher, LOG_FORMAT_TEXT, "x\ny\033[2J\x7f\xc2\x9b!"),
                    "x\\u000ay\\u001b[2J\\u007f\\u009b!\n");
        assert_ends(logged(&catcher, LOG_FORMAT_JSON, "x\ny\t"), "\"message\":\"x\\u000ay\\u0009\"}\n");
}

static void test_what_is_not_utf8_is_replaced(void **state)
{
        struct catcher catcher;

        assert_ends(logged(&catcher, LOG_FORMAT_JSON, "a\xff\xc3(\xe2\x82"),
                    "\"message\":\"a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\"}\n");
        assert_ends(logged(&catcher, LOG_FORMAT_JSON, "\xc0\xaf \xed\xa0\x80 \xf0\x9f\x98\x80"),
                    "\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xf0\x9f\x98\x80\"}\n");
}

static void test_a_long_message_is_one_whole_line(void **state)
{
        struct catcher catcher;
        char message[10000];

        memset(message, '\001', sizeof(message) - 1);
        message[sizeof(message) - 1] = '\0';
        const char *line = logged(&catcher, LOG_FORMAT_JSON, message);
        assert_ends(line, "\\u0001\"}\n");
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void test_quieter_levels_are_dropped(void **state)
{
        struct catcher catcher;

        log_setup("garde-test", LOG_FORMAT_TEXT, LOG_LEVEL_WARNING);
        catch_begin(&catcher);
        log_notice("quiet");
        log_info("quiet");
        log_debug("quiet");
        assert_string_equal(catch_end(&catcher), "");
        catch_begin(&catcher);
        log_warning("loud");
        log_error("louder");
        catch_end(&catcher);
        assert_non_null(strstr(catcher.text, "warning: loud\n"));
        assert_ends(catcher.text, "error: louder\n");
}

static void test_words(void **state)
{
        enum log_level level = LOG_LEVEL_DEBUG;
        enum log_format format = LOG_FORMAT_JSON;

        assert_int_equal(log_level_parse("warning", &level), 0);
        assert_int_equal(level, LOG_LEVEL_WARNING);
        assert_int_equal(log_format_parse("text", &format), 0);
        assert_int_equal(format, LOG_FORMAT_TEXT);
        assert_int_equal(log_level_parse("loud", &level), -EINVAL);
        assert_int_equal(log_level_parse("", &level), -EINVAL);
        assert_int_equal(level, LOG_LEVEL_WARNING);
        assert_int_equal(log_format_parse("JSON", &format), -EINVAL);
        assert_int_equal(format, LOG_FORMAT_TEXT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_a_line_for_people),
                cmocka_unit_test(test_a_line_for_machines),
                cmocka_unit_test(test_no_second_line_and_no_terminal_tricks),
                cmocka_unit_test(test_what_is_not_utf8_is_replaced),
                cmocka_unit_test(test_a_long_message_is_one_whole_line),
                cmocka_unit_test(test_quieter_levels_are_dropped),
                cmocka_unit_test(test_words),
        };

        return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
