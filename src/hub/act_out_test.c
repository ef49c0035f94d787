/* SPDX-License-Identifier: EUPL-1.2 */
/* What leaves, once and without what is personal; what is erased in time, while the chain still verifies. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "hub/contacts.h"
#include "hub/courier.h"
#include "hub/retention.h"
#include "hub/world.h"
#include "journal/journal.h"

#define MORNING 1584871200000LL
#define DAY_NS  (24ULL * 3600 * 1000000000)
#define NAME    "Mme Dupont-Imaginaire"

/* Fontconfig keeps 288 bytes for the life of the process; everything else must be freed. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
        return "leak:libfontconfig\n";
}

struct house {
        char folder[64];
        struct clock_manual manual;
        struct clock clock;
        struct catalogue catalogue;
        struct rule_set rules;
        struct playbook_set playbooks;
        struct config config;
        struct world world;
};

static void open_house(struct house *house)
{
        char path[96], key[96];

        snprintf(path, sizeof(path), "%s/journal.db", house->folder);
        snprintf(key, sizeof(key), "%s/journal.key", house->folder);
        const struct journal_config journal = {
                .path = path, .key_path = key, .clock = &house->clock, .random = &random_system};
        assert_int_equal(journal_open(&journal, &house->world.journal, NULL), 0);
        const struct desk_options desk = {.journal = house->world.journal,
                                          .clock = &house->clock,
                                          .random = &random_system,
                                          .catalogue = &house->catalogue,
                                          .rules = &house->rules,
                                          .playbooks = &house->playbooks,
                                          .join_window_ms = 3600000,
                                          .structure_kind = "etablissement"};
        assert_int_equal(desk_new(&desk, &house->world.desk, NULL), 0);
}

static int set_up(void **state)
{
        struct house *house = calloc(1, sizeof(*house));
        struct error error = {0};
        char path[PATH_MAX];

        strcpy(house->folder, access("/dev/shm", W_OK) ? "/tmp/out_test.XXXXXX" : "/dev/shm/out_test.XXXXXX");
        assert_non_null(mkdtemp(house->folder));
        house->manual = (struct clock_manual){.wall_ms = MORNING};
        house->clock = clock_manual_view(&house->manual);
        strcpy(house->config.structure.name, "Hôpital de l’exercice");
        if (paths_data("facts", path, &error) || catalogue_load(path, &house->catalogue, &error) ||
            paths_data("obligations", path, &error) ||
            rules_load(path, &house->catalogue, &house->rules, &error) ||
            paths_data("playbooks", path, &error) ||
            playbooks_load(path, &house->catalogue, &house->playbooks, &error))
                fail_msg("%s", error.en);
        house->world = (struct world){.catalogue = &house->catalogue,
                                      .rules = &house->rules,
                                      .playbooks = &house->playbooks,
                                      .config = &house->config,
                                      .clock = &house->clock,
                                      .random = &random_system};
        assert_int_equal(watch_new(&house->world.watch, NULL), 0);
        open_house(house);
        *state = house;
        return 0;
}

static int tear_down(void **state)
{
        struct house *house = *state;
        char command[96];

        watch_free(house->world.watch);
        desk_free(house->world.desk);
        journal_close(house->world.journal);
        playbooks_release(&house->playbooks);
        rules_release(&house->rules);
        catalogue_release(&house->catalogue);
        snprintf(command, sizeof(command), "rm -rf %s", house->folder);
        free(house);
        return system(command) ? -1 : 0;
}

static void open_incident(struct house *house, struct id *ret_incident)
{
        const struct desk_opening opening = {.kind = "outage", .subject = "portail", .author = "Anne Martin"};

        assert_int_equal(desk_open(house->world.desk, &opening, ret_incident, NULL), 0);
}

/* ---- the outbox ---- */

static void set_target(struct house *house, enum config_no_yes personal)
{
        struct config_target *target = &house->config.out.targets[0];

        *target =
                (struct config_target){.kind = CONFIG_TARGET_WEBHOOK, .personal = personal, .event_count = 4};
        strcpy(target->name, "soc");
        strcpy(target->events[0], "incident.opened");
        strcpy(target->events[1], "incident.closed");
        strcpy(target->events[2], "obligation.overdue");
        strcpy(target->events[3], "status.published");
        house->config.out.target_count = 1;
}

static struct courier *open_courier(struct house *house)
{
        struct courier *courier = NULL;
        char path[96];

