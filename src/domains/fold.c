/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "base/cleanup.h"

#define LETTERS_MAX 64 /* of one code point's skeleton, UTF-16 */

struct fold {
        USpoofChecker *spoof;
        UIDNA *idna;
        const UNormalizer2 *nfkd;
};

struct fold *fold_close(struct fold *fold)
{
        if (fold && fold->spoof)
                uspoof_close(fold->spoof);
        if (fold && fold->idna)
                uidna_close(fold->idna);
        free(fold);
        return NULL;
}

int fold_open(struct fold **ret_fold, struct error *error)
{
        struct fold *fold = calloc(1, sizeof(*fold));
        UErrorCode status = U_ZERO_ERROR;

        if (!fold)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        fold->spoof = uspoof_open(&status);
        fold->idna = uidna_openUTS46(UIDNA_DEFAULT, &status);
        fold->nfkd = unorm2_getNFKDInstance(&status);
        if (U_FAILURE(status)) {
                fold_close(fold);
                return error_say(error, -ENOENT, "les tables Unicode (ICU) ne s’ouvrent pas : %s",
                                 "the Unicode tables (ICU) do not open: %s", u_errorName(status));
        }
        *ret_fold = fold;
        return 0;
}

/* ---- letters beyond ASCII ---- */

/* What neither skeleton nor name tells. */
static char odd_letter(UChar32 c)
{
        static const struct {
                UChar32 code;
                char letter;
        } odd[] = {{0x138, 'k'}, {0x184, 'b'}, {0x185, 'b'}, {0x18f, 'e'}, {0x1bb, '2'},  {0x1bd, '5'},
                   {0x1bf, 'p'}, {0x259, 'a'}, {0x251, 'a'}, {0x254, 'c'}, {0x269, 'i'},  {0x28d, 'm'},
                   {0x44c, 'b'}, {0x3ba, 'k'}, {0x43a, 'k'}, {0x443, 'y'}, {0x1d0b, 'k'}, {0x50d, 'g'},
                   {0x3b1, 'a'}, {0x3bd, 'v'}, {0x3c9, 'w'}, {0x3c4, 't'}, {0x3b7, 'n'},  {0x3b2, 'b'}};

        for (size_t i = 0; i < ARRAY_LEN(odd); i++)
                if (odd[i].code == c)
                        return odd[i].letter;
        return '\0';
}

/* "LATIN SMALL LETTER B WITH HOOK", "LATIN LETTER SMALL CAPITAL B": the letter stands alone in its name. */
static char named_letter(UChar32 c)
{
        char name[96], *rest;
        UErrorCode status = U_ZERO_ERROR;
        int32_t length = u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof(name), &status);

        if (U_FAILURE(status) || length < 0 || strncmp(name, "LATIN ", 6))
                return '\0';
        for (char *word = strtok_r(name, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
                if (strlen(word) == 1 && word[0] >= 'A' && word[0] <= 'Z')
                        return (char)(word[0] - 'A' + 'a');
        return '\0';
}

static void put(struct folded *folded, char c)
{
        if (folded->ascii_length + 1 < FOLD_SIZE)
                folded->ascii[folded->ascii_length++] = c;
}

/* One code point without its marks; what looks like nothing is '?'. */
static void put_plain(struct folded *folded, UChar32 c)
{
        char letter;

        if (u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_ENCLOSING_MARK ||
            u_charType(c) == U_FORMAT_CHAR)
                return;
        c = u_tolower(c);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') {
                put(folded, (char)c);
                return;
        }
        letter = odd_letter(c);
        if (!letter)
                letter = named_letter(c);
        folded->unknown |= !letter;
        put(folded, letter ? letter : '?');
}

static void put_skeleton(const struct fold *fold, struct folded *folded, UChar32 c)
{
        UChar text[2], skeleton[LETTERS_MAX], plain[LETTERS_MAX];
        UErrorCode status = U_ZERO_ERROR;
        int32_t length = 0, at = 0;

        if (odd_letter(c)) {
                put(folded, odd_letter(c));
                return;
        }
        U16_APPEND_UNSAFE(text, length, c);
        length = uspoof_getSkeleton(fold->spoof, 0, text, length, skeleton, LETTERS_MAX, &status);
        length = U_FAILURE(status)
                         ? 0
                         : unorm2_normalize(fold->nfkd, skeleton, length, plain, LETTERS_MAX, &status);
        if (U_FAILURE(status) || length <= 0) {
                put_plain(folded, c);
                return;
        }
        while (at < length) {
                U16_NEXT(plain, at, length, c);
                put_plain(folded, c);
        }
}

