/* SPDX-License-Identifier: EUPL-1.2 */
/* People's acts against a real journal and a real file of accounts, as the socket and the API call them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <errno.h>

#include "base/cleanup.h"
#include "hub/act_people.h"
#include "hub/world.h"
#include "journal/journal.h"
#include "people/login.h"

#define DIRECTOR  ACT_ROLE(DIRECTOR)
#define RESPONDER ACT_ROLE(RESPONDER)
#define PASSWORD  "trois chats sous la pluie"
#define MINUTE    60000LL

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
        struct random_seeded seeded;
        struct random random;
        struct config config;
        struct world world;
};

static int setup(void **state)
{
        struct house *house = calloc(1, sizeof(*house));
        const struct people_policy policy = {
                .password_operations = 1, .password_memory = 8192, .issuer = "Hôpital"};
        char path[128], key[128];

        strcpy(house->folder,
               access("/dev/shm", W_OK) ? "/tmp/garde-acts-XXXXXX" : "/dev/shm/garde-acts-XXXXXX");
        assert_non_null(mkdtemp(house->folder));
        house->manual = (struct clock_manual){1584872100000, 1000000000};
        house->clock = clock_manual_view(&house->manual);
        house->random = random_seeded_view(&house->seeded, 7);
        strcpy(house->config.structure.name, "Hôpital de l’exercice");
        house->world = (struct world){.config = &house->config,
                                      .clock = &house->clock,
                                      .random = &house->random,
                                      .ask_approval = act_people_ask};
        snprintf(path, sizeof(path), "%s/journal.db", house->folder);
        snprintf(key, sizeof(key), "%s/journal.key", house->folder);
        const struct journal_config journal = {
                .path = path, .key_path = key, .clock = &house->clock, .random = &house->random};
        assert_int_equal(journal_open(&journal, &house->world.journal, NULL), 0);
        snprintf(path, sizeof(path), "%s/people.db", house->folder);
        assert_int_equal(
                people_open(path, &policy, &house->clock, &house->random, &house->world.people, NULL), 0);
        assert_int_equal(watch_new(&house->world.watch, NULL), 0);
        *state = house;
        return 0;
}

static int teardown(void **state)
{
        struct house *house = *state;
        char command[128];

        watch_free(house->world.watch);
        people_close(house->world.people);
        journal_close(house->world.journal);
        snprintf(command, sizeof(command), "rm -rf %s", house->folder);
        free(house);
        return system(command) ? -1 : 0;
}

static void pass(struct house *house, int64_t ms)
{
        clock_manual_advance(&house->manual, (uint64_t)ms * 1000000);
}

/* ---- asking ---- */

static struct act_caller nobody(void)
{
        struct act_caller caller = {.way = ACT_WAY_PUBLIC};

        strcpy(caller.address, "192.0.2.1");
        return caller;
}

/* What the hub answers, by itself and on another thread as whoever runs acts does; the cookie goes to `ret_cookie`. */
static int ask(struct house *house, const struct act_caller *caller, const char *name, json_t *in,
               json_t **ret_out, char *ret_cookie)
{
        const struct act *act = act_find(name);
        struct act_call call;
        int r;

        assert_non_null(act);
        assert_non_null(in);
        r = act_run(&house->world, act, caller, in, &call);
        if (!r && call.work.work) {
                r = call.work.work(call.work.context, &call.error);
                r = act_finish(&call, r);
        }
        if (r && (!call.error.fr[0] || !call.error.en[0]))
                fail_msg("%s refuses without a word", name);
        if (ret_out)
                *ret_out = r ? NULL : json_incref(call.out);
        if (ret_cookie)
                strcpy(ret_cookie, call.set_cookie);
        act_call_release(&call);
        json_decref(in);
        return r;
}

static struct act_caller session_of(struct house *house, const char *cookie)
{
        struct people_session session;
        struct act_caller caller = nobody();

        assert_int_equal(people_session_find(house->world.people, cookie, &session), 0);
        caller.way = ACT_WAY_SESSION;
        caller.roles = session.roles;
        strcpy(caller.name, session.name);
        strcpy(caller.account, session.account.text);
        strcpy(caller.session, session.id.text);
        return caller;
}

