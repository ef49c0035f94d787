/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/people_test.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/file.h"

#define HERE  "192.0.2.1"
#define THERE "198.51.100.9"

static struct login_result result;

static void the_right_password_opens_a_session(void **state)
{
        struct test_house *house = *state;
        struct people_session session;

        test_account(house, "Anne Martin", ACT_ROLE(RESPONDER));
        assert_int_equal(test_login(house, "anne martin", TEST_PASSWORD, "", HERE, &result), 0);
        assert_int_equal(result.end, LOGIN_OPENED);
        assert_string_equal(result.session.name, "Anne Martin");
        assert_int_equal(result.session.roles, ACT_ROLE(RESPONDER));
        assert_int_equal(people_session_find(house->people, result.cookie, &session), 0);
        assert_string_equal(session.id.text, result.session.id.text);
        assert_int_equal(people_account_named(house->people, "Anne Martin")->seen_ms, TEST_START_MS);
}

static void what_is_wrong_is_not_told(void **state)
{
        struct test_house *house = *state;
        const bool off = false;
        struct error errors[3] = {0};
        struct login *login;
        const char *id = test_account(house, "Anne", ACT_ROLE(RESPONDER));
        const struct account_change disable = {.enabled = &off};
        const struct login_try tries[] = {{"Anne", "not her password", "", HERE},
                                          {"Nobody", TEST_PASSWORD, "", HERE},
                                          {"Bernard", TEST_PASSWORD, "", HERE}};

        assert_non_null(id);
        test_account(house, "Other director", ACT_ROLE(DIRECTOR));
        id = test_account(house, "Bernard", ACT_ROLE(RESPONDER));
        assert_int_equal(account_change(house->people, id, &disable, NULL), 0);
        for (size_t i = 0; i < 3; i++) {
                assert_int_equal(login_begin(house->people, &tries[i], &login, NULL), 0);
                assert_int_equal(login_work(login, NULL), 0);
                assert_int_equal(login_end(house->people, login, &result, &errors[i]), -EPERM);
                login_free(house->people, login);
        }
        assert_string_equal(errors[0].fr, errors[1].fr);
        assert_string_equal(errors[0].en, errors[1].en);
        assert_string_equal(errors[0].fr, errors[2].fr);
}

static void the_second_factor_is_asked_and_checked(void **state)
{
        struct test_house *house = *state;
        const char *id = test_account(house, "Anne", ACT_ROLE(DIRECTOR));
        uint8_t key[TOTP_KEY_SIZE];
        char code[8];

        test_enrol(house, id, key);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), 0);
        assert_int_equal(result.end, LOGIN_CODE);
        assert_string_equal(result.cookie, "");
        test_code(house, key, code);
        assert_int_equal(test_login(house, "Anne", "not her password", code, HERE, &result), -EPERM);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "000000", HERE, &result), -EPERM);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, code, HERE, &result), 0);
        assert_int_equal(result.end, LOGIN_OPENED);
        assert_false(result.recovery);
        /* The code that somebody looked at over her shoulder. */
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, code, HERE, &result), -EPERM);
        test_reopen(house);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, code, HERE, &result), -EPERM);
        test_pass(house, TOTP_STEP_MS);
        test_code(house, key, code);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, code, HERE, &result), 0);
}

static void a_sheet_stands_in_for_a_lost_telephone(void **state)
{
        struct test_house *house = *state;
        struct id id =
                people_account_find(house->people, test_account(house, "Anne", ACT_ROLE(DIRECTOR)))->id;
        char codes[PEOPLE_RECOVERY_CODES][SECRET_PAPER_SIZE], old[SECRET_PAPER_SIZE];
        uint8_t key[TOTP_KEY_SIZE];

        assert_int_equal(account_recovery_make(house->people, id.text, codes, NULL), -EBUSY);
        test_enrol(house, id.text, key);
        assert_int_equal(account_recovery_make(house->people, id.text, codes, NULL), 0);
        test_reopen(house);
        for (unsigned i = 0; i < PEOPLE_RECOVERY_CODES; i++) {
                assert_int_equal(people_account_find(house->people, id.text)->recovery_left,
                                 PEOPLE_RECOVERY_CODES - i);
                assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, codes[i], HERE, &result), 0);
                assert_true(result.recovery);
                assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, codes[i], HERE, &result), -EPERM);
        }
        strcpy(old, codes[0]);
        assert_int_equal(account_recovery_make(house->people, id.text, codes, NULL), 0);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, old, HERE, &result), -EPERM);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, codes[9], HERE, &result), 0);
        /* A new telephone makes the sheet of the old one waste paper. */
        test_enrol(house, id.text, key);
        assert_int_equal(people_account_find(house->people, id.text)->recovery_left, 0);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, codes[1], HERE, &result), -EPERM);
}

