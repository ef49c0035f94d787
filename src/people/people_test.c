/* SPDX-License-Identifier: EUPL-1.2 */
#include "people/people_test.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"

#define DIRECTOR  ACT_ROLE(DIRECTOR)
#define RESPONDER ACT_ROLE(RESPONDER)

static char cookie[PEOPLE_SECRET_SIZE];
static struct people_session session;

static struct id account_of(struct test_house *house, const char *name, unsigned roles)
{
        return people_account_find(house->people, test_account(house, name, roles))->id;
}

static void enter(struct test_house *house, struct id id)
{
        assert_int_equal(people_session_open(house->people, id.text, cookie, &session, NULL), 0);
}

/* ---- the file ---- */

static void the_file_is_for_us_alone(void **state)
{
        struct test_house *house = *state;
        struct stat status;
        struct people *second;

        assert_int_equal(stat(house->path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        test_account(house, "Anne", DIRECTOR);
        assert_int_equal(
                people_open(house->path, &house->policy, &house->clock, &house->random, &second, NULL),
                -EBUSY);
}

static void a_foreign_file_is_left_alone(void **state)
{
        struct test_house *house = *state;
        char path[128];
        struct people *people;
        struct error error;
        CLEANUP(cleanup_free) char *data = NULL;
        size_t length;

        snprintf(path, sizeof(path), "%s/other.db", house->folder);
        assert_int_equal(file_write_atomic(path, "this is a letter to my aunt, and no database at all", 51,
                                           0644, NULL),
                         0);
        assert_int_equal(people_open(path, &house->policy, &house->clock, &house->random, &people, &error),
                         -EINVAL);
        assert_non_null(strstr(error.fr, "other.db"));
        assert_int_equal(file_read(path, 100, &data, &length, NULL), 0);
        assert_int_equal(length, 51);
}

static void nothing_secret_lies_about(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", DIRECTOR);
        char codes[PEOPLE_RECOVERY_CODES][SECRET_PAPER_SIZE], text[PEOPLE_SECRET_SIZE];
        struct people_token token;
        uint8_t key[TOTP_KEY_SIZE];
        CLEANUP(cleanup_free) char *data = NULL;
        size_t length = 0;

        test_enrol(house, anne.text, key);
        assert_int_equal(account_recovery_make(house->people, anne.text, codes, NULL), 0);
        assert_int_equal(people_token_make(house->people, anne.text, "backup", DIRECTOR,
                                           house->manual.wall_ms + TEST_MINUTE, text, &token, NULL),
                         0);
        enter(house, anne);
        house->people = people_close(house->people);
        assert_int_equal(file_read(house->path, 1 << 20, &data, &length, NULL), 0);
        assert_non_null(memmem(data, length, "Anne", 4));
        assert_null(memmem(data, length, TEST_PASSWORD, strlen(TEST_PASSWORD)));
        assert_null(memmem(data, length, codes[0], strlen(codes[0])));
        assert_null(memmem(data, length, text, strlen(text)));
        assert_null(memmem(data, length, cookie, strlen(cookie)));
        assert_null(memmem(data, length, session.csrf, strlen(session.csrf)));
        test_open(house);
}

static void an_issuer_is_cut_between_characters(void **state)
{
        struct test_house *house = *state;

        strcpy(house->policy.issuer, "Hôpital d’\xc3");
        test_reopen(house);
        assert_string_equal(people_policy(house->people)->issuer, "Hôpital d’");
        strcpy(house->policy.issuer, "Hôpital d’\xe2\x80");
        test_reopen(house);
        assert_string_equal(people_policy(house->people)->issuer, "Hôpital d’");
        assert_int_equal(people_policy(house->people)->session_idle_ms, 30 * TEST_MINUTE);
}

/* ---- accounts ---- */

static void names_are_unique_and_fit_to_sign(void **state)
{
        struct test_house *house = *state;
        static const char *const bad[] = {
                "",           "a",
                " anne",      "anne ",
                "an\nne",     "an/ne",
                "edge",       "hub",
                "garde-edge", "<b>x",
                "x\xc2\x85y", "x\xe2\x80\xaey",
                "x\xffy",     "a name that is longer than what a record lets it be"};

        test_account(house, "Anne Martin", RESPONDER);
        assert_int_equal(account_name_check(house->people, "ANNE martin", NULL), -EALREADY);
        assert_int_equal(account_name_check(house->people, "Zoé O’Brien-Lefèvre", NULL), 0);
        for (size_t i = 0; i < ARRAY_LEN(bad); i++)
                if (account_name_check(house->people, bad[i], NULL) != -EINVAL)
                        fail_msg("accepted: %s", bad[i]);
}

static void accounts_are_there_after_a_restart(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", DIRECTOR | RESPONDER);
        const enum language english = LANGUAGE_EN;
        const struct account_change change = {.name = "anne martin", .language = &english};
        const struct people_account *account;

        test_pass(house, 5);
        test_account(house, "Bernard", RESPONDER);
        assert_int_equal(account_change(house->people, anne.text, &change, NULL), 0);
        test_reopen(house);
        assert_int_equal(people_account_count(house->people), 2);
        account = people_account_named(house->people, "Anne Martin");
        assert_non_null(account);
        assert_string_equal(account->id.text, anne.text);
        assert_string_equal(account->name, "anne martin");
        assert_int_equal(account->roles, DIRECTOR | RESPONDER);
        assert_int_equal(account->language, LANGUAGE_EN);
        assert_true(account->enabled);
        assert_int_equal(account->created_ms, TEST_START_MS);
        assert_ptr_equal(people_account_at(house->people, 0), account);
}

static void the_last_director_stays(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", DIRECTOR), bernard;
        const bool off = false;
        const unsigned less = RESPONDER, none = 0;
        const struct account_change disable = {.enabled = &off}, demote = {.roles = &less},
                                    strip = {.roles = &none};

        assert_int_equal(account_change(house->people, anne.text, &disable, NULL), -EBUSY);
        assert_int_equal(account_change(house->people, anne.text, &demote, NULL), -EBUSY);
        bernard = account_of(house, "Bernard", DIRECTOR);
        assert_int_equal(account_change(house->people, bernard.text, &strip, NULL), -EINVAL);
        assert_int_equal(account_change(house->people, anne.text, &demote, NULL), 0);
        assert_int_equal(account_change(house->people, bernard.text, &disable, NULL), -EBUSY);
        assert_true(people_account_find(house->people, bernard.text)->enabled);
        assert_int_equal(account_change(house->people, "a_nobody", &disable, NULL), -ENOENT);
}

static void a_proxy_names_enabled_accounts_alone(void **state)
{
        struct test_house *house = *state;
        const bool off = false;
        const struct account_change disable = {.enabled = &off};
        struct id anne = account_of(house, "Anne", RESPONDER);

        assert_string_equal(people_proxy_find(house->people, "anne")->id.text, anne.text);
        assert_null(people_proxy_find(house->people, "bernard"));
        assert_int_equal(account_change(house->people, anne.text, &disable, NULL), 0);
        assert_null(people_proxy_find(house->people, "anne"));
}

static void what_must_be_done_comes_before_the_roles(void **state)
{
        struct test_house *house = *state;
        struct id anne, bernard;
        uint8_t key[TOTP_KEY_SIZE];

        house->policy.second_factor_required = true;
        test_reopen(house);
        anne = account_of(house, "Anne", DIRECTOR | RESPONDER);
        bernard = account_of(house, "Bernard", RESPONDER);
        enter(house, bernard);
        assert_int_equal(session.must, 0);
        assert_int_equal(session.roles, RESPONDER);
        enter(house, anne);
        assert_int_equal(session.must, PEOPLE_MUST_SECOND_FACTOR);
        assert_int_equal(session.roles, 0);
        test_enrol(house, anne.text, key);
        assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        assert_int_equal(session.roles, DIRECTOR | RESPONDER);
        assert_int_equal(account_set_password(house->people, anne.text, "$argon2id$", true, NULL), 0);
        enter(house, anne);
        assert_int_equal(session.must, PEOPLE_MUST_PASSWORD);
        assert_int_equal(session.roles, 0);
        assert_int_equal(account_totp_end(house->people, anne.text, NULL), 0);
        assert_int_equal(account_totp_end(house->people, anne.text, NULL), -EALREADY);
        assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        assert_int_equal(session.must, PEOPLE_MUST_PASSWORD | PEOPLE_MUST_SECOND_FACTOR);
}

static void a_second_factor_counts_once_a_code_was_seen(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", DIRECTOR);
        uint8_t key[TOTP_KEY_SIZE];
        char code[8];

        assert_int_equal(account_totp_confirm(house->people, anne.text, "123456", NULL), -ENOENT);
        assert_int_equal(account_totp_begin(house->people, anne.text, key, NULL), 0);
        assert_int_equal(account_totp_confirm(house->people, anne.text, "000000", NULL), -EINVAL);
        assert_false(people_account_find(house->people, anne.text)->second_factor);
        test_pass(house, ACCOUNT_TOTP_MS);
        test_code(house, key, code);
        assert_int_equal(account_totp_confirm(house->people, anne.text, code, NULL), -ENOENT);
        assert_int_equal(account_totp_begin(house->people, anne.text, key, NULL), 0);
        test_code(house, key, code);
        assert_int_equal(account_totp_confirm(house->people, anne.text, code, NULL), 0);
        test_reopen(house);
        assert_true(people_account_find(house->people, anne.text)->second_factor);
}

/* ---- sessions ---- */

static void a_session_ends_when_nobody_asks(void **state)
{
        struct test_house *house = *state;

        enter(house, account_of(house, "Anne", RESPONDER));
        assert_int_equal(session.ends_ms, TEST_START_MS + 30 * TEST_MINUTE);
        test_pass(house, 30 * TEST_MINUTE - 1);
        assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        test_pass(house, 30 * TEST_MINUTE - 1);
        assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        test_pass(house, 30 * TEST_MINUTE);
        assert_int_equal(people_session_find(house->people, cookie, &session), PEOPLE_NONE);
}

static void a_session_ends_after_half_a_day(void **state)
{
        struct test_house *house = *state;

        enter(house, account_of(house, "Anne", RESPONDER));
        for (int i = 0; i < 12 * 6 - 1; i++) {
                test_pass(house, 10 * TEST_MINUTE);
                assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        }
        test_pass(house, 10 * TEST_MINUTE);
        assert_int_equal(people_session_find(house->people, cookie, &session), PEOPLE_NONE);
}

static void a_session_survives_a_restart(void **state)
{
        struct test_house *house = *state;
        struct people_session again;

        enter(house, account_of(house, "Anne", RESPONDER));
        test_pass(house, 20 * TEST_MINUTE);
        assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        test_reopen(house);
        test_pass(house, 20 * TEST_MINUTE); /* seen twenty minutes ago, opened forty */
        assert_int_equal(people_session_find(house->people, cookie, &again), 0);
        assert_string_equal(again.csrf, session.csrf);
        assert_string_equal(again.id.text, session.id.text);
        assert_true(people_session_csrf_fits(&again, session.csrf));
        assert_false(people_session_csrf_fits(&again, ""));
        assert_false(people_session_csrf_fits(&again, cookie));
        assert_int_equal(people_session_end(house->people, again.id.text, NULL), 0);
        assert_int_equal(people_session_end(house->people, again.id.text, NULL), -ENOENT);
        test_reopen(house);
        assert_int_equal(people_session_find(house->people, cookie, &session), PEOPLE_NONE);
}

static void what_is_no_cookie_is_none(void **state)
{
        struct test_house *house = *state;
        char changed[PEOPLE_SECRET_SIZE];

        enter(house, account_of(house, "Anne", RESPONDER));
        assert_int_equal(people_session_find(house->people, "", &session), PEOPLE_NONE);
        strcpy(changed, cookie);
        changed[10] = changed[10] == 'A' ? 'B' : 'A';
        assert_int_equal(people_session_find(house->people, changed, &session), PEOPLE_NONE);
        assert_int_equal(people_session_find(house->people, session.id.text, &session), PEOPLE_NONE);
        assert_int_equal(people_session_find(house->people, session.csrf, &session), PEOPLE_NONE);
        changed[strlen(changed) - 1] = '\0';
        assert_int_equal(people_session_find(house->people, changed, &session), PEOPLE_NONE);
}

static void a_new_password_or_disabling_ends_all(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", RESPONDER),
                  bernard = account_of(house, "Bernard", RESPONDER);
        const bool off = false, on = true;
        const struct account_change disable = {.enabled = &off}, enable = {.enabled = &on};
        char first[PEOPLE_SECRET_SIZE];

        enter(house, anne);
        strcpy(first, cookie);
        enter(house, bernard);
        assert_int_equal(account_set_password(house->people, anne.text, "$argon2id$", false, NULL), 0);
        assert_int_equal(people_session_find(house->people, first, &session), PEOPLE_NONE);
        assert_int_equal(people_session_find(house->people, cookie, &session), 0);
        assert_int_equal(account_change(house->people, bernard.text, &disable, NULL), 0);
        assert_int_equal(people_session_find(house->people, cookie, &session), PEOPLE_NONE);
        assert_int_equal(people_session_open(house->people, bernard.text, cookie, &session, NULL), -ENOENT);
        assert_int_equal(account_change(house->people, bernard.text, &enable, NULL), 0);
        assert_int_equal(people_session_find(house->people, cookie, &session), PEOPLE_NONE);
}

static int count_one(void *context, const struct people_session *one)
{
        ++*(unsigned *)context;
        return 0;
}

static unsigned count_sessions(struct test_house *house)
{
        unsigned count = 0;

        assert_int_equal(people_session_each(house->people, count_one, &count), 0);
        return count;
}

static void the_ninth_session_ends_the_stalest(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", RESPONDER);
        char cookies[PEOPLE_ACCOUNT_SESSIONS_MAX][PEOPLE_SECRET_SIZE];

        for (size_t i = 0; i < PEOPLE_ACCOUNT_SESSIONS_MAX; i++) {
                test_pass(house, 1000);
                enter(house, anne);
                strcpy(cookies[i], cookie);
        }
        test_pass(house, 1000);
        assert_int_equal(people_session_find(house->people, cookies[0], &session), 0); /* now the newest */
        enter(house, anne);
        assert_int_equal(count_sessions(house), PEOPLE_ACCOUNT_SESSIONS_MAX);
        assert_int_equal(people_session_find(house->people, cookies[0], &session), 0);
        assert_int_equal(people_session_find(house->people, cookies[1], &session), PEOPLE_NONE);
        assert_int_equal(people_session_end_all(house->people, anne.text, session.id.text, NULL), 0);
        assert_int_equal(count_sessions(house), 1);
}

static void sessions_have_a_cap_in_all(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", RESPONDER);
        char name[32], first[PEOPLE_SECRET_SIZE];

        enter(house, anne);
        strcpy(first, cookie);
        for (unsigned i = 0; i < PEOPLE_SESSIONS_MAX / PEOPLE_ACCOUNT_SESSIONS_MAX; i++) {
                struct id other;

                snprintf(name, sizeof(name), "person %u", i);
                other = account_of(house, name, RESPONDER);
                for (unsigned k = 0; k < PEOPLE_ACCOUNT_SESSIONS_MAX; k++) {
                        test_pass(house, 1);
                        enter(house, other);
                }
        }
        assert_int_equal(count_sessions(house), PEOPLE_SESSIONS_MAX);
        assert_int_equal(people_session_find(house->people, first, &session), PEOPLE_NONE);
        test_reopen(house);
        assert_int_equal(count_sessions(house), PEOPLE_SESSIONS_MAX);
        test_pass(house, 30 * TEST_MINUTE);
        assert_int_equal(people_tick(house->people, NULL), 0);
        test_reopen(house);
        assert_int_equal(count_sessions(house), 0);
}

/* ---- tokens ---- */

static void a_token_is_its_makers(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", RESPONDER | ACT_ROLE(DPO));
        const unsigned less = ACT_ROLE(DPO);
        const bool off = false;
        const struct account_change demote = {.roles = &less}, disable = {.enabled = &off};
        struct people_token token;
        char text[PEOPLE_SECRET_SIZE];
        int64_t day = TEST_START_MS + 1440 * TEST_MINUTE;

        assert_int_equal(
                people_token_make(house->people, anne.text, "siem", DIRECTOR, day, text, &token, NULL),
                -EACCES);
        assert_int_equal(people_token_make(house->people, anne.text, "siem", 0, day, text, &token, NULL),
                         -EACCES);
        assert_int_equal(
                people_token_make(house->people, anne.text, "a/b", RESPONDER, day, text, &token, NULL),
                -EINVAL);
        assert_int_equal(people_token_make(house->people, anne.text, "siem", RESPONDER, TEST_START_MS, text,
                                           &token, NULL),
                         -EINVAL);
        assert_int_equal(people_token_make(house->people, anne.text, "siem", RESPONDER,
                                           TEST_START_MS + PEOPLE_TOKEN_MAX_MS + 1, text, &token, NULL),
                         -EINVAL);
        assert_int_equal(people_token_make(house->people, anne.text, "siem", RESPONDER | ACT_ROLE(DPO), day,
                                           text, &token, NULL),
                         0);
        assert_int_equal(
                people_token_make(house->people, anne.text, "siem", RESPONDER, day, text, &token, NULL),
                -EALREADY);
        test_reopen(house);
        assert_int_equal(people_token_find(house->people, text, &token), 0);
        assert_string_equal(token.signs, "Anne/siem");
        assert_int_equal(token.roles, RESPONDER | ACT_ROLE(DPO));
        assert_int_equal(account_change(house->people, anne.text, &demote, NULL), 0);
        assert_int_equal(people_token_find(house->people, text, &token), 0);
        assert_int_equal(token.roles, ACT_ROLE(DPO));
        assert_int_equal(account_change(house->people, anne.text, &disable, NULL), 0);
        assert_int_equal(people_token_find(house->people, text, &token), PEOPLE_NONE);
}

static void a_token_expires_or_is_ended(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", RESPONDER);
        struct people_token token;
        char text[PEOPLE_SECRET_SIZE];

        assert_int_equal(people_token_make(house->people, anne.text, "a", RESPONDER,
                                           TEST_START_MS + TEST_MINUTE, text, &token, NULL),
                         0);
        test_pass(house, TEST_MINUTE - 1);
        assert_int_equal(people_token_find(house->people, text, &token), 0);
        test_pass(house, 1);
        assert_int_equal(people_token_find(house->people, text, &token), PEOPLE_NONE);
        assert_int_equal(people_tick(house->people, NULL), 0);
        assert_int_equal(people_token_end(house->people, token.id.text, NULL), -ENOENT);
        assert_int_equal(people_token_make(house->people, anne.text, "a", RESPONDER,
                                           TEST_START_MS + 3 * TEST_MINUTE, text, &token, NULL),
                         0);
        assert_int_equal(people_token_end(house->people, token.id.text, NULL), 0);
        assert_int_equal(people_token_find(house->people, text, &token), PEOPLE_NONE);
        assert_int_equal(people_token_find(house->people, "garde_", &token), PEOPLE_NONE);
}

/* ---- approvals ---- */

static void somebody_else_must_agree(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", DIRECTOR), id;
        struct people_who who = {anne.text, "Anne", DIRECTOR};

        assert_false(people_approval_possible(house->people, anne.text, DIRECTOR));
        struct id bernard = account_of(house, "Bernard", RESPONDER);
        assert_false(people_approval_possible(house->people, anne.text, DIRECTOR));
        assert_true(people_approval_possible(house->people, anne.text, ACT_RESPONDERS));
        assert_int_equal(people_approval_ask(house->people, "measure.fence", "{\"until\":1}", DIRECTOR, &who,
                                             &id, NULL),
                         0);
        test_reopen(house);
        assert_string_equal(people_approval_find(house->people, id.text)->in, "{\"until\":1}");
        assert_string_equal(people_approval_find(house->people, id.text)->name, "Anne");
        assert_int_equal(people_approval_may(house->people, id.text, &who, NULL), -EACCES);
        who = (struct people_who){bernard.text, "Bernard", RESPONDER};
        assert_int_equal(people_approval_may(house->people, id.text, &who, NULL), -EACCES);
        who = (struct people_who){"", "somebody at the socket", ~0U};
        assert_int_equal(people_approval_may(house->people, id.text, &who, NULL), -EACCES);
        who = (struct people_who){bernard.text, "Bernard", DIRECTOR | RESPONDER};
        assert_int_equal(people_approval_may(house->people, id.text, &who, NULL), 0);
        assert_int_equal(people_approval_end(house->people, id.text, NULL), 0);
        assert_int_equal(people_approval_may(house->people, id.text, &who, NULL), -ENOENT);
        assert_int_equal(people_approval_end(house->people, id.text, NULL), -ENOENT);
}

static void a_request_waits_a_day(void **state)
{
        struct test_house *house = *state;
        struct id anne = account_of(house, "Anne", DIRECTOR),
                  bernard = account_of(house, "Bernard", DIRECTOR), id;
        const struct people_who asks = {anne.text, "Anne", DIRECTOR},
                                agrees = {bernard.text, "Bernard", DIRECTOR};

        assert_int_equal(people_approval_ask(house->people, "x", "{}", DIRECTOR, &asks, &id, NULL), 0);
        test_pass(house, PEOPLE_APPROVAL_MS - 1);
        assert_int_equal(people_approval_may(house->people, id.text, &agrees, NULL), 0);
        test_pass(house, 1);
        assert_int_equal(people_approval_may(house->people, id.text, &agrees, NULL), -ENOENT);
        assert_null(people_approval_find(house->people, id.text));
        assert_string_equal(people_approval_over(house->people)->id.text, id.text);
        assert_int_equal(people_approval_end(house->people, id.text, NULL), 0);
        assert_null(people_approval_over(house->people));
        for (unsigned i = 0; i < PEOPLE_ACCOUNT_ASKS_MAX; i++)
                assert_int_equal(people_approval_ask(house->people, "x", "{}", DIRECTOR, &asks, &id, NULL),
                                 0);
        assert_int_equal(people_approval_ask(house->people, "x", "{}", DIRECTOR, &asks, &id, NULL), -E2BIG);
        assert_int_equal(people_approval_ask(house->people, "x", "{}", DIRECTOR, &agrees, &id, NULL), 0);
        test_pass(house, PEOPLE_APPROVAL_MS);
        assert_int_equal(people_approval_ask(house->people, "x", "{}", DIRECTOR, &asks, &id, NULL), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
        const struct CMUnitTest tests[] = {
                T(the_file_is_for_us_alone),
                T(a_foreign_file_is_left_alone),
                T(nothing_secret_lies_about),
                T(an_issuer_is_cut_between_characters),
                T(names_are_unique_and_fit_to_sign),
                T(accounts_are_there_after_a_restart),
                T(the_last_director_stays),
                T(a_proxy_names_enabled_accounts_alone),
                T(what_must_be_done_comes_before_the_roles),
                T(a_second_factor_counts_once_a_code_was_seen),
                T(a_session_ends_when_nobody_asks),
                T(a_session_ends_after_half_a_day),
                T(a_session_survives_a_restart),
                T(what_is_no_cookie_is_none),
                T(a_new_password_or_disabling_ends_all),
                T(the_ninth_session_ends_the_stalest),
                T(sessions_have_a_cap_in_all),
                T(a_token_is_its_makers),
                T(a_token_expires_or_is_ended),
                T(somebody_else_must_agree),
                T(a_request_waits_a_day),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
