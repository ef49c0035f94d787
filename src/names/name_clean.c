/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people, feeds and mails write for a name. The order matters: what surrounds the text, then what defangs it, then the
 * parts of a URL, then what stands in front of the name itself. Nothing is looked for: whoever has a sentence takes it apart first.
 */
#include "names/name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "names/name_idn.h"

/* A piece of the text in hand; both ends move inwards. */
struct piece {
        const char *at;
        size_t length;
};

static void skip(struct piece *piece, size_t count)
{
        piece->at += count;
        piece->length -= count;
}

static bool begins(const struct piece *piece, const char *with)
{
        size_t length = strlen(with);

        return piece->length >= length && !strncasecmp(piece->at, with, length);
}

static bool ends(const struct piece *piece, const char *with)
{
        size_t length = strlen(with);

        return piece->length >= length && !memcmp(piece->at + piece->length - length, with, length);
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* ---- what surrounds it ---- */

/* BOM, invisible and no-break spaces, the quotation marks of both languages. */
static const char *const around[] = {" ",
                                     "\t",
                                     "\r",
                                     "\n",
                                     "\"",
                                     "'",
                                     "`",
                                     "<",
                                     ">",
                                     ",",
                                     ";",
                                     "\xef\xbb\xbf",
                                     "\xc2\xa0",
                                     "\xc2\xab",
                                     "\xc2\xbb",
                                     "\xe2\x80\x8b",
                                     "\xe2\x80\xaf",
                                     "\xe2\x80\x98",
                                     "\xe2\x80\x99",
                                     "\xe2\x80\x9c",
                                     "\xe2\x80\x9d",
                                     "\xe2\x80\x8e",
                                     "\xe2\x80\x8f"};

static bool strip_one(struct piece *piece)
{
        for (size_t i = 0; i < ARRAY_LEN(around); i++) {
                if (begins(piece, around[i])) {
                        skip(piece, strlen(around[i]));
                        return true;
                }
                if (ends(piece, around[i])) {
                        piece->length -= strlen(around[i]);
                        return true;
                }
        }
        return false;
}

static void strip(struct piece *piece)
{
        while (piece->length > 0 && strip_one(piece))
                ;
}

/* ---- defanging ---- */

static size_t blanks(const char *at, size_t left)
{
        size_t count = 0;

        while (count < left && (at[count] == ' ' || at[count] == '\t'))
                count++;
        return count;
}

/* The word after a bracket, and what it stands for. */
static size_t fanged_word(const char *at, size_t left, const char **ret_meant)
{
        static const struct {
                const char *word, *meant;
        } words[] = {{"dot", "."}, {"point", "."}, {"://", "://"}, {":", ":"},
                     {"at", "@"},  {"@", "@"},     {"/", "/"}};
        struct piece piece = {at, left};
        size_t dot = name_idn_dot(at, left);

        *ret_meant = ".";
        if (dot)
                return dot;
        for (size_t i = 0; i < ARRAY_LEN(words); i++) {
                if (begins(&piece, words[i].word)) {
                        *ret_meant = words[i].meant;
                        return strlen(words[i].word);
                }
        }
        return 0;
}

/* "[.]", "(dot)", "{ . }", "[.", "[:]", "[@]": bytes taken, 0 when it is none of them. */
static size_t bracketed(const char *at, size_t left, const char **ret_meant)
{
        size_t took = 1, word;

        if (left < 2 || !strchr("[({", at[0]) || !at[0])
                return 0;
        took += blanks(at + took, left - took);
        word = fanged_word(at + took, left - took, ret_meant);
        /* "[::1]:443" is an address. */
        if (word == 0 || (**ret_meant == ':' && word == 1 && took + 1 < left && at[took + 1] == ':'))
                return 0;
        took += word;
        word = blanks(at + took, left - took);
        if (took + word < left && strchr("])}", at[took + word]) && at[took + word])
                return took + word + 1;
        /* The closing one is often left out after a dot, never after a word. */
        return **ret_meant == '.' && took == 2 ? took : 0;
}

/* "evil . example", "evil .example", "evil dot example"; not "evil. Example", which is the end of a sentence. */
static size_t spaced(const char *at, size_t left)
{
        size_t took = blanks(at, left), dot, after;

        if (took == 0)
                return 0;
        dot = name_idn_dot(at + took, left - took);
        after = took + (dot ? dot : 3);
        if (after >= left)
                return 0;
        if (!dot && (strncasecmp(at + took, "dot", 3) != 0 || !blanks(at + after, left - after)))
                return 0;
        return after + blanks(at + after, left - after);
}

/* "\." as in regular expressions, "].": the rest of "evil[].]example" is refused further on. */
static size_t defanged(const char *at, size_t left, const char **ret_meant)
{
        size_t took = bracketed(at, left, ret_meant);

        if (took)
                return took;
        *ret_meant = ".";
        if (left >= 2 && ((at[0] == '\\' && at[1] == '.') || (at[0] == '.' && at[1] == ']')))
                return 2;
        return spaced(at, left);
}

static int hex(char c)
{
        if (is_digit(c))
                return c - '0';
        c = (char)(c | 0x20);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Into `to`, which is as large as what is read: nothing grows. */
static size_t refang(const struct piece *piece, char *to)
{
        size_t put = 0;

        for (size_t at = 0; at < piece->length;) {
                const char *meant, *from = piece->at + at;
                size_t took = defanged(from, piece->length - at, &meant);

                if (took) {
                        memcpy(to + put, meant, strlen(meant));
                        put += strlen(meant);
                        at += took;
                } else {
                        to[put++] = *from;
                        at++;
                }
        }
        return put;
}

/* Browsers undo %65 in a host before they look it up. */
static size_t undo_percent(char *text, size_t length)
{
        size_t put = 0;

        for (size_t at = 0; at < length; at++) {
                if (text[at] == '%' && at + 2 < length && hex(text[at + 1]) >= 0 && hex(text[at + 2]) >= 0) {
                        text[put++] = (char)(hex(text[at + 1]) * 16 + hex(text[at + 2]));
                        at += 2;
                } else {
                        text[put++] = text[at];
                }
        }
        return put;
}

/* ---- the parts of a URL ---- */

static bool is_slash(const struct piece *piece, size_t at)
{
        return at < piece->length && (piece->at[at] == '/' || piece->at[at] == '\\');
}

static bool is_of_scheme(char c)
{
        return isalnum((unsigned char)c) || (c && strchr("+-*_[]()", c));
}

/*
 * "hxxp://", "h**ps:\\", "http:/", "meow://", "//", "mailto:": whatever the scheme, what counts stands behind it. "/index.html" and
 * "C:\setup.exe" have none.
 */
static void skip_scheme(struct piece *piece)
{
        size_t scheme = 0, at, slashes = 0;

        if (begins(piece, "mailto:")) {
                skip(piece, strlen("mailto:"));
                return;
        }
        while (scheme < piece->length && scheme < 24 && is_of_scheme(piece->at[scheme]))
                scheme++;
        at = scheme;
        if (scheme > 0 && (at >= piece->length || piece->at[at++] != ':'))
                return;
        while (is_slash(piece, at + slashes))
                slashes++;
        if (slashes >= 2 || (slashes == 1 && scheme > 2))
                skip(piece, at + slashes);
}

/* What is before path, query, fragment, or the end of an Adblock rule; then behind who is greeted ("https://bank@evil.example"). */
static void keep_host(struct piece *piece, bool rule)
{
        size_t length = 0;
        const char *at_sign;

        while (length < piece->length && piece->at[length] &&
               !strchr(rule ? "/\\?#^$|" : "/\\?#^", piece->at[length]))
                length++;
        if (length < piece->length && !piece->at[length])
                return; /* a NUL is refused, not taken for an end */
        piece->length = length;
        at_sign = memrchr(piece->at, '@', piece->length);
        if (at_sign)
                skip(piece, (size_t)(at_sign + 1 - piece->at));
}

static bool is_ip6(const struct piece *piece)
{
        char copy[INET6_ADDRSTRLEN + 1];
        const char *zone = memchr(piece->at, '%', piece->length);
        size_t length = zone ? (size_t)(zone - piece->at) : piece->length;
        uint8_t bytes[16];

        if (length >= sizeof(copy))
                return false;
        memcpy(copy, piece->at, length);
        copy[length] = '\0';
        return inet_pton(AF_INET6, copy, bytes) == 1;
}

/* "[2001:db8::1]:443" or "2001:db8::1", with or without a zone. */
static int check_ip6(const struct piece *piece)
{
        struct piece inner = *piece;
        const char *end;

        if (piece->length > 0 && piece->at[0] == '[') {
                skip(&inner, 1);
                end = memchr(inner.at, ']', inner.length);
                inner.length = end ? (size_t)(end - inner.at) : inner.length;
        }
        return is_ip6(&inner) ? NAME_REFUSED_ADDRESS : NAME_USABLE;
}

static void drop_port(struct piece *piece)
{
        const char *colon = memrchr(piece->at, ':', piece->length);
        size_t digits;

        if (!colon)
                return;
        digits = piece->length - (size_t)(colon + 1 - piece->at);
        for (size_t i = 1; i <= digits; i++)
                if (!is_digit(colon[i]) && colon[i] != '*')
                        return;
        piece->length = (size_t)(colon - piece->at);
}

/* ---- the name itself ---- */

/* Browsers take a host for an address when its last label is a number (WHATWG URL, "ends in a number"): "1.2.3.4", "3232235777", "0x7f.1". */
static bool is_address(const struct name *name)
{
        const char *dot = strrchr(name->text, '.'), *last = dot ? dot + 1 : name->text;
        bool hexadecimal = last[0] == '0' && last[1] == 'x';

        for (const char *p = hexadecimal ? last + 2 : last; *p; p++)
                if (!is_digit(*p) && !(hexadecimal && hex(*p) >= 0))
                        return false;
        return true;
}

static int check_kind(const struct name *name)
{
        if (is_address(name))
                return NAME_REFUSED_ADDRESS;
        return name->labels < 2 ? NAME_REFUSED_SINGLE : NAME_USABLE;
}

static int read_host(struct piece host, struct name *ret_name, bool *wildcard)
{
        struct name name;
        int r;

        if (begins(&host, "*.") || (host.length > 1 && host.at[0] == '.')) {
                skip(&host, host.at[0] == '*' ? 2 : 1);
                *wildcard = true;
        }
        if (memchr(host.at, '*', host.length))
                return NAME_REFUSED_WILDCARD;
        r = name_parse(host.at, host.length, &name);
        if (!r)
                r = check_kind(&name);
        if (!r)
                *ret_name = name;
        return r;
}

static int read_dirty(const char *text, size_t length, struct name *ret_name, bool *wildcard)
{
        struct piece piece = {text, length};
        char fanged[NAME_DIRTY_MAX];
        bool rule;
        int r;

        strip(&piece);
        if (begins(&piece, "@@"))
                return NAME_REFUSED_CHARACTER;
        rule = begins(&piece, "|");
        *wildcard = begins(&piece, "||");
        skip(&piece, *wildcard ? 2 : rule ? 1 : 0);
        piece = (struct piece){fanged, refang(&piece, fanged)};
        skip_scheme(&piece);
        keep_host(&piece, rule);
        r = check_ip6(&piece);
        if (r)
                return r;
        drop_port(&piece);
        strip(&piece);
        piece = (struct piece){fanged,
                               (memmove(fanged, piece.at, piece.length), undo_percent(fanged, piece.length))};
        return piece.length ? read_host(piece, ret_name, wildcard) : NAME_REFUSED_EMPTY;
}

int name_clean(const char *text, size_t length, struct name *ret_name, bool *ret_wildcard)
{
        struct name name;
        bool wildcard = false;
        int r;

        if (length > NAME_DIRTY_MAX)
                return NAME_REFUSED_TOO_LONG;
        /* Most of any list is clean, and nothing that is a name as it stands means something else. */
        if (!name_parse(text, length, &name) && !check_kind(&name)) {
                *ret_name = name;
        } else {
                r = read_dirty(text, length, ret_name, &wildcard);
                if (r)
                        return r;
        }
        *ret_wildcard = wildcard;
        return NAME_USABLE;
}
