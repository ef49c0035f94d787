/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/console.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

static enum api_tls tls_of(const struct config *config)
{
        static const enum api_tls modes[CONFIG_TLS_COUNT] = {[CONFIG_TLS_SELF_SIGNED] = API_TLS_SELF_SIGNED,
                                                             [CONFIG_TLS_OFF] = API_TLS_OFF,
                                                             [CONFIG_TLS_FILES] = API_TLS_FILES};

        return modes[config->console.tls];
}

int console_prepare(const struct config *config, const char *state, struct api **ret_api, struct error *error)
{
        const char *names[CONFIG_NAMES_MAX];
        struct error why = {0};
        int r;

        *ret_api = NULL;
        if (!strcmp(config->console.listen, "off")) {
                log_info("no console: console.listen is off");
                return 0;
        }
        for (uint32_t i = 0; i < config->console.name_count; i++)
                names[i] = config->console.names[i];
        const struct api_options options = {.listen = config->console.listen,
                                            .tls = tls_of(config),
                                            .certificate = config->console.certificate,
                                            .key = config->console.key,
                                            .state = state,
                                            .run = config->run,
                                            .names = names,
                                            .name_count = config->console.name_count,
                                            .proxies = config->console.proxy.addresses,
                                            .proxy_count = config->console.proxy.address_count,
                                            .proxy_header = config->console.proxy.header,
                                            .proxy_secret = config->console.proxy.secret,
                                            .language = config->structure.language};
        r = api_prepare(&options, ret_api, &why);
        if (r == -EADDRINUSE) {
                log_error("%s; the hub goes on without a console", error_text(&why, r));
                return 0;
        }
        return r ? error_forward(error, r, why.fr, why.en) : 0;
}
