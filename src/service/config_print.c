/* SPDX-License-Identifier: EUPL-1.2 */
/* The schema made readable: the values in force, and the manual page. */
#include "service/config.h"

#include <errno.h>
#include <string.h>

#include "service/config_schema.h"

/* ---- garde check ---- */

struct printer {
        FILE *out;
        enum language language;
        unsigned indent;
};

static void print_indent(const struct printer *printer)
{
        fprintf(printer->out, "%*s", (int)printer->indent, "");
}

/* Double quotes, so that what is printed loads again as it stands. */
static void print_text(FILE *out, const char *text)
{
        fputc('"', out);
        for (; *text; text++) {
                if (*text == '"' || *text == '\\')
                        fputc('\\', out);
                fputc(*text, out);
        }
        fputc('"', out);
}

static const char *word_of(const struct config_key *key, const char *value)
{
        for (uint32_t i = 0; i < key->word_count; i++)
                if (key->words[i].val == *(const int *)value)
                        return key->words[i].str;
        return "?";
}

static uint64_t number_of(const struct config_key *key, const char *value)
{
        return key->size == sizeof(uint32_t) ? *(const uint32_t *)value : *(const uint64_t *)value;
}

static bool is_said(const struct config_key *key, const char *base)
{
        const char *value = base + key->offset;

        switch (key->type) {
        case CONFIG_TEXT:
                return *value != '\0';
        case CONFIG_NUMBER:
                return number_of(key, value) != 0;
        case CONFIG_TEXTS:
        case CONFIG_GROUPS:
                return *(const uint32_t *)(base + key->count_offset) != 0;
        case CONFIG_GROUP:
                for (const struct config_key *child = key->children; child->name; child++)
                        if (is_said(child, value))
                                return true;
                return false;
        default:
                return true;
        }
}

static void print_keys(struct printer *printer, const struct config_key *keys, const char *base);

static void print_list(struct printer *printer, const struct config_key *key, const char *base)
{
        uint32_t count = *(const uint32_t *)(base + key->count_offset);
        const char *item = base + key->offset;

        fputc('\n', printer->out);
        printer->indent += 2;
        for (uint32_t i = 0; i < count; i++, item += key->size) {
                print_indent(printer);
                fputs(key->type == CONFIG_GROUPS ? "-\n" : "- ", printer->out);
                printer->indent += 2;
                if (key->type == CONFIG_GROUPS)
                        print_keys(printer, key->children, item);
                else
                        print_text(printer->out, item);
                printer->indent -= 2;
                if (key->type == CONFIG_TEXTS)
                        fputc('\n', printer->out);
        }
        printer->indent -= 2;
}

static void print_key(struct printer *printer, const struct config_key *key, const char *base)
{
        const char *value = base + key->offset;

        print_indent(printer);
        fprintf(printer->out, "%s:", key->name);
        switch (key->type) {
        case CONFIG_GROUP:
                fputc('\n', printer->out);
                printer->indent += 2;
                print_keys(printer, key->children, value);
                printer->indent -= 2;
                return;
        case CONFIG_GROUPS:
        case CONFIG_TEXTS:
                print_list(printer, key, base);
                return;
        case CONFIG_TEXT:
                fputc(' ', printer->out);
                print_text(printer->out, value);
                break;
        case CONFIG_NUMBER:
                fprintf(printer->out, " %llu", (unsigned long long)number_of(key, value));
                break;
        case CONFIG_WORD:
                fprintf(printer->out, " %s", word_of(key, value));
                break;
        }
        fputc('\n', printer->out);
}

static void print_keys(struct printer *printer, const struct config_key *keys, const char *base)
{
        for (const struct config_key *key = keys; key->name; key++)
                if (is_said(key, base))
                        print_key(printer, key, base);
}

/* Groups that mean something by standing there at all. */
static bool is_absent(const struct config_key *key, const struct config *config)
{
        return (!strcmp(key->name, "edge") && !config->edge.configured) ||
               (!strcmp(key->name, "domains") && !config->domains.configured);
}

int config_check_print(FILE *out, const struct config *config, enum language language)
{
        struct printer printer = {.out = out, .language = language};

        for (const struct config_key *key = config_schema; key->name; key++)
                if (is_said(key, (const char *)config) && !is_absent(key, config))
                        print_key(&printer, key, (const char *)config);
        return fflush(out) || ferror(out) ? -EIO : 0;
}

/* ---- garde.yaml(5) ---- */

