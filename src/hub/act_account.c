/* SPDX-License-Identifier: EUPL-1.2 */
/* Accounts, their passwords and their second factors. */
#include <errno.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/act_people.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "people/login.h"

static int answer_account(struct act_call *call, const char *id)
{
        return act_people_answer(
                call, json_pack("{s:o}", "account",
                                people_account_json(people_account_find(call->world->people, id))));
}

/* ---- list ---- */

static int run_list(struct act_call *call)
{
        struct people *people = act_people(call);
        struct act_page page;

        if (!people)
                return -ENOENT;
        act_page_begin(call, &page);
        for (size_t i = 0; i < people_account_count(people); i++) {
                const struct people_account *account = people_account_at(people, i);

                if (act_page_wants(&page, account->id.text) &&
                    json_array_append_new(page.list, people_account_json(account))) {
                        json_decref(page.list);
                        return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
                }
        }
        return act_page_end(call, &page, "accounts");
}

/* ---- what needs a password hashed ---- */

struct hashing {
        struct people *people;
        struct password_job *job;
        struct id account;             /* whose password it is; unset for a new account */
        char shown[SECRET_PAPER_SIZE]; /* made by us, shown once; "" when somebody chose it */
        bool own;
        unsigned roles;
        enum language language;
};

static void release_hashing(void *context)
{
        struct hashing *hashing = context;

        account_job_free(hashing->people, hashing->job);
        explicit_bzero(hashing->shown, sizeof(hashing->shown));
        free(hashing);
}

static int work_hashing(void *context, struct error *error)
{
        struct hashing *hashing = context;

        return password_job_work(hashing->job, error);
}

/* The password as chosen, checked, or one of ours for whoever did not choose one. */
static int choose(struct act_call *call, struct hashing *hashing, const char *name, const char **ret_password)
{
        const char *chosen = act_text(call, "password");
        int r;

        if (*chosen) {
                r = password_check(chosen, name, &call->error);
                if (!r)
                        *ret_password = chosen;
                return r;
        }
        if (hashing->own)
                return act_refuse(call, -EINVAL, "il manque le nouveau mot de passe (« password »)",
                                  "the new password is missing (“password”)");
        secret_paper_make(call->world->random, hashing->shown);
        *ret_password = hashing->shown;
        return 0;
}

/* ---- make ---- */

static int end_make(void *context, struct act_call *call, int result)
{
        struct hashing *hashing = context;
        const char *author = act_people_author(call);
        struct id id;
        int r = result;

        if (!r)
                r = account_make(hashing->people, act_text(call, "name"), hashing->roles, hashing->language,
                                 password_job_made(hashing->job), true, &id, &call->error);
        if (!r)
                r = act_people_changed(call, author, id.text, "made");
        if (!r)
                r = answer_account(call, id.text);
        if (!r && hashing->shown[0])
                r = act_people_answer(call, json_pack("{s:s}", "password", hashing->shown));
        return r;
}

static int read_new(struct act_call *call, struct hashing *hashing)
{
        const char *language = act_text(call, "language");
        int r = roles_from_json(act_json(call, "roles"), &hashing->roles, &call->error);

        if (!r)
                r = account_name_check(hashing->people, act_text(call, "name"), &call->error);
        if (!r && !hashing->roles)
                r = act_refuse(call, -EINVAL, "un compte a au moins un rôle",
                               "an account has at least one role");
        if (!r && *language && language_parse(language, &hashing->language))
                r = act_refuse(call, -EINVAL, "la langue est « fr » ou « en »",
                               "the language is “fr” or “en”");
        return r;
}

static struct hashing *begin_hashing(struct act_call *call, struct people *people)
{
        struct hashing *hashing = calloc(1, sizeof(*hashing));

        if (!hashing) {
                act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
                return NULL;
        }
        hashing->people = people;
        hashing->language = call->world->config->structure.language;
        return hashing;
}

