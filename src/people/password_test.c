/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/sanitized.h"
#include "people/password.h"
#include "people/secret.h"

static const struct password_cost least = {1, 8192};

static void takes_a_sentence(void **state)
{
        static const char *const fine[] = {"trois chats sous la pluie", "été à Saint-Malo",
                                           "correct horse battery", "kX9#mPq2vLz7", "ééééàààùùùçç"};

        for (size_t i = 0; i < ARRAY_LEN(fine); i++)
                assert_int_equal(password_check(fine[i], "Anne Martin", NULL), 0);
}

static void refuses_what_is_tried_first(void **state)
{
        static const char *const bad[] = {
                "",
                "onze signes",   /* eleven */
                "éééééé",        /* twelve bytes, six characters */
                "anne martin!",  /* the name */
                "MartinMartin1", /* a part of it */
                "Motdepasse123!",
                "M0tDeP@sse2020",
                "passwordpassword",
                "azertyuiop1234",
                "Administrateur1",
                "aaaaaaaaaaaaaaaa",
                "123456789012",
                "abababababababab",
                "H0pital-hopital",
                "qsdfghjklm123456",
        };
        char huge[PASSWORD_MOST + 2];

        for (size_t i = 0; i < ARRAY_LEN(bad); i++)
                if (password_check(bad[i], "Anne Martin", NULL) != -EINVAL)
                        fail_msg("accepted: %s", bad[i]);
        for (size_t i = 0; i < sizeof(huge) - 1; i++)
                huge[i] = (char)('a' + i % 26);
        huge[sizeof(huge) - 1] = '\0';
        assert_int_equal(password_check(huge, "x", NULL), -EINVAL);
        huge[PASSWORD_MOST] = '\0';
        assert_int_equal(password_check(huge, "x", NULL), 0);
}

static void a_hash_tells_right_from_wrong(void **state)
{
        struct password_job *job = password_job_new(&least, NULL, NULL, "trois chats");
        char hash[PASSWORD_HASH_SIZE];

        assert_int_equal(password_job_work(job, NULL), 0);
        assert_non_null(password_job_made(job));
        assert_memory_equal(password_job_made(job), "$argon2id$v=19$", 15);
        strcpy(hash, password_job_made(job));
        password_job_free(job);

        job = password_job_new(&least, hash, "trois chats", NULL);
        assert_int_equal(password_job_work(job, NULL), 0);
        assert_true(password_job_fits(job));
        assert_null(password_job_made(job));
        password_job_free(job);

        job = password_job_new(&least, hash, "trois chiens", "quatre chats");
        assert_int_equal(password_job_work(job, NULL), 0);
        assert_false(password_job_fits(job));
        assert_null(password_job_made(job)); /* no new one without the old one */
        password_job_free(job);
}

static void another_cost_hashes_again(void **state)
{
        const struct password_cost more = {2, 16384};
        struct password_job *job = password_job_new(&least, NULL, NULL, "trois chats");
        char hash[PASSWORD_HASH_SIZE];

        assert_int_equal(password_job_work(job, NULL), 0);
        strcpy(hash, password_job_made(job));
        password_job_free(job);
        job = password_job_new(&more, hash, "trois chats", NULL);
        assert_int_equal(password_job_work(job, NULL), 0);
        assert_true(password_job_fits(job));
        assert_non_null(password_job_made(job));
        assert_non_null(strstr(password_job_made(job), "m=16,t=2,"));
        password_job_free(job);
}

/*
 * A hash that costs a gibibyte, where there is less: libsodium cannot look, and must not say "wrong". Under a sanitizer the address space is not
 * ours to limit, and nothing is tried.
 */
static void no_memory_is_not_a_wrong_password(void **state)
{
        static const char hash[] = "$argon2id$v=19$m=1048576,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        struct password_job *job = password_job_new(&least, hash, "x", NULL);
        struct rlimit kept, little;

        assert_int_equal(getrlimit(RLIMIT_AS, &kept), 0);
        little = kept;
        little.rlim_cur = 256 * 1024 * 1024;
        if (SANITIZED) {
                password_job_free(job);
                return;
        }
        assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
        int r = password_job_work(job, NULL);
        setrlimit(RLIMIT_AS, &kept);
        assert_int_equal(r, -ENOMEM);
        assert_false(password_job_fits(job));
        password_job_free(job);
}

/* ---- secrets ---- */

static void secrets_differ_and_hash_alike(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 3);
        char a[SECRET_TEXT_SIZE], b[SECRET_TEXT_SIZE], csrf[SECRET_TEXT_SIZE];
        uint8_t hash_a[SECRET_HASH_SIZE], hash_b[SECRET_HASH_SIZE];

        secret_make(&random, a);
        secret_make(&random, b);
        assert_int_equal(strlen(a), SECRET_TEXT_SIZE - 1);
        assert_string_not_equal(a, b);
        secret_hash(a, hash_a);
        secret_hash(b, hash_b);
        assert_false(secret_hash_equal(hash_a, hash_b));
        secret_hash(a, hash_b);
        assert_true(secret_hash_equal(hash_a, hash_b));
        secret_derive(a, "csrf", csrf);
        assert_string_not_equal(csrf, a);
        secret_derive(a, "other", b);
        assert_string_not_equal(csrf, b);
        secret_derive(a, "csrf", b);
        assert_string_equal(csrf, b);
}

static void paper_is_read_as_people_type(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 3);
        char code[SECRET_PAPER_SIZE], read[SECRET_PAPER_SIZE];

        secret_paper_make(&random, code);
        assert_int_equal(strlen(code), 19);
        assert_true(secret_paper_read(code, read));
        assert_string_equal(code, read);
        assert_true(secret_paper_read(" ooil 7k2m-9qxt 0000", read));
        assert_string_equal(read, "0011-7K2M-9QXT-0000");
        assert_false(secret_paper_read("7K2M-9QXT-0000", read));
        assert_false(secret_paper_read("7K2M-9QXT-0000-00000", read));
        assert_false(secret_paper_read("7K2M-9QXT-0000-000U", read));
        assert_false(secret_paper_read("", read));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(takes_a_sentence),
                cmocka_unit_test(refuses_what_is_tried_first),
                cmocka_unit_test(a_hash_tells_right_from_wrong),
                cmocka_unit_test(another_cost_hashes_again),
                cmocka_unit_test(no_memory_is_not_a_wrong_password),
                cmocka_unit_test(secrets_differ_and_hash_alike),
                cmocka_unit_test(paper_is_read_as_people_type),
        };

        return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
