// SPDX-License-Identifier: EUPL-1.2
// How states and kinds are shown: a word in both languages and a tone, never the tone alone.
import { language, say } from "./language";
import * as T from "./texts";
import { number } from "./time";
import type { Incident, Measure, Obligation, Status, Task } from "./types";
import { word, type Tone } from "./ui/basics";

export function gravityTone(gravity: string | null): Tone {
    return gravity === "grave" ? "bad" : gravity === "significatif" ? "warn" : gravity === "mineur" ? "info" : "calm";
}

export function gravityWord(gravity: string | null): string {
    return word(T.gravityWords, gravity ?? "not-qualified");
}

export function kindWord(kind: string): string {
    return word(T.kindWords, T.kindsSaid[kind] ?? kind);
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

/* Who wrote a line: a person's name as it is, Garde's rooms in words. */
export function authorWord(author: string): string {
    return word(T.authorWords, author);
}

/* A selector in a line: the edge's names in words where we have them, its values as they are. */
export function selectorText(selector: Record<string, unknown>): string {
    const value = (one: unknown): string => typeof one === "boolean" ? say(one ? T.yes : T.no) : typeof one === "number" ? number(one)
        : Array.isArray(one) ? one.map(value).join(", ")
            : typeof one === "object" && one !== null ? Object.entries(one).map(([name, inner]) => word(T.selectorWords, name) + " " + value(inner)).join(", ")
                : String(one);
    const colon = language.get() === "en" ? ": " : "\u00a0: ";
    return Object.entries(selector).map(([name, one]) => word(T.selectorWords, name) + colon + value(one)).join("; ") || say(T.selectorAll);
}

export function taskTone(task: Task): Tone {
    return task.state === "done" ? "good" : task.state === "open" ? "info" : "calm";
}

export function structureName(status: Status | undefined): string {
    if (!status) return "";
    return typeof status.structure === "string" ? status.structure : (status.structure?.name ?? "");
}
