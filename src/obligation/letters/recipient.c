/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/letters/recipient.h"

#include <errno.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define WORD(name, word) word,
static const char *const words[] = {RECIPIENT_COLUMNS(WORD)};

/* As they come out of plain(): small letters and digits alone. */
static const struct {
        enum recipient_column column;
        const char *name;
} names[] = {
        {RECIPIENT_CIVILITY, "civilite"},
        {RECIPIENT_CIVILITY, "titre"},
        {RECIPIENT_CIVILITY, "title"},
        {RECIPIENT_CIVILITY, "salutation"},
        {RECIPIENT_CIVILITY, "civility"},
        {RECIPIENT_FIRST, "prenom"},
        {RECIPIENT_FIRST, "prenoms"},
        {RECIPIENT_FIRST, "firstname"},
        {RECIPIENT_FIRST, "givenname"},
        {RECIPIENT_FIRST, "forename"},
        {RECIPIENT_LAST, "nom"},
        {RECIPIENT_LAST, "nomdefamille"},
        {RECIPIENT_LAST, "nomusuel"},
        {RECIPIENT_LAST, "nomdusage"},
        {RECIPIENT_LAST, "lastname"},
        {RECIPIENT_LAST, "surname"},
        {RECIPIENT_LAST, "familyname"},
        {RECIPIENT_NAME, "nomcomplet"},
        {RECIPIENT_NAME, "nomprenom"},
        {RECIPIENT_NAME, "nometprenom"},
        {RECIPIENT_NAME, "prenomnom"},
        {RECIPIENT_NAME, "destinataire"},
        {RECIPIENT_NAME, "patient"},
        {RECIPIENT_NAME, "name"},
        {RECIPIENT_NAME, "fullname"},
        {RECIPIENT_NAME, "recipient"},
        {RECIPIENT_ADDRESS, "adresse"},
        {RECIPIENT_ADDRESS, "address"},
        {RECIPIENT_ADDRESS, "adressepostale"},
        {RECIPIENT_ADDRESS, "postaladdress"},
        {RECIPIENT_ADDRESS1, "adresse1"},
        {RECIPIENT_ADDRESS1, "address1"},
        {RECIPIENT_ADDRESS1, "ligne1"},
        {RECIPIENT_ADDRESS1, "line1"},
        {RECIPIENT_ADDRESS1, "rue"},
        {RECIPIENT_ADDRESS1, "voie"},
        {RECIPIENT_ADDRESS1, "street"},
        {RECIPIENT_ADDRESS1, "adresseligne1"},
        {RECIPIENT_ADDRESS1, "addressline1"},
        {RECIPIENT_ADDRESS2, "adresse2"},
        {RECIPIENT_ADDRESS2, "address2"},
        {RECIPIENT_ADDRESS2, "ligne2"},
        {RECIPIENT_ADDRESS2, "line2"},
        {RECIPIENT_ADDRESS2, "complement"},
        {RECIPIENT_ADDRESS2, "batiment"},
        {RECIPIENT_ADDRESS2, "complementdadresse"},
        {RECIPIENT_ADDRESS2, "addressline2"},
        {RECIPIENT_ADDRESS2, "adresseligne2"},
        {RECIPIENT_ADDRESS3, "adresse3"},
        {RECIPIENT_ADDRESS3, "address3"},
        {RECIPIENT_ADDRESS3, "ligne3"},
        {RECIPIENT_ADDRESS3, "line3"},
        {RECIPIENT_ADDRESS3, "lieudit"},
        {RECIPIENT_POSTCODE, "codepostal"},
        {RECIPIENT_POSTCODE, "cp"},
        {RECIPIENT_POSTCODE, "postcode"},
        {RECIPIENT_POSTCODE, "postalcode"},
        {RECIPIENT_POSTCODE, "zip"},
        {RECIPIENT_POSTCODE, "zipcode"},
        {RECIPIENT_CITY, "ville"},
        {RECIPIENT_CITY, "commune"},
        {RECIPIENT_CITY, "localite"},
        {RECIPIENT_CITY, "city"},
        {RECIPIENT_CITY, "town"},
        {RECIPIENT_COUNTRY, "pays"},
        {RECIPIENT_COUNTRY, "country"},
        {RECIPIENT_REFERENCE, "reference"},
        {RECIPIENT_REFERENCE, "ref"},
        {RECIPIENT_REFERENCE, "numero"},
        {RECIPIENT_REFERENCE, "dossier"},
        {RECIPIENT_REFERENCE, "ipp"},
        {RECIPIENT_REFERENCE, "number"},
        {RECIPIENT_LANGUAGE, "langue"},
        {RECIPIENT_LANGUAGE, "language"},
};

