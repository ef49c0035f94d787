// SPDX-License-Identifier: EUPL-1.2
// Asking the hub. Every request says which language its sentences should be in; what changes something carries the
// session's CSRF word. A request that gets no answer is a Problem with status 0, and the connection is known to be lost.
import { language } from "./language";
import { Problem, answeredProblem, lostProblem } from "./problem";
import { createStore } from "./store";

export const BASE = "/api/v1";
const SECONDS_MAX = 20; // a request without an answer by then counts as lost

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/* Whether the hub answered the last time it was asked. */
export const reachable = createStore(true);

/* Set by the session: its CSRF word, and what to do when the hub says it does not know us. */
export const session = { csrf: "", ended: () => {} };

export interface Answer<T> {
    status: number;
    data: T;
    waiting: boolean; // a second person has to agree
}

async function ask(method: Method, path: string, body: BodyInit | undefined, type: string | null): Promise<Response> {
    const headers: Record<string, string> = {
        Accept: "application/json, application/problem+json",
        "Accept-Language": language.get(),
    };
    if (type) headers["Content-Type"] = type;
    if (method !== "GET" && session.csrf) headers["X-Garde-CSRF"] = session.csrf;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), SECONDS_MAX * 1000);
    try {
        const response = await fetch(BASE + path, {
            method, headers, body, signal: stop.signal, credentials: "same-origin", redirect: "error",
            cache: method === "GET" ? "no-cache" : "no-store",
        });
        reachable.set(true);
        return response;
    } catch {
        reachable.set(false);
        throw lostProblem();
    } finally {
        clearTimeout(timer);
    }
}

async function answer<T>(response: Response): Promise<Answer<T>> {
    if (!response.ok) {
        const problem = await answeredProblem(response);
        if (response.status === 401) session.ended();
        throw problem;
    }
    let data: unknown = {};
    try {
        const text = await response.text();
        if (text) data = JSON.parse(text);
    } catch {
        if (response.status !== 204)
            throw new Problem(response.status, "La réponse de Garde est illisible.", "Garde’s answer cannot be read.");
    }
    return { status: response.status, data: data as T, waiting: response.status === 202 };
}

export async function get<T>(path: string): Promise<T> {
    return (await answer<T>(await ask("GET", path, undefined, null))).data;
}

export async function send<T = unknown>(method: Method, path: string, body: object = {}): Promise<Answer<T>> {
    return answer<T>(await ask(method, path, JSON.stringify(body), "application/json"));
}

/* An id or a name as one segment of a path. */
export function segment(word: string): string {
    return encodeURIComponent(word);
}

/* The address of a file, for a link. */
export function fileAddress(path: string): string {
    return BASE + path;
}