        snprintf(path, sizeof(path), "%s/outbox.db", house->folder);
        assert_int_equal(courier_open(&house->world, path, &courier, NULL), 0);
        return courier;
}

static size_t waiting(struct courier *courier)
{
        int64_t count = -1;

        assert_int_equal(outbox_count(courier_box(courier), "soc", OUTBOX_WAITING, &count, NULL), 0);
        return (size_t)count;
}

static int report(struct courier *courier, const char *type, const char *item, bool final)
{
        json_t *message = json_pack("{s:s, s:s, s:b, s:{s:s, s:s}}", "type", type, "item", item, "final",
                                    final, "why", "fr", "raté", "en", "missed");
        int r = courier_report(courier, message, NULL);

        json_decref(message);
        return r;
}

static int count_sent(void *context, const struct record *record)
{
        size_t *count = context;

        *count += record->type == RECORD_TYPE_OUT_SENT;
        return 0;
}

static size_t sent_records(const struct house *house)
{
        size_t count = 0;

        assert_int_equal(journal_read(house->world.journal, 0, UINT64_MAX, count_sent, &count, NULL), 0);
        return count;
}

static void test_news_goes_in_once(void **state)
{
        struct house *house = *state;
        struct courier *courier;
        struct id before, after;
        json_t *outbox, *item;
        char id[OUTBOX_ID_SIZE];

        set_target(house, CONFIG_NO);
        open_incident(house, &before);
        courier = open_courier(house);
        assert_int_equal(courier_follow(courier, NULL), 0);
        assert_int_equal(waiting(courier), 0); /* what was before the outbox is no news */
        open_incident(house, &after);
        assert_int_equal(courier_follow(courier, NULL), 0);
        assert_int_equal(courier_follow(courier, NULL), 0);
        assert_int_equal(waiting(courier), 1);
        courier_close(courier);
        courier = open_courier(house);
        assert_int_equal(outbox_set_cursor(courier_box(courier), 1, NULL), 0);
        assert_int_equal(courier_follow(courier, NULL), 0);
        assert_int_equal(waiting(courier),
                         2); /* of the earlier one, since it looked again; not twice of this one */
        outbox = courier_outbox(courier);
        item = json_array_get(json_object_get(outbox, "items"), 0);
        assert_string_equal(json_string_value(json_object_get(
                                    json_object_get(json_object_get(item, "payload"), "incident"), "id")),
                            after.text);
        assert_null(json_object_get(json_object_get(item, "payload"), "personal"));
        snprintf(id, sizeof(id), "%s", json_string_value(json_object_get(item, "id")));
        json_decref(outbox);
        assert_int_equal(report(courier, "out.failed", id, false), 0);
        assert_int_equal(waiting(courier), 2);
        assert_int_equal(sent_records(house), 0);
        assert_int_equal(report(courier, "out.done", id, false), 0);
        assert_int_equal(report(courier, "out.done", id, false), 0); /* its answer was lost */
        assert_int_equal(report(courier, "out.done", "out_of_nowhere", false), 0);
        assert_int_equal(waiting(courier), 1);
        assert_int_equal(sent_records(house), 1);
        assert_int_equal(courier_retry(courier, id, NULL), -EALREADY);
        assert_int_equal(courier_follow(courier, NULL), 0);
        assert_int_equal(waiting(courier), 1); /* a record of what was sent is no news */
        courier_close(courier);
}

static void test_given_up_and_tried_again(void **state)
{
        struct house *house = *state;
        struct courier *courier;
        struct outbox_item item;
        char id[OUTBOX_ID_SIZE];

        set_target(house, CONFIG_NO);
        courier = open_courier(house);
        assert_int_equal(courier_test(courier, "nobody", id, NULL), -ENOENT);
        assert_int_equal(courier_test(courier, "soc", id, NULL), 0);
        assert_int_equal(report(courier, "out.failed", id, true), 0);
        assert_int_equal(waiting(courier), 0);
        assert_int_equal(outbox_find(courier_box(courier), id, &item, NULL), 0);
        assert_int_equal(item.state, OUTBOX_GIVEN_UP);
        assert_string_equal(item.why_fr, "raté");
        assert_int_equal(courier_retry(courier, id, NULL), 0);
        assert_int_equal(waiting(courier), 1);
        courier_close(courier);
}