static int run_make(struct act_call *call)
{
        struct people *people = act_people(call);
        struct hashing *hashing = people && act_people_author(call) ? begin_hashing(call, people) : NULL;
        const char *password = "";
        int r;

        if (!hashing)
                return call->error.code;
        r = read_new(call, hashing);
        if (!r)
                r = choose(call, hashing, act_text(call, "name"), &password);
        if (!r)
                r = account_job_new(people, NULL, NULL, password, &hashing->job, &call->error);
        if (r) {
                release_hashing(hashing);
                return r;
        }
        call->work = (struct act_work){work_hashing, end_make, release_hashing, hashing};
        return 0;
}

/* ---- change ---- */

static int run_change(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL;
        const struct people_account *account = author ? act_people_account(call, people) : NULL;
        const char *name = act_text(call, "name"), *word = act_text(call, "language");
        bool enabled = act_flag(call, "enabled");
        enum language language;
        unsigned roles;
        int r = 0;

        if (!account)
                return call->error.code;
        const struct account_change change = {
                .name = *name ? name : NULL,
                .roles = act_is_given(call, "roles") ? &roles : NULL,
                .language = *word ? &language : NULL,
                .enabled = json_is_boolean(act_json(call, "enabled")) ? &enabled : NULL,
        };
        if (change.roles)
                r = roles_from_json(act_json(call, "roles"), &roles, &call->error);
        if (!r && *word && language_parse(word, &language))
                r = act_refuse(call, -EINVAL, "la langue est « fr » ou « en »",
                               "the language is “fr” or “en”");
        if (!r)
                r = account_change(people, account->id.text, &change, &call->error);
        if (!r)
                r = act_people_changed(call, author, account->id.text,
                                       !change.enabled ? "changed"
                                       : enabled       ? "enabled"
                                                       : "disabled");
        return r ? r : answer_account(call, account->id.text);
}

/* One's own language is one's own affair. */
static int run_language(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct people_account *account =
                people && act_people_author(call) ? people_account_find(people, call->caller->account) : NULL;
        enum language language;
        const struct account_change change = {.language = &language};
        int r;

        if (!account && call->error.code)
                return call->error.code;
        if (!account)
                return act_refuse(call, -ENOENT, "il faut être connecté avec un compte",
                                  "sign in with an account");
        if (language_parse(act_text(call, "language"), &language))
                return act_refuse(call, -EINVAL, "la langue est « fr » ou « en »",
                                  "the language is “fr” or “en”");
        r = account_change(people, account->id.text, &change, &call->error);
        if (!r)
                r = act_people_changed(call, account->name, account->id.text, "language");
        return r ? r : answer_account(call, account->id.text);
}

/* ---- password ---- */

/* The old sessions are over, this one too: whoever changed their own goes on in a new one. */
static int go_on(struct act_call *call, struct hashing *hashing)
{
        struct people_session session;
        char cookie[PEOPLE_SECRET_SIZE];
        int r = people_session_open(hashing->people, hashing->account.text, cookie, &session, &call->error);

        if (r)
                return r;
        strcpy(call->set_cookie, cookie);
        explicit_bzero(cookie, sizeof(cookie));
        return act_people_show(call, &session);
}

static int end_password(void *context, struct act_call *call, int result)
{
        struct hashing *hashing = context;
        const char *id = hashing->account.text;
        const char *author = act_people_author(call);
        int r = result;

        if (!r && hashing->own && !password_job_fits(hashing->job)) {
                login_wrong(hashing->people, id, call->caller->address);
                return act_refuse(call, -EACCES, "le mot de passe actuel n’est pas le bon",
                                  "the present password is not right");
        }
        if (!r)
                r = account_set_password(hashing->people, id, password_job_made(hashing->job), !hashing->own,
                                         &call->error);
        if (!r)
                r = act_people_changed(call, author, id, hashing->own ? "password" : "password-given");
        if (!r)
                r = answer_account(call, id);
        if (!r && hashing->own)
                r = go_on(call, hashing);
        if (!r && hashing->shown[0])
                r = act_people_answer(call, json_pack("{s:s}", "password", hashing->shown));
        return r;
}