static const char *text_of(const json_t *out, const char *object, const char *name)
{
        const char *text =
                json_string_value(json_object_get(object ? json_object_get(out, object) : out, name));

        assert_non_null(text);
        return text;
}

/* The director whom the link of the first start makes. */
static struct act_caller first(struct house *house)
{
        struct act_caller caller = nobody();
        char token[PEOPLE_SECRET_SIZE], cookie[256];

        assert_int_equal(setup_begin(house->world.people, token, NULL), 0);
        assert_int_equal(
                ask(house, &caller, "setup",
                    json_pack("{s:s, s:s, s:s}", "token", token, "name", "Anne", "password", PASSWORD), NULL,
                    cookie),
                0);
        return session_of(house, cookie);
}

/* Somebody whom the director makes, who has chosen a password of their own. */
static struct act_caller other(struct house *house, const struct act_caller *director, const char *name,
                               const char *role)
{
        struct act_caller caller = nobody();
        char cookie[256], old[SECRET_PAPER_SIZE];
        json_t *out;

        assert_int_equal(ask(house, director, "account.make",
                             json_pack("{s:s, s:[s]}", "name", name, "roles", role), &out, NULL),
                         0);
        strcpy(old, text_of(out, NULL, "password"));
        json_decref(out);
        assert_int_equal(ask(house, &caller, "session.open",
                             json_pack("{s:s, s:s}", "name", name, "password", old), &out, cookie),
                         0);
        assert_string_equal(json_string_value(json_array_get(json_object_get(out, "must"), 0)), "password");
        assert_int_equal(json_array_size(json_object_get(out, "roles")), 0);
        json_decref(out);
        caller = session_of(house, cookie);
        assert_int_equal(caller.roles, 0);
        assert_int_equal(ask(house, &caller, "account.password",
                             json_pack("{s:s, s:s, s:s}", "account", "me", "old", old, "password", PASSWORD),
                             &out, cookie),
                         0);
        json_decref(out);
        return session_of(house, cookie);
}

/* ---- the journal ---- */

struct tally {
        enum record_type type;
        const char *holds;
        unsigned count;
        struct record last;
};

static int tally_record(void *context, const struct record *record)
{
        struct tally *tally = context;
        CLEANUP(cleanup_free) char *text = json_dumps(record->body, JSON_COMPACT);

        tally->count += record->type == tally->type && (!tally->holds || strstr(text, tally->holds));
        return 0;
}

static unsigned records(struct house *house, enum record_type type, const char *holds)
{
        struct tally tally = {.type = type, .holds = holds};

        assert_int_equal(journal_read(house->world.journal, 0, UINT64_MAX, tally_record, &tally, NULL), 0);
        return tally.count;
}

static bool journal_holds(struct house *house, const char *text)
{
        bool found = false;

        for (unsigned type = 0; type < RECORD_TYPE_COUNT; type++)
                found |= records(house, type, text) > 0;
        return found;
}

/* ---- tests ---- */

static void the_first_account_comes_by_the_link(void **state)
{
        struct house *house = *state;
        struct act_caller caller = nobody();
        char token[PEOPLE_SECRET_SIZE];
        json_t *out;

        assert_int_equal(ask(house, &caller, "session.show", json_object(), &out, NULL), 0);
        assert_true(json_is_true(json_object_get(out, "setup")));
        assert_true(json_is_null(json_object_get(out, "account")));
        json_decref(out);
        assert_int_equal(setup_begin(house->world.people, token, NULL), 0);
        assert_int_equal(
                ask(house, &caller, "setup",
                    json_pack("{s:s, s:s, s:s}", "token", "guessed", "name", "Anne", "password", PASSWORD),
                    NULL, NULL),
                -EPERM);
        assert_int_equal(
                ask(house, &caller, "setup",
                    json_pack("{s:s, s:s, s:s}", "token", token, "name", "Anne", "password", "motdepasse123"),
                    NULL, NULL),
                -EINVAL);
        caller = first(house);
        assert_int_equal(caller.roles, DIRECTOR);
        assert_int_equal(ask(house, &caller, "session.show", json_object(), &out, NULL), 0);
        assert_string_equal(text_of(out, "account", "name"), "Anne");
        assert_int_equal(strlen(text_of(out, NULL, "csrf")), 43);
        json_decref(out);
        caller = nobody();
        assert_int_equal(
                ask(house, &caller, "setup",
                    json_pack("{s:s, s:s, s:s}", "token", token, "name", "Eve", "password", PASSWORD), NULL,
                    NULL),
                -EALREADY);
        assert_int_equal(records(house, RECORD_TYPE_ACCOUNT_CHANGED, "\"changed\":\"made\""), 1);
        assert_int_equal(records(house, RECORD_TYPE_SESSION_OPENED, "setup"), 1);
}

