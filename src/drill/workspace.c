/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORK_PARENT "/run"
#define PIN_PARENT  "/sys/fs/bpf"
#define NAME        "garde-drill-"

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        return remove(path);
}

static void remove_tree(const char *path)
{
        nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static void sweep(const char *parent)
{
        DIR *folder = opendir(parent);
        struct dirent *entry;

        while (folder && (entry = readdir(folder))) {
                char path[PATH_MAX], *end;
                long pid;

                if (strncmp(entry->d_name, NAME, strlen(NAME)) != 0)
                        continue;
                pid = strtol(entry->d_name + strlen(NAME), &end, 10);
                if (pid <= 0 || *end || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
                        continue;
                snprintf(path, sizeof(path), "%s/%s", parent, entry->d_name);
                remove_tree(path);
        }
        if (folder)
                closedir(folder);
}

int workspace_make(struct workspace *ret_workspace, struct error *error)
{
        struct workspace workspace;

        sweep(WORK_PARENT);
        sweep(PIN_PARENT);
        snprintf(workspace.work, sizeof(workspace.work), WORK_PARENT "/" NAME "%d", (int)getpid());
        snprintf(workspace.pin, sizeof(workspace.pin), PIN_PARENT "/" NAME "%d", (int)getpid());
        remove_tree(workspace.work);
        if (mkdir(workspace.work, 0755) < 0 || chmod(workspace.work, 0755) < 0)
                return error_say(error, -errno, "impossible de créer le dossier %s : %m",
                                 "cannot make the folder %s: %m", workspace.work);
        *ret_workspace = workspace;
        return 0;
}

void workspace_remove(struct workspace *workspace)
{
        if (!workspace->work[0])
                return;
        remove_tree(workspace->work);
        remove_tree(workspace->pin);
        *workspace = (struct workspace)WORKSPACE_INIT;
}
