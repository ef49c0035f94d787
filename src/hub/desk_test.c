/* SPDX-License-Identifier: EUPL-1.2 */
/* The desk over a real journal, with the rules and facts that ship. Findings are made up and say so ("exercice"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "flow/json_text.h"
#include "hub/desk.h"
#include "hub/papers.h"
#include "hub/status.h"
#include "journal/journal.h"

#define MORNING 1584867600000 /* 2020-03-22T09:00:00Z */
#define MINUTE  60000

struct world {
        char folder[64];
        char database[PATH_MAX], key[PATH_MAX];
        struct clock_manual manual;
        struct clock clock;
        struct catalogue catalogue;
        struct rule_set rules;
        struct journal *journal;
        struct desk *desk;
};

static void open_desk(struct world *world)
{
        struct error error = {0};
        const struct journal_config config = {.path = world->database,
                                              .key_path = world->key,
                                              .clock = &world->clock,
                                              .random = &random_system};
        if (journal_open(&config, &world->journal, &error))
                fail_msg("%s", error.en);
        const struct desk_options options = {.journal = world->journal,
                                             .clock = &world->clock,
                                             .random = &random_system,
                                             .catalogue = &world->catalogue,
                                             .rules = &world->rules,
                                             .join_window_ms = 60 * MINUTE,
                                             .structure_kind = "etablissement"};
        if (desk_new(&options, &world->desk, &error))
                fail_msg("%s", error.en);
}

static void close_desk(struct world *world)
{
        world->desk = desk_free(world->desk);
        world->journal = journal_close(world->journal);
}

static int set_up(void **state)
{
        struct world *world = calloc(1, sizeof(*world));
        char path[PATH_MAX];
        struct error error = {0};

        assert_non_null(world);
        strcpy(world->folder, "/tmp/desk_test.XXXXXX");
        assert_non_null(mkdtemp(world->folder));
        snprintf(path, sizeof(path), "%s/hub", world->folder);
        assert_int_equal(file_make_folders(path, 0700, NULL), 0);
        snprintf(world->database, sizeof(world->database), "%s/hub/journal.db", world->folder);
        snprintf(world->key, sizeof(world->key), "%s/hub/journal.key", world->folder);
        world->manual = (struct clock_manual){.wall_ms = MORNING};
        world->clock = clock_manual_view(&world->manual);
        if (paths_data("facts", path, &error) || catalogue_load(path, &world->catalogue, &error) ||
            paths_data("obligations", path, &error) ||
            rules_load(path, &world->catalogue, &world->rules, &error))
                fail_msg("%s", error.en);
        open_desk(world);
        *state = world;
        return 0;
}

static int tear_down(void **state)
{
        struct world *world = *state;
        char command[128];

        close_desk(world);
        rules_release(&world->rules);
        catalogue_release(&world->catalogue);
        snprintf(command, sizeof(command), "rm -rf %s", world->folder);
        assert_int_equal(system(command), 0);
        free(world);
        return 0;
}

static struct finding make_finding(struct world *world, enum finding_phase phase)
{
        struct finding finding = {.seen_ms = world->manual.wall_ms,
                                  .sensor = "edge",
                                  .kind = "flood",
                                  .subject = "portail",
                                  .phase = phase,
                                  .confidence = 0.99};

        id_make('f', &world->clock, &random_system, &finding.id);
        assert_int_equal(bitext_set(&finding.why, "exercice : une inondation", "exercise: a flood"), 0);
        finding.evidence = json_pack("{s:i, s:b}", "peak_pps", 312000, "availability_hit", 1);
        return finding;
}

static struct id see(struct world *world, enum finding_phase phase)
{
        struct finding finding = make_finding(world, phase);
        struct error error = {0};
        struct id incident = {0};

        if (desk_finding(world->desk, &finding, &incident, &error))
                fail_msg("%s", error.en);
        finding_release(&finding);
        return incident;
}

static const struct obligation *obligation_of(const struct world *world, const char *rule)
{
        struct casebook *book = desk_book(world->desk);
        size_t count;
        const struct obligation *list =
                casebook_obligations(book, casebook_brief(book, casebook_count(book) - 1)->id.text, &count);

        for (size_t i = 0; i < count; i++)
                if (!strcmp(list[i].rule, rule))
                        return &list[i];
        return NULL;
}

