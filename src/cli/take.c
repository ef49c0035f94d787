/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/take.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "hub/papers.h"
#include "hub/protocol.h"
#include "service/channel.h"

#define SILENCE_MS (5 * 60 * 1000) /* between two pieces; before the first, an export of many years is made */

bool take_is_needed(const struct config *config)
{
        char path[PATH_MAX];

        papers_journal_path(config, path);
        return access(path, R_OK) < 0 && errno == EACCES;
}

static int write_base64(FILE *stream, const char *base64, size_t length)
{
        CLEANUP(cleanup_free) unsigned char *bytes = malloc(length + 1);
        size_t size = 0;

        if (!bytes)
                return -ENOMEM;
        if (sodium_base642bin(bytes, length, base64, length, NULL, &size, NULL,
                              sodium_base64_VARIANT_ORIGINAL))
                return -EPROTO;
        errno = 0;
        return fwrite(bytes, 1, size, stream) == size ? 0 : errno > 0 ? -errno : -EIO;
}

static int on_piece(void *context, const json_t *line)
{
        const json_t *base64 = json_object_get(json_object_get(line, "file"), "base64");
        const json_t *text = json_object_get(line, "text");
        size_t length = json_string_length(text);

        if (length && fwrite(json_string_value(text), 1, length, context) != length)
                return errno > 0 ? -errno : -EIO;
        return base64 ? write_base64(context, json_string_value(base64), json_string_length(base64)) : 0;
}

static int take(const char *socket, json_t *request, FILE *stream, struct error *error)
{
        int r = channel_stream(socket, request, SILENCE_MS, on_piece, stream, error);

        json_decref(request);
        if (!r && fflush(stream))
                r = errno > 0 ? -errno : -EIO;
        return r;
}

static void socket_path(const struct config *config, char ret_path[static PATH_MAX])
{
        snprintf(ret_path, PATH_MAX, "%s/%s", config->run, PROTOCOL_SOCKET);
}

int take_stream(const struct cli *cli, json_t *request, FILE *stream)
{
        struct config *config = cli_config(cli);
        struct error error = {0};
        char socket[PATH_MAX];
        int r;

        if (!config) {
                json_decref(request);
                return CLI_FAILED;
        }
        socket_path(config, socket);
        config_free(config);
        r = take(socket, request, stream, &error);
        return r ? cli_unanswered(cli, socket, &error, r) : CLI_DONE;
}

static int cannot_write(const struct cli *cli, const char *path, int code)
{
        struct error error = {0};

        error_say(&error, code, "%s : %m", "%s: %m", path);
        return cli_fail(cli, &error, code);
}

/* It holds personal text: for its owner alone. */
static FILE *open_private(const char *path)
{
        int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
        FILE *stream = fd < 0 ? NULL : fdopen(fd, "w");

        if (fd >= 0 && !stream)
                close(fd);
        return stream;
}

int take_file(const struct cli *cli, json_t *request, const char *path)
{
        char part[PATH_MAX];
        FILE *stream;
        int r;

        if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part)) {
                json_decref(request);
                return cannot_write(cli, path, -ENAMETOOLONG);
        }
        stream = open_private(part);
        if (!stream) {
                r = -errno;
                json_decref(request);
                return cannot_write(cli, part, r);
        }
        r = take_stream(cli, request, stream);
        if (!r && fsync(fileno(stream)))
                r = cannot_write(cli, part, -errno);
        if (fclose(stream) && !r)
                r = cannot_write(cli, part, -errno);
        if (!r && rename(part, path))
                r = cannot_write(cli, path, -errno);
        if (r)
                unlink(part);
        return r;
}

int take_json(const struct config *config, json_t *request, json_t **ret_told, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char socket[PATH_MAX];
        json_error_t why;
        size_t length;
        FILE *stream = open_memstream(&text, &length);
        json_t *told;
        int r;

        if (!stream) {
                json_decref(request);
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        socket_path(config, socket);
        r = take(socket, request, stream, error);
        if (fclose(stream) && !r)
                r = error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (r)
                return r;
        told = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
        if (!told)
                return error_say(error, -EPROTO, "garde-hub a envoyé ce qui ne se lit pas : %s",
                                 "garde-hub sent what cannot be read: %s", why.text);
        *ret_told = told;
        return 0;
}
