/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sanitized.h"
#include "service/config.h"
#include "service/sandbox_landlock.h"
#include "service/sandbox_seccomp.h"

static bool is_wanted(const struct sandbox_options *options, int capability)
{
        for (size_t i = 0; i < options->capability_count; i++)
                if (options->capabilities[i] == capability)
                        return true;
        return false;
}

static int too_many(struct error *error)
{
        return error_say(error, -EINVAL, "trop de capacités ou de chemins pour le bac à sable",
                         "too many capabilities or paths for the sandbox");
}

static int choose_capabilities(const struct sandbox_options *options, struct error *error)
{
        const capng_type_t both = (capng_type_t)(CAPNG_EFFECTIVE | CAPNG_PERMITTED);

        if (options->capability_count > SANDBOX_CAPABILITIES_MAX)
                return too_many(error);
        capng_clear(CAPNG_SELECT_BOTH);
        for (size_t i = 0; i < options->capability_count; i++)
                if (capng_update(CAPNG_ADD, both, (unsigned)options->capabilities[i]))
                        return error_say(error, -EINVAL, "capacité %d inconnue", "unknown capability %d",
                                         options->capabilities[i]);
        return 0;
}

/* libcap-ng keeps the capabilities over the change of user, drops groups and empties the bounding set. */
static int change_user(const struct sandbox_options *options, unsigned uid, unsigned gid, struct error *error)
{
        int r;

        if (geteuid() == 0) {
                r = capng_change_id((int)uid, (int)gid,
                                    (capng_flags_t)(CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING));
                return r ? error_say(error, -EPERM, "impossible de devenir le compte %u (libcap-ng %d)",
                                     "cannot become user %u (libcap-ng %d)", uid, r)
                         : 0;
        }
        if (uid != geteuid())
                return error_say(error, -EPERM, "impossible de devenir le compte %s : seul root le peut",
                                 "cannot become user %s: only root can", options->user);
        r = capng_apply(CAPNG_SELECT_CAPS);
        return r ? error_say(error, -EPERM,
                             "impossible de garder les capacités demandées : démarrez en tant que root, ou "
                             "accordez-les (libcap-ng %d)",
                             "cannot keep the capabilities asked for: start as root, or grant them "
                             "(libcap-ng %d)",
                             r)
                 : 0;
}

static int verify_user(unsigned uid, unsigned gid, struct error *error)
{
        uid_t users[3];
        gid_t groups[3];

        if (getresuid(&users[0], &users[1], &users[2]) || getresgid(&groups[0], &groups[1], &groups[2]))
                return error_say(error, -errno, "impossible de relire le compte : %m",
                                 "cannot read the user back: %m");
        for (int i = 0; i < 3; i++)
                if (users[i] != uid || groups[i] != gid)
                        return error_say(error, -EPERM, "le compte est %u:%u après être devenu %u:%u",
                                         "the user is %u:%u after becoming %u:%u", users[i], groups[i], uid,
                                         gid);
        if (uid != 0 && setuid(0) == 0)
                return error_say(error, -EPERM, "le compte %u pourrait redevenir root",
                                 "user %u could become root again", uid);
        return 0;
}

static int verify_capabilities(const struct sandbox_options *options, struct error *error)
{
        if (capng_get_caps_process())
                return error_say(error, -EPERM, "impossible de relire les capacités",
                                 "cannot read the capabilities back");
        for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
                bool wanted = is_wanted(options, capability);

                if (capng_have_capability(CAPNG_EFFECTIVE, (unsigned)capability) != wanted ||
                    capng_have_capability(CAPNG_PERMITTED, (unsigned)capability) != wanted)
                        return wanted ? error_say(
                                                error, -EPERM,
                                                "la capacité %s est perdue alors qu’elle devait être gardée",
                                                "capability %s is gone although it was to be kept",
                                                capng_capability_to_name((unsigned)capability))
                                      : error_say(error, -EPERM,
                                                  "la capacité %s est encore là alors qu’elle devait être "
                                                  "abandonnée",
                                                  "capability %s is held although it was to be dropped",
                                                  capng_capability_to_name((unsigned)capability));
        }
        return 0;
}

