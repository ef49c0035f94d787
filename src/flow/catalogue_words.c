/* SPDX-License-Identifier: EUPL-1.2 */
/* Facts in words, and words into facts: what a person types and what a form prints. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/word.h"
#include "flow/catalogue.h"

#define TYPED_MAX FACT_TEXT_MAX

static bool is_one_of(const char *typed, const char *const *words, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (!strcasecmp(typed, words[i]))
                        return true;
        return false;
}

static bool typed_is_unknown(const char *typed)
{
        static const char *const words[] = {
                "je ne sais pas", "?",      "inconnu", "inconnue", "nsp", "i don't know", "i don’t know",
                "i do not know",  "unknown"};

        return is_one_of(typed, words, ARRAY_LEN(words));
}

static json_t *answer_boolean(const char *typed)
{
        static const char *const yes[] = {"oui", "yes", "true", "vrai", "o", "y"};
        static const char *const no[] = {"non", "no", "false", "faux", "n"};

        if (is_one_of(typed, yes, ARRAY_LEN(yes)))
                return json_true();
        return is_one_of(typed, no, ARRAY_LEN(no)) ? json_false() : NULL;
}

/* "1 234,5", "1 234.5" with plain or (narrow) no-break spaces between groups. */
static json_t *answer_number(const char *typed)
{
        char plain[64], *end;
        size_t used = 0;

        for (const char *p = typed; *p; p++) {
                if (!strncmp(p, "\u202f", 3)) {
                        p += 2;
                        continue;
                }
                if (!strncmp(p, "\u00a0", 2)) {
                        p += 1;
                        continue;
                }
                if (*p == ' ')
                        continue;
                if (used == sizeof(plain) - 1 || !strchr("0123456789.,-+", *p))
                        return NULL;
                plain[used++] = *p == ',' ? '.' : *p;
        }
        plain[used] = '\0';
        double number = strtod(plain, &end);
        if (!used || *end || !isfinite(number))
                return NULL;
        /* Beyond 2^53 a double no longer holds every whole number. */
        if (number == floor(number) && fabs(number) <= 9007199254740992.0)
                return json_integer((json_int_t)number);
        return json_real(number);
}

static json_t *answer_choice(const struct fact_kind *kind, const char *typed)
{
        for (size_t i = 0; i < kind->choice_count; i++) {
                const struct fact_choice *choice = &kind->choices[i];

                if (!strcasecmp(typed, choice->word) || !strcasecmp(typed, choice->label.fr) ||
                    !strcasecmp(typed, choice->label.en))
                        return json_string(choice->word);
        }
        return NULL;
}

static json_t *answer_time(const char *typed)
{
        char text[TIME_TEXT_SIZE];
        int64_t ms;

        if (time_parse_typed(typed, &ms))
                return NULL;
        time_format(ms, text);
        return json_string(text);
}

static json_t *answer_value(const struct fact_kind *kind, const char *typed)
{
        switch (kind->type) {
        case FACT_TYPE_BOOLEAN:
                return answer_boolean(typed);
        case FACT_TYPE_NUMBER:
                return answer_number(typed);
        case FACT_TYPE_CHOICE:
                return answer_choice(kind, typed);
        case FACT_TYPE_TIME:
                return answer_time(typed);
        default:
                return json_string(typed);
        }
}

static void answer_wanted(const struct fact_kind *kind, enum language language, struct buffer *wanted)
{
        static const char *const plain[][LANGUAGE_COUNT] = {
                [FACT_TYPE_BOOLEAN] = {"oui ou non", "yes or no"},
                [FACT_TYPE_NUMBER] = {"un nombre", "a number"},
                [FACT_TYPE_TEXT] = {"un texte", "a text"},
                [FACT_TYPE_CHOICE] = {"un des choix", "one of the choices"},
                [FACT_TYPE_TIME] = {"une date et une heure comme 2020-03-22 11:05",
                                    "a time such as 2020-03-22 11:05"},
        };

        for (size_t i = 0; i < kind->choice_count; i++) {
                const struct fact_choice *choice = &kind->choices[i];
                const char *label = language_pick(language, choice->label.fr, choice->label.en);

                buffer_format(wanted, "%s%s", i ? ", " : language_pick(language, "un mot parmi ", "one of "),
                              choice->word);
                if (strcasecmp(label, choice->word))
                        buffer_format(wanted, language_pick(language, " (« %s »)", " (“%s”)"), label);
        }
        if (kind->type == FACT_TYPE_NUMBER && kind->least > -1e15 && kind->most < 1e15)
                buffer_format(
                        wanted,
                        language_pick(language, "un nombre de %.15g à %.15g", "a number from %.15g to %.15g"),
                        kind->least, kind->most);
        else if (kind->type == FACT_TYPE_NUMBER && kind->least > -1e15)
                buffer_format(
                        wanted,
                        language_pick(language, "un nombre d’au moins %.15g", "a number of at least %.15g"),
                        kind->least);
        if (!wanted->length)
                buffer_text(wanted, plain[kind->type][language]);
}