/* More items than are published at a time, and the first ones fail: those behind them get their turn. */
static void test_one_that_fails_holds_up_no_other(void **state)
{
        struct house *house = *state;
        struct courier *courier;
        char ids[COURIER_OF_TARGET + 1][OUTBOX_ID_SIZE];
        json_t *outbox, *items;

        set_target(house, CONFIG_NO);
        courier = open_courier(house);
        for (size_t i = 0; i <= COURIER_OF_TARGET; i++)
                assert_int_equal(courier_test(courier, "soc", ids[i], NULL), 0);
        for (size_t i = 0; i < COURIER_OF_TARGET; i++)
                assert_int_equal(report(courier, "out.failed", ids[i], false), 0);
        outbox = courier_outbox(courier);
        items = json_object_get(outbox, "items");
        assert_int_equal(json_array_size(items), COURIER_OF_TARGET);
        assert_string_equal(json_string_value(json_object_get(json_array_get(items, 0), "id")),
                            ids[COURIER_OF_TARGET]);
        json_decref(outbox);
        courier_close(courier);
}

static void test_personal_leaves_only_when_told(void **state)
{
        struct house *house = *state;
        struct courier *courier;
        struct id incident;
        json_t *outbox;
        char *text;

        set_target(house, CONFIG_YES);
        courier = open_courier(house);
        open_incident(house, &incident);
        const struct desk_entry note = {.incident = incident.text,
                                        .type = RECORD_TYPE_NOTE,
                                        .author = "Anne Martin",
                                        .body = json_object(),
                                        .text = NAME};
        assert_int_equal(desk_write(house->world.desk, &note, NULL, NULL), 0);
        json_decref(note.body);
        assert_int_equal(courier_follow(courier, NULL), 0);
        outbox = courier_outbox(courier);
        text = json_dumps(outbox, 0);
        assert_non_null(strstr(text, "\"subject\": \"portail\""));
        assert_null(strstr(text, NAME));
        assert_null(strstr(text, "Anne Martin"));
        free(text);
        json_decref(outbox);
        courier_close(courier);
}

static void test_an_hour_that_passed_is_news_once(void **state)
{
        struct house *house = *state;
        struct courier *courier;
        struct id incident;
        size_t overdue;

        set_target(house, CONFIG_NO);
        strcpy(house->config.out.targets[0].events[0], "obligation.overdue");
        courier = open_courier(house);
        open_incident(house, &incident);
        assert_int_equal(desk_fact(house->world.desk, incident.text, "personal_data.confidentiality_hit",
                                   "oui", "Anne Martin", 0, NULL),
                         0);
        assert_int_equal(desk_fact(house->world.desk, incident.text, "personal_data.breach_qualified_at",
                                   "2020-03-22T09:00:00Z", "Anne Martin", 0, NULL),
                         0);
        assert_int_equal(courier_watch_hours(courier, NULL), 0);
        assert_int_equal(waiting(courier), 0);
        clock_manual_advance(&house->manual, 400 * DAY_NS);
        assert_int_equal(courier_watch_hours(courier, NULL), 0);
        overdue = waiting(courier);
        assert_true(overdue > 0);
        assert_int_equal(courier_watch_hours(courier, NULL), 0);
        assert_int_equal(waiting(courier), overdue);
        courier_close(courier);
}

/* ---- erasing ---- */

static bool disk_holds(const struct house *house, const char *text)
{
        static const char *const files[] = {"journal.db", "journal.db-wal"};
        bool found = false;

        for (size_t i = 0; i < ARRAY_LEN(files); i++) {
                CLEANUP(cleanup_free) char *bytes = NULL;
                size_t length = 0;
                char path[96];
                snprintf(path, sizeof(path), "%s/%s", house->folder, files[i]);
                if (!file_read(path, 64 * 1024 * 1024, &bytes, &length, NULL))
                        found |= memmem(bytes, length, text, strlen(text)) != NULL;
        }
        return found;
}

static unsigned erase_all(struct house *house)
{
        struct retention *retention = NULL;
        unsigned total = 0, erased = 0;
        int r;

        assert_int_equal(retention_new(&house->world, &retention, NULL), 0);
        do {
                r = retention_step(retention, &erased, NULL);
                assert_true(r >= 0);
                assert_in_range(erased, 0, RETENTION_TEXTS);
                total += erased;
        } while (r == RETENTION_MORE);
        retention_free(retention);
        return total;
}

