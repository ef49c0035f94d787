/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Response policy zones (draft-vixie-dnsop-dns-rpz) as zone files (RFC 1035, 5): the owner of a CNAME is the name that is meant. What is said of
 * addresses and name servers (rpz-ip, rpz-nsdname …) is another matter and counted.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "domains/list_private.h"

#define WORDS_MAX 8

struct zone {
        struct list_reading *reading;
        char origin[NAME_LENGTH_MAX + 2]; /* without the dot at the end; "" while not known */
        char owner[512];
        int depth; /* of brackets: a SOA runs over several lines */
};

struct words {
        const char *text[WORDS_MAX];
        size_t length[WORDS_MAX];
        int count;
        bool blank_first; /* the owner is that of the line before */
};

static void split(struct zone *zone, const char *line, size_t length, struct words *words)
{
        size_t i = 0;

        words->count = 0;
        words->blank_first = length && isspace((unsigned char)line[0]);
        while (i < length && line[i] != ';') {
                if (line[i] == '(' || line[i] == ')') {
                        zone->depth += line[i] == '(' ? 1 : -1;
                        i++;
                        continue;
                }
                if (isspace((unsigned char)line[i])) {
                        i++;
                        continue;
                }
                size_t from = i;
                while (i < length && !isspace((unsigned char)line[i]) && !strchr(";()", line[i]))
                        i++;
                if (words->count < WORDS_MAX) {
                        words->text[words->count] = line + from;
                        words->length[words->count++] = i - from;
                }
        }
        if (zone->depth < 0)
                zone->depth = 0;
}

static bool word_is(const struct words *words, int at, const char *word)
{
        return at < words->count && words->length[at] == strlen(word) &&
               !strncasecmp(words->text[at], word, strlen(word));
}

static bool is_ttl(const struct words *words, int at)
{
        return at < words->count && isdigit((unsigned char)words->text[at][0]);
}

/* Behind the owner: TTL and class in either order, or not at all. */
static int find_type(const struct words *words, int at)
{
        for (int skipped = 0; skipped < 2 && (is_ttl(words, at) || word_is(words, at, "IN")); skipped++)
                at++;
        return at;
}

static void set_text(char *to, size_t size, const char *text, size_t length)
{
        if (length >= size)
                length = size - 1;
        memcpy(to, text, length);
        to[length] = '\0';
}

static void set_origin(struct zone *zone, const char *text, size_t length)
{
        while (length && text[length - 1] == '.')
                length--;
        set_text(zone->origin, sizeof(zone->origin), text, length);
}

/* An absolute owner's place within the zone; a relative one's is what it says. 0: the zone itself, or outside of it. */
static size_t within_zone(const struct zone *zone, const char *owner)
{
        size_t length = strlen(owner), origin = strlen(zone->origin);

        if (!strcmp(owner, "@") || !length)
                return 0;
        if (owner[length - 1] != '.')
                return length;
        length--;
        if (!origin)
                return length;
        if (length <= origin + 1 || strncasecmp(owner + length - origin, zone->origin, origin) != 0 ||
            owner[length - origin - 1] != '.')
                return 0;
        return length - origin - 1;
}

static bool is_other_trigger(const char *owner, size_t length)
{
        static const char *const triggers[] = {"rpz-ip", "rpz-client-ip", "rpz-nsip", "rpz-nsdname"};

        for (size_t i = 0; i < ARRAY_LEN(triggers); i++) {
                size_t size = strlen(triggers[i]);
                if (length >= size && !strncasecmp(owner + length - size, triggers[i], size) &&
                    (length == size || owner[length - size - 1] == '.'))
                        return true;
        }
        return false;
}

static int take_cname(struct zone *zone, const struct words *words, int target)
{
        const struct list_entry like = {.why = ""};
        size_t length = within_zone(zone, zone->owner);

        if (target >= words->count || !length) {
                list_refuse(zone->reading, LIST_REFUSED_SYNTAX, zone->owner, strlen(zone->owner));
                return 0;
        }
        if (word_is(words, target, "rpz-passthru.") || word_is(words, target, "rpz-passthru")) {
                list_refuse(zone->reading, LIST_REFUSED_EXCEPTION, zone->owner, length);
                return 0;
        }
        if (is_other_trigger(zone->owner, length) || memchr(zone->owner, '\\', length)) {
                list_refuse(zone->reading, LIST_REFUSED_KIND, zone->owner, length);
                return 0;
        }
        return list_offer(zone->reading, zone->owner, length, &like);
}

/* Addresses and texts of a walled garden stand for the name as a CNAME does. */
static bool is_answer(const struct words *words, int type)
{
        return word_is(words, type, "A") || word_is(words, type, "AAAA");
}

static int take_record(struct zone *zone, const struct words *words)
{
        int type;

        if (!words->blank_first) {
                set_text(zone->owner, sizeof(zone->owner), words->text[0], words->length[0]);
                if (words->length[0] >= sizeof(zone->owner))
                        zone->owner[0] = '\0';
        }
        type = find_type(words, words->blank_first ? 0 : 1);
        if (word_is(words, type, "SOA")) {
                if (!zone->origin[0] && strcmp(zone->owner, "@") != 0)
                        set_origin(zone, zone->owner, strlen(zone->owner));
                return 0;
        }
        if (word_is(words, type, "CNAME") || is_answer(words, type))
                return take_cname(zone, words, type + 1);
        if (!word_is(words, type, "NS") && !word_is(words, type, "TXT"))
                list_refuse(zone->reading, LIST_REFUSED_SYNTAX, words->text[0], words->length[0]);
        return 0;
}

static int take_line(struct zone *zone, const char *line, size_t length)
{
        struct words words;
        bool inside = zone->depth > 0;

        split(zone, line, length, &words);
        if (!words.count || inside)
                return 0;
        if (word_is(&words, 0, "$ORIGIN") && words.count > 1) {
                /* A further origin within the zone is rare, and what it would make of the names is not guessed at. */
                if (zone->origin[0])
                        return error_say(zone->reading->error, -EINVAL, "ligne %llu : un second $ORIGIN",
                                         "line %llu: a second $ORIGIN",
                                         (unsigned long long)zone->reading->line);
                set_origin(zone, words.text[1], words.length[1]);
                return 0;
        }
        if (words.text[0][0] == '$') {
                if (word_is(&words, 0, "$INCLUDE"))
                        list_refuse(zone->reading, LIST_REFUSED_SYNTAX, line, length);
                return 0;
        }
        return take_record(zone, &words);
}

int list_read_rpz(struct list_reading *reading, struct list_lines *lines)
{
        struct zone zone = {.reading = reading};
        char *line;
        size_t length;
        int r;

        while ((r = list_line(reading, lines, &line, &length)) > 0) {
                r = list_check_page(reading, line, length);
                if (!r)
                        r = take_line(&zone, line, length);
                if (r)
                        return r;
        }
        return r;
}