const char *recipient_column_word(enum recipient_column column)
{
        return (unsigned)column < RECIPIENT_COLUMN_COUNT ? words[column] : "?";
}

/* "Code postal :" → "codepostal", "Prénom" → "prenom". */
static void plain(const char *name, char *ret_plain, size_t size)
{
        g_autofree char *apart = g_utf8_normalize(name, -1, G_NORMALIZE_NFKD);
        size_t used = 0;

        for (const char *at = apart; at && *at && used + 1 < size; at++)
                if (g_ascii_isalnum(*at))
                        ret_plain[used++] = g_ascii_tolower(*at);
        ret_plain[used] = '\0';
}

static void map_one(struct recipient_map *map, const char *name, size_t column)
{
        char word[64];

        plain(name, word, sizeof(word));
        for (size_t i = 0; i < ARRAY_LEN(names); i++)
                if (!strcmp(names[i].name, word) && map->columns[names[i].column] == SIZE_MAX)
                        map->columns[names[i].column] = column;
}

static bool has(const struct recipient_map *map, enum recipient_column column)
{
        return map->columns[column] != SIZE_MAX;
}

int recipient_map(const struct csv *csv, struct recipient_map *ret_map, struct error *error)
{
        struct recipient_map map;

        for (size_t i = 0; i < RECIPIENT_COLUMN_COUNT; i++)
                map.columns[i] = SIZE_MAX;
        for (size_t i = 0; i < csv_columns(csv); i++)
                map_one(&map, csv_name(csv, i), i);
        if (!has(&map, RECIPIENT_NAME) && !has(&map, RECIPIENT_LAST))
                return error_say(error, -EINVAL,
                                 "aucune colonne ne porte un nom ; sont reconnues : nom, prénom, nom complet",
                                 "no column holds a name; known are: last name, first name, full name");
        if (!has(&map, RECIPIENT_ADDRESS) && !(has(&map, RECIPIENT_POSTCODE) && has(&map, RECIPIENT_CITY)))
                return error_say(
                        error, -EINVAL,
                        "aucune colonne ne porte une adresse ; sont reconnues : adresse, adresse 1 à 3, code "
                        "postal, ville, pays",
                        "no column holds an address; known are: address, address 1 to 3, postcode, city, "
                        "country");
        *ret_map = map;
        return 0;
}

/* Without the blanks round it, line ends and tabs made spaces, cut on a character. */
static void tidy(const char *text, char *ret_text, size_t size)
{
        size_t used = 0;

        for (; *text; text++) {
                unsigned char c = (unsigned char)*text;

                if (c <= ' ' && (!used || ret_text[used - 1] == ' '))
                        continue;
                if (used + 1 == size)
                        break;
                ret_text[used++] = c <= ' ' ? ' ' : (char)c;
        }
        /* Cut within a character: its beginning goes too. */
        if (*text && ((unsigned char)*text & 0xc0) == 0x80) {
                while (used && ((unsigned char)ret_text[used - 1] & 0xc0) == 0x80)
                        used--;
                used -= used > 0;
        }
        while (used && ret_text[used - 1] == ' ')
                used--;
        ret_text[used] = '\0';
}

static void take(const struct csv *csv, const struct recipient_map *map, enum recipient_column column,
                 char *ret_text, size_t size)
{
        ret_text[0] = '\0';
        if (has(map, column))
                tidy(csv_cell(csv, map->columns[column]), ret_text, size);
}

static void add_line(struct recipient *recipient, const char *line)
{
        if (line[0] && recipient->line_count < RECIPIENT_LINES_MAX)
                snprintf(recipient->lines[recipient->line_count++], RECIPIENT_LINE_SIZE, "%s", line);
}

/* An address in one cell may hold several lines. False when one is too long for a line: it is not cut, but told. */
static bool add_lines(struct recipient *recipient, const char *text)
{
        while (*text) {
                size_t length = strcspn(text, "\n");
                char raw[RECIPIENT_LINE_SIZE], line[RECIPIENT_LINE_SIZE];

                if (length >= sizeof(raw))
                        return false;
                snprintf(raw, sizeof(raw), "%.*s", (int)length, text);
                tidy(raw, line, sizeof(line));
                add_line(recipient, line);
                text += length + (text[length] == '\n');
        }
        return true;
}