static void write_notes(struct house *house, const struct id *incident, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                const struct desk_entry note = {.incident = incident->text,
                                                .type = RECORD_TYPE_NOTE,
                                                .author = "Anne Martin",
                                                .body = json_object(),
                                                .text = NAME " a ouvert la pièce jointe"};
                assert_int_equal(desk_write(house->world.desk, &note, NULL, NULL), 0);
                json_decref(note.body);
        }
}

static void test_erased_in_time(void **state)
{
        struct house *house = *state;
        CLEANUP(cleanup_free) struct journal_report *found = calloc(1, sizeof(*found));
        struct id closed, open;

        house->config.hub.retention.personal_days = 30;
        open_incident(house, &closed);
        open_incident(house, &open);
        write_notes(house, &closed, 9);
        assert_true(disk_holds(house, NAME));
        assert_int_equal(desk_close(house->world.desk, closed.text, "Anne Martin", "fin de l’essai", NULL),
                         0);
        clock_manual_advance(&house->manual, 30 * DAY_NS);
        assert_int_equal(erase_all(house), 0);
        clock_manual_advance(&house->manual, DAY_NS);
        assert_true(erase_all(house) >= 9);
        assert_int_equal(erase_all(house), 0);
        assert_false(disk_holds(house, NAME));
        assert_int_equal(journal_verify(house->world.journal, NULL, found, NULL), 0);
        assert_true(found->ok);
        assert_true(found->erased >= 9);
        write_notes(house, &open, 1);
        clock_manual_advance(&house->manual, 365 * DAY_NS);
        assert_int_equal(erase_all(house), 0); /* it is open */
        assert_true(disk_holds(house, NAME));
}

static void write_contacts(struct house *house, const char *name)
{
        json_t *list = json_pack("[{s:s, s:s}]", "name", name, "phone", "01 00 00 00 00");

        assert_int_equal(contacts_write(house->world.desk, "Anne Martin", list, NULL), 0);
        json_decref(list);
}

/* The list of now stays however old it is: who would be called? */
static void test_a_replaced_list_of_contacts_goes(void **state)
{
        struct house *house = *state;
        CLEANUP(cleanup_free) struct journal_report *found = calloc(1, sizeof(*found));
        json_t *list = NULL;

        house->config.hub.retention.personal_days = 30;
        write_contacts(house, NAME);
        clock_manual_advance(&house->manual, 100 * DAY_NS);
        assert_int_equal(erase_all(house), 0);
        write_contacts(house, "M. Martin-Imaginaire");
        clock_manual_advance(&house->manual, 30 * DAY_NS);
        assert_int_equal(erase_all(house), 0);
        clock_manual_advance(&house->manual, DAY_NS);
        assert_true(disk_holds(house, NAME));
        assert_int_equal(erase_all(house), 1);
        assert_false(disk_holds(house, NAME));
        assert_int_equal(erase_all(house), 0);
        assert_int_equal(contacts_read(house->world.journal, &list, NULL), 0);
        assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "name")),
                            "M. Martin-Imaginaire");
        json_decref(list);
        assert_int_equal(journal_verify(house->world.journal, NULL, found, NULL), 0);
        assert_true(found->ok);
}

static void test_nothing_is_erased_unless_told(void **state)
{
        struct house *house = *state;
        struct id incident;

        open_incident(house, &incident);
        write_notes(house, &incident, 1);
        assert_int_equal(desk_close(house->world.desk, incident.text, "Anne Martin", "fin de l’essai", NULL),
                         0);
        clock_manual_advance(&house->manual, 4000 * DAY_NS);
        assert_int_equal(erase_all(house), 0);
        assert_true(disk_holds(house, NAME));
}

static void test_at_night(void **state)
{
        struct house *house = *state;
        unsigned hours = 0;

        setenv("TZ", "Europe/Paris", 1);
        tzset();
        for (unsigned i = 0; i < 24; i++) {
                hours += retention_is_time(&house->world);
                clock_manual_advance(&house->manual, DAY_NS / 24);
        }
        assert_int_equal(hours, 4);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_news_goes_in_once, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_given_up_and_tried_again, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_one_that_fails_holds_up_no_other, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_personal_leaves_only_when_told, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_an_hour_that_passed_is_news_once, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_erased_in_time, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_a_replaced_list_of_contacts_goes, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_nothing_is_erased_unless_told, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_at_night, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
