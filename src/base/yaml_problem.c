/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/yaml_problem.h"

#include <string.h>

#include "base/cleanup.h"

/* The sentences of libyaml 0.2.5 (scanner.c, parser.c, reader.c) that a text can bring about. */
static const struct {
        const char *en, *fr;
} problems[] = {
        {"block sequence entries are not allowed in this context", "un tiret de liste n’a pas sa place ici"},
        {"control characters are not allowed", "un caractère de contrôle n’a pas sa place ici"},
        {"could not find expected ':'", "il manque « : » après une clé"},
        {"could not find expected directive name", "il manque le nom d’une directive"},
        {"did not find expected ',' or ']'", "il manque « , » ou « ] »"},
        {"did not find expected ',' or '}'", "il manque « , » ou « } »"},
        {"did not find expected '-' indicator", "un tiret de liste est attendu ici"},
        {"did not find expected <document start>", "un début de document (---) est attendu ici"},
        {"did not find expected alphabetic or numeric character", "une lettre ou un chiffre est attendu ici"},
        {"did not find expected comment or line break", "une fin de ligne ou un commentaire est attendu ici"},
        {"did not find expected hexdecimal number", "un nombre hexadécimal est attendu ici"},
        {"did not find expected key", "une clé est attendue ici (retrait ?)"},
        {"did not find expected node content", "une valeur est attendue ici"},
        {"did not find expected whitespace", "un blanc est attendu ici"},
        {"did not find expected whitespace or line break", "un blanc ou une fin de ligne est attendu ici"},
        {"found a tab character that violates indentation",
         "une tabulation dans le retrait : mettre des espaces"},
        {"found a tab character where an indentation space is expected",
         "une tabulation à la place d’une espace de retrait"},
        {"found an incorrect leading UTF-8 octet", "un octet qui ne commence aucun caractère UTF-8"},
        {"found an incorrect trailing UTF-8 octet", "un octet qui ne continue aucun caractère UTF-8"},
        {"found character that cannot start any token",
         "un caractère par lequel rien ne peut commencer (guillemets ?)"},
        {"found incompatible YAML document", "une version de YAML qui n’est pas la bonne"},
        {"found invalid Unicode character escape code", "un code de caractère qui n’existe pas"},
        {"found undefined tag handle", "une étiquette (!) qui n’est pas définie"},
        {"found unexpected ':'", "« : » n’a pas sa place ici"},
        {"found unexpected document indicator", "un début ou une fin de document n’a pas sa place ici"},
        {"found unexpected end of stream", "le texte s’arrête au milieu (guillemet non fermé ?)"},
        {"found unknown directive name", "une directive inconnue"},
        {"found unknown escape character", "une barre oblique inverse suivie d’un caractère inconnu"},
        {"incomplete UTF-8 octet sequence", "un caractère UTF-8 incomplet"},
        {"input is too long", "le texte est trop long"},
        {"invalid Unicode character", "un caractère qui n’existe pas"},
        {"invalid leading UTF-8 octet", "un octet qui ne commence aucun caractère UTF-8"},
        {"invalid length of a UTF-8 sequence", "un caractère UTF-8 mal écrit"},
        {"invalid trailing UTF-8 octet", "un octet qui ne continue aucun caractère UTF-8"},
        {"mapping keys are not allowed in this context", "une clé n’a pas sa place ici"},
        {"mapping values are not allowed in this context",
         "une valeur après « : » n’a pas sa place ici (retrait, ou guillemets qui manquent ?)"},
};

const char *yaml_problem(const char *problem, enum language language)
{
        if (!problem)
                return language_pick(language, "ce n’est pas du YAML", "this is not YAML");
        for (size_t i = 0; language == LANGUAGE_FR && i < ARRAY_LEN(problems); i++)
                if (!strcmp(problem, problems[i].en))
                        return problems[i].fr;
        return problem;
}
