/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "journal/private.h"

#define STREAM_BYTES (256 * 1024)

struct journal_export {
        struct journal *journal;
        FILE *stream;
        sqlite3_stmt *records;
        sqlite3_stmt *texts;
        sqlite3_stmt *heads;
        bool more_heads;
        bool headed, ended;
        size_t written; /* bytes of record lines in this part */
        uint64_t record_count;
        uint64_t head_count;
        uint64_t personal_count;
        struct merkle_frontier frontier;
        struct buffer line;
        struct error *error;
};

static int stream_failed(struct journal_export *export)
{
        int code = errno > 0 ? -errno : -EIO;

        return error_say(export->error, code, "L’export ne peut pas être écrit : %m.",
                         "The export cannot be written: %m.");
}

static int write_line(struct journal_export *export, const struct buffer *line)
{
        if (fwrite(line->data, 1, line->length, export->stream) != line->length ||
            putc('\n', export->stream) == EOF)
                return stream_failed(export);
        export->written += line->length + 1;
        return 0;
}

static int write_header(struct journal_export *export)
{
        char key[2 * KEY_PUBLIC_SIZE + 1];

        hash_format_hex(export->journal->key.public, KEY_PUBLIC_SIZE, key);
        if (fprintf(export->stream, "{\"format\":\"" JOURNAL_FORMAT "\",\"key\":\"%s\",\"v\":1}\n", key) < 0)
                return stream_failed(export);
        return 0;
}

static int append_text(struct journal_export *export, struct buffer *line)
{
        char salt[2 * CHAIN_SALT_SIZE + 1];
        uint8_t bytes[CHAIN_SALT_SIZE];
        const char *text = sqlite3_column_blob(export->texts, 2);
        int r = store_column_bytes(export->texts, 1, bytes, sizeof(bytes), export->error);

        if (r < 0)
                return r;
        hash_format_hex(bytes, sizeof(bytes), salt);
        buffer_format(line, "\"%s\":{\"salt\":\"%s\",\"text\":", sqlite3_column_text(export->texts, 0), salt);
        r = canonical_append_string(text ? text : "", (size_t)sqlite3_column_bytes(export->texts, 2), line,
                                    export->error);
        buffer_append(line, "}", 1);
        return r;
}

static int append_texts(struct journal_export *export, int64_t seq, struct buffer *line)
{
        bool first = true;
        int r;

        sqlite3_bind_int64(export->texts, 1, seq);
        while ((r = store_step(export->texts, export->error)) == STORE_ROW) {
                if (!first)
                        buffer_append(line, ",", 1);
                first = false;
                r = append_text(export, line);
                if (r < 0)
                        break;
                export->personal_count++;
        }
        sqlite3_reset(export->texts);
        return r;
}

static int write_record(struct journal_export *export)
{
        struct buffer *line = &export->line;
        uint8_t hash[HASH_SIZE];
        char hex[HASH_HEX_SIZE];
        int r = store_column_bytes(export->records, 2, hash, HASH_SIZE, export->error);

        if (r < 0)
                return r;
        hash_format(hash, hex);
        line->length = 0;
        buffer_text(line, "{\"hash\":\"");
        buffer_append(line, hex, HASH_HEX_SIZE - 1);
        buffer_text(line, "\",\"personal\":{");
        r = append_texts(export, sqlite3_column_int64(export->records, 0), line);
        if (r < 0)
                return r;
        buffer_text(line, "},\"record\":");
        buffer_append(line, sqlite3_column_blob(export->records, 1),
                      (size_t)sqlite3_column_bytes(export->records, 1));
        buffer_text(line, "}");
        if (line->overflow)
                return error_say(export->error, -E2BIG, "Un enregistrement est trop gros pour être exporté.",
                                 "A record is too large to be exported.");
        merkle_leaf(hash, HASH_SIZE, hash);
        merkle_append(&export->frontier, hash, NULL, NULL);
        export->record_count++;
        return write_line(export, line);
}

static int next_head(struct journal_export *export)
{
        int r = store_step(export->heads, export->error);

        export->more_heads = r == STORE_ROW;
        return r < 0 ? r : 0;
}