static void nothing_secret_is_in_the_journal(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), caller = nobody();
        const struct people_account *account = people_account_named(house->world.people, "Anne");
        char cookie[256];
        json_t *out;

        assert_int_equal(
                ask(house, &anne, "account.totp.begin", json_pack("{s:s}", "account", "me"), &out, NULL), 0);
        assert_false(journal_holds(house, text_of(out, NULL, "secret")));
        json_decref(out);
        assert_int_equal(ask(house, &anne, "token.make", json_pack("{s:s}", "name", "siem"), &out, NULL), 0);
        assert_false(journal_holds(house, text_of(out, NULL, "secret")));
        json_decref(out);
        assert_int_equal(
                ask(house, &caller, "session.open",
                    json_pack("{s:s, s:s}", "name", "Anne", "password", "my telephone is 0612345678"), NULL,
                    NULL),
                -EPERM);
        assert_int_equal(ask(house, &caller, "session.open",
                             json_pack("{s:s, s:s}", "name", "a password typed as the name", "password", "x"),
                             NULL, NULL),
                         -EPERM);
        assert_int_equal(ask(house, &caller, "session.open",
                             json_pack("{s:s, s:s}", "name", "anne", "password", PASSWORD), NULL, cookie),
                         0);
        assert_true(journal_holds(house, account->id.text));
        assert_false(journal_holds(house, "argon2"));
        assert_false(journal_holds(house, "telephone is"));
        assert_false(journal_holds(house, "a password typed"));
        assert_false(journal_holds(house, PASSWORD));
        assert_false(journal_holds(house, cookie));
        assert_false(journal_holds(house, "192.0.2"));
}

static void guessing_does_not_fill_the_journal(void **state)
{
        struct house *house = *state;
        struct act_caller caller = nobody();
        uint64_t size;

        first(house);
        size = journal_size(house->world.journal);
        for (unsigned i = 0; i < 500; i++) {
                int r;

                snprintf(caller.address, sizeof(caller.address), "10.0.%u.%u", i / 250, i % 250);
                r = ask(house, &caller, "session.open",
                        json_pack("{s:s, s:s}", "name", i % 2 ? "Anne" : "Eve", "password", "a wrong one"),
                        NULL, NULL);
                assert_true(r == -EPERM || r == -EAGAIN);
        }
        assert_int_equal(journal_size(house->world.journal), size + 2);
        act_people_tick(&house->world);
        assert_int_equal(journal_size(house->world.journal), size + 2);
        pass(house, MINUTE);
        act_people_tick(&house->world);
        assert_int_equal(journal_size(house->world.journal), size + 4);
        assert_int_equal(records(house, RECORD_TYPE_SESSION_REFUSED, "\"count\":249"), 2);
        pass(house, MINUTE);
        act_people_tick(&house->world);
        assert_int_equal(journal_size(house->world.journal), size + 4);
}