static void take_name(const struct csv *csv, const struct recipient_map *map, struct recipient *recipient)
{
        char first[RECIPIENT_LINE_SIZE], last[RECIPIENT_LINE_SIZE], line[3 * RECIPIENT_LINE_SIZE];

        take(csv, map, RECIPIENT_NAME, recipient->name, sizeof(recipient->name));
        if (!recipient->name[0]) {
                take(csv, map, RECIPIENT_FIRST, first, sizeof(first));
                take(csv, map, RECIPIENT_LAST, last, sizeof(last));
                snprintf(line, sizeof(line), "%s%s%s", first, first[0] && last[0] ? " " : "", last);
                tidy(line, recipient->name, sizeof(recipient->name));
        }
        take(csv, map, RECIPIENT_CIVILITY, recipient->civility, sizeof(recipient->civility));
        snprintf(line, sizeof(line), "%s%s%s", recipient->civility, recipient->civility[0] ? " " : "",
                 recipient->name);
        tidy(line, first, sizeof(first));
        add_line(recipient, first);
}

/* The last line of a French address: postcode and town in capitals (NF Z 10-011). */
static void take_town(const struct csv *csv, const struct recipient_map *map, struct recipient *recipient)
{
        char postcode[32], city[RECIPIENT_LINE_SIZE], line[RECIPIENT_LINE_SIZE + 40];
        g_autofree char *capitals = NULL;

        take(csv, map, RECIPIENT_POSTCODE, postcode, sizeof(postcode));
        take(csv, map, RECIPIENT_CITY, city, sizeof(city));
        capitals = g_utf8_strup(city, -1);
        snprintf(line, sizeof(line), "%s%s%s", postcode, postcode[0] && city[0] ? " " : "", capitals);
        tidy(line, city, sizeof(city));
        add_line(recipient, city);
}

static void take_language(const struct csv *csv, const struct recipient_map *map, struct recipient *recipient)
{
        char word[16];

        take(csv, map, RECIPIENT_LANGUAGE, word, sizeof(word));
        for (char *at = word; *at; at++)
                *at = g_ascii_tolower(*at);
        word[2] = '\0';
        recipient->has_language = language_parse(word, &recipient->language) == 0;
}

int recipient_read(const struct csv *csv, const struct recipient_map *map, struct recipient *ret_recipient,
                   struct error *why)
{
        struct recipient recipient = {0};
        char country[RECIPIENT_LINE_SIZE];

        take_name(csv, map, &recipient);
        if (!recipient.name[0])
                return error_say(why, -EINVAL, "pas de nom", "no name");
        for (enum recipient_column column = RECIPIENT_ADDRESS; column <= RECIPIENT_ADDRESS3; column++)
                if (has(map, column) && !add_lines(&recipient, csv_cell(csv, map->columns[column])))
                        return error_say(why, -EINVAL, "une ligne d’adresse trop longue",
                                         "a line of the address is too long");
        if (recipient.line_count > RECIPIENT_LINES_MAX - 2)
                return error_say(why, -EINVAL, "plus de lignes qu’une adresse n’en a (6)",
                                 "more lines than an address has (6)");
        take_town(csv, map, &recipient);
        if (recipient.line_count < 2)
                return error_say(why, -EINVAL, "pas d’adresse", "no address");
        take(csv, map, RECIPIENT_COUNTRY, country, sizeof(country));
        if (g_ascii_strcasecmp(country, "France") != 0)
                add_line(&recipient, country);
        take(csv, map, RECIPIENT_REFERENCE, recipient.reference, sizeof(recipient.reference));
        take_language(csv, map, &recipient);
        *ret_recipient = recipient;
        return 0;
}

int recipient_typed(const char *text, struct recipient *ret_recipient, struct error *error)
{
        struct recipient recipient = {0};

        if (!add_lines(&recipient, text) || recipient.line_count < 1)
                return error_say(error, -EINVAL, "dites à qui : le nom, puis l’adresse, une ligne chacun",
                                 "say to whom: the name, then the address, a line each");
        snprintf(recipient.name, sizeof(recipient.name), "%s", recipient.lines[0]);
        *ret_recipient = recipient;
        return 0;
}