static int begin_password(struct act_call *call, struct hashing *hashing,
                          const struct people_account *account)
{
        const char *password = "", *id = account->id.text;
        int r = 0;

        hashing->account = account->id;
        hashing->own = act_people_is_own(call, account);
        if (!hashing->own && !act_people_is_director(call))
                return act_refuse(call, -EACCES, "seule la direction change le mot de passe d’autrui",
                                  "only a director changes somebody else’s password");
        if (hashing->own)
                r = login_pause(hashing->people, id, call->caller->address, &call->error);
        if (!r)
                r = choose(call, hashing, account->name, &password);
        if (!r && hashing->own && !strcmp(password, act_text(call, "old")))
                r = act_refuse(call, -EINVAL, "le nouveau mot de passe est l’ancien",
                               "the new password is the old one");
        if (!r)
                r = account_job_new(hashing->people, hashing->own ? id : NULL, act_text(call, "old"),
                                    password, &hashing->job, &call->error);
        return r;
}

static int run_password(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct people_account *account =
                people && act_people_author(call) ? act_people_account(call, people) : NULL;
        struct hashing *hashing = account ? begin_hashing(call, people) : NULL;
        int r;

        if (!hashing)
                return call->error.code;
        r = begin_password(call, hashing, account);
        if (r) {
                release_hashing(hashing);
                return r;
        }
        call->work = (struct act_work){work_hashing, end_password, release_hashing, hashing};
        return 0;
}

/* ---- second factor ---- */

/* Rows of true (dark) and false, from above: the console draws it without ever inserting markup. */
static json_t *qr_matrix(const char *text)
{
        QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
        json_t *rows = code ? json_array() : NULL;

        for (int y = 0; rows && y < code->width; y++) {
                json_t *row = json_array();

                for (int x = 0; row && x < code->width; x++)
                        json_array_append_new(row, json_boolean(code->data[y * code->width + x] & 1));
                json_array_append_new(rows, row);
        }
        QRcode_free(code);
        return rows;
}

/* One's own account; whoever has a second factor already shows that it is theirs before it is replaced or ended. */
static const struct people_account *own_account(struct act_call *call, struct people *people)
{
        const struct people_account *account =
                people && act_people_author(call) ? act_people_account(call, people) : NULL;

        if (!account || act_people_is_own(call, account))
                return account;
        act_refuse(call, -EACCES, "c’est à la personne elle-même de le faire",
                   "the person has to do this themselves");
        return NULL;
}

static int prove(struct act_call *call, struct people *people, const struct people_account *account)
{
        enum account_code kind;
        int r;

        if (!account->second_factor)
                return 0;
        r = login_prove(people, account->id.text, act_text(call, "code"), call->caller->address, &kind,
                        &call->error);
        if (!r && kind == ACCOUNT_CODE_RECOVERY)
                r = act_people_changed(call, account->name, account->id.text, "recovery-used");
        return r;
}

static int run_totp_begin(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct people_account *account = own_account(call, people);
        uint8_t key[TOTP_KEY_SIZE];
        char uri[TOTP_URI_SIZE], text[TOTP_TEXT_SIZE];
        int r;

        if (!account)
                return call->error.code;
        r = prove(call, people, account);
        if (!r)
                r = account_totp_begin(people, account->id.text, key, &call->error);
        if (r)
                return r;
        totp_uri(key, people_policy(people)->issuer, account->name, uri);
        totp_key_text(key, text);
        r = act_people_answer(call,
                              json_pack("{s:s, s:s, s:o}", "uri", uri, "secret", text, "qr", qr_matrix(uri)));
        explicit_bzero(key, sizeof(key));
        explicit_bzero(uri, sizeof(uri));
        explicit_bzero(text, sizeof(text));
        return r;
}

