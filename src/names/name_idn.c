/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/name_idn.h"

#include <idn2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "names/name.h"

#define LABEL_BYTES_MAX 1024 /* what may shrink to 63 letters: the invisible is mapped to nothing */

size_t name_idn_dot(const char *at, size_t left)
{
        static const char *const wide[] = {"\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"};

        if (left >= 1 && at[0] == '.')
                return 1;
        for (size_t i = 0; left >= 3 && i < 3; i++)
                if (!memcmp(at, wide[i], 3))
                        return 3;
        return 0;
}

static int refusal_of(int result)
{
        switch (result) {
        case IDN2_TOO_BIG_LABEL:
        case IDN2_TOO_BIG_DOMAIN:
        case IDN2_PUNYCODE_BIG_OUTPUT:
                return NAME_REFUSED_LABEL_TOO_LONG;
        case IDN2_HYPHEN_STARTEND:
                return NAME_REFUSED_HYPHEN;
        default:
                return NAME_REFUSED_IDN;
        }
}

static int label_to_ascii(const char *label, size_t length, char *to, size_t size, size_t *ret_length)
{
        char copy[LABEL_BYTES_MAX + 1];
        uint8_t *ascii = NULL;
        int r, put;

        if (length > LABEL_BYTES_MAX)
                return NAME_REFUSED_LABEL_TOO_LONG;
        memcpy(copy, label, length);
        copy[length] = '\0';
        r = idn2_lookup_u8((const uint8_t *)copy, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
        if (r != IDN2_OK)
                return refusal_of(r);
        put = snprintf(to, size, "%s", (const char *)ascii);
        idn2_free(ascii);
        if (put <= 0 || (size_t)put >= size)
                return put <= 0 ? NAME_REFUSED_LABEL_EMPTY : NAME_REFUSED_LABEL_TOO_LONG;
        *ret_length = (size_t)put;
        /* A letter that maps to a dot ("℡." and its like) must not make two labels out of one. */
        return memchr(to, '.', (size_t)put) ? NAME_REFUSED_IDN : NAME_USABLE;
}

static size_t label_length(const char *text, size_t left, bool *ret_ascii)
{
        size_t length = 0;

        *ret_ascii = true;
        while (length < left && !name_idn_dot(text + length, left - length)) {
                if (text[length] & 0x80)
                        *ret_ascii = false;
                length++;
        }
        return length;
}

int name_idn_to_ascii(const char *text, size_t length, char ret_ascii[static NAME_IDN_SIZE],
                      size_t *ret_length)
{
        size_t put = 0;

        if (memchr(text, '\0', length))
                return NAME_REFUSED_CHARACTER;
        for (size_t at = 0; at < length;) {
                bool ascii;
                size_t label = label_length(text + at, length - at, &ascii), made = label;
                int r = NAME_USABLE;

                if (put > NAME_LENGTH_MAX)
                        return NAME_REFUSED_TOO_LONG;
                if (!ascii)
                        r = label_to_ascii(text + at, label, ret_ascii + put, NAME_IDN_SIZE - 1 - put, &made);
                else if (label > NAME_IDN_SIZE - 1 - put)
                        r = NAME_REFUSED_TOO_LONG;
                else
                        memcpy(ret_ascii + put, text + at, label);
                if (r)
                        return r;
                put += made;
                at += label;
                if (at < length) {
                        at += name_idn_dot(text + at, length - at);
                        ret_ascii[put++] = '.';
                }
        }
        *ret_length = put;
        return NAME_USABLE;
}

/* ---- for people ---- */

/* Letters of French and its neighbours: no other script, nothing invisible, nothing that turns direction. */
static bool is_harmless(const char *shown)
{
        for (const uint8_t *p = (const uint8_t *)shown; *p; p++) {
                if (*p < 0x80)
                        continue;
                if (*p == 0xc3 && p[1] >= 0x9f && p[1] <= 0xbf && !strchr("\xb0\xb7\xbe", p[1]))
                        p++; /* ß to ÿ, without ð ÷ þ */
                else if (*p == 0xc5 && p[1] == 0x93)
                        p++; /* œ */
                else
                        return false;
        }
        return true;
}

static void show_label(const char *label, char *to, size_t size)
{
        char *shown = NULL;

        if (!strncmp(label, "xn--", 4) && idn2_to_unicode_8z8z(label, &shown, 0) == IDN2_OK &&
            is_harmless(shown))
                snprintf(to, size, "%s", shown);
        else
                snprintf(to, size, "%s", label);
        idn2_free(shown);
}

void name_show(const struct name *name, char ret_shown[static NAME_SHOWN_SIZE])
{
        char copy[NAME_LENGTH_MAX + 1], *rest = NULL;
        size_t put = 0;

        snprintf(copy, sizeof(copy), "%s", name->text);
        ret_shown[0] = '\0';
        for (char *label = strtok_r(copy, ".", &rest); label; label = strtok_r(NULL, ".", &rest)) {
                if (put > 0)
                        ret_shown[put++] = '.';
                /* An A-label of n letters stands for fewer than n of two octets: 253 at most make 506. */
                show_label(label, ret_shown + put, NAME_SHOWN_SIZE - 2 - put);
                put += strlen(ret_shown + put);
        }
}
