/* SPDX-License-Identifier: EUPL-1.2 */
/* config_manual fr|en: prints garde.yaml(5) from the configuration's own schema. Runs while Garde is built. */
#include <stdio.h>
#include <string.h>

#include "service/config.h"

int main(int argc, char **argv)
{
        enum language language;

        if (argc == 2 && !strcmp(argv[1], "fr"))
                language = LANGUAGE_FR;
        else if (argc == 2 && !strcmp(argv[1], "en"))
                language = LANGUAGE_EN;
        else
                return 2;
        return config_manual(stdout, language) || fflush(stdout) ? 1 : 0;
}
