/* SPDX-License-Identifier: EUPL-1.2 */
/* A storm of findings: a readable number of incidents, none lost, memory that does not grow with it. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/paths.h"
#include "hub/desk.h"
#include "journal/journal.h"

#define FINDINGS 6000
#define SUBJECTS 1000
#define TURN     200 /* findings that come in one turn of the loop */
#define MORNING  1584871200000LL

struct storm {
        char folder[64], database[128], key[128];
        struct clock_manual manual;
        struct clock clock;
        struct catalogue catalogue;
        struct rule_set rules;
        struct playbook_set playbooks;
        struct journal *journal;
        struct desk *desk;
};

static void open_desk(struct storm *storm)
{
        const struct journal_config config = {.path = storm->database,
                                              .key_path = storm->key,
                                              .clock = &storm->clock,
                                              .random = &random_system};
        struct error error = {0};

        if (journal_open(&config, &storm->journal, &error))
                fail_msg("%s", error.en);
        const struct desk_options options = {.journal = storm->journal,
                                             .clock = &storm->clock,
                                             .random = &random_system,
                                             .catalogue = &storm->catalogue,
                                             .rules = &storm->rules,
                                             .playbooks = &storm->playbooks,
                                             .join_window_ms = 3600000,
                                             .structure_kind = "etablissement"};
        if (desk_new(&options, &storm->desk, &error))
                fail_msg("%s", error.en);
}

static void close_desk(struct storm *storm)
{
        storm->desk = desk_free(storm->desk);
        storm->journal = journal_close(storm->journal);
}

static int set_up(void **state)
{
        struct storm *storm = calloc(1, sizeof(*storm));
        struct error error = {0};
        char path[PATH_MAX];

        assert_non_null(storm);
        strcpy(storm->folder, "/tmp/storm_test.XXXXXX");
        assert_non_null(mkdtemp(storm->folder));
        snprintf(storm->database, sizeof(storm->database), "%s/journal.db", storm->folder);
        snprintf(storm->key, sizeof(storm->key), "%s/journal.key", storm->folder);
        storm->manual = (struct clock_manual){.wall_ms = MORNING};
        storm->clock = clock_manual_view(&storm->manual);
        if (paths_data("facts", path, &error) || catalogue_load(path, &storm->catalogue, &error) ||
            paths_data("obligations", path, &error) ||
            rules_load(path, &storm->catalogue, &storm->rules, &error) ||
            paths_data("playbooks", path, &error) ||
            playbooks_load(path, &storm->catalogue, &storm->playbooks, &error))
                fail_msg("%s", error.en);
        open_desk(storm);
        *state = storm;
        return 0;
}

static int tear_down(void **state)
{
        struct storm *storm = *state;
        char command[128];

        close_desk(storm);
        playbooks_release(&storm->playbooks);
        rules_release(&storm->rules);
        catalogue_release(&storm->catalogue);
        snprintf(command, sizeof(command), "rm -rf %s", storm->folder);
        assert_int_equal(system(command), 0);
        free(storm);
        return 0;
}

static struct finding make_finding(struct storm *storm, unsigned n)
{
        struct finding finding = {.seen_ms = storm->manual.wall_ms,
                                  .sensor = "edge",
                                  .kind = "flood",
                                  .phase = n < SUBJECTS ? FINDING_PHASE_BEGINS : FINDING_PHASE_CONTINUES,
                                  .confidence = 0.9};

        id_make('f', &storm->clock, &random_system, &finding.id);
        snprintf(finding.subject, sizeof(finding.subject), "service-%u", n % SUBJECTS);
        assert_int_equal(bitext_set(&finding.why, "exercice : une tempête", "exercise: a storm"), 0);
        finding.evidence = json_pack("{s:i}", "peak_pps", 1000);
        return finding;
}

static int count_record(void *context, const struct record *record)
{
        *(size_t *)context += record->type == RECORD_TYPE_FINDING_SEEN;
        return 0;
}

static size_t findings_kept(struct storm *storm)
{
        size_t count = 0;

        assert_int_equal(journal_read(storm->journal, 0, UINT64_MAX, count_record, &count, NULL), 0);
        return count;
}

static void test_a_storm_is_few_incidents_and_loses_nothing(void **state)
{
        struct storm *storm = *state;
        struct error error = {0};
        struct id first = {0};

        for (unsigned n = 0; n < FINDINGS; n++) {
                struct finding finding = make_finding(storm, n);
                struct id incident = {0};

                assert_int_equal(journal_hold(storm->journal, &error), 0);
                if (desk_finding(storm->desk, &finding, &incident, &error))
                        fail_msg("%u: %s", n, error.en);
                if (n % 1000 == 0) /* a spool delivers twice */
                        assert_int_equal(desk_finding(storm->desk, &finding, &incident, &error), 0);
                finding_release(&finding);
                if (n % TURN == TURN - 1)
                        assert_int_equal(journal_settle(storm->journal, &error), 0);
                if (!n)
                        first = incident;
                clock_manual_advance(&storm->manual, 1000000);
        }
        assert_int_equal(casebook_count(desk_book(storm->desk)), 1);
        assert_int_equal(findings_kept(storm), FINDINGS);
        close_desk(storm);
        open_desk(storm);
        assert_non_null(casebook_incident(desk_book(storm->desk), first.text));
        assert_in_range(casebook_incident(desk_book(storm->desk), first.text)->finding_count, 1,
                        INCIDENT_FINDINGS_MAX);
}

static void test_incidents_opened_by_hand_are_kept_apart(void **state)
{
        struct storm *storm = *state;
        struct error error = {0};
        struct id ids[300];

        for (unsigned n = 0; n < 300; n++) {
                char subject[32];
                const struct desk_opening opening = {
                        .kind = "outage", .subject = subject, .author = "Anne Martin"};

                snprintf(subject, sizeof(subject), "poste-%u", n);
                assert_int_equal(journal_hold(storm->journal, &error), 0);
                if (desk_open(storm->desk, &opening, &ids[n], &error))
                        fail_msg("%s", error.en);
                clock_manual_advance(&storm->manual, 1000000);
        }
        assert_int_equal(journal_settle(storm->journal, &error), 0);
        assert_int_equal(casebook_count(desk_book(storm->desk)), 300);
        for (unsigned n = 0; n < 300; n++) {
                char subject[32];

                snprintf(subject, sizeof(subject), "poste-%u", n);
                assert_string_equal(casebook_incident(desk_book(storm->desk), ids[n].text)->subject, subject);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_a_storm_is_few_incidents_and_loses_nothing, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(test_incidents_opened_by_hand_are_kept_apart, set_up,
                                                tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