static int answer_fault(const struct fact_kind *kind, const char *typed, struct error *error)
{
        struct buffer fr = BUFFER_INIT(512), en = BUFFER_INIT(512);

        answer_wanted(kind, LANGUAGE_FR, &fr);
        answer_wanted(kind, LANGUAGE_EN, &en);
        error_say_in(error, -EINVAL, LANGUAGE_FR,
                     "%s : « %.40s » n’est pas une réponse ; attendu : %s, ou « je ne sais pas »", kind->name,
                     typed, buffer_string(&fr));
        error_say_in(error, -EINVAL, LANGUAGE_EN,
                     "%s: \"%.40s\" is not an answer; expected %s, or \"unknown\"", kind->name, typed,
                     buffer_string(&en));
        buffer_release(&fr);
        buffer_release(&en);
        return -EINVAL;
}

static int no_such_fact(const struct catalogue *catalogue, const char *name, struct error *error)
{
        unsigned best = word_reach(name);
        const char *near = NULL;

        for (size_t i = 0; i < catalogue->count; i++)
                if (word_is_nearer(name, catalogue->kinds[i].name, &best))
                        near = catalogue->kinds[i].name;
        if (near)
                return error_say(
                        error, -EINVAL,
                        "il n’y a pas de fait « %.64s » ; « %s » peut-être ? La liste : garde fact list",
                        "there is no fact \"%.64s\"; \"%s\" perhaps? The list: garde fact list", name, near);
        return error_say(error, -EINVAL, "il n’y a pas de fait « %.64s » ; la liste : garde fact list",
                         "there is no fact \"%.64s\"; the list: garde fact list", name);
}

int catalogue_answer(const struct catalogue *catalogue, const char *name, const char *typed,
                     const char *author, int64_t at_ms, const struct clock *clock, struct fact *ret_fact,
                     struct error *error)
{
        const struct fact_kind *kind = catalogue_find(catalogue, name);
        struct fact fact = {.state = FACT_STATE_UNKNOWN, .entered_ms = clock_wall_ms(clock)};

        if (!kind)
                return no_such_fact(catalogue, name, error);
        if (!*author || strlen(author) >= sizeof(fact.author))
                return error_say(error, -EINVAL, "qui répond ? Il faut un nom de 1 à %zu octets",
                                 "who answers? a name of 1 to %zu bytes is needed", sizeof(fact.author) - 1);
        if (!*typed || strlen(typed) > TYPED_MAX)
                return answer_fault(kind, typed, error);
        memcpy(fact.name, kind->name, sizeof(fact.name));
        strcpy(fact.author, author);
        fact.at_ms = at_ms ? at_ms : fact.entered_ms;
        if (!typed_is_unknown(typed)) {
                fact.state = FACT_STATE_KNOWN;
                fact.value = answer_value(kind, typed);
                if (!fact.value)
                        return answer_fault(kind, typed, error);
        }
        int r = catalogue_check(catalogue, &fact, NULL);
        if (r) {
                fact_release(&fact);
                return kind->by_person && !author_is_person(author)
                               ? error_say(error, r,
                                           "%s doit être tranché par une personne nommée, et non par « %s »",
                                           "%s is for a named person to settle, not for \"%s\"", kind->name,
                                           author)
                               : answer_fault(kind, typed, error);
        }
        *ret_fact = fact;
        return 0;
}

