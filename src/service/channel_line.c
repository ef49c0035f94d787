/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>

#include "service/channel.h"

/* jansson would follow 2048 levels on the stack; what a channel carries is flat. */
static bool is_shallow(const char *line, size_t length)
{
        bool in_text = false;
        size_t depth = 0;

        for (size_t i = 0; i < length; i++) {
                char c = line[i];

                if (in_text) {
                        if (c == '\\')
                                i++;
                        else if (c == '"')
                                in_text = false;
                } else if (c == '"') {
                        in_text = true;
                } else if (c == '{' || c == '[') {
                        if (++depth > CHANNEL_DEPTH_MAX)
                                return false;
                } else if (c == '}' || c == ']') {
                        depth -= depth > 0;
                }
        }
        return true;
}

int channel_line_parse(const char *line, size_t length, json_t **ret_message, struct error *error)
{
        json_error_t problem;
        json_t *message;

        if (length > CHANNEL_LINE_MAX)
                return error_say(error, -EINVAL, "ligne de %zu octets, au-delà des %d admis",
                                 "a line of %zu bytes, above the %d allowed", length, CHANNEL_LINE_MAX);
        if (!is_shallow(line, length))
                return error_say(error, -EINVAL, "JSON imbriqué sur plus de %d niveaux",
                                 "JSON nested deeper than %d", CHANNEL_DEPTH_MAX);
        message = json_loadb(line, length, JSON_REJECT_DUPLICATES, &problem);
        if (!message)
                return error_say(error,
                                 json_error_code(&problem) == json_error_out_of_memory ? -ENOMEM : -EINVAL,
                                 "ce n’est pas du JSON : %s (octet %d)", "not JSON: %s (byte %d)",
                                 problem.text, problem.position);
        if (!json_is_object(message)) {
                json_decref(message);
                return error_say(error, -EINVAL, "du JSON, mais pas un objet", "JSON, but no object");
        }
        *ret_message = message;
        return 0;
}
