/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/list.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "domains/list_private.h"

/* ---- words ---- */

#define FORMAT_WORD(name, word) word,
static const char *const format_words[] = {LIST_FORMATS(FORMAT_WORD)};

const char *list_format_word(enum list_format format)
{
        return format_words[format];
}

int list_format_parse(const char *word, enum list_format *ret_format)
{
        for (size_t i = 0; i < ARRAY_LEN(format_words); i++) {
                if (strcmp(format_words[i], word) == 0) {
                        *ret_format = (enum list_format)i;
                        return 0;
                }
        }
        return -EINVAL;
}

static const struct {
        const char *word, *fr, *en;
} refusals[] = {
#define REFUSAL(name, word, fr, en) {word, fr, en},
        LIST_REFUSALS(REFUSAL)};

static bool is_own(int refusal)
{
        return refusal > LIST_REFUSAL_FIRST && refusal < LIST_REFUSAL_COUNT;
}

const char *list_refusal_word(int refusal)
{
        return is_own(refusal) ? refusals[refusal - LIST_REFUSAL_FIRST - 1].word : name_refusal_word(refusal);
}

const char *list_refusal_fr(int refusal)
{
        return is_own(refusal) ? refusals[refusal - LIST_REFUSAL_FIRST - 1].fr : name_refusal_fr(refusal);
}

const char *list_refusal_en(int refusal)
{
        return is_own(refusal) ? refusals[refusal - LIST_REFUSAL_FIRST - 1].en : name_refusal_en(refusal);
}

/* ---- entries ---- */

/* What is shown to a person is somebody else's text: printable ASCII, cut. */
static void make_printable(const char *text, size_t length, char ret_text[static LIST_SHOWN_SIZE])
{
        size_t count = length < LIST_SHOWN_SIZE - 1 ? length : LIST_SHOWN_SIZE - 1;

        for (size_t i = 0; i < count; i++)
                ret_text[i] = text[i] >= ' ' && text[i] < 127 ? text[i] : '?';
        ret_text[count] = '\0';
}

void list_refuse(struct list_reading *reading, int refusal, const char *text, size_t length)
{
        struct list_report *report = reading->report;

        report->refused[refusal]++;
        if (report->shown_count == LIST_SHOWN_MAX)
                return;
        report->shown[report->shown_count].line = reading->line;
        report->shown[report->shown_count].refusal = refusal;
        make_printable(text, length, report->shown[report->shown_count].text);
        report->shown_count++;
}

int list_check_page(struct list_reading *reading, const char *text, size_t length)
{
        static const char *const heads[] = {"<!doctype", "<html", "<?xml"};

        for (size_t i = 0; reading->line <= 3 && i < ARRAY_LEN(heads); i++)
                if (length >= strlen(heads[i]) && !strncasecmp(text, heads[i], strlen(heads[i])))
                        return error_say(reading->error, -EINVAL,
                                         "la ligne %llu est une page web, pas une liste de noms",
                                         "line %llu is a web page, not a list of names",
                                         (unsigned long long)reading->line);
        return 0;
}

/* Octets of the UTF-8 character at `text`; 0 when there is none. */
static size_t utf8_length(const unsigned char *text, size_t length)
{
        size_t need = text[0] < 0x80                      ? 1
                      : text[0] >= 0xc2 && text[0] < 0xe0 ? 2
                      : text[0] >= 0xe0 && text[0] < 0xf0 ? 3
                      : text[0] >= 0xf0 && text[0] < 0xf5 ? 4
                                                          : 0;

        if (!need || need > length)
                return 0;
        for (size_t i = 1; i < need; i++)
                if ((text[i] & 0xc0) != 0x80)
                        return 0;
        /* Overlong forms and surrogates. */
        if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] >= 0xa0) ||
            (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] >= 0x90))
                return 0;
        return need;
}

size_t list_why(const char *text, size_t length, char ret_why[static LIST_WHY_SIZE])
{
        size_t used = 0;

        for (size_t i = 0, step; i < length; i += step) {
                step = utf8_length((const unsigned char *)text + i, length - i);
                if (used + (step ? step : 1) >= LIST_WHY_SIZE)
                        break;
                if (!step || (unsigned char)text[i] < ' ' || text[i] == 127) {
                        step = 1;
                        ret_why[used++] = (unsigned char)text[i] < 128 ? ' ' : '?';
                        continue;
                }
                memcpy(ret_why + used, text + i, step);
                used += step;
        }
        ret_why[used] = '\0';
        return used;
}

/* Most entries are plain names, and these cost little; an address or a word is left to the thorough reading. */
static int read_name(const char *text, size_t length, struct name *name, bool *below)
{
        if (length && !isdigit((unsigned char)text[length - 1]) && !name_parse(text, length, name) &&
            name->labels > 1)
                return NAME_USABLE;
        return name_clean(text, length, name, below);
}

