/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/name.h"

#include <string.h>

#include "names/name_idn.h"

#define LABEL_MAX 63

#define OWN(c)    [c] = (c)
#define LETTER(c) [c] = (c), [(c) - 'a' + 'A'] = (c)
/* What a name may hold, lowered; 0 for the rest. */
static const char lowered[256] = {
        LETTER('a'), LETTER('b'), LETTER('c'), LETTER('d'), LETTER('e'), LETTER('f'), LETTER('g'),
        LETTER('h'), LETTER('i'), LETTER('j'), LETTER('k'), LETTER('l'), LETTER('m'), LETTER('n'),
        LETTER('o'), LETTER('p'), LETTER('q'), LETTER('r'), LETTER('s'), LETTER('t'), LETTER('u'),
        LETTER('v'), LETTER('w'), LETTER('x'), LETTER('y'), LETTER('z'), OWN('0'),    OWN('1'),
        OWN('2'),    OWN('3'),    OWN('4'),    OWN('5'),    OWN('6'),    OWN('7'),    OWN('8'),
        OWN('9'),    OWN('-'),    OWN('_'),
};

static const struct {
        const char *word, *fr, *en;
} refusals[NAME_REFUSAL_COUNT] = {{"usable", "utilisable", "usable"},
#define REFUSAL_TEXT(name, word, fr, en) {word, fr, en},
                                  NAME_REFUSALS(REFUSAL_TEXT)
#undef REFUSAL_TEXT
};

static bool is_refusal(int refusal)
{
        return refusal >= 0 && refusal < NAME_REFUSAL_COUNT;
}

const char *name_refusal_word(int refusal)
{
        return is_refusal(refusal) ? refusals[refusal].word : "?";
}

const char *name_refusal_fr(int refusal)
{
        return is_refusal(refusal) ? refusals[refusal].fr : "?";
}

const char *name_refusal_en(int refusal)
{
        return is_refusal(refusal) ? refusals[refusal].en : "?";
}

/* ---- reading ---- */

static int check_label(const char *label, size_t length)
{
        if (length == 0)
                return NAME_REFUSED_LABEL_EMPTY;
        if (length > LABEL_MAX)
                return NAME_REFUSED_LABEL_TOO_LONG;
        return label[0] == '-' || label[length - 1] == '-' ? NAME_REFUSED_HYPHEN : NAME_USABLE;
}

/* ASCII alone, `length` without a dot at the end. */
static int lower_labels(const char *text, size_t length, struct name *name)
{
        size_t start = 0;
        unsigned labels = 0, hyphen_at = 0;

        for (size_t i = 0; i <= length; i++) {
                char c = i < length ? lowered[(uint8_t)text[i]] : '\0';
                if (!c && (i == length || text[i] == '.')) {
                        int r = check_label(text + start, i - start);
                        labels++;
                        if (r == NAME_REFUSED_HYPHEN)
                                hyphen_at = labels;
                        else if (r)
                                return r;
                        start = i + 1;
                        c = i < length ? '.' : '\0';
                } else if (!c) {
                        return NAME_REFUSED_CHARACTER;
                }
                name->text[i] = c;
        }
        if (hyphen_at && hyphen_at + 1 >= labels)
                return NAME_REFUSED_HYPHEN;
        name->length = (uint8_t)length;
        name->labels = (uint8_t)labels;
        return NAME_USABLE;
}

static int read_ascii(const char *text, size_t length, struct name *ret_name)
{
        struct name name;
        int r;

        if (length > 0 && text[length - 1] == '.')
                length--;
        if (length == 0)
                return NAME_REFUSED_EMPTY;
        if (length > NAME_LENGTH_MAX)
                return NAME_REFUSED_TOO_LONG;
        r = lower_labels(text, length, &name);
        if (r)
                return r;
        ret_name->length = name.length;
        ret_name->labels = name.labels;
        memcpy(ret_name->text, name.text, length + 1);
        return NAME_USABLE;
}

static bool is_ascii(const char *text, size_t length)
{
        for (size_t i = 0; i < length; i++)
                if (text[i] & 0x80)
                        return false;
        return true;
}

int name_parse(const char *text, size_t length, struct name *ret_name)
{
        char ascii[NAME_IDN_SIZE];
        size_t ascii_length;
        int r = read_ascii(text, length, ret_name);

        if ((r != NAME_REFUSED_CHARACTER && r != NAME_REFUSED_TOO_LONG) || is_ascii(text, length))
                return r;
        if (length > NAME_DIRTY_MAX)
                return NAME_REFUSED_TOO_LONG;
        r = name_idn_to_ascii(text, length, ascii, &ascii_length);
        return r ? r : read_ascii(ascii, ascii_length, ret_name);
}

/* ---- relations ---- */

const char *name_parent(const char *text)
{
        const char *dot = strchr(text, '.');

        return dot ? dot + 1 : NULL;
}

bool name_is_within(const char *text, const char *above)
{
        size_t length = strlen(text), above_length = strlen(above);

        if (above_length == 0 || length < above_length ||
            memcmp(text + length - above_length, above, above_length) != 0)
                return false;
        return length == above_length || text[length - above_length - 1] == '.';
}

/* ---- wire form ---- */

int name_to_wire(const struct name *name, uint8_t ret_wire[static NAME_WIRE_MAX])
{
        size_t label_at = 0;

        if (name->length == 0 || name->length > NAME_LENGTH_MAX)
                return -NAME_REFUSED_EMPTY;
        /* Every dot becomes the length of the label that follows it, and one more stands in front. */
        for (size_t i = 0; i <= name->length; i++) {
                if (i < name->length && name->text[i] != '.') {
                        ret_wire[i + 1] = (uint8_t)name->text[i];
                        continue;
                }
                if (i == label_at)
                        return -NAME_REFUSED_LABEL_EMPTY;
                if (i - label_at > LABEL_MAX)
                        return -NAME_REFUSED_LABEL_TOO_LONG;
                ret_wire[label_at] = (uint8_t)(i - label_at);
                label_at = i + 1;
        }
        ret_wire[label_at] = 0;
        return name->length + 2;
}

int name_from_wire(const uint8_t *wire, size_t length, struct name *ret_name)
{
        char text[NAME_WIRE_MAX];
        size_t at = 0;
        int r;

        while (at < length && wire[at] != 0) {
                size_t label = wire[at];
                if (label > LABEL_MAX || at + 1 + label >= length)
                        return -NAME_REFUSED_WIRE;
                if (at + 1 + label > NAME_LENGTH_MAX + 1)
                        return -NAME_REFUSED_TOO_LONG;
                if (memchr(wire + at + 1, '.', label) || !is_ascii((const char *)wire + at + 1, label))
                        return -NAME_REFUSED_CHARACTER;
                memcpy(text + at, wire + at + 1, label);
                text[at + label] = '.';
                at += label + 1;
        }
        if (at >= length)
                return -NAME_REFUSED_WIRE;
        r = read_ascii(text, at, ret_name);
        return r ? -r : (int)at + 1;
}