/* Marks come off before the skeleton is asked for: it knows "ạ" as a letter of its own. */
static void put_letters(const struct fold *fold, struct folded *folded, const UChar *text, int32_t length)
{
        UChar plain[4 * FOLD_SIZE];
        UErrorCode status = U_ZERO_ERROR;
        int32_t at = 0;
        UChar32 c;

        length = unorm2_normalize(fold->nfkd, text, length, plain, (int32_t)ARRAY_LEN(plain), &status);
        if (U_FAILURE(status)) {
                folded->broken = true;
                return;
        }
        while (at < length) {
                U16_NEXT(plain, at, length, c);
                if (c < 0x80 || u_charType(c) == U_NON_SPACING_MARK)
                        put_plain(folded, c);
                else
                        put_skeleton(fold, folded, c);
        }
}

static bool is_french(UChar c)
{
        return c < 0x80 || u_strchr(u"àâäçéèêëîïôöùûüÿæœ", c);
}

static bool decode(const struct fold *fold, struct folded *folded, const char *label, size_t length)
{
        UChar text[FOLD_SIZE], unicode[FOLD_SIZE];
        UIDNAInfo info = UIDNA_INFO_INITIALIZER;
        UErrorCode status = U_ZERO_ERROR;
        int32_t got;

        if (length >= FOLD_SIZE)
                return false;
        u_charsToUChars(label, text, (int32_t)length);
        got = uidna_labelToUnicode(fold->idna, text, (int32_t)length, unicode, FOLD_SIZE, &info, &status);
        if (U_FAILURE(status) || (info.errors & (UIDNA_ERROR_PUNYCODE | UIDNA_ERROR_INVALID_ACE_LABEL)) ||
            got > FOLD_SIZE)
                return false;
        folded->accented = true;
        for (int32_t i = 0; i < got; i++)
                folded->accented &= is_french(unicode[i]);
        put_letters(fold, folded, unicode, got);
        return true;
}

/* ---- keys ---- */

static const char letter_of[128] = {['0'] = 'o', ['1'] = 'l', ['i'] = 'l', ['3'] = 'e',
                                    ['4'] = 'a', ['5'] = 's', ['7'] = 't', ['8'] = 'b'};

char fold_letter(char c)
{
        unsigned char octet = (unsigned char)c;

        return octet < 128 && letter_of[octet] ? letter_of[octet] : c;
}

static const char coarse_of[128] = {['m'] = 'n', ['r'] = 'n', ['b'] = 'd', ['e'] = 'c', ['q'] = 'g',
                                    ['9'] = 'g', ['6'] = 'g', ['v'] = 'u', ['w'] = 'u', ['j'] = 'l'};

/* Two letters that look like one, in the letters of the key: "ik" is "lk" there, and an "e" may have been a "c". */
static char pair_of(char first, char second)
{
        first = first == 'e' ? 'c' : first;
        second = second == 'e' ? 'c' : second;
        if (second == 'l' && (first == 'c' || first == 'd'))
                return 'd';
        if (first != 'l')
                return '\0';
        return second == 'b' ? 'd' : second == 'h' ? 'h' : second == 'k' || second == 'c' ? 'k' : '\0';
}

static void make_keys(struct folded *folded)
{
        char last = '\0';

        for (size_t i = 0; i < folded->ascii_length; i++)
                if (folded->ascii[i] != '-')
                        folded->key[folded->key_length++] = fold_letter(folded->ascii[i]);
        for (size_t i = 0; i < folded->key_length; i++) {
                char c = folded->key[i], pair = '\0';

                if (i + 1 < folded->key_length)
                        pair = pair_of(c, folded->key[i + 1]);
                if (pair) {
                        c = pair;
                        i++;
                } else if ((unsigned char)c < 128 && coarse_of[(unsigned char)c]) {
                        c = coarse_of[(unsigned char)c];
                }
                if (c != last)
                        folded->coarse[folded->coarse_length++] = c;
                last = c;
        }
        folded->ascii[folded->ascii_length] = folded->key[folded->key_length] = '\0';
        folded->coarse[folded->coarse_length] = '\0';
}

void fold_label(const struct fold *fold, const char *label, size_t length, struct folded *ret_folded)
{
        struct folded *folded = ret_folded;

        folded->ascii_length = folded->key_length = folded->coarse_length = 0;
        folded->unknown = folded->broken = folded->accented = false;
        folded->idn = length > 4 && !memcmp(label, "xn--", 4);
        if (folded->idn && !decode(fold, folded, label, length)) {
                folded->broken = true;
                folded->ascii_length = 0;
        }
        if (!folded->ascii_length) {
                folded->ascii_length = (uint8_t)(length < FOLD_SIZE ? length : FOLD_SIZE - 1);
                memcpy(folded->ascii, label, folded->ascii_length);
        }
        make_keys(folded);
}
