/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/wire.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/cleanup.h"

#define PORT_TLS   6514
#define PORT_PLAIN 514
#define POLL_MS    10
#define PRIORITY   "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static int no_answer(const struct config_target *target, int code, struct error *error)
{
        return error_say(error, code, "cible %s : %s ne répond pas : %m", "target %s: %s does not answer: %m",
                         target->name, target->address);
}

static int await(int fd, short what, int timeout_ms)
{
        struct pollfd waiting = {.fd = fd, .events = what};
        int r;

        do
                r = poll(&waiting, 1, timeout_ms);
        while (r < 0 && errno == EINTR);
        return r < 0 ? -errno : r ? 0 : -ETIMEDOUT;
}

static int connect_one(const struct addrinfo *info, int *ret_fd)
{
        int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, info->ai_protocol);
        int failure = 0, r;
        socklen_t size = sizeof(failure);

        if (fd < 0)
                return -errno;
        r = connect(fd, info->ai_addr, info->ai_addrlen) < 0 ? -errno : 0;
        if (r == -EINPROGRESS)
                r = await(fd, POLLOUT, WIRE_CONNECT_MS);
        if (!r && !getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) && failure)
                r = -failure;
        if (r)
                close(fd);
        else
                *ret_fd = fd;
        return r;
}

static int connect_target(const struct config_target *target, const struct config_address *address,
                          int *ret_fd, struct error *error)
{
        bool udp = !strcmp(address->scheme, "udp");
        const struct addrinfo hints = {.ai_socktype = udp ? SOCK_DGRAM : SOCK_STREAM,
                                       .ai_flags = AI_NUMERICSERV};
        struct addrinfo *found = NULL;
        char port[8];
        int r = -EHOSTUNREACH;

        snprintf(port, sizeof(port), "%u",
                 address->port                     ? address->port
                 : !strcmp(address->scheme, "tls") ? PORT_TLS
                                                   : PORT_PLAIN);
        if (getaddrinfo(address->host, port, &hints, &found))
                return error_say(error, -EHOSTUNREACH, "cible %s : le nom %s ne se résout pas",
                                 "target %s: the name %s does not resolve", target->name, address->host);
        for (const struct addrinfo *info = found; r && info; info = info->ai_next)
                r = connect_one(info, ret_fd);
        freeaddrinfo(found);
        return r ? no_answer(target, r, error) : 0;
}

/* ---- in the clear ---- */

static int send_plain(const struct config_target *target, int fd, const char *bytes, size_t length,
                      struct error *error)
{
        while (length) {
                ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
                int r = sent < 0 ? -errno : 0;
                if (r == -EAGAIN)
                        r = await(fd, POLLOUT, WIRE_SEND_MS);
                if (r && r != -EINTR)
                        return no_answer(target, r, error);
                if (sent > 0) {
                        bytes += sent;
                        length -= (size_t)sent;
                }
        }
        return 0;
}

/* ---- TLS ---- */

struct tls {
        gnutls_certificate_credentials_t credentials;
        gnutls_session_t session;
};

static void tls_release(struct tls *tls)
{
        if (tls->session)
                gnutls_deinit(tls->session);
        if (tls->credentials)
                gnutls_certificate_free_credentials(tls->credentials);
}

static int tls_fail(const struct config_target *target, int code, struct error *error)
{
        if (code == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
                return error_say(error, -EIO,
                                 "cible %s : %s : son certificat n’est pas reconnu, ou n’est pas à ce nom "
                                 "(tls.ca) : rien n’est envoyé",
                                 "target %s: %s: its certificate is not trusted, or not of this name "
                                 "(tls.ca): nothing is sent",
                                 target->name, target->address);
        return error_say(error, code == GNUTLS_E_TIMEDOUT ? -ETIMEDOUT : -EIO, "cible %s : TLS : %s",
                         "target %s: TLS: %s", target->name, gnutls_strerror(code));
}

static int load_credentials(const struct config_target *target, struct tls *tls)
{
        int r = gnutls_certificate_allocate_credentials(&tls->credentials);

        if (!r && target->tls.ca[0])
                r = gnutls_certificate_set_x509_trust_file(tls->credentials, target->tls.ca,
                                                           GNUTLS_X509_FMT_PEM);
        else if (!r)
                r = gnutls_certificate_set_x509_system_trust(tls->credentials);
        if (r >= 0 && target->tls.certificate[0])
                r = gnutls_certificate_set_x509_key_file(tls->credentials, target->tls.certificate,
                                                         target->tls.key, GNUTLS_X509_FMT_PEM);
        return r < 0 ? r : 0;
}

static int begin_tls(const struct config_target *target, const char *host, int fd, struct tls *tls,
                     struct error *error)
{
        struct addr numeric;
        int r = load_credentials(target, tls);

        if (!r)
                r = gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
        if (!r)
                r = gnutls_priority_set_direct(tls->session, PRIORITY, NULL);
        if (!r)
                r = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
        if (!r && addr_parse(host, &numeric))
                r = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, host, strlen(host));
        if (r)
                return tls_fail(target, r, error);
        gnutls_session_set_verify_cert(tls->session, host, 0);
        gnutls_transport_set_int(tls->session, fd);
        gnutls_handshake_set_timeout(tls->session, WIRE_CONNECT_MS);
        do {
                r = gnutls_handshake(tls->session);
                if (r == GNUTLS_E_AGAIN &&
                    await(fd, gnutls_record_get_direction(tls->session) ? POLLOUT : POLLIN, WIRE_CONNECT_MS))
                        r = GNUTLS_E_TIMEDOUT;
        } while (r < 0 && !gnutls_error_is_fatal(r));
        return r ? tls_fail(target, r, error) : 0;
}

