/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/id.h"

#include <errno.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void id_make(char prefix, const struct clock *clock, const struct random *random, struct id *ret_id)
{
        unsigned __int128 value = (uint64_t)clock_wall_ms(clock) & 0xffffffffffffULL;
        uint8_t noise[10];

        random_fill(random, noise, sizeof(noise));
        for (size_t i = 0; i < sizeof(noise); i++)
                value = value << 8 | noise[i];
        ret_id->text[0] = prefix;
        ret_id->text[1] = '_';
        for (int i = 27; i >= 2; i--, value >>= 5)
                ret_id->text[i] = alphabet[(size_t)(value & 31)];
        ret_id->text[28] = '\0';
}

int id_parse(const char *text, char prefix, struct id *ret_id)
{
        if (strlen(text) != ID_TEXT_SIZE - 1 || text[0] != prefix || text[1] != '_')
                return -EINVAL;
        if (text[2] > '7') /* 26 characters hold 130 bits, an id has 128 */
                return -EINVAL;
        for (const char *p = text + 2; *p; p++)
                if (!strchr(alphabet, *p))
                        return -EINVAL;
        memcpy(ret_id->text, text, ID_TEXT_SIZE);
        return 0;
}