static void answer(struct world *world, const struct id *incident, const char *name, const char *typed)
{
        struct error error = {0};

        if (desk_fact(world->desk, incident->text, name, typed, "Anne Martin", 0, &error))
                fail_msg("%s", error.en);
}

static void a_flood_opens_an_incident_and_its_duties(void **state)
{
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        const struct incident *there = casebook_incident(desk_book(world->desk), incident.text);

        assert_non_null(there);
        assert_true(there->open);
        assert_int_equal(there->gravity, GRAVITY_GRAVE);
        assert_string_equal(there->gravity_by, "rule");
        assert_int_equal(json_integer_value(incident_fact(there, "attack.peak_pps")->value), 312000);
        assert_int_equal(obligation_of(world, "cert-sante-grave")->state, OBLIGATION_STATE_DUE);
        assert_true(obligation_of(world, "cert-sante-grave")->without_delay);
        /* Detected is not aware: whether personal data was touched is for a person to say. */
        assert_int_equal(obligation_of(world, "cnil-33")->state, OBLIGATION_STATE_POSSIBLE);
}

static void a_second_wave_joins_and_a_repeated_finding_changes_nothing(void **state)
{
        struct world *world = *state;
        struct id first = see(world, FINDING_PHASE_BEGINS), second;
        struct finding again;
        uint64_t size;

        clock_manual_advance(&world->manual, 10ULL * MINUTE * 1000000);
        see(world, FINDING_PHASE_ENDS);
        clock_manual_advance(&world->manual, 10ULL * MINUTE * 1000000);
        second = see(world, FINDING_PHASE_BEGINS);
        assert_string_equal(first.text, second.text);
        assert_int_equal(casebook_count(desk_book(world->desk)), 1);

        again = make_finding(world, FINDING_PHASE_CONTINUES);
        assert_int_equal(desk_finding(world->desk, &again, &second, NULL), 0);
        size = journal_size(world->journal);
        assert_int_equal(desk_finding(world->desk, &again, &second, NULL), 0);
        assert_string_equal(first.text, second.text);
        assert_int_equal(journal_size(world->journal), size);
        finding_release(&again);

        clock_manual_advance(&world->manual, 61ULL * MINUTE * 1000000);
        see(world, FINDING_PHASE_ENDS);
        clock_manual_advance(&world->manual, 61ULL * MINUTE * 1000000);
        second = see(world, FINDING_PHASE_BEGINS);
        assert_string_not_equal(first.text, second.text);
}

static struct measure make_measure(struct world *world)
{
        struct measure measure = {.kind = MEASURE_KIND_SIGNATURE,
                                  .subject = "portail",
                                  .owner = "edge",
                                  .state = MEASURE_STATE_STANDING,
                                  .since_ms = world->manual.wall_ms,
                                  .until_ms = world->manual.wall_ms + 60 * MINUTE,
                                  .predicted_cost = 0.0001,
                                  .actual_cost = -1};

        id_make('m', &world->clock, &random_system, &measure.id);
        measure.selector = json_pack("{s:s}", "protocol", "udp");
        assert_int_equal(bitext_set(&measure.why, "exercice", "exercise"), 0);
        return measure;
}

static void measures_belong_to_their_incident(void **state)
{
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct measure measure = make_measure(world);
        const struct measure *there;

        assert_int_equal(desk_measure(world->desk, "applied", &measure, NULL), 0);
        there = casebook_measure(desk_book(world->desk), measure.id.text);
        assert_string_equal(there->incident.text, incident.text);
        assert_int_equal(casebook_incident(desk_book(world->desk), incident.text)->measure_count, 1);
        measure.state = MEASURE_STATE_LIFTED;
        measure.dropped = 42;
        assert_int_equal(desk_measure(world->desk, "ended", &measure, NULL), 0);
        assert_int_equal(casebook_measure(desk_book(world->desk), measure.id.text)->dropped, 42);
        assert_int_equal(casebook_incident(desk_book(world->desk), incident.text)->measure_count, 1);
        assert_int_equal(desk_measure(world->desk, "exploded", &measure, NULL), -EINVAL);
        measure_release(&measure);
}

