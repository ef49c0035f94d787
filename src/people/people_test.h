/* SPDX-License-Identifier: EUPL-1.2 */
/* A house of people for the tests: a folder of its own, a clock that is moved by hand, randomness that repeats. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "people/account.h"
#include "people/login.h"
#include "people/people.h"

#define TEST_START_MS 1584872100000 /* Sunday 22 March 2020, 11:15 in Paris */
#define TEST_PASSWORD "trois chats sous la pluie"
#define TEST_MINUTE   60000LL

struct test_house {
        char folder[64], path[96];
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct people_policy policy;
        struct people *people;
};

static inline void test_pass(struct test_house *house, int64_t milliseconds)
{
        clock_manual_advance(&house->manual, (uint64_t)milliseconds * 1000000);
}

static inline void test_open(struct test_house *house)
{
        struct error error = {0};
        int r = people_open(house->path, &house->policy, &house->clock, &house->random, &house->people,
                            &error);

        if (r)
                fail_msg("people_open: %s", error_text(&error, r));
}

/* As after a restart of the hub. */
static inline void test_reopen(struct test_house *house)
{
        house->people = people_close(house->people);
        test_open(house);
}

static inline int test_setup(void **state)
{
        struct test_house *house = calloc(1, sizeof(*house));

        /* In memory where there is such a folder: what is tested is not how fast the disk is. */
        strcpy(house->folder,
               access("/dev/shm", W_OK) ? "/tmp/garde-people-XXXXXX" : "/dev/shm/garde-people-XXXXXX");
        if (!mkdtemp(house->folder))
                return -1;
        snprintf(house->path, sizeof(house->path), "%s/people.db", house->folder);
        house->manual = (struct clock_manual){TEST_START_MS, 1000000000};
        house->clock = clock_manual_view(&house->manual);
        house->random = random_seeded_view(&house->seeded, 41);
        /* The least that argon2id allows: what is tested is not its strength. */
        house->policy = (struct people_policy){
                .password_operations = 1, .password_memory = 8192, .issuer = "Hôpital"};
        test_open(house);
        *state = house;
        return 0;
}

static inline int test_teardown(void **state)
{
        struct test_house *house = *state;
        char command[128];

        house->people = people_close(house->people);
        snprintf(command, sizeof(command), "rm -rf %s", house->folder);
        if (system(command) != 0)
                return -1;
        free(house);
        return 0;
}

/* The id lives until the next call. */
static inline const char *test_account(struct test_house *house, const char *name, unsigned roles)
{
        static struct id id;
        struct password_job *job = NULL;
        struct error error = {0};
        int r = account_job_new(house->people, NULL, NULL, TEST_PASSWORD, &job, &error);

        if (!r)
                r = password_job_work(job, &error);
        if (!r)
                r = account_make(house->people, name, roles, LANGUAGE_FR, password_job_made(job), false, &id,
                                 &error);
        account_job_free(house->people, job);
        if (r)
                fail_msg("account_make: %s", error_text(&error, r));
        return id.text;
}

static inline int test_login(struct test_house *house, const char *name, const char *password,
                             const char *code, const char *address, struct login_result *ret_result)
{
        const struct login_try try = {name, password, code, address};
        struct login *login = NULL;
        int r = login_begin(house->people, &try, &login, NULL);

        if (!r)
                r = login_work(login, NULL);
        if (!r)
                r = login_end(house->people, login, ret_result, NULL);
        login_free(house->people, login);
        return r;
}

/* What the telephone of this key shows now. */
static inline void test_code(struct test_house *house, const uint8_t key[static TOTP_KEY_SIZE],
                             char ret_code[static 8])
{
        uint64_t step = (uint64_t)house->manual.wall_ms / TOTP_STEP_MS;

        snprintf(ret_code, 8, "%06u", totp_value(key, TOTP_KEY_SIZE, step) % 1000000);
}

static inline void test_enrol(struct test_house *house, const char *account,
                              uint8_t ret_key[static TOTP_KEY_SIZE])
{
        char code[8];

        assert_int_equal(account_totp_begin(house->people, account, ret_key, NULL), 0);
        test_code(house, ret_key, code);
        assert_int_equal(account_totp_confirm(house->people, account, code, NULL), 0);
        test_pass(house, TOTP_STEP_MS);
}