static int run_totp_confirm(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct people_account *account = own_account(call, people);
        int r;

        if (!account)
                return call->error.code;
        r = account_totp_confirm(people, account->id.text, act_text(call, "code"), &call->error);
        if (!r) /* whoever was in without it is out */
                r = people_session_end_all(people, account->id.text, call->caller->session, &call->error);
        if (!r)
                r = act_people_changed(call, account->name, account->id.text, "second-factor");
        return r ? r : answer_account(call, account->id.text);
}

/* One's own is replaced, not removed: a stolen session must not take the lock off the door. */
static int run_totp_end(struct act_call *call)
{
        struct people *people = act_people(call);
        const char *author = people ? act_people_author(call) : NULL;
        const struct people_account *account = author ? act_people_account(call, people) : NULL;
        int r;

        if (!account)
                return call->error.code;
        if (act_people_is_own(call, account))
                return act_refuse(
                        call, -EACCES,
                        "on remplace son second facteur ; pour le retirer, demandez à une autre personne de "
                        "la direction",
                        "one replaces one’s second factor; to remove it, ask another director");
        r = account_totp_end(people, account->id.text, &call->error);
        if (!r)
                r = people_session_end_all(people, account->id.text, "", &call->error);
        if (!r)
                r = act_people_changed(call, author, account->id.text, "second-factor-removed");
        return r ? r : answer_account(call, account->id.text);
}

/* ---- rows ---- */

/* The account, as the path names it. */
#define ACCOUNT                                                                                              \
        {                                                                                                    \
                .name = "account", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                           \
                .fr = "identifiant du compte, ou « me »", .en = "id of the account, or “me”"             \
        }
#define CODE(required)                                                                                       \
        {                                                                                                    \
                .name = "code", .type = ACT_TEXT, .flags = ACT_SECRET | (required), .max = 63,               \
                .fr = "les six chiffres du téléphone, ou un code de la feuille de secours",                  \
                .en = "the six digits of the telephone, or a code of the recovery sheet"                     \
        }
#define LANGUAGE(required)                                                                                   \
        {                                                                                                    \
                .name = "language", .type = ACT_TEXT, .flags = (required), .max = 2, .fr = "fr ou en",       \
                .en = "fr or en"                                                                             \
        }
#define ROLES(required)                                                                                      \
        {                                                                                                    \
                .name = "roles", .type = ACT_JSON, .flags = (required), .max = 256,                          \
                .fr = "liste de rôles : declarant, responder, dpo, director, auditor",                       \
                .en = "list of roles: declarant, responder, dpo, director, auditor"                          \
        }

static const struct act_param make_params[] = {
        {.name = "name",
         .type = ACT_TEXT,
         .flags = ACT_REQUIRED,
         .max = PEOPLE_NAME_SIZE - 1,
         .fr = "nom, qui signe les actes",
         .en = "name, which signs acts"},
        ROLES(ACT_REQUIRED),
        LANGUAGE(0),
        {.name = "password",
         .type = ACT_TEXT,
         .flags = ACT_SECRET,
         .max = 256,
         .fr = "à changer dès la première connexion ; absent : Garde en donne un",
         .en = "to be changed at the first login; absent: Garde gives one"},
        {0}};
static const struct act_param change_params[] = {
        ACCOUNT,
        {.name = "name",
         .type = ACT_TEXT,
         .max = PEOPLE_NAME_SIZE - 1,
         .fr = "nouveau nom",
         .en = "new name"},
        ROLES(0),
        LANGUAGE(0),
        {.name = "enabled", .type = ACT_BOOLEAN, .fr = "peut se connecter", .en = "may sign in"},
        {0}};
