/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool prefix_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
        unsigned whole = bits / 8;

        if (memcmp(a, b, whole))
                return false;
        if (bits % 8 == 0)
                return true;
        return ((a[whole] ^ b[whole]) & (uint8_t)(0xff00U >> (bits % 8))) == 0;
}

static int parse_prefix(const char *text, unsigned max, uint8_t *ret_prefix)
{
        char *end;
        long value;

        if (!isdigit((unsigned char)*text))
                return -EINVAL;
        value = strtol(text, &end, 10);
        if (*end || value > (long)max)
                return -EINVAL;
        *ret_prefix = (uint8_t)value;
        return 0;
}

static bool host_bits_clear(const struct addr *addr)
{
        unsigned total = addr->family == 4 ? 32 : 128;

        for (unsigned bit = addr->prefix; bit < total; bit++)
                if (addr->bytes[bit / 8] & (0x80U >> (bit % 8)))
                        return false;
        return true;
}

int addr_parse(const char *text, struct addr *ret_addr)
{
        struct addr addr = {0};
        char host[ADDR_TEXT_SIZE];
        const char *slash = strchr(text, '/');
        size_t length = slash ? (size_t)(slash - text) : strlen(text);

        if (length >= sizeof(host))
                return -EINVAL;
        memcpy(host, text, length);
        host[length] = '\0';
        if (inet_pton(AF_INET, host, addr.bytes) == 1)
                addr.family = 4;
        else if (inet_pton(AF_INET6, host, addr.bytes) == 1)
                addr.family = 6;
        else
                return -EINVAL;
        addr.prefix = addr.family == 4 ? 32 : 128;
        if (slash && parse_prefix(slash + 1, addr.prefix, &addr.prefix))
                return -EINVAL;
        if (!host_bits_clear(&addr))
                return -EINVAL;
        *ret_addr = addr;
        return 0;
}

void addr_format(const struct addr *addr, char ret_text[static ADDR_TEXT_SIZE])
{
        char host[INET6_ADDRSTRLEN];
        unsigned full = addr->family == 4 ? 32 : 128;

        inet_ntop(addr->family == 4 ? AF_INET : AF_INET6, addr->bytes, host, sizeof(host));
        if (addr->prefix == full)
                snprintf(ret_text, ADDR_TEXT_SIZE, "%s", host);
        else
                snprintf(ret_text, ADDR_TEXT_SIZE, "%s/%u", host, addr->prefix);
}

bool addr_within(const struct addr *addr, const struct addr *net)
{
        return addr->family == net->family && addr->prefix >= net->prefix &&
               prefix_equal(addr->bytes, net->bytes, net->prefix);
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
        return a->family == b->family && a->prefix == b->prefix &&
               !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool addr_is_loopback(const struct addr *addr)
{
        static const struct addr loopback4 = {.family = 4, .prefix = 8, .bytes = {127}};
        static const struct addr loopback6 = {.family = 6, .prefix = 128, .bytes = {[15] = 1}};

        return addr_within(addr, &loopback4) || addr_within(addr, &loopback6);
}