/* ---- guessing ---- */

static void guess_many(struct test_house *house, const char *name, unsigned tries)
{
        char address[32];

        for (unsigned i = 0; i < tries; i++) {
                snprintf(address, sizeof(address), "203.0.113.%u", i);
                test_login(house, name, "a wrong password", "", address, &result);
        }
}

static void guessing_is_slowed_and_nobody_knows_who_exists(void **state)
{
        struct test_house *house = *state;

        test_account(house, "Anne", ACT_ROLE(RESPONDER));
        guess_many(house, "Anne", 6);
        guess_many(house, "Nobody", 6);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), -EAGAIN);
        assert_int_equal(test_login(house, "Nobody", TEST_PASSWORD, "", HERE, &result), -EAGAIN);
        test_pass(house, 2000);
        assert_int_equal(test_login(house, "Nobody", TEST_PASSWORD, "", HERE, &result), -EPERM);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), 0);
        assert_int_equal(test_login(house, "Nobody", TEST_PASSWORD, "", HERE, &result), -EAGAIN);
}

static void a_delay_waits_for_itself_alone(void **state)
{
        struct test_house *house = *state;

        test_account(house, "Anne", ACT_ROLE(RESPONDER));
        guess_many(house, "Anne", 5);
        for (int i = 0; i < 100; i++) /* refused tries do not prolong it */
                assert_int_equal(test_login(house, "Anne", "a wrong password", "", THERE, &result), -EAGAIN);
        test_pass(house, 1000);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), 0);
}

static void a_right_code_opens_the_way_once(void **state)
{
        struct test_house *house = *state;
        const char *id = test_account(house, "Anne", ACT_ROLE(DIRECTOR));
        uint8_t key[TOTP_KEY_SIZE];
        char codes[PEOPLE_RECOVERY_CODES][SECRET_PAPER_SIZE];
        char code[8];

        test_enrol(house, id, key);
        assert_int_equal(account_recovery_make(house->people, id, codes, NULL), 0);
        guess_many(house, "Anne", 6);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), -EAGAIN);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "123456", HERE, &result), -EAGAIN);
        test_code(house, key, code);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, code, HERE, &result), 0);

        /* With a wrong password the code is spent: it does not open the way for guessing on. */
        guess_many(house, "Anne", 6);
        test_pass(house, TOTP_STEP_MS);
        guess_many(house, "Anne", 6);
        test_code(house, key, code);
        assert_int_equal(test_login(house, "Anne", "a wrong password", code, THERE, &result), -EPERM);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, code, THERE, &result), -EAGAIN);
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, codes[3], THERE, &result), 0);
        assert_true(result.recovery);
}

static void refusals_are_told_once_a_minute(void **state)
{
        struct test_house *house = *state;
        const char *id = test_account(house, "Anne", ACT_ROLE(RESPONDER));
        int64_t since_ms = 0;
        unsigned told = 0, records = 0;

        assert_int_equal(login_refused(house->people, id, false, &since_ms), 1);
        assert_int_equal(since_ms, TEST_START_MS);
        for (int i = 0; i < 600; i++) { /* ten minutes of one a second */
                unsigned count;

                test_pass(house, 1000);
                count = login_refused(house->people, id, false, &since_ms);
                told += count;
                records += count > 0;
        }
        assert_in_range(records, 9, 10);
        test_pass(house, TEST_MINUTE);
        told += login_refused(house->people, id, true, &since_ms);
        assert_int_equal(told, 600);
        test_pass(house, TEST_MINUTE);
        assert_int_equal(login_refused(house->people, id, true, &since_ms), 0);
        /* Names that nobody has are one. */
        assert_int_equal(login_refused(house->people, "", false, &since_ms), 1);
        assert_int_equal(login_refused(house->people, "a_unknown", false, &since_ms), 0);
}