static void roles_decide_who_makes_accounts(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard = other(house, &anne, "Bernard", "responder"),
                          caller = nobody();
        struct act_caller root = {.way = ACT_WAY_SOCKET};
        json_t *in = json_pack("{s:s, s:[s]}", "name", "Chloé", "roles", "dpo");

        assert_int_equal(ask(house, &caller, "account.make", json_incref(in), NULL, NULL), -EPERM);
        assert_int_equal(ask(house, &bernard, "account.make", json_incref(in), NULL, NULL), -EACCES);
        assert_int_equal(ask(house, &bernard, "account.list", json_object(), NULL, NULL), -EACCES);
        /* Over the socket, whoever owns the machine may, and says who they are. */
        assert_int_equal(ask(house, &root, "account.make", json_incref(in), NULL, NULL), -EINVAL);
        json_object_set_new(in, "author", json_string("Denis, informatique"));
        assert_int_equal(ask(house, &root, "account.make", in, NULL, NULL), 0);
        assert_int_equal(people_account_named(house->world.people, "chloé")->roles, ACT_ROLE(DPO));
        assert_int_equal(ask(house, &anne, "account.make",
                             json_pack("{s:s, s:[s]}", "name", "Eve", "roles", "emperor"), NULL, NULL),
                         -EINVAL);
}

static void a_token_touches_no_account(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house);

        anne.way = ACT_WAY_TOKEN;
        anne.session[0] = '\0';
        assert_int_equal(ask(house, &anne, "account.make",
                             json_pack("{s:s, s:[s]}", "name", "Eve", "roles", "director"), NULL, NULL),
                         -EACCES);
        assert_int_equal(
                ask(house, &anne, "account.totp.begin", json_pack("{s:s}", "account", "me"), NULL, NULL),
                -EACCES);
        assert_int_equal(ask(house, &anne, "token.make", json_pack("{s:s}", "name", "more"), NULL, NULL),
                         -EACCES);
        assert_int_equal(
                ask(house, &anne, "account.recovery", json_pack("{s:s}", "account", "me"), NULL, NULL),
                -EACCES);
        assert_int_equal(ask(house, &anne, "account.list", json_object(), NULL, NULL), 0);
}

static void a_password_is_changed_by_whoever_knows_it(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard = other(house, &anne, "Bernard", "responder"),
                          caller = nobody();
        char cookie[256];
        json_t *out;

        assert_int_equal(ask(house, &bernard, "account.password",
                             json_pack("{s:s, s:s, s:s}", "account", "me", "old", "not this one", "password",
                                       "quatre chiens au soleil"),
                             NULL, NULL),
                         -EACCES);
        assert_int_equal(ask(house, &bernard, "account.password",
                             json_pack("{s:s, s:s, s:s}", "account", anne.account, "old", PASSWORD,
                                       "password", "quatre chiens au soleil"),
                             NULL, NULL),
                         -EACCES);
        assert_int_equal(
                ask(house, &bernard, "account.password",
                    json_pack("{s:s, s:s, s:s}", "account", "me", "old", PASSWORD, "password", PASSWORD),
                    NULL, NULL),
                -EINVAL);
        assert_int_equal(ask(house, &bernard, "account.password",
                             json_pack("{s:s, s:s, s:s}", "account", bernard.account, "old", PASSWORD,
                                       "password", "quatre chiens au soleil"),
                             &out, cookie),
                         0);
        assert_string_equal(text_of(out, "account", "name"), "Bernard");
        json_decref(out);
        assert_int_not_equal(people_session_end(house->world.people, bernard.session, NULL),
                             0); /* over already */
        bernard = session_of(house, cookie);
        assert_int_equal(bernard.roles, RESPONDER);
        /* The director gives a new one, without learning or saying the old one; it is for one login alone. */
        assert_int_equal(ask(house, &anne, "account.password", json_pack("{s:s}", "account", bernard.account),
                             &out, NULL),
                         0);
        assert_int_equal(
                ask(house, &caller, "session.open",
                    json_pack("{s:s, s:s}", "name", "Bernard", "password", text_of(out, NULL, "password")),
                    NULL, cookie),
                0);
        assert_int_equal(session_of(house, cookie).roles, 0);
        json_decref(out);
}

