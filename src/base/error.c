/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define FORMAT_MAX (2 * ERROR_TEXT_MAX)

/* ---- the text of errno ---- */

/* What a hospital's machine meets; the rest falls back to the C library's English. */
static const struct {
        int code;
        const char *fr;
} french[] = {
        {EPERM, "opération non permise"},
        {ENOENT, "aucun fichier ni dossier de ce nom"},
        {EINTR, "appel interrompu"},
        {EIO, "erreur d’entrée-sortie"},
        {E2BIG, "trop long"},
        {EBADF, "descripteur de fichier invalide"},
        {EAGAIN, "ressource momentanément indisponible"},
        {ENOMEM, "mémoire insuffisante"},
        {EACCES, "accès refusé"},
        {EBUSY, "déjà occupé par un autre processus"},
        {EEXIST, "ce fichier existe déjà"},
        {EXDEV, "les deux chemins ne sont pas sur le même disque"},
        {ENODEV, "aucun périphérique de ce nom"},
        {ENOTDIR, "n’est pas un dossier"},
        {EISDIR, "est un dossier"},
        {EINVAL, "argument invalide"},
        {ENFILE, "trop de fichiers ouverts sur cette machine"},
        {EMFILE, "trop de fichiers ouverts par ce processus"},
        {EFBIG, "fichier trop gros"},
        {ENOSPC, "plus de place sur le disque"},
        {EROFS, "système de fichiers en lecture seule"},
        {EMLINK, "trop de liens"},
        {EPIPE, "l’autre bout a fermé le tube"},
        {ERANGE, "nombre hors limites"},
        {ENAMETOOLONG, "nom de fichier trop long"},
        {ENOSYS, "fonction absente de ce noyau"},
        {ENOTEMPTY, "le dossier n’est pas vide"},
        {ELOOP, "trop de liens symboliques l’un derrière l’autre"},
        {ENODATA, "aucune donnée"},
        {EPROTO, "erreur de protocole"},
        {EILSEQ, "texte mal codé"},
        {EMSGSIZE, "message trop long"},
        {EOPNOTSUPP, "opération non prise en charge"},
        {EADDRINUSE, "adresse déjà utilisée"},
        {EADDRNOTAVAIL, "adresse absente de cette machine"},
        {ENETDOWN, "le réseau est arrêté"},
        {ENETUNREACH, "réseau injoignable"},
        {EHOSTUNREACH, "machine injoignable"},
        {ECONNREFUSED, "connexion refusée"},
        {ECONNRESET, "connexion rompue par l’autre bout"},
        {ETIMEDOUT, "délai dépassé"},
        {EALREADY, "déjà fait ou en cours"},
        {EDQUOT, "quota de disque dépassé"},
        {ECANCELED, "opération annulée"},
};

static const char *errno_text(int code, enum language language)
{
        const char *text;

        if (code < 0)
                code = -code;
        for (size_t i = 0; language == LANGUAGE_FR && i < ARRAY_LEN(french); i++)
                if (french[i].code == code)
                        return french[i].fr;
        text = strerrordesc_np(code); /* unlike strerror() untouched by the locale */
        return text ? text : "?";
}

/* ---- the formats ---- */

/* What the plain space `at` becomes in French; NULL when it stays. */
static const char *french_space(const char *format, const char *at)
{
        if (at[1] == ':' || !strncmp(at + 1, "»", strlen("»")))
                return NBSP;
        if (at - format >= (ptrdiff_t)strlen("«") && !strncmp(at - strlen("«"), "«", strlen("«")))
                return NBSP;
        return at[1] && strchr(";?!", at[1]) ? NNBSP : NULL;
}

static size_t put(char *to, size_t at, const char *text)
{
        size_t length = strlen(text);

        if (at + length + 2 >= FORMAT_MAX)
                return at;
        memcpy(to + at, text, length);
        return at + length;
}

