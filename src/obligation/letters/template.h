/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * template: a letter as data, one file in data/letters.
 *
 *   id: patients            version: 1           title: {fr, en}      about: {fr, en}: what it is for
 *   to: many | one | nobody     a table of recipients, one typed address, or no address at all (a notice that is put up)
 *   basis: text?                the article of law
 *   subject: {fr, en}
 *   body:
 *     - {text: {fr, en}}        a paragraph
 *     - {heading: {fr, en}}
 *     - {points: [{fr, en}, …]} a list
 *     each with   needs: [field, …]?   left out, or replaced by `otherwise: {fr, en}`, while one of these is not known
 *                 unless: [field, …]?  left out while one of these is known: what is said when nothing better can be
 *   closing: {fr, en}?          "Je vous prie de croire …"
 *
 * {field} in a text is one of LETTER_FIELDS, or a fact of the catalogue. Fields of the recipient differ from letter to letter;
 * the others are the same in all of a batch.
 */
#pragma once

#include "flow/catalogue.h"
#include "flow/text.h"

#define TEMPLATES_MAX       32
#define TEMPLATE_PARTS_MAX  48
#define TEMPLATE_NEEDS_MAX  4
#define TEMPLATE_FIELD_SIZE 64

/*
 * Of the house and the incident, with what they are called; and of the recipient. "contact" is whom to ask (GDPR art. 33(3)(b): the
 * officer or another contact point), "declarant.contact" whom to call. What a letter says of the past comes from records alone: "data.touched"
 * which answers say that personal data was hit, "filings.told" which authorities were told and when, "measures.taken" how many
 * measures were put up and since when. None of them is known while no record says it.
 */
/* clang-format off */
#define LETTER_FIELDS(X)                                                                                     \
        X("structure.name", "Nom de la structure (configuration)", "Name of the structure (configuration)")  \
        X("structure.address", "Adresse de la structure (configuration)", "Address of the structure (configuration)") \
        X("contact", "À qui s’adresser (délégué ou adresse de la configuration, ou réponse dans le dossier)",          \
          "Whom to ask (officer or address in the configuration, or an answer in the file)")                 \
        X("declarant.contact", "Qui appeler (déclarant de la configuration)", "Whom to call (declarant in the configuration)") \
        X("incident.id", "Référence de l’incident", "Reference of the incident")                             \
        X("data.touched", "Si des données personnelles ont été touchées, et comment", "Whether personal data was hit, and how") \
        X("filings.told", "Autorités prévenues", "Authorities that were told")                               \
        X("measures.taken", "Mesures mises en place", "Measures that were put up")
/* clang-format on */
#define LETTER_PERSON_FIELDS(X) X("name") X("civility") X("reference") X("greeting")

enum letter_to { LETTER_MANY, LETTER_ONE, LETTER_NOBODY };
enum letter_part_kind { LETTER_TEXT, LETTER_HEADING, LETTER_POINT };

struct letter_part {
        enum letter_part_kind kind;
        struct bitext text;
        struct bitext otherwise; /* {NULL, NULL}: none */
        char needs[TEMPLATE_NEEDS_MAX][TEMPLATE_FIELD_SIZE];
        size_t need_count;
        char unless[TEMPLATE_NEEDS_MAX][TEMPLATE_FIELD_SIZE];
        size_t unless_count;
};

struct letter_template {
        char id[48];
        unsigned version;
        struct bitext title, about, subject, closing;
        enum letter_to to;
        char basis[128];
        struct letter_part *parts; /* owned */
        size_t part_count;
};

struct template_set {
        struct letter_template *templates; /* sorted by id; owned */
        size_t count;
};

int template_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
                  struct letter_template *ret_template, struct error *error);
void template_release(struct letter_template *template);

/* Every *.yaml of the folder, e.g. paths_data("letters"). */
int templates_load(const char *folder, const struct catalogue *catalogue, struct template_set *ret_set,
                   struct error *error);
void templates_release(struct template_set *set);
const struct letter_template *templates_find(const struct template_set *set, const char *id); /* or NULL */
const char *letter_to_word(enum letter_to to);

bool template_is_person_field(const char *field);

/* What a field is called: one of LETTER_FIELDS, else the label of the fact. Borrowed; the name itself when it is none. */
void template_field_label(const struct catalogue *catalogue, const char *field, const char **ret_fr,
                          const char **ret_en);

/* The value of a field in one language; NULL: not known. */
typedef const char *(*template_value)(void *context, const char *field);

/* The first field from *ret_at on, which moves behind it; false when there is none any more. */
bool template_next_field(const char **ret_at, char ret_field[static TEMPLATE_FIELD_SIZE]);

/*
 * The text with its {fields} put in. A field whose value is NULL stays as it is when it is the recipient's and
 * `keep_person`, else it becomes "…". Bounded; the caller frees; NULL without memory.
 */
char *template_fill(const char *text, template_value value, void *context, bool keep_person);
