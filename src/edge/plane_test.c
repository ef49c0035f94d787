/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The plane on a real interface. Everything lies in a network namespace of this process alone, without uplink:
 *
 *      outside (203.0.113.2) ── veth ── inside (192.0.2.1, XDP and tc on it)
 */
#include "edge/shield_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INSIDE  "gardein"
#define OUTSIDE "gardeout"

struct site {
        char pin[PATH_MAX / 4];
        int sender;   /* packet socket on the outside */
        int receiver; /* on the inside */
};

static void shell(const char *command)
{
        int status = system(command);

        if (status != 0)
                fail_msg("%s: %d", command, status);
}

static int packet_socket(const char *interface)
{
        int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_IP));
        struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                      .sll_protocol = htons(ETH_P_IP),
                                      .sll_ifindex = (int)if_nametoindex(interface)};

        assert_true(fd >= 0);
        assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        return fd;
}

static int site_setup(void **state)
{
        static struct site site;

        if (unshare(CLONE_NEWNET) < 0)
                fail_msg("root is needed for a network namespace");
        shell("ip link add " OUTSIDE " type veth peer name " INSIDE);
        shell("ip link set lo up; ip link set " OUTSIDE " up; ip link set " INSIDE " up");
        snprintf(site.pin, sizeof(site.pin), "/sys/fs/bpf/garde-test-%d", (int)getpid());
        site.sender = packet_socket(OUTSIDE);
        site.receiver = packet_socket(INSIDE);
        *state = &site;
        return 0;
}

static int site_teardown(void **state)
{
        struct site *site = *state;

        close(site->sender);
        close(site->receiver);
        shell("ip link del " OUTSIDE);
        return 0;
}

static struct plane_options site_options(const struct site *site)
{
        struct plane_options options = ground_options();

        options.simulated_clock = false;
        options.pin = site->pin;
        return options;
}

static struct plane *site_open(const struct plane_options *options)
{
        struct plane *plane;
        struct error error = {};

        if (plane_open(options, &plane, &error) < 0)
                fail_msg("%s", error.en);
        ground_protect(plane);
        return plane;
}

static void site_attach(struct plane *plane, enum plane_mode mode)
{
        struct error error = {};

        if (plane_attach(plane, INSIDE, mode, &error) < 0)
                fail_msg("%s", error.en);
}

static void site_detach(struct plane *plane)
{
        struct error error = {};

        if (plane_detach(plane, &error) < 0)
                fail_msg("%s", error.en);
        plane_close(plane);
}

static void emit(int fd, uint16_t port)
{
        struct frame_spec spec = {.source = "203.0.113.2",
                                  .dest = HOSPITAL,
                                  .protocol = FRAME_UDP,
                                  .source_port = 7,
                                  .dest_port = port,
                                  .payload = "garde test",
                                  .payload_length = 10};
        struct frame frame;

        frame_make(&spec, &frame);
        assert_int_equal(send(fd, frame.bytes, frame.length, 0), frame.length);
}

/* Destination ports of test packets that came through within the time: 0 when none. */
static unsigned next_port(int fd, int milliseconds)
{
        uint8_t bytes[2048];
        struct pollfd wait = {.fd = fd, .events = POLLIN};

        while (poll(&wait, 1, milliseconds) > 0) {
                ssize_t length = recv(fd, bytes, sizeof(bytes), 0);

                if (length >= 42 && bytes[23] == FRAME_UDP)
                        return (unsigned)bytes[36] << 8 | bytes[37];
        }
        return 0;
}

/* A marker behind it tells that what was sent before has been handled: no waiting for what must not come. */
static bool passes(struct site *site)
{
        unsigned port;

        emit(site->sender, 1000);
        emit(site->sender, 2000);
        port = next_port(site->receiver, 5000);
        if (port == 1000)
                assert_int_equal(next_port(site->receiver, 5000), 2000);
        else
                assert_int_equal(port, 2000);
        return port == 1000;
}