#define MANUAL_TEXTS(X)                                                                                          \
        X(NAME, "NOM", "NAME")                                                                                   \
        X(SUMMARY, "configuration de Garde", "configuration of Garde")                                           \
        X(DESCRIPTION, "DESCRIPTION", "DESCRIPTION")                                                             \
        X(BODY,                                                                                                  \
          "Fichier YAML lu au démarrage par chaque démon de Garde et par la commande\n.Xr garde 1 .\n"         \
          "Une clé inconnue, répétée, manquante ou hors de ses bornes est refusée avec le nom du fichier, " \
          "la ligne, "                                                                                           \
          "la clé, ce qui s'y trouve et ce qu'il faudrait ; rien ne démarre alors.\n.Ic garde check\n"         \
          "vérifie le fichier et affiche les valeurs en vigueur.\nLes ancres, alias et étiquettes YAML ne "    \
          "sont pas admis.",                                                                                     \
          "The YAML file that every daemon of Garde reads when it starts, as does the command\n.Xr garde 1 "     \
          ".\n"                                                                                                  \
          "A key that is unknown, doubled, missing or out of its range is refused with the name of the "         \
          "file, the line, "                                                                                     \
          "the key, what stands there and what would be right; then nothing starts.\n.Ic garde check\n"          \
          "checks the file and shows the values in force.\nYAML anchors, aliases and tags are not allowed.")     \
        X(KEYS, "CLÉS", "KEYS")                                                                                  \
        X(REQUIRED, "Obligatoire.", "Required.")                                                                 \
        X(REQUIRED_IN_GROUP, "Obligatoire dès que son groupe est écrit.",                                        \
          "Required once its group is written.")                                                                 \
        X(DEFAULT, "Par défaut :", "Default:")                                                                   \
        X(VALUE, "Valeur :", "Value:")                                                                           \
        X(FILES, "FICHIERS", "FILES")                                                                            \
        X(EXAMPLE, "EXEMPLE", "EXAMPLE")                                                                         \
        X(SEE, "VOIR AUSSI", "SEE ALSO")

#define MANUAL_ENUM(name, fr, en) MANUAL_##name,
enum manual_text { MANUAL_TEXTS(MANUAL_ENUM) MANUAL_COUNT };
#define MANUAL_STRINGS(name, fr, en) {fr, en},
static const char *const manual_texts[][LANGUAGE_COUNT] = {MANUAL_TEXTS(MANUAL_STRINGS)};

/* roff reads a backslash anywhere, and a dot or quote at the start of a line. */
static void roff_text(FILE *out, const char *text)
{
        if (*text == '.' || *text == '\'')
                fputs("\\&", out);
        for (; *text; text++)
                fputs(*text == '\\' ? "\\e" : (const char[]){*text, '\0'}, out);
        fputc('\n', out);
}

static void manual_key(FILE *out, const struct config_key *key, enum language language, const char *prefix,
                       bool in_group)
{
        struct buffer expected = BUFFER_INIT(1024);

        fprintf(out, ".It Ic %s%s\n", prefix, key->name);
        roff_text(out, key->help.text[language]);
        fputs(".br\n", out);
        config_key_expected(key, language, &expected);
        fprintf(out, "%s %s.\n", manual_texts[MANUAL_VALUE][language], buffer_string(&expected));
        if (key->required)
                fprintf(out, "%s\n",
                        manual_texts[in_group ? MANUAL_REQUIRED_IN_GROUP : MANUAL_REQUIRED][language]);
        if (key->fallback)
                fprintf(out, "%s\n.Ql %s .\n", manual_texts[MANUAL_DEFAULT][language], key->fallback);
        buffer_release(&expected);
}

/* A group that everybody needs makes its required keys required for everybody. */
static void manual_keys(FILE *out, const struct config_key *keys, enum language language, const char *prefix,
                        bool in_group)
{
        for (const struct config_key *key = keys; key->name; key++) {
                char beneath[256];

                manual_key(out, key, language, prefix, in_group);
                if (!key->children)
                        continue;
                snprintf(beneath, sizeof(beneath), "%s%s%s.", prefix, key->name,
                         key->type == CONFIG_GROUPS ? "[]" : "");
                manual_keys(out, key->children, language, beneath, in_group || !key->required);
        }
}

static const char manual_example[] = "structure:\n"
                                     "  name: Hôpital de Montreuil\n"
                                     "  kind: etablissement\n"
                                     "  finess: \"930100037\"\n"
                                     "edge:\n"
                                     "  interface: eth0\n"
                                     "  services:\n"
                                     "    - name: portail\n"
                                     "      addresses: [192.0.2.10, \"2001:db8::10\"]\n"
                                     "      ports: [tcp/80, tcp/443]\n";

int config_manual(FILE *out, enum language language)
{
        fprintf(out, ".Dd November 21, 2026\n.Dt GARDE.YAML 5\n.Os\n");
        fprintf(out, ".Sh %s\n.Nm garde.yaml\n.Nd %s\n", manual_texts[MANUAL_NAME][language],
                manual_texts[MANUAL_SUMMARY][language]);
        fprintf(out, ".Sh %s\n%s\n", manual_texts[MANUAL_DESCRIPTION][language],
                manual_texts[MANUAL_BODY][language]);
        fprintf(out, ".Sh %s\n.Bl -tag -width Ds\n", manual_texts[MANUAL_KEYS][language]);
        manual_keys(out, config_schema, language, "", false);
        fprintf(out, ".El\n.Sh %s\n.Pa %s\n", manual_texts[MANUAL_FILES][language], CONFIG_PATH_DEFAULT);
        fprintf(out, ".Sh %s\n.Bd -literal\n%s.Ed\n", manual_texts[MANUAL_EXAMPLE][language], manual_example);
        fprintf(out, ".Sh %s\n.Xr garde 1\n", manual_texts[MANUAL_SEE][language]);
        return fflush(out) || ferror(out) ? -EIO : 0;
}
