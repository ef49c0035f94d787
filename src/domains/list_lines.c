/* SPDX-License-Identifier: EUPL-1.2 */
/* The formats that have an entry a line: plain, hosts, Adblock. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "domains/list_private.h"

#define BOM "\xef\xbb\xbf"

static void skip_blank(const char **text, size_t *length)
{
        while (*length && isspace((unsigned char)**text)) {
                (*text)++;
                (*length)--;
        }
}

/* A BOM can stand at the start of the first line alone, but files get joined. */
static void begin_line(const char **text, size_t *length)
{
        if (*length >= 3 && !memcmp(*text, BOM, 3)) {
                *text += 3;
                *length -= 3;
        }
        skip_blank(text, length);
}

static bool is_comment(const char *text, size_t length, const char *marks)
{
        return !length || strchr(marks, text[0]);
}

static size_t word_length(const char *text, size_t length)
{
        size_t end = 0;

        while (end < length && !isspace((unsigned char)text[end]))
                end++;
        return end;
}

/* ---- plain ---- */

/* A comment begins at the line's start or behind a blank: a URL may hold a #. */
static size_t without_comment(const char *text, size_t length)
{
        for (size_t i = 1; i < length; i++)
                if ((text[i] == '#' || text[i] == ';') && isspace((unsigned char)text[i - 1])) {
                        while (i && isspace((unsigned char)text[i - 1]))
                                i--;
                        return i;
                }
        return length;
}

typedef int take_line(struct list_reading *reading, const char *text, size_t length);

/* Each line that is more than blanks and a comment. */
static int each_line(struct list_reading *reading, struct list_lines *lines, const char *comments,
                     take_line *take)
{
        const char *text;
        char *line;
        size_t length;
        int r;

        while ((r = list_line(reading, lines, &line, &length)) > 0) {
                text = line;
                begin_line(&text, &length);
                if (is_comment(text, length, comments))
                        continue;
                r = list_check_page(reading, text, length);
                if (!r)
                        r = take(reading, text, length);
                if (r)
                        return r;
        }
        return r;
}

static int take_plain(struct list_reading *reading, const char *text, size_t length)
{
        const struct list_entry like = {.why = ""};

        return list_offer(reading, text, without_comment(text, length), &like);
}

int list_read_plain(struct list_reading *reading, struct list_lines *lines)
{
        return each_line(reading, lines, "#;", take_plain);
}

/* ---- hosts ---- */

/* Names that every hosts file has for its own machine. */
static bool is_machine_name(const char *text, size_t length)
{
        static const char *const names[] = {"localhost",      "localhost.localdomain", "local",
                                            "broadcasthost",  "ip6-localhost",         "ip6-loopback",
                                            "ip6-localnet",   "ip6-mcastprefix",       "ip6-allnodes",
                                            "ip6-allrouters", "ip6-allhosts",          "0.0.0.0"};

        for (size_t i = 0; i < ARRAY_LEN(names); i++)
                if (strlen(names[i]) == length && !strncasecmp(text, names[i], length))
                        return true;
        return false;
}

static bool is_address(const char *text, size_t length)
{
        char copy[ADDR_TEXT_SIZE];
        struct addr addr;

        if (!length || length >= sizeof(copy))
                return false;
        memcpy(copy, text, length);
        copy[length] = '\0';
        copy[strcspn(copy, "%")] = '\0'; /* fe80::1%lo0 */
        return addr_parse(copy, &addr) == 0;
}

static int take_hosts(struct list_reading *reading, const char *text, size_t length)
{
        const struct list_entry like = {.why = ""};
        size_t word = word_length(text, length);

        if (!is_address(text, word)) {
                list_refuse(reading, LIST_REFUSED_SYNTAX, text, length);
                return 0;
        }
        for (;;) {
                text += word;
                length -= word;
                skip_blank(&text, &length);
                word = word_length(text, length);
                if (!word || text[0] == '#')
                        return 0;
                int r = is_machine_name(text, word) ? 0 : list_offer(reading, text, word, &like);
                if (r)
                        return r;
        }
}

int list_read_hosts(struct list_reading *reading, struct list_lines *lines)
{
        return each_line(reading, lines, "#", take_hosts);
}

/* ---- Adblock ---- */

/* Options under which a rule still means the whole name, whoever asks for it. */
static bool is_whole(const char *options, size_t length)
{
        static const char *const harmless[] = {"important", "all",         "document", "doc",
                                               "popup",     "third-party", "3p"};

        while (length) {
                size_t word = 0;
                bool known = false;

                while (word < length && options[word] != ',')
                        word++;
                for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
                        known |= strlen(harmless[i]) == word && !strncmp(options, harmless[i], word);
                if (!known)
                        return false;
                options += word + (word < length);
                length -= word + (word < length);
        }
        return true;
}

/* "||name^" and "||name^$options"; with a path, a part or a * in it a rule is not about a name. */
static int take_adblock(struct list_reading *reading, const char *text, size_t length)
{
        const struct list_entry like = {.below = true, .why = ""};
        const char *hat;

        if (length > 2 && !memcmp(text, "@@", 2)) {
                list_refuse(reading, LIST_REFUSED_EXCEPTION, text, length);
                return 0;
        }
        if (length < 4 || memcmp(text, "||", 2) != 0) {
                list_refuse(reading, LIST_REFUSED_SYNTAX, text, length);
                return 0;
        }
        hat = memchr(text, '^', length);
        if (!hat || memchr(text, '/', (size_t)(hat - text)) || memchr(text, '*', (size_t)(hat - text))) {
                list_refuse(reading, LIST_REFUSED_SYNTAX, text, length);
                return 0;
        }
        size_t behind = length - (size_t)(hat + 1 - text);
        if (behind && (hat[1] != '$' || !is_whole(hat + 2, behind - 1))) {
                list_refuse(reading, LIST_REFUSED_KIND, text, length);
                return 0;
        }
        return list_offer(reading, text + 2, (size_t)(hat - text) - 2, &like);
}

/* "[Adblock Plus 2.0]" is a line about the list. */
int list_read_adblock(struct list_reading *reading, struct list_lines *lines)
{
        return each_line(reading, lines, "!#[", take_adblock);
}