/* Drops port 1000, and nothing else. */
static void drop_port(struct plane *plane)
{
        struct shield_plan plan = {.signatures = 4};
        struct shield_measure measure = {.kind = SHIELD_KIND_SIGNATURE, .until_ns = UINT64_MAX};

        measure.signature.length_max = UINT16_MAX;
        measure.signature.source_port_max = UINT16_MAX;
        measure.signature.dest_port_min = measure.signature.dest_port_max = 1000;
        measure.signature.ttl_max = UINT8_MAX;
        assert_int_equal(plane_fill(plane, 3, &measure), 0);
        plane_publish(plane, 0, &plan);
}

static bool output_has(const char *command, const char *text)
{
        char line[1024];
        bool found = false;
        FILE *pipe = popen(command, "r");

        assert_non_null(pipe);
        while (fgets(line, sizeof(line), pipe))
                found = found || strstr(line, text);
        pclose(pipe);
        return found;
}

static void drops_in_every_mode(void **state)
{
        const enum plane_mode modes[] = {PLANE_MODE_AUTO, PLANE_MODE_NATIVE, PLANE_MODE_GENERIC};
        struct site *site = *state;

        for (int i = 0; i < 3; i++) {
                struct plane_options options = site_options(site);
                struct plane *plane = site_open(&options);

                assert_false(plane_adopted(plane));
                site_attach(plane, modes[i]);
                assert_int_equal(plane_is_native(plane), modes[i] != PLANE_MODE_GENERIC);
                assert_true(passes(site));
                drop_port(plane);
                assert_false(passes(site));
                site_detach(plane);
                assert_true(passes(site));
        }
}

static void detaching_leaves_nothing(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);

        site_attach(plane, PLANE_MODE_AUTO);
        assert_true(output_has("ip link show " INSIDE, "xdp"));
        assert_true(output_has("tc filter show dev " INSIDE " egress", "shield_egress"));
        assert_int_equal(access(site->pin, F_OK), 0);
        site_detach(plane);
        assert_false(output_has("ip link show " INSIDE, "xdp"));
        assert_false(output_has("tc qdisc show dev " INSIDE, "clsact"));
        assert_int_equal(access(site->pin, F_OK), -1);
}

static void anothers_qdisc_and_filters_stay(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);

        shell("tc qdisc add dev " INSIDE " clsact");
        shell("tc filter add dev " INSIDE " egress prio 9 u32 match u32 0 0 classid 1:1");
        site_attach(plane, PLANE_MODE_AUTO);
        site_detach(plane);
        assert_false(output_has("tc filter show dev " INSIDE " egress", "shield_egress"));
        assert_true(output_has("tc filter show dev " INSIDE " egress", "u32"));
        shell("tc qdisc del dev " INSIDE " clsact");
}

static void without_pins_closing_takes_all_off(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane;

        options.pin = NULL;
        plane = site_open(&options);
        site_attach(plane, PLANE_MODE_AUTO);
        drop_port(plane);
        assert_false(passes(site));
        plane_close(plane);
        assert_true(passes(site));
        assert_false(output_has("tc qdisc show dev " INSIDE, "clsact"));
}

static void the_kernel_goes_on_alone_and_a_restart_adopts(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);
        struct shield_counters before, after;
        uint64_t ipv4, ipv6;

        site_attach(plane, PLANE_MODE_AUTO);
        plane_serve_port(plane, 0, 8080);
        drop_port(plane);
        ground_befriend(&(struct ground){.plane = plane}, "2.1.1.1");
        assert_false(passes(site));
        plane_read(plane, &before);
        plane_close(plane);
        assert_false(passes(site)); /* nobody is there */

        plane = site_open(&options);
        assert_true(plane_adopted(plane));
        site_attach(plane, PLANE_MODE_AUTO);
        assert_true(plane_is_native(plane));
        assert_false(passes(site));
        assert_int_equal(plane_plan(plane, 0).signatures, 4);
        assert_int_equal(plane_slot(plane, 3)->signature.dest_port_min, 1000);
        assert_true(plane_port_served(plane, 0, 8080));
        plane_known_count(plane, &ipv4, &ipv6);
        assert_int_equal(ipv4, 1);
        plane_read(plane, &after);
        assert_int_equal(after.slot[3].dropped, before.slot[3].dropped + 2);
        site_detach(plane);
}

