/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/language.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

const char *language_text(enum language language, const struct bitext *text)
{
        const char *wanted = language == LANGUAGE_EN ? text->en : text->fr;
        const char *other = language == LANGUAGE_EN ? text->fr : text->en;

        if (wanted && *wanted)
                return wanted;
        return other ? other : "";
}

/* Explicit directional formatting (Unicode UAX 9, sections 2.1 to 2.6) and other invisible formatting. */
static bool is_invisible(gunichar c)
{
        return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
               c == 0x061c || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

/* One for each character: 0 leave it out, else what to write. A tab or a stray control becomes a space. */
static gunichar tame(gunichar c)
{
        if (c == '\n')
                return c;
        if (c == 0x2028 || c == 0x2029 || c == 0x85)
                return '\n';
        if (c == '\r' || is_invisible(c))
                return 0;
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
                return ' ';
        return c;
}

/* "22 300": a space between a digit and exactly three more. */
static bool separates_thousands(gunichar before, const gunichar *after)
{
        return before < 0x80 && g_ascii_isdigit((char)before) && after[0] < 0x80 && after[0] &&
               g_unichar_isdigit(after[0]) && g_unichar_isdigit(after[1]) && g_unichar_isdigit(after[2]) &&
               !g_unichar_isdigit(after[3]);
}

static gunichar french_space(gunichar before, const gunichar *after)
{
        switch (after[0]) {
        case ':':
        case '%':
        case 0xbb: /* » */
                return 0xa0;
        case ';':
        case '?':
        case '!':
                return 0x202f;
        default:
                break;
        }
        if (before == 0xab) /* « */
                return 0xa0;
        if (separates_thousands(before, after))
                return 0x202f;
        /* 11 h 15: the hour keeps to its letter, and the letter to its minutes. */
        if (g_unichar_isdigit(before) && after[0] == 'h' && (after[1] == ' ' || !g_unichar_isalpha(after[1])))
                return 0xa0;
        if (before == 'h' && g_unichar_isdigit(after[0]) && g_unichar_isdigit(after[1]))
                return 0xa0;
        return ' ';
}

char *language_typeset(enum language language, const char *text)
{
        g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
        glong count = 0;
        g_autofree gunichar *from = g_utf8_to_ucs4_fast(valid, -1, &count);
        struct buffer out = BUFFER_INIT((size_t)count * 6 + 16);

        for (glong i = 0; i < count; i++) {
                gunichar c = tame(from[i]);
                char bytes[8];

                if (c == 0)
                        continue;
                /* from[] ends with a zero, and the looks ahead stop at it. */
                if (c == ' ' && language == LANGUAGE_FR)
                        c = french_space(i > 0 ? from[i - 1] : 0, from + i + 1);
                buffer_append(&out, bytes, (size_t)g_unichar_to_utf8(c, bytes));
        }
        if (!out.data)
                buffer_text(&out, "");
        return out.data ? out.data : strdup("");
}
