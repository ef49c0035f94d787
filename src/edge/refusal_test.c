/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "edge/refusal.h"

#define DEBIAN "6.1.0-32-amd64"

/* What failed, on which kernel, and what the sentences must say. */
static void expect(int r, bool knows_types, bool root, const char *fr, const char *en)
{
        const struct kernel_traits kernel = {
                .release = DEBIAN, .knows_types = knows_types, .we_are_root = root};
        struct error error = {0};

        assert_int_equal(refusal_say(r, &kernel, &error), r);
        if (!strstr(error.fr, fr) || !strstr(error.en, en))
                fail_msg("%s / %s", error.fr, error.en);
}

static void test_what_is_missing_is_named(void **state)
{
        expect(-EPERM, true, true, "CAP_BPF", "root is needed");
        expect(-EACCES, true, false, "il faut être root", "root is needed");
        expect(-ENOMEM, false, true, "mémoire insuffisante", "not enough memory");
        expect(-ESRCH, false, true, "pas de BTF", "no BTF");
        expect(-ESRCH, false, true, DEBIAN, DEBIAN);
        expect(-ESRCH, false, true, KERNEL_TYPES, "CONFIG_DEBUG_INFO_BTF");
        expect(-EINVAL, true, true, "Linux 6.1 ou plus récent", "Linux 6.1 or newer");
        /* The verifier's no, which root hears as EACCES too, is no matter of rights. */
        expect(-EACCES, true, true, "CONFIG_BPF_JIT", "refused the packet programs");
}

static void test_what_still_works_is_said(void **state)
{
        static const int codes[] = {-EPERM, -ESRCH, -EINVAL};

        for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
                expect(codes[i], i != 1, true, "sauf voir et rejeter les paquets",
                       "everything but seeing and dropping packets still works");
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_missing_is_named),
                                           cmocka_unit_test(test_what_still_works_is_said)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