/* Which program the link runs. */
static bool same_program_runs(const char *pin, char *tag, size_t size)
{
        char command[PATH_MAX], line[256] = "";
        FILE *pipe;

        snprintf(command, sizeof(command), "bpftool link show pinned %s/link", pin);
        pipe = popen(command, "r");
        assert_non_null(pipe);
        assert_non_null(fgets(line, sizeof(line), pipe));
        pclose(pipe);

        bool same = strcmp(line, tag) == 0;

        snprintf(tag, size, "%s", line);
        return same;
}

static void an_unchanged_program_is_not_touched(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);
        char tag[256] = "";

        site_attach(plane, PLANE_MODE_AUTO);
        same_program_runs(site->pin, tag, sizeof(tag));
        plane_close(plane);
        plane = site_open(&options);
        site_attach(plane, PLANE_MODE_AUTO);
        assert_true(same_program_runs(site->pin, tag, sizeof(tag)));
        plane_close(plane);

        options.known4_sources *= 4; /* a table of another size: a program that looks into it */
        plane = site_open(&options);
        assert_true(plane_adopted(plane));
        site_attach(plane, PLANE_MODE_AUTO);
        assert_false(same_program_runs(site->pin, tag, sizeof(tag)));
        site_detach(plane);
}

static void a_changed_memory_keeps_the_measures(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);
        uint64_t ipv4, ipv6;

        site_attach(plane, PLANE_MODE_AUTO);
        drop_port(plane);
        ground_befriend(&(struct ground){.plane = plane}, "2.1.1.1");
        plane_close(plane);
        options.known4_sources = 1024;
        plane = site_open(&options);
        assert_true(plane_adopted(plane));
        assert_false(passes(site)); /* before it is attached and after */
        site_attach(plane, PLANE_MODE_AUTO);
        assert_false(passes(site));
        plane_known_count(plane, &ipv4, &ipv6);
        assert_int_equal(ipv4, 0);
        ground_befriend(&(struct ground){.plane = plane}, "2.1.1.1");
        plane_known_count(plane, &ipv4, &ipv6);
        assert_int_equal(ipv4, 1);
        site_detach(plane);
}

static void another_version_is_replaced(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);
        char path[PATH_MAX];
        uint32_t zero = 0;
        struct shield_state *copy = malloc(sizeof(*copy));

        site_attach(plane, PLANE_MODE_AUTO);
        drop_port(plane);
        plane_close(plane);
        snprintf(path, sizeof(path), "%s/state", site->pin);

        int fd = bpf_obj_get(path);

        assert_int_equal(bpf_map_lookup_elem(fd, &zero, copy), 0);
        copy->config.version++;
        assert_int_equal(bpf_map_update_elem(fd, &zero, copy, BPF_ANY), 0);
        free(copy);
        close(fd);
        plane = site_open(&options);
        assert_false(plane_adopted(plane));
        assert_false(passes(site)); /* until the new one takes over, the old one stands */
        site_attach(plane, PLANE_MODE_AUTO);
        assert_true(passes(site));
        assert_int_equal(plane_plan(plane, 0).signatures, 0);
        site_detach(plane);
}

/* Opens, attaches and leaves again and again, as a daemon that is restarted does. Never returns. */
static void restart_forever(const struct plane_options *options)
{
        struct plane *plane;

        for (int i = 0; i < 5; i++) {
                if (plane_open(options, &plane, NULL) < 0 || !plane_adopted(plane) ||
                    plane_attach(plane, INSIDE, PLANE_MODE_AUTO, NULL) < 0)
                        _exit(1);
                plane_close(plane);
        }
        _exit(0);
}

/* While a process comes and goes, packets flow: what was dropped stays dropped, what passed passes. */
static void no_gap_while_the_process_is_replaced(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);
        unsigned sent = 0, seen = 0, port;
        int status = 0;
        pid_t child;

        site_attach(plane, PLANE_MODE_AUTO);
        drop_port(plane);
        plane_close(plane);
        child = fork();
        if (child == 0)
                restart_forever(&options);
        while (waitpid(child, &status, WNOHANG) == 0) {
                emit(site->sender, 1000);
                emit(site->sender, 2000);
                sent++;
                port = next_port(site->receiver, 5000);
                assert_int_equal(port, 2000);
                seen++;
        }
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        assert_true(sent > 10);
        assert_int_equal(seen, sent);
        plane = site_open(&options);
        site_attach(plane, PLANE_MODE_AUTO);
        site_detach(plane);
}

