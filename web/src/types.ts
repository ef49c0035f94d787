// SPDX-License-Identifier: EUPL-1.2
// The nouns as the hub sends them (src/flow/*.h) and what the acts answer with.
import type { Text } from "./language";

export interface Finding {
    id: string; seen: string; sensor: string; kind: string; subject: string; phase: string;
    confidence: number; why: Text; evidence?: Record<string, unknown> | null;
}

export interface Fact {
    state: "known" | "unknown" | "not-asked"; value?: boolean | number | string | null;
    author: string; at: string; entered?: string;
}

export type Gravity = "not-qualified" | "mineur" | "significatif" | "grave";

export interface Incident {
    id: string; kind: string; subject: string; title: Text; state: "open" | "closed"; owing?: boolean; opened: string;
    closed: string | null; last_finding?: string | null; gravity: Gravity | null; gravity_by: string | null;
    findings: string[]; measures: string[]; facts: Record<string, Fact>; obligations?: Obligation[];
    review?: { next?: string | null } | null;
}

export interface Task {
    id: string; playbook: string; step: string; role: string | null; role_label: Text | null; phase: string | null;
    phase_label: Text | null; text: Text; detail?: Text | null; evidence?: Text | null;
    state: "open" | "done" | "not-needed" | "skipped"; due: string | null; public: boolean; by: string | null; at: string | null;
    entered: string | null; obligation: string | null; measure: Record<string, unknown> | null; measure_id?: string | null;
}

export type MeasureState = "proposed" | "standing" | "probation" | "lifted" | "expired" | "refused";

export interface Measure {
    id: string; incident: string | null; finding: string | null; kind: string; subject: string;
    selector: Record<string, unknown>; why: Text; owner: string; state: MeasureState; since: string | null;
    until: string | null; pass_per_mille: number; predicted_cost: number; actual_cost: number | null;
    dropped: number; would_drop: number; spared: number; lift_asked?: boolean;
}

export interface Filing {
    phase: string; at: string; by: string; channel: string | null; receipt: string | null; late: boolean;
}

export interface Obligation {
    id: string; incident: string; rule: string; title: Text; recipient: Text;
    state: "possible" | "due" | "filed" | "waived" | "void"; voluntary: boolean; clock_started: string | null;
    due: string | null; without_delay: boolean; legal_basis: string; why: Text; filed: string | null;
    filed_by: string | null; receipt: string | null; waived_reason: string | null; filings?: Filing[];
}

export interface Service {
    name: string; packets: number; known: number; dropped: number; state: string;
    classes?: Record<string, number>; countries?: Record<string, [number, number]>;
    measures?: Record<string, [number, number, number]>;
}

export interface Head {
    size?: number; time?: string; root?: string; key?: string; signature?: string; [other: string]: unknown;
}

export interface Status {
    time: string; structure: string | { name?: string };
    edge: { connected: boolean; services?: Service[]; spooled?: number };
    measures: Measure[]; incidents: Incident[]; journal: { records: number; head: Head | null };
}

export interface FactKind {
    name: string; type: "boolean" | "number" | "text" | "choice" | "time"; label: Text; question: Text; who?: Text;
    unit?: Text | null; choices?: { word: string; label: Text }[]; by_person?: boolean; least?: number; most?: number;
}

export interface TimelineEntry {
    seq: number; time: string; type: string; author: string; summary: Text; at?: string | null;
    text?: string | null; personal?: string[];
}

export interface Account {
    id: string; name: string; roles: string[]; language: "fr" | "en"; enabled: boolean; second_factor: boolean;
    password_given: boolean; recovery_left: number; created: string | null; seen: string | null;
}

/* `account` null: nobody is logged in; `must` then says whether a code is wanted. */
export interface SessionState {
    account: Account | null; roles: string[]; csrf: string | null; must: string[]; session?: string; ends?: string | null;
    setup: boolean;
}

export interface Approval {
    id: string; act: string; account: string; name: string; asked: string; expires: string; state: string; by?: string;
    title: Text | null; roles: string[]; in: Record<string, unknown>;
}

export interface Contact {
    name: string; role?: string; phone?: string; phone2?: string; mail?: string; note?: string; calls?: string;
}

export interface Playbook {
    id: string; version: number; title: Text; kinds: string[]; with: string[]; step_count: number; steps?: PlaybookStep[];
}

export interface PlaybookStep {
    key: string; role: string; role_label?: Text; phase: string; phase_label?: Text; text: Text; detail?: Text | null;
    evidence?: Text | null; conditional?: boolean; public?: boolean;
}
