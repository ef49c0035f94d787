/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Part of the programs in builds with sanitizers, and of no other: what libraries keep for the life of the process, and nobody can free. A
 * file of such lines would be out of a daemon's reach when it ends and is asked for them.
 */
#include "base/sanitized.h"

#if SANITIZED
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
        return "leak:libfontconfig.so\n";
}
#endif
