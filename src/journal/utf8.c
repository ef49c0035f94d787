/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/utf8.h"

#include <stdbool.h>

static bool continues(unsigned char byte, unsigned low, unsigned high)
{
        return byte >= low && byte <= high;
}

size_t utf8_sequence(const char *text, size_t length)
{
        const unsigned char *at = (const unsigned char *)text;
        unsigned low = 0x80;
        unsigned high = 0xbf;
        size_t count;

        if (length == 0)
                return 0;
        if (at[0] < 0x80)
                return 1;
        if (at[0] < 0xc2 || at[0] > 0xf4)
                return 0;
        count = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
        if (length < count)
                return 0;
        if (at[0] == 0xe0)
                low = 0xa0;
        else if (at[0] == 0xed)
                high = 0x9f;
        else if (at[0] == 0xf0)
                low = 0x90;
        else if (at[0] == 0xf4)
                high = 0x8f;
        if (!continues(at[1], low, high))
                return 0;
        for (size_t i = 2; i < count; i++)
                if (!continues(at[i], 0x80, 0xbf))
                        return 0;
        return count;
}