int list_offer(struct list_reading *reading, const char *text, size_t length, const struct list_entry *like)
{
        struct list_entry entry = *like;
        bool below = false;
        int refusal = read_name(text, length, &entry.name, &below);

        if (refusal) {
                list_refuse(reading, refusal, text, length);
                return 0;
        }
        if (entry.until_ms && entry.until_ms <= reading->options->now_ms) {
                list_refuse(reading, LIST_REFUSED_EXPIRED, text, length);
                return 0;
        }
        entry.below |= below;
        if (++reading->report->entries > reading->options->entries_max)
                return error_say(reading->error, -E2BIG, "plus de %llu noms dans la liste",
                                 "more than %llu names in the list",
                                 (unsigned long long)reading->options->entries_max);
        return reading->take(reading->context, &entry);
}

/* ---- lines ---- */

static int fill(struct list_reading *reading, struct list_lines *lines)
{
        ssize_t got;

        if (lines->from) {
                memmove(lines->buffer, lines->buffer + lines->from, lines->to - lines->from);
                lines->to -= lines->from;
                lines->from = 0;
        }
        do
                got = read(lines->fd, lines->buffer + lines->to, sizeof(lines->buffer) - lines->to);
        while (got < 0 && errno == EINTR);
        if (got < 0)
                return error_say(reading->error, -errno, "la liste ne se lit pas : %m",
                                 "the list cannot be read: %m");
        lines->end = got == 0;
        lines->bytes += (uint64_t)got;
        if (lines->bytes > reading->options->bytes_max)
                return error_say(reading->error, -E2BIG, "la liste dépasse %llu octets",
                                 "the list is longer than %llu bytes",
                                 (unsigned long long)reading->options->bytes_max);
        if (memchr(lines->buffer + lines->to, '\0', (size_t)got))
                return error_say(
                        reading->error, -EINVAL, "un octet nul après la ligne %llu : ce n’est pas du texte",
                        "a NUL byte after line %llu: this is not text", (unsigned long long)reading->line);
        lines->to += (size_t)got;
        return 0;
}

/* What stands in the buffer is too long for a line: forget it, and the rest of it when it comes. */
static void skip_long(struct list_reading *reading, struct list_lines *lines)
{
        if (!lines->skipping)
                list_refuse(reading, LIST_REFUSED_LINE_TOO_LONG, lines->buffer + lines->from,
                            LIST_SHOWN_SIZE);
        lines->skipping = true;
        lines->from = lines->to = 0;
}

static size_t trimmed(const char *line, size_t length)
{
        while (length && (line[length - 1] == '\r' || line[length - 1] == ' ' || line[length - 1] == '\t'))
                length--;
        return length;
}

int list_line(struct list_reading *reading, struct list_lines *lines, char **ret_line, size_t *ret_length)
{
        for (;;) {
                char *line = lines->buffer + lines->from;
                size_t left = lines->to - lines->from;
                char *end = memchr(line, '\n', left);
                int r;

                if (!end && left > LIST_LINE_MAX)
                        skip_long(reading, lines);
                if (!end && !lines->end) {
                        r = fill(reading, lines);
                        if (r)
                                return r;
                        continue;
                }
                if (!end && !left)
                        return 0;
                reading->line++;
                size_t length = end ? (size_t)(end - line) : left;
                lines->from += length + (end != NULL);
                if (lines->skipping) {
                        lines->skipping = false;
                        continue;
                }
                *ret_line = line;
                *ret_length = trimmed(line, length);
                return 1;
        }
}

/* ---- reading ---- */

static int read_lines(struct list_reading *reading, int fd)
{
        CLEANUP(cleanup_free) struct list_lines *lines = malloc(sizeof(*lines));

        if (!lines)
                return error_say(reading->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        lines->fd = fd;
        lines->from = lines->to = 0;
        lines->bytes = 0;
        lines->end = lines->skipping = false;
        switch (reading->options->format) {
        case LIST_FORMAT_CSV:
                return list_read_csv(reading, lines);
        case LIST_FORMAT_HOSTS:
                return list_read_hosts(reading, lines);
        case LIST_FORMAT_RPZ:
                return list_read_rpz(reading, lines);
        case LIST_FORMAT_ADBLOCK:
                return list_read_adblock(reading, lines);
        default:
                return list_read_plain(reading, lines);
        }
}

int list_read(int fd, const struct list_options *options, list_take *take, void *context,
              struct list_report *ret_report, struct error *error)
{
        struct list_reading reading = {
                .options = options, .take = take, .context = context, .report = ret_report, .error = error};

        memset(ret_report, 0, sizeof(*ret_report));
        switch (options->format) {
        case LIST_FORMAT_MISP:
                return list_read_misp(&reading, fd);
        case LIST_FORMAT_STIX:
                return list_read_stix(&reading, fd);
        default:
                return read_lines(&reading, fd);
        }
}