static void few_passwords_are_hashed_at_once(void **state)
{
        struct test_house *house = *state;
        const struct login_try try = {"Anne", TEST_PASSWORD, "", HERE};
        struct login *logins[ACCOUNT_HASHING_MAX], *more;

        test_account(house, "Anne", ACT_ROLE(RESPONDER));
        for (size_t i = 0; i < ACCOUNT_HASHING_MAX; i++)
                assert_int_equal(login_begin(house->people, &try, &logins[i], NULL), 0);
        assert_int_equal(login_begin(house->people, &try, &more, NULL), -EAGAIN);
        login_free(house->people, more);
        login_free(house->people, logins[0]);
        assert_int_equal(login_begin(house->people, &try, &logins[0], NULL), 0);
        for (size_t i = 0; i < ACCOUNT_HASHING_MAX; i++)
                login_free(house->people, logins[i]);
}

static bool file_holds(struct test_house *house, const char *text)
{
        CLEANUP(cleanup_free) char *data = NULL;
        size_t length = 0;

        house->people = people_close(house->people); /* which brings the log into the file */
        assert_int_equal(file_read(house->path, 1 << 20, &data, &length, NULL), 0);
        test_open(house);
        return memmem(data, length, text, strlen(text)) != NULL;
}

static void a_dearer_policy_hashes_again_at_login(void **state)
{
        struct test_house *house = *state;

        test_account(house, "Anne", ACT_ROLE(RESPONDER));
        assert_true(file_holds(house, "$m=8,t=1,p=1$"));
        house->policy.password_operations = 2;
        test_reopen(house);
        assert_int_equal(test_login(house, "Anne", "a wrong password", "", HERE, &result), -EPERM);
        assert_false(file_holds(house, "$m=8,t=2,p=1$"));
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), 0);
        assert_true(file_holds(house, "$m=8,t=2,p=1$"));
        assert_false(file_holds(house, "$m=8,t=1,p=1$")); /* secure_delete */
        assert_int_equal(test_login(house, "Anne", TEST_PASSWORD, "", HERE, &result), 0);
}

static void who_was_disabled_meanwhile_does_not_come_in(void **state)
{
        struct test_house *house = *state;
        const struct login_try try = {"Anne", TEST_PASSWORD, "", HERE};
        const bool off = false;
        const struct account_change change = {.enabled = &off};
        const char *id = test_account(house, "Anne", ACT_ROLE(RESPONDER));
        struct login *login;

        assert_int_equal(login_begin(house->people, &try, &login, NULL), 0);
        assert_int_equal(login_work(login, NULL), 0);
        assert_int_equal(account_change(house->people, id, &change, NULL), 0);
        assert_int_equal(login_end(house->people, login, &result, NULL), -EPERM);
        login_free(house->people, login);
}

/* ---- the first start ---- */

static void the_link_makes_one_director(void **state)
{
        struct test_house *house = *state;
        char first[PEOPLE_SECRET_SIZE], second[PEOPLE_SECRET_SIZE];

        assert_int_equal(setup_check(house->people, "", NULL), -EPERM);
        assert_int_equal(setup_begin(house->people, first, NULL), 0);
        assert_int_equal(setup_check(house->people, first, NULL), 0);
        test_reopen(house);
        assert_int_equal(setup_check(house->people, first, NULL), 0);
        assert_int_equal(setup_begin(house->people, second, NULL), 0);
        assert_int_equal(setup_check(house->people, first, NULL), -EPERM);
        test_pass(house, PEOPLE_SETUP_MS - 1);
        assert_int_equal(setup_check(house->people, second, NULL), 0);
        test_pass(house, 1);
        assert_int_equal(setup_check(house->people, second, NULL), -EPERM);
        assert_int_equal(setup_begin(house->people, second, NULL), 0);
        test_account(house, "Anne", ACT_ROLE(DIRECTOR));
        assert_int_equal(setup_check(house->people, second, NULL), -EALREADY);
        assert_int_equal(setup_begin(house->people, second, NULL), -EALREADY);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
        const struct CMUnitTest tests[] = {
                T(the_right_password_opens_a_session),
                T(what_is_wrong_is_not_told),
                T(the_second_factor_is_asked_and_checked),
                T(a_sheet_stands_in_for_a_lost_telephone),
                T(guessing_is_slowed_and_nobody_knows_who_exists),
                T(a_delay_waits_for_itself_alone),
                T(a_right_code_opens_the_way_once),
                T(refusals_are_told_once_a_minute),
                T(few_passwords_are_hashed_at_once),
                T(a_dearer_policy_hashes_again_at_login),
                T(who_was_disabled_meanwhile_does_not_come_in),
                T(the_link_makes_one_director),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
