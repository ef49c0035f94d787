/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/site.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"

#define SITE_DEPTH_MAX 8

struct file {
        char *path; /* "/assets/a.js", with ".br" or ".gz" when it is a compressed form */
        char *bytes;
        size_t length;
        char tag[ANSWER_TAG_SIZE];
};

struct site {
        struct file files[SITE_FILES_MAX]; /* sorted by path */
        size_t count;
        size_t bytes;
};

static bool is_site(const char *folder, char path[static PATH_MAX])
{
        int length = snprintf(path, PATH_MAX, "%s/index.html", folder);

        if (length >= PATH_MAX || access(path, R_OK) != 0)
                return false;
        snprintf(path, PATH_MAX, "%s", folder);
        return true;
}

int site_folder(char ret_folder[static PATH_MAX], struct error *error)
{
        static const char *const places[] = {"/../share/garde/web", "/../web"};
        const char *given = getenv("GARDE_WEB");
        char self[PATH_MAX], folder[PATH_MAX + 32];
        ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

        if (given && is_site(given, ret_folder))
                return 0;
        self[length < 0 ? 0 : length] = '\0';
        dirname(self);
        for (size_t i = 0; !given && i < ARRAY_LEN(places); i++) {
                snprintf(folder, sizeof(folder), "%s%s", self, places[i]);
                if (is_site(folder, ret_folder))
                        return 0;
        }
        return error_say(error, -ENOENT, "les fichiers de la console ne sont pas là",
                         "the console's files are not there");
}

/* ---- loading ---- */

static int add_file(struct site *site, const char *root, const char *full, struct error *error)
{
        struct file *file = &site->files[site->count];
        int r;

        if (site->count == SITE_FILES_MAX)
                return error_say(error, -E2BIG, "%s : plus de %d fichiers", "%s: more than %d files", root,
                                 SITE_FILES_MAX);
        r = file_read(full, SITE_BYTES_MAX - site->bytes, &file->bytes, &file->length, error);
        if (r)
                return r;
        file->path = strdup(full + strlen(root));
        site->count++;
        site->bytes += file->length;
        answer_tag(file->bytes, file->length, file->tag);
        return file->path ? 0 : -ENOMEM;
}

static int add_folder(struct site *site, const char *root, const char *folder, unsigned depth,
                      struct error *error);

static int add_entry(struct site *site, const char *root, const char *full, unsigned depth,
                     struct error *error)
{
        struct stat st;

        if (lstat(full, &st) < 0)
                return error_say(error, -errno, "%s : %m", "%s: %m", full);
        if (S_ISDIR(st.st_mode))
                return add_folder(site, root, full, depth + 1, error);
        return S_ISREG(st.st_mode) ? add_file(site, root, full, error) : 0;
}

static int add_folder(struct site *site, const char *root, const char *folder, unsigned depth,
                      struct error *error)
{
        DIR *open = depth > SITE_DEPTH_MAX ? NULL : opendir(folder);
        char full[PATH_MAX];
        int r = 0;

        if (!open)
                return error_say(error, depth > SITE_DEPTH_MAX ? -E2BIG : -errno, "%s : %m", "%s: %m",
                                 folder);
        for (struct dirent *entry; !r && (entry = readdir(open));) {
                if (entry->d_name[0] == '.')
                        continue;
                if (snprintf(full, sizeof(full), "%s/%s", folder, entry->d_name) >= (int)sizeof(full))
                        r = error_say(error, -ENAMETOOLONG, "%s : %m", "%s: %m", folder);
                else
                        r = add_entry(site, root, full, depth, error);
        }
        closedir(open);
        return r;
}

static int by_path(const void *a, const void *b)
{
        return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

int site_load(const char *folder, struct site **ret_site, struct error *error)
{
        struct site *site = calloc(1, sizeof(*site));
        int r = site ? 0 : -ENOMEM;

        if (!r)
                r = add_folder(site, folder, folder, 0, error);
        if (r) {
                site_free(site);
                return r;
        }
        qsort(site->files, site->count, sizeof(site->files[0]), by_path);
        *ret_site = site;
        return 0;
}

struct site *site_free(struct site *site)
{
        for (size_t i = 0; site && i < site->count; i++) {
                free(site->files[i].path);
                free(site->files[i].bytes);
        }
        free(site);
        return NULL;
}

/* ---- answering ---- */

static const struct file *find(const struct site *site, const char *path, const char *ending)
{
        char wanted[PATH_MAX];
        struct file key = {.path = wanted};

        if (snprintf(wanted, sizeof(wanted), "%s%s", path, ending) >= (int)sizeof(wanted))
                return NULL;
        return bsearch(&key, site->files, site->count, sizeof(site->files[0]), by_path);
}

static const struct file *page_of(const struct site *site, const char *path)
{
        const char *last = strrchr(path, '/');
        const struct file *file = find(site, path, "");

        if (file || strchr(last, '.'))
                return file;
        file = find(site, path, ".html");
        return file ? file : find(site, "/index.html", "");
}

static const char *type_of(const char *path)
{
        static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                               {".js", "text/javascript; charset=utf-8"},
                                               {".css", "text/css; charset=utf-8"},
                                               {".svg", "image/svg+xml"},
                                               {".png", "image/png"},
                                               {".ico", "image/x-icon"},
                                               {".woff2", "font/woff2"},
                                               {".json", "application/json"},
                                               {".webmanifest", "application/manifest+json"},
                                               {".txt", "text/plain; charset=utf-8"},
                                               {".map", "application/json"}};
        const char *ending = strrchr(path, '.');

        for (size_t i = 0; ending && i < ARRAY_LEN(types); i++)
                if (!strcmp(ending, types[i][0]))
                        return types[i][1];
        return "application/octet-stream";
}

/* The smallest form that the client takes. */
static const struct file *form_of(const struct site *site, const struct file *file,
                                  const char *accept_encoding, const char **ret_coding)
{
        static const char *const forms[][2] = {{"br", ".br"}, {"gzip", ".gz"}};

        for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
                const struct file *form = find(site, file->path, forms[i][1]);
                if (form && form->length < file->length && answer_accepts(accept_encoding, forms[i][0])) {
                        *ret_coding = forms[i][0];
                        return form;
                }
        }
        return file;
}

void site_answer(const struct site *site, const struct site_request *request, struct answer *answer)
{
        const struct file *file = site ? page_of(site, request->path) : NULL, *form;
        const char *coding = NULL;
        bool hashed;

        if (!file) {
                answer_problem(answer, 404, "il n’y a rien à cette adresse",
                               "there is nothing at this address", request->english);
                return;
        }
        form = form_of(site, file, request->accept_encoding, &coding);
        hashed = !strncmp(file->path, "/assets/",
                          strlen("/assets/")); /* the build puts its hash into the name */
        answer->status = 200;
        answer->body = form->bytes;
        answer->length = form->length;
        answer_header(answer, "Content-Type", type_of(file->path));
        answer_header(answer, "Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
        answer_header(answer, "Vary", "Accept-Encoding");
        if (coding)
                answer_header(answer, "Content-Encoding", coding);
        answer_settle_tag(answer, form->tag, false, request->if_none_match);
}
