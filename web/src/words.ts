// SPDX-License-Identifier: EUPL-1.2
// How states and kinds are shown: a word in both languages and a tone, never the tone alone.
import { say } from "./language";
import * as T from "./texts";
import type { Incident, Measure, Obligation, Status, Task } from "./types";
import { word, type Tone } from "./ui/basics";

export function gravityTone(gravity: string | null): Tone {
    return gravity === "grave" ? "bad" : gravity === "significatif" ? "warn" : gravity === "mineur" ? "info" : "calm";
}

export function gravityWord(gravity: string | null): string {
    return word(T.gravityWords, gravity ?? "not-qualified");
}

export function kindWord(kind: string): string {
    return word(T.kindWords, kind);
}

export function incidentTitle(incident: Incident): string {
    return say(incident.title) || kindWord(incident.kind) + (incident.subject ? " · " + incident.subject : "");
}

export function measureTone(measure: Measure): Tone {
    return measure.state === "standing" ? "good" : measure.state === "probation" ? "info"
        : measure.state === "proposed" ? "warn" : "calm";
}

/* What a person asked for counts more than what the edge has not said yet. */
export function measureState(measure: Measure): string {
    return measure.lift_asked ? say(T.measureLiftAsked) : word(T.measureStateWords, measure.state);
}

export function stands(measure: Measure): boolean {
    return measure.state === "proposed" || measure.state === "standing" || measure.state === "probation";
}

export function obligationTone(one: Obligation, now: number): Tone {
    if (one.state === "filed") return "good";
    if (one.state !== "due") return "calm";
    return one.due && Date.parse(one.due) < now ? "bad" : "warn";
}

/* The most pressing first: those with an hour by the hour, "without delay" before them. */
export function byUrgency(a: Obligation, b: Obligation): number {
    const at = (one: Obligation) => one.due ? Date.parse(one.due) : one.without_delay
        ? Date.parse(one.clock_started ?? "") || 0 : Number.MAX_SAFE_INTEGER;
    return at(a) - at(b);
}

export function owed(incidents: Incident[]): { one: Obligation; incident: Incident }[] {
    return incidents.flatMap((incident) => (incident.obligations ?? []).filter((one) => one.state === "due" && !one.voluntary)
        .map((one) => ({ one, incident }))).sort((a, b) => byUrgency(a.one, b.one));
}

export function taskTone(task: Task): Tone {
    return task.state === "done" ? "good" : task.state === "open" ? "info" : "calm";
}

export function structureName(status: Status | undefined): string {
    if (!status) return "";
    return typeof status.structure === "string" ? status.structure : (status.structure?.name ?? "");
}