/* A change of user clears the death signal that a supervisor set; without it a child could outlive it. */
static int keep_death_signal(int signal_number, pid_t parent, struct error *error)
{
        if (!signal_number)
                return 0;
        if (prctl(PR_SET_PDEATHSIG, signal_number) < 0)
                return error_say(error, -errno, "impossible de garder le signal de fin : %m",
                                 "cannot keep the death signal: %m");
        if (getppid() != parent) /* it died in between, and nobody will tell again */
                raise(signal_number);
        return 0;
}

static int become(const struct sandbox_options *options, struct error *error)
{
        unsigned uid = geteuid(), gid = getegid();
        pid_t parent = getppid();
        int death_signal = 0, r = 0;

        if (prctl(PR_GET_PDEATHSIG, &death_signal) < 0)
                return error_say(error, -errno, "impossible de lire le signal de fin : %m",
                                 "cannot read the death signal: %m");
        if (options->user)
                r = config_user_lookup(options->user, &uid, &gid, error);
        if (!r)
                r = choose_capabilities(options, error);
        if (!r)
                r = change_user(options, uid, gid, error);
        if (!r)
                r = verify_user(uid, gid, error);
        if (!r)
                r = verify_capabilities(options, error);
        if (!r)
                r = keep_death_signal(death_signal, parent, error);
        if (!r && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                r = error_say(error, -errno, "impossible de poser no_new_privs : %m",
                              "cannot set no_new_privs: %m");
        /* LeakSanitizer looks through the process from a child, which the change of user forbade. */
        if (!r && SANITIZED && prctl(PR_SET_DUMPABLE, 1) < 0)
                r = error_say(error, -errno, "le processus ne se laisse pas examiner : %m",
                              "the process cannot be looked through: %m");
        return r;
}

static int verify_filter(struct error *error)
{
        if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_SECCOMP) != SECCOMP_MODE_FILTER)
                return error_say(error, -EPERM,
                                 "le bac à sable ne tient pas : no_new_privs ou seccomp n’est pas en place",
                                 "the sandbox does not hold: no_new_privs or seccomp is off");
        return 0;
}

/* In a sanitizer's build: what it reads to name the functions, once it has found something. */
static const struct sandbox_path sanitizer_paths[] = {
        {"/proc", SANDBOX_READ}, {"/proc/self/exe", SANDBOX_READ}, {"/usr/lib", SANDBOX_READ}};

static int prepare_landlock(const struct sandbox_options *options, int *ret_ruleset, struct error *error)
{
        struct sandbox_path paths[SANDBOX_PATHS_MAX + ARRAY_LEN(sanitizer_paths)];
        size_t count = 0;

        if (options->path_count > SANDBOX_PATHS_MAX)
                return too_many(error);
        for (size_t i = 0; i < options->path_count; i++)
                paths[count++] = options->paths[i];
        for (size_t i = 0; SANITIZED && i < ARRAY_LEN(sanitizer_paths); i++)
                paths[count++] = sanitizer_paths[i];
        return landlock_prepare(paths, count, options->profile == SANDBOX_PROFILE_RESPOND, ret_ruleset,
                                error);
}

int sandbox_enter(const struct sandbox_options *options, struct error *error)
{
        CLEANUP(cleanup_fd) int ruleset = -1;
        int landlock = prepare_landlock(options, &ruleset, error);
        int r;

        if (landlock < 0)
                return error_context(error, landlock, "bac à sable", "sandbox");
        if (landlock == SANDBOX_NO_LANDLOCK)
                log_warning("this kernel has no Landlock: files are protected by user and permissions alone");
        r = become(options, error);
        if (!r && ruleset >= 0)
                r = landlock_enter(ruleset, error);
        if (!r)
                r = seccomp_enter(options->profile, error);
        if (!r)
                r = verify_filter(error);
        return r ? error_context(error, r, "bac à sable", "sandbox") : landlock;
}
