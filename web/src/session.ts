// SPDX-License-Identifier: EUPL-1.2
// Who we are to the hub: asked at the start, kept until the hub says otherwise or the person leaves.
import { get, send, session as wire } from "./api";
import { listen, stopListening } from "./events";
import { forgetDrafts, keep, kept } from "./keep";
import { Problem } from "./problem";
import { forgetAll } from "./resource";
import { createStore } from "./store";
import type { SessionState } from "./types";

/* undefined: not known yet. null: nobody is logged in. */
export const session = createStore<SessionState | null | undefined>(undefined);
/* The hub has no account yet. */
export const setupWaits = createStore(false);
export const sessionProblem = createStore<Problem | null>(null);

/* The hub said who we are: at the login, at the start, after a new password. */
export function begin(state: SessionState): void {
    wire.csrf = state.csrf ?? "";
    // What somebody else typed on this computer before their session ended is not for the next person.
    const owner = state.account?.id ?? "";
    if (kept("owner", true) !== owner) forgetDrafts();
    keep("owner", owner, true);
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
        setupWaits.set(state.setup);
        if (state.account) begin(state);
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

/* Whether we are in; false: the password was right and a code is wanted too. */
export async function login(values: { name: string; password: string; code: string }): Promise<boolean> {
    const asked: Record<string, string> = { name: values.name, password: values.password };
    if (values.code) asked["code"] = values.code.replace(/\s/g, "");
    const answer = await send<SessionState>("POST", "/session", asked);
    if (!answer.data.account) return false;
    forgetAll();
    begin(answer.data);
    return true;
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
    return session.get()?.account?.name ?? "";
}