static size_t desired_count(const struct world *world, const char *key)
{
        json_t *desired = desk_desired(world->desk);
        size_t count = json_array_size(json_object_get(desired, key));

        json_decref(desired);
        return count;
}

static void people_lift_and_ask(void **state)
{
        struct world *world = *state;
        struct measure measure = make_measure(world);
        struct error error = {0};
        struct id asked;
        json_t *json;

        see(world, FINDING_PHASE_BEGINS);
        assert_int_equal(desk_measure(world->desk, "applied", &measure, NULL), 0);
        assert_int_equal(desk_lift(world->desk, measure.id.text, "edge", "", &error), -EINVAL);
        assert_int_equal(desk_lift(world->desk, "m_x", "Anne Martin", "", &error), -ENOENT);
        assert_int_equal(
                desk_lift(world->desk, measure.id.text, "Anne Martin", "gêne un laboratoire", &error), 0);
        assert_int_equal(desired_count(world, "lifted"), 1);

        json = json_pack("{s:s, s:s, s:{s:i}, s:s, s:s, s:{s:s, s:s}}", "kind", "throttle", "subject",
                         "portail", "selector", "rate_pps", 1000, "until", "2020-03-22T10:00:00Z", "owner",
                         "Anne Martin", "why", "fr", "exercice", "en", "exercise");
        if (desk_ask(world->desk, json, &asked, &error))
                fail_msg("%s", error.en);
        assert_int_equal(desired_count(world, "asked"), 1);
        json_object_set_new(json, "until", json_string("2020-03-22T08:00:00Z"));
        assert_int_equal(desk_ask(world->desk, json, &asked, &error), -EINVAL);
        json_object_set_new(json, "owner", json_string("edge"));
        assert_int_equal(desk_ask(world->desk, json, &asked, &error), -EINVAL);
        json_decref(json);

        /* A restart of the hub forgets neither. */
        close_desk(world);
        open_desk(world);
        assert_int_equal(desired_count(world, "lifted"), 1);
        assert_int_equal(desired_count(world, "asked"), 1);
        measure_release(&measure);
}

static void answers_start_clocks(void **state)
{
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct error error = {0};

        answer(world, &incident, "personal_data.availability_hit", "oui");
        assert_int_equal(obligation_of(world, "cnil-33")->state, OBLIGATION_STATE_DUE);
        assert_int_equal(obligation_of(world, "cnil-33")->clock_started_ms, 0);
        answer(world, &incident, "personal_data.breach_qualified_at", "2020-03-22T10:30:00+01:00");
        assert_int_equal(obligation_of(world, "cnil-33")->due_ms, MORNING + 30 * MINUTE + 72 * 60 * MINUTE);
        answer(world, &incident, "personal_data.persons_count", "je ne sais pas");
        assert_int_equal(desk_fact(world->desk, incident.text, "personal_data.persons_count", "beaucoup",
                                   "Anne Martin", 0, &error),
                         -EINVAL);
        assert_int_equal(
                desk_fact(world->desk, incident.text, "no.such.fact", "oui", "Anne Martin", 0, &error),
                -EINVAL);
        assert_int_equal(desk_fact(world->desk, "i_x", "description", "x", "Anne Martin", 0, &error),
                         -ENOENT);
        assert_int_equal(desk_fact(world->desk, incident.text, "description", "x", "edge", 0, &error),
                         -EINVAL);
}