static void the_second_factor_from_begin_to_sheet(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), caller = nobody();
        uint8_t key[TOTP_KEY_SIZE];
        char code[8], cookie[256];
        json_t *out;
        size_t index;
        const json_t *row;

        assert_int_equal(
                ask(house, &anne, "account.recovery", json_pack("{s:s}", "account", "me"), NULL, NULL),
                -EBUSY);
        assert_int_equal(
                ask(house, &anne, "account.totp.begin", json_pack("{s:s}", "account", "me"), &out, NULL), 0);
        assert_int_equal(strncmp(text_of(out, NULL, "uri"), "otpauth://totp/H%C3%B4pital:Anne?secret=", 40),
                         0);
        json_array_foreach(json_object_get(out, "qr"), index, row)
                assert_int_equal(json_array_size(row), json_array_size(json_object_get(out, "qr")));
        assert_in_range(index, 21, 177); /* ISO/IEC 18004: a square of 21 to 177 modules */
        json_decref(out);
        assert_int_equal(account_totp_begin(house->world.people, anne.account, key, NULL), 0);
        snprintf(code, sizeof(code), "%06u",
                 totp_value(key, TOTP_KEY_SIZE, (uint64_t)house->manual.wall_ms / TOTP_STEP_MS) % 1000000);
        assert_int_equal(ask(house, &anne, "account.totp.confirm",
                             json_pack("{s:s, s:s}", "account", "me", "code", code), NULL, NULL),
                         0);
        assert_int_equal(
                ask(house, &anne, "account.recovery", json_pack("{s:s}", "account", "me"), &out, NULL), 0);
        assert_int_equal(json_array_size(json_object_get(out, "codes")), PEOPLE_RECOVERY_CODES);
        /* The next sheet, and another telephone, only for whoever has this one or the sheet. */
        assert_int_equal(
                ask(house, &anne, "account.recovery", json_pack("{s:s}", "account", "me"), NULL, NULL),
                -EACCES);
        assert_int_equal(
                ask(house, &anne, "account.totp.begin", json_pack("{s:s}", "account", "me"), NULL, NULL),
                -EACCES);
        assert_int_equal(
                ask(house, &anne, "account.totp.end", json_pack("{s:s}", "account", "me"), NULL, NULL),
                -EACCES);
        assert_int_equal(ask(house, &caller, "session.open",
                             json_pack("{s:s, s:s}", "name", "Anne", "password", PASSWORD), NULL, cookie),
                         0);
        assert_string_equal(cookie, "");
        assert_int_equal(ask(house, &caller, "session.open",
                             json_pack("{s:s, s:s, s:O}", "name", "Anne", "password", PASSWORD, "code",
                                       json_array_get(json_object_get(out, "codes"), 2)),
                             NULL, cookie),
                         0);
        assert_string_not_equal(cookie, "");
        assert_int_equal(records(house, RECORD_TYPE_ACCOUNT_CHANGED, "recovery-used"), 1);
        assert_int_equal(records(house, RECORD_TYPE_SESSION_OPENED, "recovery"), 1);
        json_decref(out);
}

static void the_sheet_is_a_paper(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house);
        uint8_t key[TOTP_KEY_SIZE];
        char code[8];
        struct act_call call;
        json_t *in = json_pack("{s:s, s:s}", "account", "me", "format", "pdf");

        assert_int_equal(account_totp_begin(house->world.people, anne.account, key, NULL), 0);
        snprintf(code, sizeof(code), "%06u",
                 totp_value(key, TOTP_KEY_SIZE, (uint64_t)house->manual.wall_ms / TOTP_STEP_MS) % 1000000);
        assert_int_equal(account_totp_confirm(house->world.people, anne.account, code, NULL), 0);
        assert_int_equal(act_run(&house->world, act_find("account.recovery"), &anne, in, &call), 0);
        assert_non_null(call.work.work);
        assert_int_equal(act_finish(&call, call.work.work(call.work.context, &call.error)), 0);
        assert_string_equal(call.blob.type, "application/pdf");
        assert_true(call.blob.length > 2000);
        assert_memory_equal(call.blob.bytes, "%PDF-", 5);
        if (getenv("GARDE_TEST_KEEP")) {
                char path[512];
                FILE *file;

                snprintf(path, sizeof(path), "%s/recovery.pdf", getenv("GARDE_TEST_KEEP"));
                file = fopen(path, "wb");
                assert_int_equal(fwrite(call.blob.bytes, 1, call.blob.length, file), call.blob.length);
                fclose(file);
        }
        act_call_release(&call);
        json_decref(in);
}