static const struct act_param language_params[] = {LANGUAGE(ACT_REQUIRED), {0}};
static const struct act_param password_params[] = {
        ACCOUNT,
        {.name = "old",
         .type = ACT_TEXT,
         .flags = ACT_SECRET,
         .max = 256,
         .fr = "le mot de passe actuel, pour changer le sien",
         .en = "the present password, to change one’s own"},
        {.name = "password",
         .type = ACT_TEXT,
         .flags = ACT_SECRET,
         .max = 256,
         .fr = "le nouveau ; absent pour autrui : Garde en donne un",
         .en = "the new one; absent for somebody else: Garde gives one"},
        {0}};
static const struct act_param account_params[] = {ACCOUNT, {0}};
static const struct act_param code_params[] = {ACCOUNT, CODE(0), {0}};
static const struct act_param confirm_params[] = {ACCOUNT, CODE(ACT_REQUIRED), {0}};

static const struct act acts[] = {
        {.name = "account.list",
         .method = ACT_GET,
         .path = "/accounts",
         .roles = ACT_LAW | ACT_ROLE(AUDITOR),
         .flags = ACT_PAGED,
         .result = "AccountList",
         .fr = "Les comptes",
         .en = "The accounts",
         .run = run_list},
        {.name = "account.make",
         .method = ACT_POST,
         .path = "/accounts",
         .roles = ACT_ROLE(DIRECTOR),
         .result = "AccountAnswer",
         .fr = "Créer un compte ; son mot de passe n’est montré qu’une fois",
         .en = "Make an account; its password is shown once",
         .params = make_params,
         .run = run_make},
        {.name = "account.change",
         .method = ACT_PUT,
         .path = "/accounts/{account}",
         .roles = ACT_ROLE(DIRECTOR),
         .result = "AccountAnswer",
         .fr = "Changer le nom, les rôles, la langue d’un compte, le fermer ou le rouvrir",
         .en = "Change an account’s name, roles or language, disable or enable it",
         .params = change_params,
         .run = run_change},
        {.name = "account.language",
         .method = ACT_PUT,
         .path = "/session/language",
         .flags = ACT_OWN,
         .result = "AccountAnswer",
         .fr = "Changer sa propre langue",
         .en = "Change one’s own language",
         .params = language_params,
         .run = run_language},
        {.name = "account.password",
         .method = ACT_POST,
         .path = "/accounts/{account}/password",
         .flags = ACT_OWN,
         .result = "PasswordAnswer",
         .fr = "Changer son mot de passe ; la direction en redonne un à autrui. Toutes les sessions se "
               "ferment",
         .en = "Change one’s password; a director gives somebody a new one. All sessions end",
         .params = password_params,
         .run = run_password},
        {.name = "account.totp.begin",
         .method = ACT_POST,
         .path = "/accounts/{account}/totp",
         .flags = ACT_OWN,
         .result = "Totp",
         .fr = "Ajouter un second facteur : une clé pour le téléphone, avec son QR (lignes de vrai et de "
               "faux)",
         .en = "Add a second factor: a key for the telephone, with its QR code (rows of true and false)",
         .params = code_params,
         .run = run_totp_begin},
        {.name = "account.totp.confirm",
         .method = ACT_PUT,
         .path = "/accounts/{account}/totp",
         .flags = ACT_OWN,
         .result = "AccountAnswer",
         .fr = "Confirmer le second facteur par un premier code",
         .en = "Confirm the second factor by a first code",
         .params = confirm_params,
         .run = run_totp_confirm},
        {.name = "account.totp.end",
         .method = ACT_DELETE,
         .path = "/accounts/{account}/totp",
         .roles = ACT_ROLE(DIRECTOR),
         .result = "AccountAnswer",
         .fr = "Retirer le second facteur d’autrui, perdu avec sa feuille de secours",
         .en = "Remove somebody else’s second factor, lost together with the recovery sheet",
         .params = account_params,
         .run = run_totp_end},
};

const struct act_table acts_account = {acts, ARRAY_LEN(acts)};
