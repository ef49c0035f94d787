/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/hospital.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "drill/process.h"

#define STOP_GRACE_MS 1000
#define START_TRIES   200 /* of 25 ms */

static void write_config(const struct scenario *scenario, const char *folder, struct buffer *config)
{
        buffer_format(
                config,
                "daemon off;\nmaster_process off;\nworker_processes 1;\nworker_rlimit_nofile 8192;\n"
                "pid %s/nginx.pid;\nerror_log stderr warn;\n"
                "events { worker_connections 4096; }\n"
                "http {\n"
                "  access_log off;\n  default_type text/html;\n  server_tokens off;\n"
                "  client_body_temp_path %s/body;\n  proxy_temp_path %s/proxy;\n"
                "  fastcgi_temp_path %s/fastcgi;\n  uwsgi_temp_path %s/uwsgi;\n  scgi_temp_path %s/scgi;\n"
                "  server {\n    root %s/www;\n    charset utf-8;\n    index index.html;\n",
                folder, folder, folder, folder, folder, folder, folder);
        for (unsigned i = 0; i < scenario->service_count; i++) {
                const struct scenario_service *service = &scenario->services[i];

                buffer_format(config, "    listen %s:%u backlog=4096;\n", service->v4, service->port);
                buffer_format(config, "    listen [%s]:%u backlog=4096 ipv6only=on;\n", service->v6,
                              service->port);
        }
        buffer_text(config, "  }\n}\n");
}

static void write_page(struct buffer *page)
{
        buffer_text(page, "<!doctype html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\">"
                          "<title>Portail de l’hôpital</title></head>\n<body>\n"
                          "<h1>Portail des patients et du personnel</h1>\n<ul>\n");
        for (unsigned hour = 0; page->length < HOSPITAL_PAGE_BYTES; hour++)
                buffer_format(page,
                              "<li>Consultation de %02u h %02u : salle %u, accueil au rez-de-chaussée, "
                              "merci de vous présenter dix minutes avant.</li>\n",
                              8 + hour / 4 % 10, hour % 4 * 15, 1 + hour % 37);
        buffer_text(page, "</ul>\n</body>\n</html>\n");
}

static int write_files(const struct scenario *scenario, const char *folder, struct error *error)
{
        CLEANUP(buffer_release) struct buffer config = BUFFER_INIT(65536), page = BUFFER_INIT(65536);
        char path[PATH_MAX];
        int r;

        snprintf(path, sizeof(path), "%s/www", folder);
        r = file_make_folders(path, 0755, error);
        if (r)
                return r;
        write_config(scenario, folder, &config);
        write_page(&page);
        snprintf(path, sizeof(path), "%s/nginx.conf", folder);
        r = file_write_atomic(path, config.data, config.length, 0644, error);
        snprintf(path, sizeof(path), "%s/www/index.html", folder);
        return r ? r : file_write_atomic(path, page.data, page.length, 0644, error);
}

static bool answers(const struct scenario_service *service)
{
        CLEANUP(cleanup_fd) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(service->port)};

        memcpy(&to.sin_addr, service->addr_v4.bytes, 4);
        return fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
}

static int wait_until_it_answers(const struct scenario *scenario, const struct netns *netns,
                                 struct hospital *hospital, struct error *error)
{
        const struct scenario_service *last = &scenario->services[scenario->service_count - 1];
        int back, status, r = netns_enter(netns, &back, error);

        if (r)
                return r;
        r = error_say(error, -ETIMEDOUT, "le serveur web de l’exercice ne répond pas",
                      "the exercise's web server does not answer");
        for (int i = 0; i < START_TRIES; i++) {
                if (answers(last)) {
                        r = 0;
                        break;
                }
                if (!process_alive(&hospital->nginx, &status)) {
                        r = error_say(error, -ENOENT,
                                      "nginx ne démarre pas : installez nginx-light, ou lisez le nginx.log "
                                      "de l’exercice",
                                      "nginx does not start: install nginx-light, or read nginx.log of the "
                                      "exercise");
                        break;
                }
                poll(NULL, 0, 25);
        }
        netns_leave(back);
        return r;
}

int hospital_start(const struct scenario *scenario, const struct netns *netns, const char *folder, int cpu,
                   struct hospital *ret_hospital, struct error *error)
{
        char config[PATH_MAX], log[PATH_MAX];
        const char *const argv[] = {"nginx", "-p", folder, "-c", config, "-e", "stderr", NULL};
        const struct process_place place = {.netns = netns, .cpu = cpu, .log = log};
        struct hospital hospital = {0};
        int r = write_files(scenario, folder, error);

        if (r)
                return r;
        snprintf(config, sizeof(config), "%s/nginx.conf", folder);
        snprintf(log, sizeof(log), "%s/nginx.log", folder);
        r = process_spawn(&place, argv, &hospital.nginx, error);
        if (r)
                return r;
        r = wait_until_it_answers(scenario, netns, &hospital, error);
        if (r) {
                hospital_stop(&hospital);
                return r;
        }
        *ret_hospital = hospital;
        return 0;
}

void hospital_stop(struct hospital *hospital)
{
        process_stop(&hospital->nginx, STOP_GRACE_MS);
}