/* Killed between any two steps, the next start finds its way. */
static void a_killed_process_leaves_what_can_be_adopted(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);

        site_attach(plane, PLANE_MODE_AUTO);
        drop_port(plane);
        plane_close(plane);
        for (unsigned microseconds = 0; microseconds < 60000; microseconds += 6000) {
                pid_t child = fork();

                if (child == 0)
                        restart_forever(&options);

                struct timespec moment = {.tv_nsec = (long)microseconds * 1000};

                nanosleep(&moment, NULL);
                kill(child, SIGKILL);
                waitpid(child, NULL, 0);
                assert_false(passes(site));
        }
        plane = site_open(&options);
        assert_true(plane_adopted(plane));
        site_attach(plane, PLANE_MODE_AUTO);
        assert_false(passes(site));
        site_detach(plane);
}

static void the_real_handshake_makes_known(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options);
        struct frame_spec reply = {.source = HOSPITAL,
                                   .dest = "203.0.113.2",
                                   .protocol = FRAME_TCP,
                                   .source_port = 443,
                                   .dest_port = 5000,
                                   .flags = FRAME_ACK,
                                   .payload = "x",
                                   .payload_length = 1};
        struct frame frame;
        uint64_t ipv4, ipv6;

        site_attach(plane, PLANE_MODE_AUTO);
        frame_make(&reply, &frame);
        assert_int_equal(send(site->receiver, frame.bytes, frame.length, 0), frame.length);
        plane_known_count(plane, &ipv4, &ipv6);
        assert_int_equal(ipv4, 1);
        site_detach(plane);
}

static void errors_name_what_is_missing(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        struct plane *plane = site_open(&options), *other = NULL;
        struct error error = {};

        assert_int_equal(plane_attach(plane, "garde-none", PLANE_MODE_AUTO, &error), -ENODEV);
        assert_non_null(strstr(error.en, "garde-none"));
        site_attach(plane, PLANE_MODE_AUTO);

        options.pin = NULL;
        assert_int_equal(plane_open(&options, &other, &error), 0);
        assert_int_equal(plane_attach(other, INSIDE, PLANE_MODE_AUTO, &error), -EBUSY);
        assert_non_null(strstr(error.en, "somebody else"));
        plane_close(other);
        assert_false(access(site->pin, F_OK));
        site_detach(plane);

        other = NULL;
        options.pin = "/tmp/garde-no-bpf-file-system";
        assert_int_equal(plane_open(&options, &other, &error), -EINVAL);
        assert_non_null(strstr(error.en, "mount -t bpf"));
        rmdir(options.pin);
        options.pin = NULL;
        options.sample_ring_bytes = 5000;
        assert_int_equal(plane_open(&options, &other, &error), -EINVAL);
        assert_null(other);
}

static void without_root_it_says_so(void **state)
{
        struct site *site = *state;
        struct plane_options options = site_options(site);
        int status;
        pid_t child = fork();

        options.pin = NULL;
        if (child == 0) {
                struct plane *plane;
                struct error error = {};

                if (setgid(65534) < 0 || setuid(65534) < 0)
                        _exit(2);
                if (plane_open(&options, &plane, &error) != -EPERM)
                        _exit(3);
                _exit(strstr(error.en, "CAP_BPF") ? 0 : 4);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(drops_in_every_mode),
                cmocka_unit_test(detaching_leaves_nothing),
                cmocka_unit_test(anothers_qdisc_and_filters_stay),
                cmocka_unit_test(without_pins_closing_takes_all_off),
                cmocka_unit_test(the_kernel_goes_on_alone_and_a_restart_adopts),
                cmocka_unit_test(an_unchanged_program_is_not_touched),
                cmocka_unit_test(a_changed_memory_keeps_the_measures),
                cmocka_unit_test(another_version_is_replaced),
                cmocka_unit_test(no_gap_while_the_process_is_replaced),
                cmocka_unit_test(a_killed_process_leaves_what_can_be_adopted),
                cmocka_unit_test(the_real_handshake_makes_known),
                cmocka_unit_test(errors_name_what_is_missing),
                cmocka_unit_test(without_root_it_says_so),
        };

        return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