static void closing_asks_what_is_owed(void **state)
{
        static const char *const questions[] = {
                "structure.insured",           "personal_data.confidentiality_hit",
                "personal_data.integrity_hit", "personal_data.availability_hit",
                "care.patient_harmed",         "structure.nis2",
                "structure.essential_operator"};
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct error error = {0};

        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "", &error), -EBUSY);
        assert_non_null(strstr(error.fr, "incident grave"));
        assert_int_equal(desk_file(world->desk, obligation_of(world, "cert-sante-grave")->id.text,
                                   &(struct filing){.by = "Anne Martin", .receipt = "ANS-1"}, "", &error),
                         0);
        assert_int_equal(obligation_of(world, "cert-sante-grave")->state, OBLIGATION_STATE_FILED);
        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "", &error), -EBUSY);
        assert_non_null(strstr(error.en, "nobody has decided the gravity"));
        assert_int_equal(desk_gravity(world->desk, incident.text, GRAVITY_GRAVE, "Anne Martin", &error), 0);
        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "", &error), -EBUSY);
        assert_non_null(strstr(error.fr, "doit peut-être encore"));
        assert_non_null(strstr(error.en, " more, as answers are missing"));
        for (size_t i = 0; i < ARRAY_LEN(questions); i++)
                answer(world, &incident, questions[i], "non");
        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "", &error), -EBUSY);
        assert_non_null(strstr(error.en, "may still owe: “Notice that the incident is resolved”, as"));
        answer(world, &incident, "resolved_at", "2020-03-22T10:30:00+01:00");
        assert_int_equal(desk_waive(world->desk, obligation_of(world, "cert-sante-resolu")->id.text,
                                    "Anne Martin", "exercice", &error),
                         0);
        assert_int_equal(desk_close(world->desk, incident.text, "rule", "", &error), -EINVAL);
        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "", &error), 0);
        assert_false(casebook_incident(desk_book(world->desk), incident.text)->open);
        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "", &error), -EALREADY);
}

static const struct casebook_brief *brief_of(struct world *world, const struct id *incident)
{
        struct casebook *book = desk_book(world->desk);
        size_t behind = casebook_after(book, incident->text);

        assert_true(behind > 0);
        return casebook_brief(book, behind - 1);
}

/* A duty that falls due after the closing is seen, over a restart too, until it is settled or the incident open again. */
static void a_closed_incident_that_owes_stays_in_sight(void **state)
{
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct error error = {0};
        json_t *shown;

        assert_int_equal(desk_close(world->desk, incident.text, "Anne Martin", "exercice", &error), 0);
        assert_true(brief_of(world, &incident)->owing); /* the declaration that the reason did not file */
        assert_int_equal(desk_waive(world->desk, obligation_of(world, "cert-sante-grave")->id.text,
                                    "Anne Martin", "exercice", &error),
                         0);
        assert_false(casebook_is_pending(brief_of(world, &incident)));
        answer(world, &incident, "personal_data.confidentiality_hit", "oui");
        assert_true(brief_of(world, &incident)->owing);
        close_desk(world);
        open_desk(world);
        assert_true(brief_of(world, &incident)->owing && !brief_of(world, &incident)->open);
        shown = status_incidents(desk_book(world->desk));
        assert_int_equal(json_array_size(shown), 1);
        assert_true(json_is_true(json_object_get(json_array_get(shown, 0), "owing")));
        json_decref(shown);

        assert_int_equal(desk_reopen(world->desk, incident.text, "edge", "exercice", &error), -EINVAL);
        assert_int_equal(desk_reopen(world->desk, incident.text, "Anne Martin", "exercice", &error), 0);
        assert_true(brief_of(world, &incident)->open && !brief_of(world, &incident)->owing);
        assert_int_equal(desk_reopen(world->desk, incident.text, "Anne Martin", "exercice", &error),
                         -EALREADY);
        assert_int_equal(desk_reopen(world->desk, "i_x", "Anne Martin", "exercice", &error), -ENOENT);
}

static bool database_holds(const struct world *world, const char *text)
{
        static const char *const files[] = {"", "-wal"};
        bool found = false;

        for (size_t i = 0; i < ARRAY_LEN(files); i++) {
                CLEANUP(cleanup_free) char *data = NULL;
                char path[PATH_MAX + 8];
                size_t length;
                snprintf(path, sizeof(path), "%s%s", world->database, files[i]);
                if (!file_read(path, 64 << 20, &data, &length, NULL))
                        found = found || memmem(data, length, text, strlen(text));
        }
        return found;
}

static uint64_t record_of_text;

static int find_text(void *context, const struct record *record)
{
        if (json_object_get(record->personal, "value"))
                record_of_text = record->seq;
        return 0;
}

