/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/share.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "hub/status.h"
#include "journal/journal.h"

#define PART_BYTES    (128 * 1024) /* of an export at a time: a millisecond or two */
#define PIECE_BYTES   (128 * 1024) /* of it in one line; quoted it takes twice as much at most */
#define FILE_BYTES    (48 * 1024) /* of a file in one line: whole groups of three, so the pieces can be joined */
#define WAITING_BYTES (1024 * 1024)
#define EVERY_MS      5

_Static_assert(2 * PIECE_BYTES + 4096 <= CHANNEL_LINE_MAX, "a piece fits a line");
_Static_assert(FILE_BYTES % 3 == 0 && FILE_BYTES / 3 * 4 + 4096 <= CHANNEL_LINE_MAX, "a piece fits a line");

/* One who is being told a long text, a piece a line. */
struct reader {
        struct channel *channel; /* NULL: free */
        json_t *request;
        char *text; /* what is at hand of it; owned */
        size_t length, sent;
        struct journal *journal; /* where more comes from; NULL: that is all */
        struct journal_export *export;
        struct act_blob blob; /* a file instead of all this; it has a type then */
        FILE *file;
        uint64_t taken_ms; /* when it last took something */
};

struct share {
        struct share_options options;
        uv_timer_t timer;
        struct reader readers[SHARE_READERS_MAX];
};

static void reader_release(struct reader *reader)
{
        journal_export_end(reader->export);
        journal_close(reader->journal);
        if (reader->file)
                fclose(reader->file);
        act_blob_release(&reader->blob);
        json_decref(reader->request);
        free(reader->text);
        *reader = (struct reader){0};
}

/* ---- telling ---- */

/* Not in the middle of a letter: a line of a channel is UTF-8. */
static size_t piece_length(const char *text, size_t length)
{
        if (length <= PIECE_BYTES)
                return length;
        for (length = PIECE_BYTES; length > 1 && ((unsigned char)text[length] & 0xc0) == 0x80;)
                length--;
        return length;
}

/* After a failure the reader may be gone: share_leave() was told. */
static int send_pieces(struct reader *reader)
{
        size_t limit = reader->sent + PART_BYTES;

        while (reader->sent < reader->length && reader->sent < limit) {
                const char *text = reader->text + reader->sent;
                size_t piece = piece_length(text, reader->length - reader->sent);

                reader->sent += piece;
                if (channel_answer_more(reader->channel, reader->request,
                                        json_pack("{s:s%}", "text", text, piece)))
                        return -EPIPE;
        }
        return 0;
}

/* The next part of an export. 0 when there is no more, JOURNAL_MORE, or why not. */
static int fetch(struct reader *reader, struct error *error)
{
        FILE *stream;
        int r;

        if (!reader->export)
                return 0;
        free(reader->text);
        reader->text = NULL;
        reader->length = reader->sent = 0;
        stream = open_memstream(&reader->text, &reader->length);
        if (!stream)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = journal_export_part(reader->export, stream, PART_BYTES, error);
        if (fclose(stream) && r >= 0)
                r = error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (r == 0)
                reader->export = journal_export_end(reader->export);
        return r < 0 ? r : reader->length ? JOURNAL_MORE : 0;
}