int moment_text(int64_t wall_ms, struct bitext *ret_text)
{
        static const char *const days[][2] = {{"dimanche", "Sunday"}, {"lundi", "Monday"},
                                              {"mardi", "Tuesday"},   {"mercredi", "Wednesday"},
                                              {"jeudi", "Thursday"},  {"vendredi", "Friday"},
                                              {"samedi", "Saturday"}};
        static const char *const months[][2] = {
                {"janvier", "January"}, {"février", "February"},  {"mars", "March"},
                {"avril", "April"},     {"mai", "May"},           {"juin", "June"},
                {"juillet", "July"},    {"août", "August"},       {"septembre", "September"},
                {"octobre", "October"}, {"novembre", "November"}, {"décembre", "December"}};
        time_t seconds = (time_t)(wall_ms / 1000);
        char fr[128], en[128];
        struct tm local;

        tzset();
        if (!localtime_r(&seconds, &local))
                return -EINVAL;
        snprintf(fr, sizeof(fr), "%s %d%s %s %d à %d h %02d (%s)", days[local.tm_wday][0], local.tm_mday,
                 local.tm_mday == 1 ? "er" : "", months[local.tm_mon][0], local.tm_year + 1900, local.tm_hour,
                 local.tm_min, local.tm_zone);
        snprintf(en, sizeof(en), "%s %d %s %d at %d:%02d (%s)", days[local.tm_wday][1], local.tm_mday,
                 months[local.tm_mon][1], local.tm_year + 1900, local.tm_hour, local.tm_min, local.tm_zone);
        return bitext_set(ret_text, fr, en);
}

/* Groups of three: a no-break space in French (the narrow one, as printers set it), a comma in English. */
static void grouped(double number, const char *separator, char decimal, char *text, size_t size)
{
        char digits[64];
        bool round = number == floor(number) || fabs(number) >= 1000;
        int whole = snprintf(digits, sizeof(digits), round ? "%.0f" : "%.2f", number);
        size_t used = 0;

        for (int i = 0, point = (int)strcspn(digits, "."); i < whole && used + 8 < size; i++) {
                if (i > 0 && i < point && (point - i) % 3 == 0 && digits[i - 1] != '-') {
                        strcpy(text + used, separator);
                        used += strlen(separator);
                }
                text[used++] = i == point ? decimal : digits[i];
        }
        text[used] = '\0';
}

int figure_text(double number, struct bitext *ret_text)
{
        char fr[128], en[128];

        grouped(number, "\u202f", ',', fr, sizeof(fr));
        grouped(number, ",", '.', en, sizeof(en));
        return bitext_set(ret_text, fr, en);
}

static int number_text(const struct fact_kind *kind, double number, struct bitext *ret_text)
{
        const char *unit_fr = kind && kind->unit.fr ? kind->unit.fr : "";
        const char *unit_en = kind && kind->unit.en ? kind->unit.en : "";
        CLEANUP(bitext_release) struct bitext figure = BITEXT_INIT;
        CLEANUP(buffer_release) struct buffer fr = BUFFER_INIT(512), en = BUFFER_INIT(512);

        if (figure_text(number, &figure))
                return -ENOMEM;
        buffer_format(&fr, "%s%s%s", figure.fr, *unit_fr ? "\u00a0" : "", unit_fr);
        buffer_format(&en, "%s%s%s", figure.en, *unit_en ? " " : "", unit_en);
        return bitext_set(ret_text, buffer_string(&fr), buffer_string(&en));
}

static int string_text(const struct fact_kind *kind, const char *value, struct bitext *ret_text)
{
        int64_t ms;

        if (kind && kind->type == FACT_TYPE_TIME && !time_parse(value, &ms))
                return moment_text(ms, ret_text);
        for (size_t i = 0; kind && i < kind->choice_count; i++)
                if (!strcmp(kind->choices[i].word, value))
                        return bitext_copy(ret_text, &kind->choices[i].label);
        return *value ? bitext_set(ret_text, value, value) : bitext_set(ret_text, "néant", "none");
}

int fact_text(const struct fact_kind *kind, const struct fact *fact, struct bitext *ret_text)
{
        if (!fact || fact->state == FACT_STATE_NOT_ASKED)
                return bitext_set(ret_text, "inconnu à ce stade (question pas encore posée)",
                                  "unknown at this stage (not asked yet)");
        if (fact->state == FACT_STATE_UNKNOWN)
                return bitext_set(ret_text, "je ne sais pas (inconnu à ce stade)",
                                  "I do not know (unknown at this stage)");
        if (json_is_boolean(fact->value))
                return json_is_true(fact->value) ? bitext_set(ret_text, "oui", "yes")
                                                 : bitext_set(ret_text, "non", "no");
        if (json_is_number(fact->value))
                return number_text(kind, json_number_value(fact->value), ret_text);
        return string_text(kind, json_string_value(fact->value), ret_text);
}
