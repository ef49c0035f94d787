/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * certificate: the console's own. Made once with GnuTLS (ECDSA P-256, ten years, this machine's names and the address it
 * listens on) into STATE/hub/tls.key and tls.crt, mode 0600; people compare its fingerprint at their first visit.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/error.h"

#define CERTIFICATE_FILE_MAX         (256 * 1024)
#define CERTIFICATE_FINGERPRINT_SIZE 96

struct certificate {
        char *key, *chain; /* PEM, NUL-terminated, owned; the key is wiped before it is freed */
        char fingerprint[CERTIFICATE_FINGERPRINT_SIZE]; /* SHA-256 of the first certificate, "AB:CD:…" */
};

void certificate_release(struct certificate *certificate);

/* From files. -EINVAL when they are no PEM or do not belong together. */
int certificate_read(const char *chain, const char *key, struct certificate *ret_certificate,
                     struct error *error);

struct certificate_subject {
        const char *const *names;
        size_t name_count;
        const struct addr *address; /* where it listens; one that means every address is left out */
};

/* From tls.key and tls.crt in `folder`; makes them when they are not there. */
int certificate_own(const char *folder, const struct certificate_subject *subject, const struct clock *clock,
                    struct certificate *ret_certificate, struct error *error);