/* The next piece of a file, told at once. 0 when there is no more, JOURNAL_MORE, or why not. */
static int send_file_piece(struct reader *reader, struct error *error)
{
        unsigned char bytes[FILE_BYTES];
        char text[sodium_base64_ENCODED_LEN(FILE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
        size_t length = fread(bytes, 1, sizeof(bytes), reader->file);

        if (ferror(reader->file))
                return error_say(error, -EIO, "le fichier n’a pas pu être lu : %m",
                                 "the file could not be read: %m");
        if (!length)
                return 0;
        sodium_bin2base64(text, sizeof(text), bytes, length, sodium_base64_VARIANT_ORIGINAL);
        channel_answer_more(reader->channel, reader->request,
                            json_pack("{s:{s:s, s:s, s:s}}", "file", "type", reader->blob.type, "name",
                                      reader->blob.name, "base64", text));
        return JOURNAL_MORE;
}

static void finish(struct reader *reader, int r, const struct error *error)
{
        if (r < 0) {
                log_error("what was asked for could not be read: %s", error_text(error, r));
                channel_refuse_error(reader->channel, reader->request, error, r);
        } else {
                channel_answer(reader->channel, reader->request, NULL);
        }
        reader_release(reader);
}

static void give_up(struct reader *reader)
{
        struct channel *channel = reader->channel;

        log_warning("a reader takes nothing any more and is let go");
        reader_release(reader);
        channel_close(channel);
}

/* After a full queue the reader is gone: share_leave() was told. */
static void serve_file(struct reader *reader)
{
        struct error error = {0};
        int r = send_file_piece(reader, &error);

        if (r != JOURNAL_MORE && reader->channel)
                finish(reader, r, &error);
}

static void serve(struct share *share, struct reader *reader)
{
        struct error error = {0};
        uint64_t now_ms = uv_now(share->options.loop);

        if (channel_waiting(reader->channel) > WAITING_BYTES) {
                if (now_ms - reader->taken_ms > SHARE_PATIENCE_MS)
                        give_up(reader);
                return;
        }
        reader->taken_ms = now_ms;
        if (reader->file) {
                serve_file(reader);
                return;
        }
        if (reader->sent == reader->length) {
                int r = fetch(reader, &error);
                if (r != JOURNAL_MORE) {
                        finish(reader, r, &error);
                        return;
                }
        }
        send_pieces(reader);
}

static void on_timer(uv_timer_t *timer)
{
        struct share *share = timer->data;
        bool busy = false;

        for (size_t i = 0; i < SHARE_READERS_MAX; i++) {
                if (share->readers[i].channel)
                        serve(share, &share->readers[i]);
                busy |= share->readers[i].channel != NULL;
        }
        if (!busy)
                uv_timer_stop(timer);
}

/* A free place for one more; who finds none is refused. */
static struct reader *reader_new(struct share *share, struct channel *channel, const json_t *message)
{
        struct error why = {0};

        for (size_t i = 0; i < SHARE_READERS_MAX; i++) {
                struct reader *reader = &share->readers[i];
                if (reader->channel)
                        continue;
                *reader = (struct reader){.channel = channel,
                                          .request = json_deep_copy(message),
                                          .taken_ms = uv_now(share->options.loop)};
                return reader;
        }
        error_say(&why, -EBUSY, "trop de lectures en cours ; réessayez", "too many are reading; try again");
        channel_refuse_error(channel, message, &why, -EBUSY);
        return NULL;
}

static void begin(struct share *share)
{
        uv_timer_start(&share->timer, on_timer, 0, EVERY_MS);
}

void share_leave(struct share *share, const struct channel *channel)
{
        for (size_t i = 0; share && i < SHARE_READERS_MAX; i++)
                if (share->readers[i].channel == channel)
                        reader_release(&share->readers[i]);
}

/* ---- the whole journal ---- */

void share_export(struct share *share, struct channel *channel, const json_t *message)
{
        struct reader *reader = reader_new(share, channel, message);
        struct error error = {0};
        int r;

        if (!reader)
                return;
        r = journal_open_readonly(journal_path(share->options.journal), &reader->journal, &error);
        if (!r)
                r = journal_export_begin(reader->journal, &reader->export, &error);
        if (r) {
                finish(reader, r, &error);
                return;
        }
        log_notice("the journal is exported to user %u", (unsigned)channel_uid(channel));
        begin(share);
}

/* ---- files ---- */

void share_file(struct share *share, struct channel *channel, const json_t *message, struct act_blob *blob)
{
        struct reader *reader = reader_new(share, channel, message);
        struct error error = {0};

        if (!reader)
                return;
        reader->blob = *blob;
        *blob = (struct act_blob){0};
        reader->file = reader->blob.bytes ? fmemopen(reader->blob.bytes, reader->blob.length, "r")
                                          : fopen(reader->blob.path ? reader->blob.path : "", "re");
        if (!reader->file) {
                finish(reader,
                       error_say(&error, -errno, "le fichier n’a pas pu être lu : %m",
                                 "the file could not be read: %m"),
                       &error);
                return;
        }
        begin(share);
}

/* ---- proofs ---- */

void share_prove(struct share *share, struct channel *channel, const json_t *message)
{
        json_int_t seq = json_integer_value(json_object_get(message, "seq"));
        json_int_t size = json_integer_value(json_object_get(message, "size"));
        struct error error = {0};
        json_t *proof = NULL;
        int r = seq < 0 || size < 0 ? -EINVAL
                                    : journal_prove_inclusion(share->options.journal, (uint64_t)seq,
                                                              (uint64_t)size, &proof, &error);

        if (r)
                channel_refuse_error(channel, message, &error, r);
        else
                channel_answer(channel, message, json_pack("{s:o}", "proof", proof));
}

/* ---- what papers are made from ---- */

/* Papers carry a head that was signed for them. */
static json_t *fresh_head(struct journal *journal)
{
        struct error error = {0};
        struct head head;
        int r = journal_head(journal, &head, &error);

        if (r)
                log_error("the journal's head could not be signed: %s", error_text(&error, r));
        return r ? json_null() : head_to_json(&head);
}

/* All of the incident but its findings, of which papers need none. */
static json_t *study_of(struct share *share, const char *incident)
{
        const struct desk *desk = share->options.desk;
        struct journal *journal = share->options.journal;
        json_t *study;

        if (!casebook_incident(desk_book(desk), incident))
                return NULL;
        study = status_incident(desk_book(desk), casebook_incident(desk_book(desk), incident), journal);
        json_object_del(study, "findings");
        json_object_set_new(study, "head", fresh_head(journal));
        return study;
}

void share_study(struct share *share, struct channel *channel, const json_t *message)
{
        const char *incident = json_string_value(json_object_get(message, "incident"));
        json_t *study = study_of(share, incident ? incident : "");
        struct error error = {0};
        struct reader *reader;

        if (!study) {
                error_say(&error, -ENOENT, "aucun incident de ce nom (garde incident list --all)",
                          "there is no such incident (garde incident list --all)");
                channel_refuse_error(channel, message, &error, -ENOENT);
                return;
        }
        reader = reader_new(share, channel, message);
        if (reader) {
                reader->text = json_dumps(study, JSON_COMPACT);
                reader->length = reader->text ? strlen(reader->text) : 0;
                begin(share);
        }
        json_decref(study);
}

/* ---- life ---- */

int share_open(const struct share_options *options, struct share **ret_share, struct error *error)
{
        struct share *share = calloc(1, sizeof(*share));
        int r;

        if (!share)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        share->options = *options;
        r = uv_timer_init(options->loop, &share->timer);
        if (r) {
                free(share);
                return error_say(error, r, "impossible d’armer une minuterie : %m", "no timer: %m");
        }
        share->timer.data = share;
        *ret_share = share;
        return 0;
}

static void on_closed(uv_handle_t *handle)
{
        free(handle->data);
}

struct share *share_close(struct share *share)
{
        if (!share)
                return NULL;
        for (size_t i = 0; i < SHARE_READERS_MAX; i++)
                if (share->readers[i].channel)
                        reader_release(&share->readers[i]);
        uv_close((uv_handle_t *)&share->timer, on_closed);
        return NULL;
}
