/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "service/service.h"

enum { OPTION_LOG = 256, OPTION_LOG_LEVEL, OPTION_VERSION };

static const struct option long_options[] = {{"config", required_argument, NULL, 'c'},
                                             {"log", required_argument, NULL, OPTION_LOG},
                                             {"log-level", required_argument, NULL, OPTION_LOG_LEVEL},
                                             {"version", no_argument, NULL, OPTION_VERSION},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static void print_help(const struct service_program *program)
{
        bool french = language_of_environment() == LANGUAGE_FR;

        printf("%s: %s\n\n", program->name, french ? program->summary_fr : program->summary_en);
        if (french)
                printf("  -c, --config FICHIER   la configuration (%s)\n"
                       "      --log=text|json    lignes lisibles ou objets JSON, sur la sortie d'erreur\n"
                       "      --log-level=NIVEAU error, warning, notice, info ou debug\n"
                       "      --version          la version\n"
                       "  -h, --help             cette aide\n",
                       CONFIG_PATH_DEFAULT);
        else
                printf("  -c, --config FILE      the configuration (%s)\n"
                       "      --log=text|json    lines for people or JSON objects, on stderr\n"
                       "      --log-level=LEVEL  error, warning, notice, info or debug\n"
                       "      --version          the version\n"
                       "  -h, --help             this help\n",
                       CONFIG_PATH_DEFAULT);
}

static int misuse(const struct service_program *program, const char *fr, const char *en, const char *what)
{
        bool french = language_of_environment() == LANGUAGE_FR;

        fprintf(stderr, "%s: ", program->name);
        fprintf(stderr, french ? fr : en, what);
        fprintf(stderr, french ? " ; voir %s --help\n" : "; see %s --help\n", program->name);
        return -EINVAL;
}

static int take_option(const struct service_program *program, int option, struct service_options *options,
                       const char *unknown)
{
        switch (option) {
        case 'c':
                options->config_path = optarg;
                return 0;
        case OPTION_LOG:
                options->log_format_set = true;
                return log_format_parse(optarg, &options->log_format)
                               ? misuse(program, "--log=%s : attendu text ou json",
                                        "--log=%s: expected text or json", optarg)
                               : 0;
        case OPTION_LOG_LEVEL:
                options->log_level_set = true;
                return log_level_parse(optarg, &options->log_level)
                               ? misuse(program,
                                        "--log-level=%s : attendu error, warning, notice, info ou debug",
                                        "--log-level=%s: expected error, warning, notice, info or debug",
                                        optarg)
                               : 0;
        case OPTION_VERSION:
                printf("%s %s\n", program->name, GARDE_VERSION);
                return SERVICE_DONE;
        case 'h':
                print_help(program);
                return SERVICE_DONE;
        case ':':
                return misuse(program, "l'option %s veut une valeur", "the option %s needs a value", unknown);
        default:
                return misuse(program, "option inconnue : %s", "unknown option: %s", unknown);
        }
}

int service_options_parse(const struct service_program *program, int argc, char **argv,
                          struct service_options *ret_options)
{
        struct service_options options = {.config_path = CONFIG_PATH_DEFAULT,
                                          .log_format = LOG_FORMAT_TEXT,
                                          .log_level = LOG_LEVEL_INFO};
        int option, r = 0;

        optind = 0; /* glibc: start over, whoever parsed before */
        while (!r && (option = getopt_long(argc, argv, "+:c:h", long_options, NULL)) != -1)
                r = take_option(program, option, &options, argv[optind > 0 ? optind - 1 : 0]);
        if (!r && optind < argc)
                r = misuse(program, "argument de trop : %s", "one argument too many: %s", argv[optind]);
        if (!r)
                *ret_options = options;
        return r;
}
