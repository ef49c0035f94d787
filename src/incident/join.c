/* SPDX-License-Identifier: EUPL-1.2 */
#include "incident/join.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "incident/settle.h"

static const char *known_text(const struct incident *incident, const char *name)
{
        const struct fact *fact = incident_fact(incident, name);
        const char *text = fact && fact->state == FACT_STATE_KNOWN ? json_string_value(fact->value) : NULL;

        return text ? text : "";
}

static bool holds_finding(const struct incident *incident, const struct id *finding)
{
        for (size_t i = 0; i < incident->finding_count; i++)
                if (!strcmp(incident->findings[i].text, finding->text))
                        return true;
        return false;
}

static bool is_same_matter(const struct incident *incident, const struct finding *finding)
{
        return !strcmp(incident->kind, finding->kind) && !strcmp(incident->subject, finding->subject);
}

/* Seen before the matter was over, on whichever service; "ended_at" is not known while it runs. */
static bool overlaps(const struct incident *incident, const struct finding *finding)
{
        int64_t ended;

        if (*known_text(incident, "attack.running"))
                return true;
        return !time_parse(known_text(incident, "ended_at"), &ended) && finding->seen_ms <= ended &&
               finding->seen_ms >= incident->opened_ms;
}

static bool is_near(const struct incident *incident, const struct finding *finding, int64_t window_ms)
{
        int64_t apart = finding->seen_ms - incident->last_finding_ms;

        return apart <= window_ms && apart >= -window_ms;
}

static bool touches(const struct incident *incident, const struct finding *finding)
{
        return is_same_matter(incident, finding) ||
               settle_list_has(known_text(incident, "services.touched"), finding->subject);
}

/* 0: does not fit. The higher the better; the order of the header's list. */
static unsigned fit(const struct join_config *config, const struct incident *incident,
                    const struct finding *finding)
{
        bool runs_here = settle_list_has(known_text(incident, "attack.running"), finding->subject);

        if (strcmp(incident->kind, finding->kind))
                return 0;
        if (!incident->open)
                return finding->phase == FINDING_PHASE_ENDS && runs_here ? 1 : 0;
        if (touches(incident, finding) && (runs_here || is_near(incident, finding, config->window_ms)))
                return 3;
        return overlaps(incident, finding) ? 2 : 0;
}

/* The index of the incident to join, or `count` for none. */
static size_t choose(const struct join_config *config, const struct finding *finding,
                     const struct incident *incidents, size_t count)
{
        size_t best = count;
        unsigned best_fit = 0;

        for (size_t i = 0; i < count; i++) {
                unsigned this_fit = fit(config, &incidents[i], finding);

                if (!this_fit || this_fit < best_fit)
                        continue;
                if (this_fit > best_fit || incidents[i].last_finding_ms > incidents[best].last_finding_ms) {
                        best = i;
                        best_fit = this_fit;
                }
        }
        return best;
}

static int set_title(const struct finding *finding, struct bitext *ret_title)
{
        char fr[160], en[160];

        if (!strcmp(finding->kind, "flood")) {
                snprintf(fr, sizeof(fr), "Attaque par saturation contre %s", finding->subject);
                snprintf(en, sizeof(en), "Flood against %s", finding->subject);
        } else {
                snprintf(fr, sizeof(fr), "Incident « %s » sur %s", finding->kind, finding->subject);
                snprintf(en, sizeof(en), "Incident \"%s\" on %s", finding->kind, finding->subject);
        }
        return bitext_set(ret_title, fr, en);
}

static int open_incident(const struct finding *finding, const struct clock *clock,
                         const struct random *random, struct incident *incident)
{
        id_make('i', clock, random, &incident->id);
        memcpy(incident->kind, finding->kind, sizeof(incident->kind));
        memcpy(incident->subject, finding->subject, sizeof(incident->subject));
        incident->open = true;
        incident->opened_ms = finding->seen_ms;
        return set_title(finding, &incident->title);
}

static int take_in(const struct join_config *config, const struct finding *finding, const struct clock *clock,
                   struct join_result *result, struct error *error)
{
        struct incident *incident = &result->incident;
        int r = 0;

        /* A full list must not keep the newest news out: the finding still has its record, only not its place here. */
        if (incident->finding_count < INCIDENT_FINDINGS_MAX)
                r = incident_add_finding(incident, &finding->id, error);
        if (r)
                return r;
        if (finding->seen_ms > incident->last_finding_ms)
                incident->last_finding_ms = finding->seen_ms;
        return settle_facts(finding, config->author ? config->author : finding->sensor, clock, result, error);
}

void join_result_release(struct join_result *result)
{
        incident_release(&result->incident);
        memset(result, 0, sizeof(*result));
}

int join_finding(const struct join_config *config, const struct finding *finding,
                 const struct incident *incidents, size_t count, const struct clock *clock,
                 const struct random *random, struct join_result *ret_result, struct error *error)
{
        CLEANUP(join_result_release) struct join_result result = {0};
        int r;

        if (!id_is_set(&finding->id) || !finding->kind[0] || !finding->subject[0])
                return error_say(
                        error, -EINVAL,
                        "un constat sans identifiant, sorte ou sujet ne peut pas rejoindre un incident",
                        "a finding without id, kind or subject cannot join an incident");
        for (size_t i = 0; i < count; i++)
                if (holds_finding(&incidents[i], &finding->id))
                        return JOIN_DUPLICATE;
        result.index = choose(config, finding, incidents, count);
        result.opened = result.index == count;
        r = result.opened ? open_incident(finding, clock, random, &result.incident)
                          : incident_copy(&result.incident, &incidents[result.index]);
        if (r)
                return error_say(error, r, "impossible de retenir le constat %s : %m",
                                 "cannot take the finding %s in: %m", finding->id.text);
        r = take_in(config, finding, clock, &result, error);
        if (r)
                return r;
        *ret_result = result;
        memset(&result, 0, sizeof(result));
        return 0;
}

int incident_close(struct incident *incident, const struct clock *clock, struct error *error)
{
        if (!incident->open)
                return error_say(error, -EALREADY, "l’incident %s est déjà fermé",
                                 "the incident %s is closed already", incident->id.text);
        incident->open = false;
        incident->closed_ms = clock_wall_ms(clock);
        return 0;
}

int incident_reopen(struct incident *incident, struct error *error)
{
        if (incident->open)
                return error_say(error, -EALREADY, "l’incident %s est ouvert", "the incident %s is open",
                                 incident->id.text);
        incident->open = true;
        incident->closed_ms = 0;
        incident->owing = false;
        return 0;
}
