/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/sip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* The key and the messages of the paper: 00 01 02 …; its appendix A, and the first of the authors' own vectors. */
static void test_the_papers_vectors(void **state)
{
        static const struct {
                size_t length;
                uint64_t hash;
        } vectors[] = {{0, 0x726fdb47dd0e0e31ULL},
                       {1, 0x74f839c593dc67fdULL},
                       {2, 0x0d6c8009d9a94f5aULL},
                       {15, 0xa129ca6149be45e5ULL}};
        uint8_t bytes[16];
        uint64_t secret[2];

        for (size_t i = 0; i < sizeof(bytes); i++)
                bytes[i] = (uint8_t)i;
        memcpy(secret, bytes, sizeof(secret));
        for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
                assert_true(sip_hash(secret, bytes, vectors[i].length) == vectors[i].hash);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_papers_vectors)};

        return cmocka_run_group_tests(tests, NULL, NULL);
}