static int write_heads(struct journal_export *export, uint64_t up_to)
{
        while (export->more_heads && (uint64_t)sqlite3_column_int64(export->heads, 0) <= up_to) {
                int r;

                if (fprintf(export->stream, "{\"head\":%.*s}\n", sqlite3_column_bytes(export->heads, 1),
                            (const char *)sqlite3_column_blob(export->heads, 1)) < 0)
                        return stream_failed(export);
                export->head_count++;
                r = next_head(export);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int write_end(struct journal_export *export)
{
        uint8_t root[HASH_SIZE];
        char hex[HASH_HEX_SIZE];

        merkle_root(&export->frontier, root);
        hash_format(root, hex);
        if (fprintf(export->stream,
                    "{\"end\":{\"heads\":%" PRIu64 ",\"personal\":%" PRIu64 ",\"records\":%" PRIu64
                    ",\"root\":\"%s\"}}\n",
                    export->head_count, export->personal_count, export->record_count, hex) < 0 ||
            fflush(export->stream) != 0)
                return stream_failed(export);
        return 0;
}

static int prepare_export(struct journal_export *export)
{
        sqlite3 *database = export->journal->database;
        int r = store_prepare(database, "SELECT seq, line, hash FROM records ORDER BY seq", &export->records,
                              export->error);

        if (r >= 0)
                r = store_prepare(
                        database,
                        "SELECT name, salt, text FROM personal WHERE seq = ?1 AND erased = 0 ORDER BY name",
                        &export->texts, export->error);
        if (r >= 0)
                r = store_prepare(database, "SELECT size, json FROM heads ORDER BY size, id", &export->heads,
                                  export->error);
        return r < 0 ? r : next_head(export);
}

/* Heads of more records than there are: a fault, but the export hides nothing. */
static int finish(struct journal_export *export)
{
        int r = write_heads(export, UINT64_MAX);

        if (r >= 0)
                r = write_end(export);
        export->ended = r >= 0;
        return r;
}

static int write_part(struct journal_export *export, size_t bytes)
{
        int r = export->headed ? 0 : write_header(export);

        export->headed = true;
        export->written = 0;
        while (r >= 0 && !export->ended && export->written < bytes) {
                r = store_step(export->records, export->error);
                if (r == STORE_ROW) {
                        r = write_record(export);
                        if (r >= 0)
                                r = write_heads(export, export->record_count);
                } else if (r >= 0) {
                        r = finish(export);
                }
        }
        if (r < 0)
                return r;
        return export->ended ? 0 : JOURNAL_MORE;
}

int journal_export_part(struct journal_export *export, FILE *stream, size_t bytes, struct error *error)
{
        int r;

        if (export->ended)
                return 0;
        export->stream = stream;
        export->error = error;
        r = write_part(export, bytes);
        if (r >= 0 && fflush(stream) != 0)
                r = stream_failed(export);
        export->stream = NULL;
        export->error = NULL;
        return r;
}

int journal_export_begin(struct journal *journal, struct journal_export **ret_export, struct error *error)
{
        struct journal_export *export = calloc(1, sizeof(*export));
        int r;

        if (!export)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        export->journal = journal;
        export->error = error;
        export->line = (struct buffer)BUFFER_INIT(16 * 1024 * 1024);
        r = store_begin_read(journal->database, error);
        if (r >= 0)
                r = prepare_export(export);
        export->error = NULL;
        if (r < 0) {
                journal_export_end(export);
                return r;
        }
        *ret_export = export;
        return 0;
}

struct journal_export *journal_export_end(struct journal_export *export)
{
        if (!export)
                return NULL;
        sqlite3_finalize(export->records);
        sqlite3_finalize(export->texts);
        sqlite3_finalize(export->heads);
        buffer_release(&export->line);
        store_rollback(export->journal->database);
        free(export);
        return NULL;
}

int journal_export(struct journal *journal, FILE *stream, struct error *error)
{
        struct journal_export *export;
        int r = journal_export_begin(journal, &export, error);

        if (r < 0)
                return r;
        r = journal_export_part(export, stream, SIZE_MAX, error);
        journal_export_end(export);
        return r;
}

static int sync_folder(const char *path)
{
        CLEANUP(cleanup_fd) int fd = -1;
        char folder[PATH_MAX];
        char *slash;

        snprintf(folder, sizeof(folder), "%s", path);
        slash = strrchr(folder, '/');
        if (slash)
                slash[slash == folder] = '\0';
        fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int export_to(struct journal *journal, const char *name, struct error *error)
{
        CLEANUP(cleanup_file) FILE *stream = NULL;
        /* It holds personal text. */
        int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        int r;

        if (fd < 0)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", name);
        stream = fdopen(fd, "w");
        if (!stream) {
                close(fd);
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        }
        setvbuf(stream, NULL, _IOFBF, STREAM_BYTES);
        r = journal_export(journal, stream, error);
        if (r >= 0 && fsync(fd) < 0)
                r = error_say(error, -errno, "%s : %m.", "%s: %m.", name);
        return r;
}

int journal_export_file(struct journal *journal, const char *path, struct error *error)
{
        char name[PATH_MAX];
        int r;

        if (snprintf(name, sizeof(name), "%s.part", path) >= (int)sizeof(name))
                return error_say(error, -ENAMETOOLONG, "%s : le chemin est trop long.",
                                 "%s: the path is too long.", path);
        r = export_to(journal, name, error);
        if (r >= 0 && rename(name, path) < 0)
                r = error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        if (r < 0) {
                unlink(name);
                return r;
        }
        r = sync_folder(path);
        return r < 0 ? error_say(error, r, "%s : %m.", "%s: %m.", path) : 0;
}
