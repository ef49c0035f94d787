/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/law_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "obligation/declaration_data.h"

static const char sample[] =
        "id: sample\n"
        "version: 2\n"
        "title: {fr: t, en: t}\n"
        "recipient: {fr: r, en: r}\n"
        "voluntary: false\n"
        "legal_basis: art. 1\n"
        "valid_from: 2018-05-25\n"
        "valid_to: 2020-01-01\n"
        "trigger: {is: {functioning.hit: true}}\n"
        "clock: {event: discovered, facts: [discovered_at]}\n"
        "deadline: {hours: 72}\n"
        "channels: [{kind: portal, target: \"https://a.example\", note: {fr: n, en: n}, valid_to: "
        "2027-01-01}]\n"
        "sections: [{key: a, title: {fr: a, en: a}, fields: [{fact: origin, required: true}]}]\n";

/* The sample with one line put in the place of the one that starts with `key`. */
static char *sample_with(const char *key, const char *line)
{
        struct buffer text = BUFFER_INIT(16384);

        for (const char *at = sample; *at;) {
                size_t length = strcspn(at, "\n") + 1;

                if (strncmp(at, key, strlen(key)))
                        buffer_append(&text, at, length);
                else
                        buffer_text(&text, line);
                at += length;
        }
        return text.data;
}

static void refuses(const struct law *law, const char *key, const char *line, const char *says)
{
        CLEANUP(cleanup_free) char *text = sample_with(key, line);
        struct rule rule = {0};
        struct error error = {0};

        assert_int_equal(rule_read("r.yaml", text, strlen(text), &law->catalogue, &rule, &error), -EINVAL);
        if (!strstr(error.en, says))
                fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.en, says);
        assert_non_null(strstr(error.en, says));
        assert_non_null(strstr(error.en, "r.yaml:"));
}

static void test_reads_what_it_says(void **state)
{
        const struct law *law = *state;
        struct rule rule = {0};

        assert_int_equal(rule_read("r.yaml", sample, strlen(sample), &law->catalogue, &rule, NULL), 0);
        assert_int_equal(rule.version, 2);
        assert_int_equal(rule.deadline.hours, 72);
        assert_int_equal(rule.channels[0].kind, FORM_CHANNEL_PORTAL);
        assert_int_equal(rule.channels[0].checked_ms, 0);
        assert_false(rule_is_valid_at(&rule, 1527206399999));
        assert_true(rule_is_valid_at(&rule, 1527206400000)); /* 2018-05-25 */
        assert_true(rule_is_valid_at(&rule, 1577836799999));
        assert_false(rule_is_valid_at(&rule, 1577836800000)); /* 2020-01-01 */
        rule_release(&rule);
}

static void test_faults_name_line_and_key(void **state)
{
        refuses(*state, "id", "", "r.yaml:1: id: this key is missing");
        refuses(*state, "id", "id: Bad Id\n", "a to z");
        refuses(*state, "version", "version: two\n", "r.yaml:2: version: expected a number");
        refuses(*state, "title", "title: {fr: seul}\n", "r.yaml:3: title.en: this key is missing");
        refuses(*state, "title", "title: {fr: a, en: \"\"}\n", "neither empty");
        refuses(*state, "voluntary", "voluntary: oui\n", "true or false");
        refuses(*state, "valid_from", "valid_from: 25/05/2018\n", "r.yaml:7: valid_from: expected a day");
        refuses(*state, "valid_to", "valid_to: 2018-01-01\n", "before valid_from");
        refuses(*state, "clock", "clock: {event: now, facts: [discovered_at]}\n", "discovered, aware, filed");
        refuses(*state, "clock", "clock: {event: aware, facts: [origin]}\n", "is no time");
        refuses(*state, "clock", "clock: {event: aware}\n", "clock.facts: this key is missing");
        refuses(*state, "clock", "clock: {event: filed}\n", "clock.rule: this key is missing");
        refuses(*state, "deadline", "deadline: {hours: 72, months: 1}\n", "exactly one");
        refuses(*state, "deadline", "deadline: {}\n", "exactly one");
        refuses(*state, "deadline", "deadline: {hours: 1.5}\n", "whole numbers");
        refuses(*state, "deadline", "deadline: {hours: -1}\n", "expected a number");
        refuses(*state, "channels",
                "channels: [{kind: pigeon, note: {fr: n, en: n}, valid_to: 2027-01-01}]\n",
                "portal, mail, phone");
        refuses(*state, "sections", "sections: []\n", "at least one section");
        refuses(*state, "sections",
                "sections: [{key: a, title: {fr: a, en: a}, fields: [{fact: no.such}]}]\n",
                "no fact \"no.such\"");
        refuses(*state, "trigger", "", "trigger: this key is missing");
        refuses(*state, "trigger", "trigger: {is: {functioning.hit: true}}\ntypo: 1\n",
                "r.yaml:10: typo: no such key");
}

