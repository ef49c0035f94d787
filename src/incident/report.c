/* SPDX-License-Identifier: EUPL-1.2 */
#include "incident/report.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

#define LETTERS     "ACFHJKLMPRTUWXYZ"
#define SECRET      5
#define NOT_PRECISE "non-precise"
#define DIGEST_SIZE 32
#define SUBJECT_HEX 12 /* 48 bits: two matters of one button do not meet by chance */

static int letter_value(char letter)
{
        const char *at = letter ? strchr(LETTERS, letter) : NULL;

        return at ? (int)(at - LETTERS) : -1;
}

/* Weights are odd, so that modulo 16 any one wrong letter or digit shows. */
static char check_letter(unsigned year, unsigned count, const char *letters)
{
        char text[REPORT_NUMBER_SIZE];
        unsigned sum = 0;

        snprintf(text, sizeof(text), "%04u%07u%.*s", year, count, SECRET, letters);
        for (unsigned i = 0; text[i]; i++) {
                int value = letter_value(text[i]);
                sum += (2 * i + 1) * (unsigned)(value >= 0 ? value : text[i] - '0');
        }
        return LETTERS[sum % 16];
}

static void write_number(unsigned year, unsigned count, const char *letters, struct report_number *ret_number)
{
        snprintf(ret_number->open, sizeof(ret_number->open), "G-%04u-%04u", year, count);
        snprintf(ret_number->id, sizeof(ret_number->id), "%04u-%07u", year, count);
        snprintf(ret_number->whole, sizeof(ret_number->whole), "%.14s-%.3s-%.2s%c", ret_number->open, letters,
                 letters + 3, check_letter(year, count, letters));
}

void report_number_make(unsigned year, unsigned count, const struct random *random,
                        struct report_number *ret_number)
{
        unsigned char secret[SECRET];
        char letters[SECRET + 1] = "";

        random_fill(random, secret, sizeof(secret));
        for (int i = 0; i < SECRET; i++)
                letters[i] = LETTERS[secret[i] % 16];
        write_number(year % 10000, count, letters, ret_number);
}

/* Letters and digits alone, in capitals. False when there are too many. */
static bool plain_text(const char *typed, char *plain, size_t size)
{
        size_t used = 0;

        for (; *typed; typed++) {
                if (!isalnum((unsigned char)*typed))
                        continue;
                if (used + 1 >= size)
                        return false;
                plain[used++] = (char)toupper((unsigned char)*typed);
        }
        plain[used] = '\0';
        return true;
}

int report_number_parse(const char *typed, struct report_number *ret_number)
{
        char plain[32], digits[16];
        struct report_number number;
        unsigned long year, count;
        size_t length, letters;

        if (strlen(typed) > 64 || !plain_text(typed, plain, sizeof(plain)) || plain[0] != 'G')
                return -EINVAL;
        length = strlen(plain);
        letters = length > SECRET + 1 ? length - SECRET - 1 : 0;
        if (letters < 6 || letters > 12 || strspn(plain + 1, "0123456789") != letters - 1)
                return -EINVAL;
        for (size_t i = letters; i < length; i++)
                if (letter_value(plain[i]) < 0)
                        return -EINVAL;
        snprintf(digits, sizeof(digits), "%.4s", plain + 1);
        year = strtoul(digits, NULL, 10);
        snprintf(digits, sizeof(digits), "%.*s", (int)(letters - 5), plain + 5);
        count = strtoul(digits, NULL, 10);
        if (!count || count > REPORT_COUNT_MAX ||
            plain[length - 1] != check_letter((unsigned)year, (unsigned)count, plain + letters))
                return -EINVAL;
        write_number((unsigned)year, (unsigned)count, plain + letters, &number);
        *ret_number = number;
        return 0;
}

