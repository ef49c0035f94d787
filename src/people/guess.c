/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/guess.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"

#define NS_PER_MS 1000000ULL
#define KEY_SIZE  160

struct tries {
        unsigned wrong;
        uint64_t last_ns, until_ns;
};

struct guess {
        const struct clock *clock;
        struct table *names, *addresses, *known;
};

struct guess *guess_free(struct guess *guess)
{
        if (!guess)
                return NULL;
        table_free(guess->names);
        table_free(guess->addresses);
        table_free(guess->known);
        free(guess);
        return NULL;
}

struct guess *guess_new(const struct clock *clock, const struct random *random)
{
        struct guess *guess = calloc(1, sizeof(*guess));

        if (!guess)
                return NULL;
        guess->clock = clock;
        guess->names = table_new(GUESS_NAMES_MAX, random, free);
        guess->addresses = table_new(GUESS_ADDRESSES_MAX, random, free);
        guess->known = table_new(GUESS_KNOWN_MAX, random, free);
        if (!guess->names || !guess->addresses || !guess->known)
                return guess_free(guess);
        return guess;
}

/* ---- keys ---- */

static size_t name_key(const char *name, char ret_key[static KEY_SIZE])
{
        size_t length = 0;

        for (; name[length] && length < KEY_SIZE / 2 - 1; length++)
                ret_key[length] = (char)tolower((unsigned char)name[length]);
        ret_key[length] = '\0';
        return length;
}

/* Whoever has one IPv6 address has its whole /64. */
static size_t address_key(const char *address, char ret_key[static KEY_SIZE])
{
        struct in6_addr six;

        if (inet_pton(AF_INET6, address, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six)) {
                memcpy(ret_key, &six, 8);
                return 8;
        }
        return (size_t)snprintf(ret_key, KEY_SIZE / 2, "%.60s", address);
}

static size_t pair_key(const char *name, const char *address, char ret_key[static 2 * KEY_SIZE])
{
        size_t length = name_key(name, ret_key) + 1;

        return length + address_key(address, ret_key + length);
}

/* ---- tries ---- */

static int64_t wait_of(struct table *table, const char *key, size_t length, uint64_t now_ns)
{
        const struct tries *tries = table_get(table, key, length);

        if (!tries || tries->until_ns <= now_ns)
                return 0;
        return (int64_t)((tries->until_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
}

static uint64_t delay_ns(unsigned wrong, unsigned free_tries)
{
        uint64_t ms;

        if (wrong < free_tries)
                return 0;
        ms = wrong - free_tries < 20 ? 1000ULL << (wrong - free_tries) : GUESS_DELAY_MAX_MS;
        return (ms < GUESS_DELAY_MAX_MS ? ms : GUESS_DELAY_MAX_MS) * NS_PER_MS;
}

static void count(struct table *table, const char *key, size_t length, unsigned free_tries, uint64_t now_ns)
{
        struct tries *tries = table_get(table, key, length);

        if (!tries) {
                tries = calloc(1, sizeof(*tries));
                if (!tries || table_put(table, key, length, tries) < 0) {
                        free(tries);
                        return;
                }
        }
        if (now_ns - tries->last_ns > GUESS_FORGET_MS * NS_PER_MS && now_ns > tries->until_ns)
                tries->wrong = 0;
        if (tries->wrong < 1000)
                tries->wrong++;
        tries->last_ns = now_ns;
        tries->until_ns = now_ns + delay_ns(tries->wrong, free_tries);
}

int64_t guess_wait(struct guess *guess, const char *name, const char *address)
{
        char key[2 * KEY_SIZE];
        uint64_t now_ns = clock_mono_ns(guess->clock);
        bool known = table_get(guess->known, key, pair_key(name, address, key)) != NULL;
        int64_t of_address = wait_of(guess->addresses, key, address_key(address, key), now_ns);
        int64_t of_name = known ? 0 : wait_of(guess->names, key, name_key(name, key), now_ns);

        return of_address > of_name ? of_address : of_name;
}

void guess_wrong(struct guess *guess, const char *name, const char *address)
{
        char key[2 * KEY_SIZE];
        uint64_t now_ns = clock_mono_ns(guess->clock);

        count(guess->names, key, name_key(name, key), GUESS_NAME_FREE, now_ns);
        count(guess->addresses, key, address_key(address, key), GUESS_ADDRESS_FREE, now_ns);
}

void guess_right(struct guess *guess, const char *name, const char *address)
{
        char key[2 * KEY_SIZE];
        size_t length = name_key(name, key);
        char *mark = calloc(1, 1);

        table_remove(guess->names, key, length);
        length = pair_key(name, address, key);
        if (mark && table_put(guess->known, key, length, mark) < 0)
                free(mark);
}
