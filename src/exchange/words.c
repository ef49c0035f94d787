/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/words.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
        const char *event, *fr, *en;
} events[] = {
        {"incident.opened", "Incident ouvert", "Incident opened"},
        {"incident.closed", "Incident fermé", "Incident closed"},
        {"gravity", "Gravité changée", "Gravity changed"},
        {"obligation.due", "Obligation à remplir", "Duty owed"},
        {"obligation.overdue", "Obligation en retard", "Duty overdue"},
        {"status.published", "Nouvelle publiée", "News published"},
        {"measure.applied", "Mesure en place", "Measure in force"},
        {"measure.ended", "Mesure terminée", "Measure ended"},
        {"test", "Essai d’envoi", "Test"},
};

/* Whatever stands there, it stays one line. */
static void append_clean(struct buffer *buffer, const char *text)
{
        for (; *text; text++) {
                char letter = (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text;
                buffer_append(buffer, &letter, 1);
        }
}

static const char *side(const json_t *bitext, enum language language)
{
        return parcel_text(bitext, language == LANGUAGE_FR ? "fr" : "en");
}

static const char *event_name(const char *event, enum language language)
{
        for (size_t i = 0; i < ARRAY_LEN(events); i++)
                if (!strcmp(events[i].event, event))
                        return language_pick(language, events[i].fr, events[i].en);
        return event;
}

void words_line(const struct parcel *parcel, enum language language, struct buffer *buffer)
{
        const json_t *incident = json_object_get(parcel->payload, "incident"),
                     *obligation = json_object_get(parcel->payload, "obligation");
        const char *title = side(json_object_get(obligation ? obligation : incident, "title"), language);
        const char *gravity = parcel_text(incident, "gravity");

        append_clean(buffer, event_name(parcel->event, language));
        if (title[0]) {
                buffer_text(buffer, language == LANGUAGE_FR ? " : " : ": ");
                append_clean(buffer, title);
        }
        if (gravity[0] && strcmp(gravity, "not-qualified")) {
                buffer_text(buffer, language == LANGUAGE_FR ? " (gravité : " : " (gravity: ");
                append_clean(buffer, gravity);
                buffer_text(buffer, ")");
        }
}

static void line(struct buffer *buffer, enum language language, const char *fr, const char *en,
                 const char *text)
{
        if (!text[0])
                return;
        buffer_text(buffer, language_pick(language, fr, en));
        buffer_text(buffer, language == LANGUAGE_FR ? " : " : ": ");
        append_clean(buffer, text);
        buffer_text(buffer, "\n");
}

void words_lines(const struct parcel *parcel, enum language language, struct buffer *buffer)
{
        const json_t *payload = parcel->payload, *incident = json_object_get(payload, "incident"),
                     *obligation = json_object_get(payload, "obligation");

        words_line(parcel, language, buffer);
        buffer_text(buffer, "\n");
        line(buffer, language, "Structure", "Structure", parcel_text(payload, "structure"));
        line(buffer, language, "Quand", "When", parcel_text(payload, "at"));
        line(buffer, language, "Incident", "Incident", parcel_text(incident, "id"));
        if (obligation)
                line(buffer, language, "De l’incident", "Of the incident",
                     side(json_object_get(incident, "title"), language));
        line(buffer, language, "Destinataire", "Recipient",
             side(json_object_get(obligation, "recipient"), language));
        line(buffer, language, "Au plus tard", "No later than", parcel_text(obligation, "due"));
        line(buffer, language, "Texte", "Text", side(json_object_get(payload, "text"), language));
        line(buffer, language, "Objet", "Subject",
             parcel_text(json_object_get(payload, "personal"), "subject"));
        line(buffer, language, "Diffusion TLP", "TLP", parcel_text(payload, "tlp"));
}