static void wrong_codes_are_counted_inside_too(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house);
        uint8_t key[TOTP_KEY_SIZE];
        char code[8];
        int r = 0;

        assert_int_equal(account_totp_begin(house->world.people, anne.account, key, NULL), 0);
        snprintf(code, sizeof(code), "%06u",
                 totp_value(key, TOTP_KEY_SIZE, (uint64_t)house->manual.wall_ms / TOTP_STEP_MS) % 1000000);
        assert_int_equal(account_totp_confirm(house->world.people, anne.account, code, NULL), 0);
        for (unsigned i = 0; i < 6; i++)
                r = ask(house, &anne, "account.totp.begin",
                        json_pack("{s:s, s:s}", "account", "me", "code", "000001"), NULL, NULL);
        assert_int_equal(r, -EAGAIN);
}

static void one_sees_and_ends_ones_own_sessions(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard = other(house, &anne, "Bernard", "responder");
        json_t *out;

        assert_int_equal(ask(house, &bernard, "session.list", json_object(), &out, NULL), 0);
        assert_int_equal(json_array_size(json_object_get(out, "sessions")), 1);
        json_decref(out);
        assert_int_equal(ask(house, &anne, "session.list", json_object(), &out, NULL), 0);
        assert_int_equal(json_array_size(json_object_get(out, "sessions")), 2);
        json_decref(out);
        assert_int_equal(ask(house, &bernard, "session.expel", json_pack("{s:s}", "session", anne.session),
                             NULL, NULL),
                         -ENOENT);
        assert_int_equal(ask(house, &anne, "session.expel", json_pack("{s:s}", "session", bernard.session),
                             NULL, NULL),
                         0);
        assert_int_equal(ask(house, &anne, "session.end", json_object(), NULL, NULL), 0);
        assert_int_equal(ask(house, &anne, "session.end", json_object(), NULL, NULL), -ENOENT);
}

/* ---- a second person ---- */

static json_t *erasure(void)
{
        return json_pack("{s:i, s:s, s:s}", "seq", 0, "name", "text", "reason", "demande de la personne");
}

static const char *waiting_id(struct house *house, const struct act_caller *caller)
{
        static char id[64];
        json_t *out;

        assert_int_equal(ask(house, caller, "approval.list", json_object(), &out, NULL), 0);
        assert_int_equal(json_array_size(json_object_get(out, "approvals")), 1);
        strcpy(id, text_of(json_array_get(json_object_get(out, "approvals"), 0), NULL, "id"));
        assert_string_equal(text_of(json_array_get(json_object_get(out, "approvals"), 0), "in", "reason"),
                            "demande de la personne");
        json_decref(out);
        return id;
}