/* What is wrong in one place does not hide what is wrong in another, nor make it up. */
static void test_all_faults_are_told(void **state)
{
        static const char text[] = "id: Bad Id\n"
                                   "version: two\n"
                                   "title: {fr: seul}\n"
                                   "recipient: {fr: a, en: a}\n"
                                   "legal_basis: x\n"
                                   "valid_from: 2018-05-25\n"
                                   "valid_to: 2018-01-01\n"
                                   "trigger: {is: {no.such: true}}\n"
                                   "clock: {event: now, facts: [origin]}\n"
                                   "deadline: {hours: -1}\n"
                                   "channels:\n"
                                   "  - {kind: pigeon, note: {fr: n, en: n}, valid_to: 2027-01-01}\n"
                                   "  - {kind: mail, note: {fr: n, en: n}}\n"
                                   "sections:\n"
                                   "  - {key: a, title: {fr: a, en: a}, fields: [{fact: no.such}, {fact: "
                                   "origin, requird: true}]}\n"
                                   "typo: 1\n";
        static const char *const places[] = {"id",
                                             "version",
                                             "title.en",
                                             "valid_to",
                                             "trigger.is",
                                             "clock.event",
                                             "clock.facts[1]",
                                             "deadline.hours",
                                             "channels[1].kind",
                                             "channels[2].valid_to",
                                             "sections[1].fields[1].fact",
                                             "sections[1].fields[2].requird",
                                             "typo"};
        const struct law *law = *state;
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct rule rule = {0};

        assert_int_equal(rule_read("r.yaml", text, strlen(text), &law->catalogue, &rule, &error), -EINVAL);
        for (size_t i = 0; i < faults.count; i++)
                if (i >= ARRAY_LEN(places) || strcmp(faults.list[i].key, places[i]))
                        fprintf(stderr, "# got %s\n", faults.list[i].en);
        assert_int_equal(faults.count, ARRAY_LEN(places));
        for (size_t i = 0; i < faults.count; i++)
                assert_string_equal(faults.list[i].key, places[i]);
        assert_string_equal(
                faults.list[11].en,
                "r.yaml:15: sections[1].fields[2].requird: no such key here; known are: fact, label, "
                "required");
}

static void test_truncated_files_never_crash(void **state)
{
        const struct law *law = *state;

        for (size_t length = 0; length < strlen(sample); length++) {
                struct rule rule = {0};
                int r = rule_read("r.yaml", sample, length, &law->catalogue, &rule, NULL);

                assert_true(r == -EINVAL || (r == 0 && length + 2 > strlen(sample)));
                rule_release(&rule);
        }
}

static void put(const char *folder, const char *name, const char *text)
{
        char path[PATH_MAX];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_int_equal(file_write_atomic(path, text, strlen(text), 0600, NULL), 0);
}