static void digest_hex(const char *text, size_t length, char *hex, size_t digits)
{
        unsigned char digest[DIGEST_SIZE] = {0};
        unsigned size = sizeof(digest);

        EVP_Digest(text, length, digest, &size, EVP_sha256(), NULL);
        for (size_t i = 0; i < digits / 2; i++)
                snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void report_number_digest(const struct report_number *number, char ret_hex[static 65])
{
        digest_hex(number->whole, strlen(number->whole), ret_hex, 64);
}

int report_count_after(const char *newest_id, unsigned year, unsigned *ret_count)
{
        unsigned there = 0, count = 0;

        if (*newest_id && sscanf(newest_id, "%4u-%7u", &there, &count) != 2)
                return -EINVAL;
        if (there != year)
                count = 0;
        if (count >= REPORT_COUNT_MAX)
                return -E2BIG;
        *ret_count = count + 1;
        return 0;
}

/* Case and blanks do not make two addresses of one. */
static void add_normal(struct buffer *text, const char *value)
{
        for (; *value; value++) {
                char lower = (char)tolower((unsigned char)*value);
                if (!isspace((unsigned char)*value))
                        buffer_append(text, &lower, 1);
        }
        buffer_append(text, "\n", 1);
}

void report_subject(const struct playbook *playbook, const struct incident *answers,
                    char ret_subject[static 64])
{
        struct buffer text = BUFFER_INIT(PLAYBOOK_SAME_MAX * (REPORT_TEXT_MAX + 80));
        char hex[SUBJECT_HEX + 1] = "";
        bool known = false;

        for (size_t i = 0; i < playbook->entry.same_count; i++) {
                const struct fact *fact = incident_fact(answers, playbook->entry.same[i]);
                const char *value =
                        fact && fact->state == FACT_STATE_KNOWN ? json_string_value(fact->value) : NULL;
                known = known || value;
                add_normal(&text, playbook->entry.same[i]);
                add_normal(&text, value ? value : "");
        }
        digest_hex(buffer_string(&text), text.length, hex, SUBJECT_HEX);
        buffer_release(&text);
        if (known)
                snprintf(ret_subject, 64, "%.40s-%s", playbook->entry.kind, hex);
        else
                snprintf(ret_subject, 64, "%s", NOT_PRECISE);
}

int report_finding(const struct playbook *playbook, const struct incident *answers,
                   const struct report_number *number, const struct clock *clock, const struct random *random,
                   struct finding *ret_finding)
{
        struct finding finding = {.phase = FINDING_PHASE_BEGINS, .confidence = 1};
        char fr[TASK_TEXT_MAX + 96], en[TASK_TEXT_MAX + 96];

        id_make('f', clock, random, &finding.id);
        finding.seen_ms = clock_wall_ms(clock);
        strcpy(finding.sensor, FINDING_SENSOR_PERSON);
        strcpy(finding.kind, playbook->entry.kind);
        report_subject(playbook, answers, finding.subject);
        snprintf(fr, sizeof(fr), "Signalé par une personne : « %s » (%s).", playbook->entry.title.fr,
                 number->open);
        snprintf(en, sizeof(en), "Reported by a person: “%s” (%s).", playbook->entry.title.en, number->open);
        finding.evidence = json_pack("{s:s, s:s}", "report", number->open, "button", playbook->id);
        if (!finding.evidence || bitext_set(&finding.why, fr, en)) {
                finding_release(&finding);
                return -ENOMEM;
        }
        *ret_finding = finding;
        return 0;
}

bool report_fact_counts(const struct incident *incident, const struct fact *fact)
{
        const struct fact *before = incident_fact(incident, fact->name);

        if (!before || before->state == FACT_STATE_NOT_ASKED)
                return true;
        if (fact->state != FACT_STATE_KNOWN)
                return false;
        if (before->state != FACT_STATE_KNOWN)
                return true;
        return !strncmp(fact->name, "report.", 7) && json_is_true(fact->value) &&
               json_is_false(before->value);
}