/*
 * The receiver has closed. If it read all before, its kernel has acknowledged all; if it closed first, what came too late was answered
 * by a reset (RFC 9293 section 3.6.1), which may still be on its way.
 */
static bool was_reset(int fd)
{
        struct tcp_info info;
        int failure = 0;

        for (int waited = 0; waited < WIRE_CLOSE_MS; waited += POLL_MS) {
                socklen_t size = sizeof(failure), length = sizeof(info);
                if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) || failure ||
                    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length))
                        return true;
                if (info.tcpi_state == TCP_CLOSE)
                        return false;
                poll(NULL, 0, POLL_MS);
        }
        return false;
}

/*
 * Until the receiver closes too: it has read all then. One that never does is not waited for long. With TLS 1.3 a receiver that does
 * not want us says so only now.
 */
static int end_tls(const struct config_target *target, struct tls *tls, int fd, struct error *error)
{
        char rest[512];
        ssize_t r = gnutls_bye(tls->session, GNUTLS_SHUT_WR);
        /* A reset is told once, to whoever asks first. */
        bool cut = r < 0 && r != GNUTLS_E_AGAIN && r != GNUTLS_E_INTERRUPTED;

        shutdown(fd, SHUT_WR);
        do
                r = gnutls_record_recv(tls->session, rest, sizeof(rest));
        while (r > 0 || (r == GNUTLS_E_AGAIN && !await(fd, POLLIN, WIRE_CLOSE_MS)));
        if (r == GNUTLS_E_AGAIN)
                return 0;
        if (r == GNUTLS_E_FATAL_ALERT_RECEIVED)
                return tls_fail(target, (int)r, error);
        if (!cut && (!r || r == GNUTLS_E_PREMATURE_TERMINATION) && !was_reset(fd))
                return 0;
        return error_say(
                error, -ECONNRESET,
                "cible %s : %s : TLS : a fermé sans lire ; veut-il un certificat (tls.certificate) ?",
                "target %s: %s: TLS: closed without reading; does it want a certificate "
                "(tls.certificate)?",
                target->name, target->address);
}

static int send_tls(const struct config_target *target, const char *host, int fd, const char *bytes,
                    size_t length, struct error *error)
{
        struct tls tls = {0};
        int r = begin_tls(target, host, fd, &tls, error);

        while (!r && length) {
                ssize_t sent = gnutls_record_send(tls.session, bytes, length);
                if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED) {
                        r = await(fd, POLLOUT, WIRE_SEND_MS) ? tls_fail(target, GNUTLS_E_TIMEDOUT, error) : 0;
                } else if (sent < 0) {
                        r = tls_fail(target, (int)sent, error);
                } else {
                        bytes += sent;
                        length -= (size_t)sent;
                }
        }
        if (!r)
                r = end_tls(target, &tls, fd, error);
        tls_release(&tls);
        return r;
}

int wire_send(const struct config_target *target, const void *bytes, size_t length, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = -1;
        struct config_address address;
        int r = config_target_parse(target->address, &address);

        if (!r)
                r = connect_target(target, &address, &fd, error);
        if (r)
                return r;
        if (!strcmp(address.scheme, "tls"))
                return send_tls(target, address.host, fd, bytes, length, error);
        return send_plain(target, fd, bytes, length, error);
}
