/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "journal/private.h"

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static void cleanup_journal(struct journal **journal)
{
        journal_close(*journal);
}

static struct journal *journal_new(void)
{
        struct journal *journal = calloc(1, sizeof(*journal));

        if (!journal)
                return NULL;
        journal->lock = -1;
        journal->line = (struct buffer)BUFFER_INIT(CHAIN_LINE_MAX);
        return journal;
}

struct journal *journal_close(struct journal *journal)
{
        if (!journal)
                return NULL;
        journal_finish_writing(journal);
        documents_free(journal->documents);
        statements_release(&journal->statements);
        buffer_release(&journal->line);
        sqlite3_close_v2(journal->database);
        if (journal->lock >= 0)
                close(journal->lock);
        key_wipe(&journal->key);
        free(journal);
        return NULL;
}

static int take_lock(struct journal *journal, const char *path, struct error *error)
{
        char name[PATH_MAX];

        if (snprintf(name, sizeof(name), "%s.lock", path) >= (int)sizeof(name))
                return error_say(error, -ENAMETOOLONG, "%s : le chemin est trop long.",
                                 "%s: the path is too long.", path);
        journal->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (journal->lock < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", name);
        if (flock(journal->lock, LOCK_EX | LOCK_NB) < 0)
                return errno == EWOULDBLOCK
                               ? error_say(error, -EBUSY,
                                           "%s : un autre processus de Garde écrit dans ce journal.",
                                           "%s: another process of Garde is writing this journal.", path)
                               : error_say(error, -errno, "%s : le verrou ne peut pas être pris (%m).",
                                           "%s: the lock cannot be taken (%m).", path);
        return 0;
}

int journal_opening_body(const uint8_t key[static KEY_PUBLIC_SIZE], char *ret_text, size_t size)
{
        char hex[2 * KEY_PUBLIC_SIZE + 1];

        hash_format_hex(key, KEY_PUBLIC_SIZE, hex);
        return snprintf(ret_text, size, "{\"format\":\"" JOURNAL_FORMAT "\",\"key\":\"%s\"}", hex);
}

static int write_opening(struct journal *journal, struct error *error)
{
        CLEANUP(cleanup_json) json_t *body = NULL;
        struct record_draft draft = {.type = RECORD_TYPE_JOURNAL_OPENED, .subject = "", .author = "journal"};
        char text[256];

        journal_opening_body(journal->key.public, text, sizeof(text));
        body = json_loads(text, 0, NULL);
        if (!body)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        draft.body = body;
        return journal_write_record(journal, &draft, &journal->frontier, journal->last, error);
}

static int fill_new(struct journal *journal, struct error *error)
{
        int r = journal_prepare_writing(journal, error);

        if (r >= 0)
                r = store_begin_write(journal->database, error);
        if (r >= 0)
                r = store_set_meta(journal->database, "key", journal->key.public, KEY_PUBLIC_SIZE, error);
        if (r >= 0)
                r = write_opening(journal, error);
        if (r >= 0)
                r = store_commit(journal->database, error);
        store_rollback(journal->database);
        return r;
}

static int sync_folder(const char *path, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = -1;
        char folder[PATH_MAX];
        char *slash;

        snprintf(folder, sizeof(folder), "%s", path);
        slash = strrchr(folder, '/');
        if (slash)
                slash[slash == folder] = '\0';
        fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fsync(fd) < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        return 0;
}

/* Made whole under another name, so that no crash leaves half a journal under this one. */
static int create_file(const char *path, const struct journal_config *config, const struct key *key,
                       struct error *error)
{
        CLEANUP(cleanup_journal) struct journal *journal = journal_new();
        char name[PATH_MAX];
        char left[PATH_MAX];
        int r;

        if (!journal)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        if (snprintf(name, sizeof(name), "%s.new", path) >= (int)sizeof(name) - 10)
                return error_say(error, -ENAMETOOLONG, "%s : le chemin est trop long.",
                                 "%s: the path is too long.", path);
        snprintf(left, sizeof(left), "%.*s-journal", (int)sizeof(left) - 10, name);
        unlink(left);
        unlink(name);
        journal->clock = config->clock;
        journal->random = config->random;
        journal->key = *key;
        r = store_create(name, &journal->database, error);
        if (r >= 0)
                r = fill_new(journal, error);
        journal_finish_writing(journal);
        sqlite3_close(journal->database);
        journal->database = NULL;
        if (r < 0) {
                unlink(name);
                return r;
        }
        if (chmod(name, 0600) < 0 || rename(name, path) < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        return sync_folder(path, error);
}

static int create(const struct journal_config *config, struct error *error)
{
        struct key key;
        int r = key_load(config->key_path, &key, error);

        if (r == -ENOENT)
                r = key_create(config->key_path, config->random, &key, error);
        if (r < 0)
                return r;
        r = create_file(config->path, config, &key, error);
        key_wipe(&key);
        return r;
}

static int load_key(struct journal *journal, const char *key_path, struct error *error)
{
        uint8_t public[KEY_PUBLIC_SIZE];
        int r = key_load(key_path, &journal->key, error);

        if (r == -ENOENT)
                return error_say(error, -ENOKEY,
                                 "La clé secrète du journal, %s, manque : sans elle, aucune tête ne peut "
                                 "être signée. Remettez-la en place.",
                                 "The journal's secret key %s is missing: without it no head can be signed. "
                                 "Put it back.",
                                 key_path);
        if (r < 0)
                return r;
        r = store_get_meta(journal->database, "key", public, sizeof(public), error);
        if (r < 0)
                return r == -ENOENT ? error_say(error, -EINVAL, "Le journal a perdu sa clé publique.",
                                                "The journal has lost its public key.")
                                    : r;
        if (memcmp(public, journal->key.public, sizeof(public)) != 0)
                return error_say(error, -ENOKEY, "%s n’est pas la clé de ce journal.",
                                 "%s is not the key of this journal.", key_path);
        return 0;
}

static int take_views(struct journal *journal, const struct journal_config *config, struct error *error)
{
        journal->views[journal->view_count++] = documents_view();
        if (config->view_count > VIEWS_MAX - 1)
                return error_say(error, -E2BIG, "Plus de %d vues.", "More than %d views.", VIEWS_MAX - 1);
        for (size_t i = 0; i < config->view_count; i++)
                journal->views[journal->view_count++] = config->views[i];
        return 0;
}

static int open_writable(struct journal *journal, const struct journal_config *config, struct error *error)
{
        int r = take_lock(journal, config->path, error);

        if (r < 0)
                return r;
        if (access(config->path, F_OK) < 0 && errno == ENOENT) {
                r = create(config, error);
                if (r < 0)
                        return r;
        }
        journal->clock = config->clock;
        journal->random = config->random;
        r = store_open(config->path, false, &journal->database, error);
        if (r >= 0)
                r = load_key(journal, config->key_path, error);
        if (r >= 0)
                r = journal_load_state(journal, error);
        if (r >= 0)
                r = journal_prepare_writing(journal, error);
        if (r >= 0)
                r = take_views(journal, config, error);
        if (r >= 0)
                r = views_refresh(journal, false, config->progress, error);
        return r;
}

int journal_open(const struct journal_config *config, struct journal **ret_journal, struct error *error)
{
        CLEANUP(cleanup_journal) struct journal *journal = journal_new();
        int r;

        if (!journal)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        r = open_writable(journal, config, error);
        if (r < 0)
                return r;
        /* A crash between an erasure and its checkpoint left the text in the log. */
        if (store_empty_log(journal->database, NULL) != 0)
                journal->log_holds_text = true;
        *ret_journal = STEAL_PTR(journal);
        return 0;
}

int journal_open_readonly(const char *path, struct journal **ret_journal, struct error *error)
{
        CLEANUP(cleanup_journal) struct journal *journal = journal_new();
        int r;

        if (!journal)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        journal->readonly = true;
        r = store_open(path, true, &journal->database, error);
        if (r < 0)
                return r;
        r = store_get_meta(journal->database, "key", journal->key.public, KEY_PUBLIC_SIZE, error);
        if (r < 0)
                return r == -ENOENT ? error_say(error, -EINVAL, "%s a perdu sa clé publique.",
                                                "%s has lost its public key.", path)
                                    : r;
        *ret_journal = STEAL_PTR(journal);
        return 0;
}

const char *journal_path(const struct journal *journal)
{
        return sqlite3_db_filename(journal->database, NULL);
}

uint64_t journal_size(struct journal *journal)
{
        uint64_t size = 0;

        if (!journal->readonly)
                return journal->frontier.size;
        store_size(journal->database, &size, NULL);
        return size;
}
