/* SPDX-License-Identifier: EUPL-1.2 */
/* Lists are taken in by a process of its own, which gave up what it does not need before it read the first octet of them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/names.h"
#include "daemon/folders.h"
#include "domains/fetch.h"
#include "service/sandbox.h"

#define MINUTE_MS 60000LL

/* How the process ends: a bit each. */
enum refreshed { REFRESH_COMPILED = 1, REFRESH_FAILED = 2 };

/* ---- without privilege ---- */

struct paths {
        struct sandbox_path paths[SANDBOX_PATHS_MAX];
        size_t count;
};

static void allow(struct paths *paths, const char *path, unsigned access)
{
        if (path[0] && paths->count < SANDBOX_PATHS_MAX)
                paths->paths[paths->count++] = (struct sandbox_path){path, access};
}

static void allow_system(struct paths *paths)
{
        static const char *const files[] = {"/etc/ssl/certs",
                                            "/usr/share/ca-certificates",
                                            "/etc/resolv.conf",
                                            "/run/systemd/resolve",
                                            "/etc/hosts",
                                            "/etc/nsswitch.conf",
                                            "/etc/gai.conf",
                                            "/etc/host.conf",
                                            "/usr/share/publicsuffix",
                                            "/usr/share/zoneinfo",
                                            "/etc/localtime"};

        for (size_t i = 0; i < ARRAY_LEN(files); i++)
                allow(paths, files[i], SANDBOX_READ);
}

static int drop(const struct config *config, const char *folder, struct error *error)
{
        CLEANUP(cleanup_free) struct paths *paths = calloc(1, sizeof(*paths));
        struct sandbox_options options = {.user = geteuid() ? NULL : config->users.domains,
                                          .profile = SANDBOX_PROFILE_RESPOND};
        int r;

        if (!paths)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        allow(paths, folder, SANDBOX_WRITE);
        allow(paths, config->domains.suffixes, SANDBOX_READ);
        allow_system(paths);
        for (uint32_t i = 0; i < config->domains.allowed_count; i++)
                allow(paths, config->domains.allowed[i], SANDBOX_READ);
        for (uint32_t i = 0; i < config->domains.list_count; i++) {
                const struct config_list *list = &config->domains.lists[i];

                allow(paths, strncmp(list->address, "file://", 7) ? "" : list->address + 7, SANDBOX_READ);
                allow(paths, list->ca, SANDBOX_READ);
                allow(paths, list->secret, SANDBOX_READ);
        }
        options.paths = paths->paths;
        options.path_count = paths->count;
        r = sandbox_enter(&options, error);
        return r < 0 ? r : 0;
}

/* ---- one list ---- */

static bool is_wanted(const struct config_list *list, const struct source *source,
                      const struct refresh_options *options)
{
        bool is_file = !strncmp(list->address, "file://", 7);

        if (is_file || options->offline || options->now)
                return is_file || !options->offline;
        return clock_wall_ms(&clock_system) - source_fetched_ms(source) >= list->every_minutes * MINUTE_MS;
}

static int take_list(struct lists *lists, size_t index, const char *folder, enum source_outcome *ret_outcome,
                     struct error *error)
{
        const struct config_list *list = lists_config(lists, index);
        struct source *source = lists_source(lists, index);
        CLEANUP(cleanup_fd) int fd = -1;
        struct fetch_validators validators = {0};
        struct fetch_secret secret;
        enum fetch_outcome outcome;
        int r = fetch_secret_read(list, &secret, error);

        snprintf(validators.etag, sizeof(validators.etag), "%s", source_etag(source));
        snprintf(validators.modified, sizeof(validators.modified), "%s", source_modified(source));
        if (!r)
                r = fetch_list(list, &secret, folder, &validators, &outcome, &fd, error);
        explicit_bzero(&secret, sizeof(secret));
        if (r)
                return r;
        *ret_outcome = SOURCE_UNCHANGED;
        if (outcome == FETCH_SAME)
                return source_confirm(source, error);
        r = lists_take(lists, index, fd, ret_outcome, error);
        if (!r)
                source_validators(source, validators.etag, validators.modified);
        return r ? r : source_confirm(source, error);
}

/* Each for itself: one that cannot be had leaves the others, and its own last good version. */
static unsigned take_all(const struct cli *cli, struct lists *lists, const char *folder,
                         const struct refresh_options *options)
{
        unsigned result = 0;

        for (size_t i = 0; i < lists_count(lists); i++) {
                const struct config_list *list = lists_config(lists, i);
                enum source_outcome outcome;
                struct error error = {0};
                int r;

                if (!is_wanted(list, lists_source(lists, i), options))
                        continue;
                r = take_list(lists, i, folder, &outcome, &error);
                if (r) {
                        source_failed(lists_source(lists, i), &error, NULL);
                        if (!cli->json) /* else it stands in the list's state */
                                cli_fail(cli, &error, r);
                        result |= REFRESH_FAILED;
                } else if (outcome == SOURCE_HELD && !cli->json) {
                        fprintf(stderr,
                                cli_say(cli, "la liste %s attend une personne : garde domains status\n",
                                        "the list %s waits for a person: garde domains status\n"),
                                list->name);
                }
        }
        return result;
}

static unsigned refresh(const struct cli *cli, const struct config *config, const char *folder,
                        const struct refresh_options *options)
{
        const struct lists_options opening = {
                .folder = folder, .config = config, .clock = &clock_system, .random = &random_system};
        struct lists *lists = NULL;
        struct error error = {0};
        unsigned result = 0;
        int r = drop(config, folder, &error);

        if (!r)
                r = fetch_begin(&error);
        if (!r)
                r = lists_open(&opening, &lists, &error);
        if (!r) {
                result = take_all(cli, lists, folder, options);
                r = lists_compile(lists, &error);
        }
        lists_close(lists);
        if (r)
                cli_fail(cli, &error, r);
        return r ? REFRESH_FAILED : result | REFRESH_COMPILED;
}

/* ---- who starts it ---- */

static int prepare(const struct cli *cli, const struct config *config, char folder[static PATH_MAX])
{
        struct error error = {0};
        char self[16];
        int r = 0;

        snprintf(self, sizeof(self), "%u", (unsigned)geteuid());
        if (!config->domains.configured)
                r = error_say(&error, -EINVAL, "cette configuration n’a pas de groupe « domains »",
                              "this configuration has no group \"domains\"");
        if (!r)
                r = folders_state(config->state, "domains", geteuid() ? self : config->users.domains, folder,
                                  &error);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

int names_refresh(const struct cli *cli, const struct config *config, const struct refresh_options *options,
                  bool *ret_compiled)
{
        char folder[PATH_MAX];
        int r = prepare(cli, config, folder), status;
        struct error error = {0};
        pid_t pid;

        if (r)
                return r;
        fflush(NULL);
        pid = fork();
        if (!pid) {
                unsigned result = refresh(cli, config, folder, options);

                fflush(NULL);
                _exit((int)result);
        }
        if (pid < 0 || waitpid(pid, &status, 0) < 0)
                return cli_fail(cli, &error,
                                error_say(&error, -errno, "impossible de prendre les listes : %m",
                                          "the lists cannot be taken in: %m"));
        if (!WIFEXITED(status))
                return cli_fail(cli, &error,
                                error_say(&error, -EIO, "la prise des listes a été tuée (signal %d)",
                                          "taking in the lists was killed (signal %d)", WTERMSIG(status)));
        *ret_compiled = WEXITSTATUS(status) & REFRESH_COMPILED;
        return WEXITSTATUS(status) & REFRESH_FAILED ? CLI_FAILED : CLI_DONE;
}