static void typed_text_can_be_erased(void **state)
{
        static const char text[] = "Mme Durand, chambre 12, n’a pas été touchée";
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        const struct incident *there;
        struct journal_report *report = calloc(1, sizeof(*report));
        uint64_t seq;

        answer(world, &incident, "description", text);
        close_desk(world);
        open_desk(world); /* the text comes back from beside its record */
        there = casebook_incident(desk_book(world->desk), incident.text);
        assert_string_equal(json_string_value(incident_fact(there, "description")->value), text);

        assert_int_equal(journal_read(world->journal, 0, UINT64_MAX, find_text, NULL, NULL), 0);
        assert_int_equal(journal_erase_personal(world->journal, record_of_text, "value", "Anne Martin",
                                                "exercice", &seq, NULL),
                         0);
        assert_int_equal(desk_reload(world->desk, NULL), 0);
        there = casebook_incident(desk_book(world->desk), incident.text);
        assert_string_equal(json_string_value(incident_fact(there, "description")->value), CASEBOOK_APART);
        close_desk(world);
        assert_false(database_holds(world, "Mme Durand"));
        open_desk(world);
        there = casebook_incident(desk_book(world->desk), incident.text);
        assert_string_equal(json_string_value(incident_fact(there, "description")->value), CASEBOOK_APART);
        assert_int_equal(journal_verify(world->journal, NULL, report, NULL), 0);
        assert_true(report->ok);
        free(report);
}

static void why_a_duty_is_waived_can_be_erased(void **state)
{
        static const char reason[] = "M. Petit l’a déjà déclaré de vive voix";
        struct world *world = *state;
        struct error error = {0};

        see(world, FINDING_PHASE_BEGINS);
        if (desk_waive(world->desk, obligation_of(world, "cert-sante-grave")->id.text, "Anne Martin", reason,
                       &error))
                fail_msg("%s", error.en);
        assert_non_null(strstr(obligation_of(world, "cert-sante-grave")->waived_reason, reason));
        close_desk(world);
        open_desk(world);
        assert_non_null(strstr(obligation_of(world, "cert-sante-grave")->waived_reason, reason));
        assert_int_equal(desk_waive(world->desk, obligation_of(world, "cert-sante-grave")->id.text,
                                    "Anne Martin", "", &error),
                         -EINVAL);
}

static void a_restart_changes_nothing(void **state)
{
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct measure measure = make_measure(world);
        json_t *before, *after;

        assert_int_equal(desk_measure(world->desk, "applied", &measure, NULL), 0);
        answer(world, &incident, "personal_data.availability_hit", "oui");
        before = status_incident(desk_book(world->desk),
                                 casebook_incident(desk_book(world->desk), incident.text), world->journal);
        assert_int_equal(journal_rebuild(world->journal, NULL, NULL), 0);
        close_desk(world);
        open_desk(world);
        after = status_incident(desk_book(world->desk),
                                casebook_incident(desk_book(world->desk), incident.text), world->journal);
        char *a = json_dumps(before, JSON_SORT_KEYS), *b = json_dumps(after, JSON_SORT_KEYS);
        assert_string_equal(a, b);
        free(a);
        free(b);
        json_decref(before);
        json_decref(after);
        measure_release(&measure);
}

static char *sorted(json_t *json)
{
        char *text = json_dumps(json, JSON_SORT_KEYS);

        assert_non_null(text);
        json_decref(json);
        return text;
}

/* What goes into an answer as text against the nouns in memory; `told_first`: before those were read from the journal. */
static void check_told(struct world *world, const struct id *incident, bool told_first)
{
        struct casebook *book = desk_book(world->desk);
        json_t *told = told_first ? casebook_obligations_told(book, incident->text) : NULL;
        json_t *list = json_array();
        size_t count, length;
        const struct obligation *all = casebook_obligations(book, incident->text, &count);
        char *text, *ours, *theirs;

        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, obligation_to_json(&all[i]));
        if (!told)
                told = casebook_obligations_told(book, incident->text);
        text = json_text(told, &length);
        ours = sorted(json_loads(text, 0, NULL));
        theirs = sorted(list);
        assert_true(count > 4);
        assert_string_equal(ours, theirs);
        free(text);
        free(ours);
        free(theirs);
        json_decref(told);
}

