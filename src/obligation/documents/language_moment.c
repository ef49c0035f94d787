/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/language.h"

static const char *const days[][2] = {
        {"lundi", "Monday"},    {"mardi", "Tuesday"},   {"mercredi", "Wednesday"}, {"jeudi", "Thursday"},
        {"vendredi", "Friday"}, {"samedi", "Saturday"}, {"dimanche", "Sunday"}};
static const char *const months[][2] = {
        {"janvier", "January"}, {"février", "February"},  {"mars", "March"},
        {"avril", "April"},     {"mai", "May"},           {"juin", "June"},
        {"juillet", "July"},    {"août", "August"},       {"septembre", "September"},
        {"octobre", "October"}, {"novembre", "November"}, {"décembre", "December"}};

/* Where French structures are; elsewhere the city of the zone's name stands for it. */
static const struct {
        const char *zone, *fr, *en;
} places[] = {
        {"Europe/Paris", "heure de Paris", "Paris time"},
        {"America/Guadeloupe", "heure de la Guadeloupe", "Guadeloupe time"},
        {"America/Martinique", "heure de la Martinique", "Martinique time"},
        {"America/Cayenne", "heure de la Guyane", "French Guiana time"},
        {"America/Miquelon", "heure de Saint-Pierre-et-Miquelon", "Saint-Pierre time"},
        {"Indian/Reunion", "heure de La Réunion", "Réunion time"},
        {"Indian/Mayotte", "heure de Mayotte", "Mayotte time"},
        {"Pacific/Noumea", "heure de Nouméa", "Nouméa time"},
        {"Pacific/Tahiti", "heure de Tahiti", "Tahiti time"},
        {"Pacific/Wallis", "heure de Wallis", "Wallis time"},
};

/* NULL when the machine does not know the zone: then all is said in UTC. */
static GTimeZone *zone_open(const char *zone)
{
        return g_time_zone_new_identifier(zone && *zone ? zone : "Europe/Paris");
}

void language_zone(struct buffer *buffer, enum language language, const char *zone)
{
        const char *name = zone && *zone ? zone : "Europe/Paris";
        g_autoptr(GTimeZone) known = zone_open(name);
        g_autofree char *city = NULL;

        if (!known || strcmp(name, "UTC") == 0 || strcmp(name, "Etc/UTC") == 0) {
                buffer_text(buffer, language_pick(language, "temps universel, UTC", "UTC"));
                return;
        }
        for (size_t i = 0; i < ARRAY_LEN(places); i++) {
                if (strcmp(name, places[i].zone) == 0) {
                        buffer_text(buffer, language_pick(language, places[i].fr, places[i].en));
                        return;
                }
        }
        city = g_strdelimit(g_strdup(strrchr(name, '/') ? strrchr(name, '/') + 1 : name), "_", ' ');
        if (language == LANGUAGE_EN)
                buffer_format(buffer, "%s time", city);
        else
                buffer_format(buffer, "heure %s%s", strchr("AEIOUY", city[0]) ? "d’" : "de ", city);
}

static GDateTime *moment_local(const char *zone, int64_t wall_ms)
{
        g_autoptr(GTimeZone) known = zone_open(zone);
        /* The years 1 to 9999 are all that GDateTime knows. */
        int64_t seconds = CLAMP(wall_ms / 1000 - (wall_ms % 1000 < 0), -62135596800, 253402214400);
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);

        return known ? g_date_time_to_timezone(utc, known) : g_date_time_ref(utc);
}

int32_t language_zone_offset(const char *zone, int64_t wall_ms)
{
        g_autoptr(GDateTime) local = moment_local(zone, wall_ms);

        return (int32_t)(g_date_time_get_utc_offset(local) / G_TIME_SPAN_SECOND);
}

static void day(struct buffer *buffer, enum language language, GDateTime *local)
{
        int number = g_date_time_get_day_of_month(local);

        buffer_format(buffer, "%s %d%s" NBSP "%s %d", days[g_date_time_get_day_of_week(local) - 1][language],
                      number, language == LANGUAGE_FR && number == 1 ? "er" : "",
                      months[g_date_time_get_month(local) - 1][language], g_date_time_get_year(local));
}

static void hour(struct buffer *buffer, enum language language, GDateTime *local)
{
        int minute = g_date_time_get_minute(local);

        if (language == LANGUAGE_EN)
                buffer_format(buffer, "%02d:%02d", g_date_time_get_hour(local), minute);
        else if (minute == 0)
                buffer_format(buffer, "%d" NBSP "h", g_date_time_get_hour(local));
        else
                buffer_format(buffer, "%d" NBSP "h" NBSP "%02d", g_date_time_get_hour(local), minute);
}

void language_moment(struct buffer *buffer, enum language language, const char *zone, enum moment_style style,
                     int64_t wall_ms)
{
        g_autoptr(GDateTime) local = moment_local(zone, wall_ms);

        switch (style) {
        case MOMENT_LONG:
                day(buffer, language, local);
                buffer_text(buffer, language_pick(language, " à ", " at "));
                hour(buffer, language, local);
                buffer_text(buffer, " (");
                language_zone(buffer, language, zone);
                buffer_text(buffer, ")");
                break;
        case MOMENT_SHORT:
                buffer_format(buffer, "%02d/%02d/%d" NBSP "%02d:%02d", g_date_time_get_day_of_month(local),
                              g_date_time_get_month(local), g_date_time_get_year(local),
                              g_date_time_get_hour(local), g_date_time_get_minute(local));
                break;
        case MOMENT_DAY:
                day(buffer, language, local);
                break;
        case MOMENT_CLOCK:
                hour(buffer, language, local);
                break;
        case MOMENT_SECOND:
                buffer_format(buffer, "%02d:%02d:%02d", g_date_time_get_hour(local),
                              g_date_time_get_minute(local), g_date_time_get_second(local));
                break;
        }
}