static void load_refuses(const struct law *law, const char *clock_a, const char *clock_b, const char *says)
{
        char folder[] = "/tmp/garde-rules-XXXXXX", path[PATH_MAX];
        struct rule_set rules = {0};
        struct error error = {0};
        CLEANUP(cleanup_free) char *a = sample_with("clock", clock_a);
        CLEANUP(cleanup_free) char *b_text = sample_with("clock", clock_b);

        assert_non_null(mkdtemp(folder));
        put(folder, "a.yaml", a);
        memcpy(strstr(b_text, "sample"), "second", 6);
        put(folder, "b.yaml", b_text);
        assert_int_equal(rules_load(folder, &law->catalogue, &rules, &error), -EINVAL);
        if (!strstr(error.en, says))
                fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.en, says);
        assert_non_null(strstr(error.en, says));
        assert_null(rules.rules);
        snprintf(path, sizeof(path), "%s/a.yaml", folder);
        unlink(path);
        snprintf(path, sizeof(path), "%s/b.yaml", folder);
        unlink(path);
        rmdir(folder);
}

static void test_chains_are_checked(void **state)
{
        load_refuses(*state, "clock: {event: filed, rule: second}\n", "clock: {event: filed, rule: sample}\n",
                     "circle");
        load_refuses(*state, "clock: {event: filed, rule: sample}\n", "clock: {event: filed, rule: sample}\n",
                     "circle");
        load_refuses(*state, "clock: {event: filed, rule: nobody}\n", "clock: {event: filed, rule: sample}\n",
                     "no rule \"nobody\"");
        load_refuses(*state, "after: [nobody]\nclock: {event: filed, rule: second}\n",
                     "clock: {event: discovered, facts: [discovered_at]}\n", "no other rule \"nobody\"");
        load_refuses(*state, "after: [second, A]\nclock: {event: filed, rule: second}\n",
                     "clock: {event: discovered, facts: [discovered_at]}\n", "the id of a rule");
}

static void test_an_empty_folder_says_so(void **state)
{
        const struct law *law = *state;
        char folder[] = "/tmp/garde-rules-XXXXXX";
        struct rule_set rules = {0};
        struct error error = {0};

        assert_non_null(mkdtemp(folder));
        assert_int_equal(rules_load(folder, &law->catalogue, &rules, &error), -ENOENT);
        assert_non_null(strstr(error.en, "no .yaml file"));
        rmdir(folder);
        assert_int_equal(rules_load(folder, &law->catalogue, &rules, &error), -ENOENT);
}

/* What every form of the shipped law must have. */
static void test_the_shipped_rules_are_whole(void **state)
{
        const struct law *law = *state;

        assert_int_equal(law->rules.count, 18);
        for (size_t i = 0; i < law->rules.count; i++) {
                const struct rule *rule = &law->rules.rules[i];
                size_t required = 0;

                assert_true(rule->channel_count > 0);
                for (size_t j = 0; j < rule->section_count; j++)
                        for (size_t k = 0; k < rule->sections[j].field_count; k++)
                                required += rule->sections[j].fields[k].required;
                assert_true(required > 0);
                assert_true(rule->voluntary ==
                            (rule->deadline.without_delay == false && !strncmp(rule->id, "cert-", 5)));
        }
        for (size_t i = 0; i < 3; i++) {
                static const char *const ids[] = {"cert-sante-grave", "cert-sante-significatif",
                                                  "cert-sante-mineur"};
                const struct rule *rule = rules_find(&law->rules, ids[i]);

                assert_string_equal(rule->channels[0].target, "https://signalement.social-sante.gouv.fr");
                assert_int_equal(rule->channels[rule->channel_count - 1].kind, FORM_CHANNEL_PAPER);
        }
}

#define LAW(test) cmocka_unit_test_setup_teardown(test, law_setup, law_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                LAW(test_reads_what_it_says),          LAW(test_faults_name_line_and_key),
                LAW(test_all_faults_are_told),         LAW(test_truncated_files_never_crash),
                LAW(test_chains_are_checked),          LAW(test_an_empty_folder_says_so),
                LAW(test_the_shipped_rules_are_whole),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