static void what_is_grave_waits_for_a_second_person(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard, chloe, token, root = {.way = ACT_WAY_SOCKET};
        const char *id;
        json_t *out;

        chloe = other(house, &anne, "Chloé", "auditor");
        /* Nobody else could agree: then it is hers alone (and record 0 has no such text). */
        assert_int_equal(ask(house, &anne, "journal.erase", erasure(), NULL, NULL), -ENOENT);
        bernard = other(house, &anne, "Bernard", "director");
        assert_int_equal(ask(house, &anne, "journal.erase", erasure(), &out, NULL), 0);
        assert_string_equal(text_of(out, "approval", "state"), "waiting");
        json_decref(out);
        assert_int_equal(records(house, RECORD_TYPE_APPROVAL_ASKED, "journal.erase"), 1);
        assert_false(journal_holds(house, "demande de la personne"));
        id = waiting_id(house, &bernard);
        assert_int_equal(ask(house, &anne, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                         -EACCES);
        assert_int_equal(ask(house, &chloe, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                         -EACCES);
        assert_int_equal(ask(house, &root, "approval.agree",
                             json_pack("{s:s, s:s}", "approval", id, "author", "Bernard"), NULL, NULL),
                         -EACCES);
        token = bernard;
        token.way = ACT_WAY_TOKEN;
        assert_int_equal(ask(house, &token, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                         -EACCES);
        /* It runs, and its own refusal is what is answered: record 0 holds nothing to erase. */
        assert_int_equal(
                ask(house, &bernard, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                -ENOENT);
        assert_int_equal(records(house, RECORD_TYPE_APPROVAL_GIVEN, "\"agreed\""), 1);
        assert_int_equal(
                ask(house, &bernard, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                -ENOENT);
        assert_int_equal(records(house, RECORD_TYPE_APPROVAL_GIVEN, "\"agreed\""), 1);
}

static void a_request_is_refused_or_withdrawn(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard = other(house, &anne, "Bernard", "director");
        const char *id;

        for (unsigned i = 0; i < 2; i++) {
                assert_int_equal(ask(house, &anne, "journal.erase", erasure(), NULL, NULL), 0);
                id = waiting_id(house, &anne);
                assert_int_equal(
                        ask(house, i ? &anne : &bernard, "approval.refuse",
                            json_pack("{s:s, s:s}", "approval", id, "reason", "trop tôt pour Madame Durand"),
                            NULL, NULL),
                        0);
        }
        assert_int_equal(records(house, RECORD_TYPE_APPROVAL_GIVEN, "\"refused\""), 2);
        assert_false(journal_holds(house, "Durand")); /* typed text lies beside the record */
}

static void a_request_that_nobody_decides_expires(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard = other(house, &anne, "Bernard", "director");
        char id[64];
        json_t *json = NULL;

        assert_int_equal(ask(house, &anne, "journal.erase", erasure(), NULL, NULL), 0);
        strcpy(id, waiting_id(house, &bernard));
        pass(house, PEOPLE_APPROVAL_MS);
        assert_int_equal(
                ask(house, &bernard, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                -ENOENT);
        act_people_tick(&house->world);
        act_people_tick(&house->world);
        assert_int_equal(records(house, RECORD_TYPE_APPROVAL_GIVEN, "\"expired\""), 1);
        assert_int_equal(view_get(house->world.journal, "approval", id, &json, NULL, NULL), 0);
        assert_string_equal(text_of(json, NULL, "state"), "expired");
        json_decref(json);
}

static void whoever_asked_must_still_be_somebody(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house), bernard = other(house, &anne, "Bernard", "director");
        const char *id;

        assert_int_equal(ask(house, &bernard, "journal.erase", erasure(), NULL, NULL), 0);
        id = waiting_id(house, &anne);
        assert_int_equal(ask(house, &anne, "account.change",
                             json_pack("{s:s, s:b}", "account", bernard.account, "enabled", 0), NULL, NULL),
                         0);
        assert_int_equal(ask(house, &anne, "approval.agree", json_pack("{s:s}", "approval", id), NULL, NULL),
                         -EACCES);
        assert_int_equal(records(house, RECORD_TYPE_APPROVAL_GIVEN, NULL), 0);
}

/* What one who asks gets as a document, so that views may be made again from the journal. */
static void accounts_are_documents_of_the_journal(void **state)
{
        struct house *house = *state;
        struct act_caller anne = first(house);
        json_t *json = NULL;

        other(house, &anne, "Bernard", "responder");
        assert_int_equal(view_get(house->world.journal, "account",
                                  people_account_named(house->world.people, "Bernard")->id.text, &json, NULL,
                                  NULL),
                         0);
        assert_string_equal(text_of(json, NULL, "name"), "Bernard");
        assert_null(json_object_get(json, "password"));
        json_decref(json);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        const struct CMUnitTest tests[] = {
                T(the_first_account_comes_by_the_link),
                T(nothing_secret_is_in_the_journal),
                T(guessing_does_not_fill_the_journal),
                T(roles_decide_who_makes_accounts),
                T(a_token_touches_no_account),
                T(a_password_is_changed_by_whoever_knows_it),
                T(the_second_factor_from_begin_to_sheet),
                T(the_sheet_is_a_paper),
                T(wrong_codes_are_counted_inside_too),
                T(one_sees_and_ends_ones_own_sessions),
                T(what_is_grave_waits_for_a_second_person),
                T(a_request_is_refused_or_withdrawn),
                T(a_request_that_nobody_decides_expires),
                T(whoever_asked_must_still_be_somebody),
                T(accounts_are_documents_of_the_journal),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