/* Settles "%m" and the spaces of French, so that what remains is for printf. */
static void settle(const char *format, int code, enum language language, char to[static FORMAT_MAX])
{
        size_t at = 0;

        for (const char *from = format; *from && at + 2 < FORMAT_MAX; from++) {
                const char *space =
                        language == LANGUAGE_FR && *from == ' ' ? french_space(format, from) : NULL;

                if (space) {
                        at = put(to, at, space);
                } else if (from[0] == '%' && from[1] == 'm') {
                        at = put(to, at, errno_text(code, language)); /* none holds a % */
                        from++;
                } else {
                        to[at++] = *from;
                        if (from[0] == '%' && from[1] == '%')
                                to[at++] = *++from;
                }
        }
        to[at] = '\0';
}

/* The contract: one line, and no character cut in half where the text was too long. */
static void make_clean(char *text)
{
        size_t length = strlen(text);
        size_t start = length;

        for (char *p = text; *p; p++)
                if (*p == '\n' || *p == '\r')
                        *p = ' ';
        if (length < ERROR_TEXT_MAX - 1)
                return;
        while (start > 0 && (text[start - 1] & 0xc0) == 0x80)
                start--;
        if (start > 0 && (text[start - 1] & 0x80))
                text[start - 1] = '\0';
}

static void write_sentence(char text[static ERROR_TEXT_MAX], int code, enum language language,
                           const char *format, va_list args)
{
        char settled[FORMAT_MAX];

        settle(format, code, language, settled);
        vsnprintf(text, ERROR_TEXT_MAX, settled, args);
        make_clean(text);
}

static void put_before(char text[static ERROR_TEXT_MAX], const char *after, int code, enum language language,
                       const char *format, va_list args)
{
        char before[ERROR_TEXT_MAX], kept[ERROR_TEXT_MAX];

        snprintf(kept, sizeof(kept), "%s", after);
        write_sentence(before, code, language, format, args);
        /* Cutting is what the contract says for text that is too long. */
        if (snprintf(text, ERROR_TEXT_MAX, "%s%s: %s", before, language == LANGUAGE_FR ? NBSP : "", kept) < 0)
                text[0] = '\0';
        make_clean(text);
}

/* ---- what others call ---- */

int error_say(struct error *error, int code, const char *fr, const char *en, ...)
{
        va_list args, again;

        if (!error)
                return code;
        error->code = code;
        va_start(args, en);
        va_copy(again, args);
        write_sentence(error->fr, code, LANGUAGE_FR, fr, args);
        write_sentence(error->en, code, LANGUAGE_EN, en, again);
        va_end(again);
        va_end(args);
        return code;
}

int error_context(struct error *error, int code, const char *fr, const char *en, ...)
{
        va_list args, again;

        if (!error)
                return code;
        if (!error->fr[0] && !error->en[0])
                error_forward(error, code, errno_text(code, LANGUAGE_FR), errno_text(code, LANGUAGE_EN));
        error->code = code;
        va_start(args, en);
        va_copy(again, args);
        put_before(error->fr, error_text_in(error, code, LANGUAGE_FR), code, LANGUAGE_FR, fr, args);
        put_before(error->en, error_text_in(error, code, LANGUAGE_EN), code, LANGUAGE_EN, en, again);
        va_end(again);
        va_end(args);
        return code;
}

int error_vsay_in(struct error *error, int code, enum language language, const char *format, va_list args)
{
        if (!error)
                return code;
        error->code = code;
        write_sentence(language == LANGUAGE_FR ? error->fr : error->en, code, language, format, args);
        return code;
}

int error_say_in(struct error *error, int code, enum language language, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        error_vsay_in(error, code, language, format, args);
        va_end(args);
        return code;
}

int error_forward(struct error *error, int code, const char *fr, const char *en)
{
        if (!error)
                return code;
        error->code = code;
        snprintf(error->fr, sizeof(error->fr), "%s", fr && *fr ? fr : en ? en : "");
        snprintf(error->en, sizeof(error->en), "%s", en && *en ? en : fr ? fr : "");
        make_clean(error->fr);
        make_clean(error->en);
        return code;
}

const char *error_text_in(const struct error *error, int code, enum language language)
{
        if (error && (error->fr[0] || error->en[0])) {
                if (language == LANGUAGE_FR)
                        return error->fr[0] ? error->fr : error->en;
                return error->en[0] ? error->en : error->fr;
        }
        return errno_text(code, language);
}

const char *error_text(const struct error *error, int code)
{
        return error_text_in(error, code, LANGUAGE_EN);
}