static void an_answer_tells_what_the_casebook_holds(void **state)
{
        static const char reason[] = "M. Petit l’a déjà déclaré de vive voix";
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct filing filing = {.by = "Anne Martin", .receipt = "2020-1234"};

        check_told(world, &incident, true);
        answer(world, &incident, "personal_data.availability_hit", "oui");
        check_told(world, &incident, true);
        close_desk(world);
        open_desk(world);
        check_told(world, &incident, true);
        assert_int_equal(
                desk_file(world->desk, obligation_of(world, "cert-sante-grave")->id.text, &filing, "", NULL),
                0);
        check_told(world, &incident, false);
        casebook_forget(desk_book(world->desk));
        check_told(world, &incident, false);
        assert_int_equal(desk_waive(world->desk, obligation_of(world, "cnil-33")->id.text, "Anne Martin",
                                    reason, NULL),
                         0);
        check_told(world, &incident, true); /* with the reason, which stands beside its record */
        close_desk(world);
        open_desk(world);
        check_told(world, &incident, true);
}

/* A disk on which no file grows any more. */
static void set_disk_full(bool full)
{
        const struct rlimit limit = {full ? 4096 : RLIM_INFINITY, RLIM_INFINITY};

        signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void what_the_disk_refuses_never_was(void **state)
{
        static const char fact[] = "personal_data.availability_hit";
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        const struct incident *there;
        uint64_t size = journal_size(world->journal);
        struct error error = {0};

        set_disk_full(true);
        int r = desk_fact(world->desk, incident.text, fact, "oui", "Anne Martin", 0, &error);
        set_disk_full(false);
        assert_true(r < 0 && error.fr[0] && error.en[0]);
        assert_false(journal_is_held(world->journal));
        there = casebook_incident(desk_book(world->desk), incident.text);
        assert_non_null(there);
        assert_null(incident_fact(there, fact));
        answer(world, &incident, fact, "oui");
        assert_true(journal_size(world->journal) > size);
        there = casebook_incident(desk_book(world->desk), incident.text);
        assert_non_null(incident_fact(there, fact));
        close_desk(world);
        open_desk(world);
        there = casebook_incident(desk_book(world->desk), incident.text);
        assert_non_null(incident_fact(there, fact));
        check_told(world, &incident, true);
}

static void papers_are_made_from_the_journal_alone(void **state)
{
        struct world *world = *state;
        struct id incident = see(world, FINDING_PHASE_BEGINS);
        struct config config = {.structure = {.name = "Hôpital de l’exercice", .timezone = "Europe/Paris"}};
        struct papers papers = {0};
        struct error error = {0};
        char folder[128];

        snprintf(config.state, sizeof(config.state), "%s", world->folder);
        snprintf(folder, sizeof(folder), "%s/papers", world->folder);
        struct papers_options options = {.config = &config,
                                         .clock = &world->clock,
                                         .incident = incident.text,
                                         .rule = "cert-sante-grave",
                                         .folder = folder};
        if (papers_make(&options, &papers, &error))
                fail_msg("%s", error.en);
        assert_int_equal(papers.count, 1);
        assert_int_equal(access(papers.sets[0].pdf, R_OK) | access(papers.sets[0].json, R_OK) |
                                 access(papers.sets[0].text, R_OK),
                         0);
        papers_release(&papers);
        options.rule = "no-such-rule";
        assert_int_equal(papers_make(&options, &papers, &error), -ENOENT);
        options.incident = "i_none";
        assert_int_equal(papers_make(&options, &papers, &error), -ENOENT);
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                DESK_TEST(a_flood_opens_an_incident_and_its_duties),
                DESK_TEST(a_second_wave_joins_and_a_repeated_finding_changes_nothing),
                DESK_TEST(measures_belong_to_their_incident),
                DESK_TEST(people_lift_and_ask),
                DESK_TEST(answers_start_clocks),
                DESK_TEST(closing_asks_what_is_owed),
                DESK_TEST(a_closed_incident_that_owes_stays_in_sight),
                DESK_TEST(typed_text_can_be_erased),
                DESK_TEST(why_a_duty_is_waived_can_be_erased),
                DESK_TEST(a_restart_changes_nothing),
                DESK_TEST(an_answer_tells_what_the_casebook_holds),
                DESK_TEST(what_the_disk_refuses_never_was),
                DESK_TEST(papers_are_made_from_the_journal_alone),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
