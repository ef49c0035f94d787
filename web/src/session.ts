// SPDX-License-Identifier: EUPL-1.2
// Who we are to the hub: asked at the start, kept until the hub says otherwise or the person leaves.
import { get, send, session as wire } from "./api";
import { listen, stopListening } from "./events";
import { forgetDrafts } from "./keep";
import { Problem } from "./problem";
import { forgetAll } from "./resource";
import { createStore } from "./store";
import type { SessionState } from "./types";

/* undefined: not known yet. null: nobody is logged in. */
export const session = createStore<SessionState | null | undefined>(undefined);
export const sessionProblem = createStore<Problem | null>(null);

function begin(state: SessionState): void {
    wire.csrf = state.csrf ?? "";
    session.set(state);
    if (!state.must?.length) listen();
}

wire.ended = () => {
    if (session.get() === null) return;
    stopListening();
    wire.csrf = "";
    session.set(null);
};

export async function askSession(): Promise<void> {
    try {
        const state = await get<SessionState>("/session");
        sessionProblem.set(null);
        if (state.account || state.id || state.name) begin(state);
        else session.set(null);
    } catch (error) {
        if (error instanceof Problem && (error.status === 401 || error.status === 403 || error.status === 404)) {
            sessionProblem.set(null);
            session.set(null);
        } else if (error instanceof Problem) {
            sessionProblem.set(error);
        }
    }
}

export async function login(values: { name: string; password: string; code: string }): Promise<void> {
    const asked: Record<string, string> = { name: values.name, password: values.password };
    if (values.code) asked["code"] = values.code.replace(/\s/g, "");
    const answer = await send<SessionState>("POST", "/session", asked);
    forgetAll();
    begin(answer.data);
}

export async function logout(): Promise<void> {
    try {
        await send("DELETE", "/session");
    } finally {
        stopListening();
        forgetDrafts();
        forgetAll();
        wire.csrf = "";
        session.set(null);
    }
}

export function may(...roles: string[]): boolean {
    const mine = session.get()?.roles ?? [];
    return roles.some((role) => mine.includes(role));
}

/* As src/hub/act.h groups them. */
export const WRITERS = ["declarant", "responder", "dpo", "director"];
export const RESPONDERS = ["responder", "director"];
export const LAW = ["dpo", "director"];
export const GRADERS = ["responder", "dpo", "director"];

export function myName(): string {
    const state = session.get();
    if (!state) return "";
    if (state.name) return state.name;
    return typeof state.account === "object" ? (state.account.name ?? "") : (state.account ?? "");
}
