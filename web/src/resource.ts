// SPDX-License-Identifier: EUPL-1.2
// What the pages show of the hub: fetched once for all that look at it, fetched again when the hub says that something
// changed. What was there stays on the page while the connection is lost.
import { useEffect, useState } from "preact/hooks";
import { get } from "./api";
import { Problem } from "./problem";

interface Entry {
    data: unknown;
    problem: Problem | null;
    loading: boolean;
    again: boolean; // changed while loading
    watchers: Set<() => void>;
}

const entries = new Map<string, Entry>();

function entry(path: string): Entry {
    let found = entries.get(path);
    if (!found) {
        found = { data: undefined, problem: null, loading: false, again: false, watchers: new Set() };
        entries.set(path, found);
    }
    return found;
}

function tell(one: Entry): void {
    for (const watcher of [...one.watchers]) watcher();
}

async function load(path: string): Promise<void> {
    const one = entry(path);
    if (one.loading) {
        one.again = true;
        return;
    }
    one.loading = true;
    try {
        one.data = await get(path);
        one.problem = null;
    } catch (error) {
        one.problem = error instanceof Problem ? error : new Problem(-1, String(error), String(error));
    }
    one.loading = false;
    tell(one);
    if (one.again) {
        one.again = false;
        await load(path);
    }
}

export interface Resource<T> {
    data: T | undefined;
    problem: Problem | null;
    reload(): Promise<void>;
}

/* null: nothing is wanted yet. */
export function useResource<T>(path: string | null): Resource<T> {
    const [, redraw] = useState({});
    useEffect(() => {
        if (path === null) return;
        const one = entry(path);
        const watcher = () => redraw({});
        one.watchers.add(watcher);
        load(path);
        return () => {
            one.watchers.delete(watcher);
            if (one.watchers.size === 0) entries.delete(path);
        };
    }, [path]);
    const one = path === null ? undefined : entries.get(path);
    return {
        data: one?.data as T | undefined,
        problem: one?.problem ?? null,
        reload: () => (path === null ? Promise.resolve() : load(path)),
    };
}

/* Puts in what an act answered, without asking again. */
export function put(path: string, data: unknown): void {
    const one = entries.get(path);
    if (!one) return;
    one.data = data;
    tell(one);
}

/* Everything on the page anew; of one incident, what speaks of another is left alone. */
export function refresh(incident = ""): Promise<unknown> {
    const wanted = [...entries.keys()].filter((path) => {
        const other = /^\/incidents\/([^/?]+)/.exec(path);
        return !incident || !other || other[1] === incident;
    });
    return Promise.all(wanted.map(load));
}

/* When somebody else logs in, nothing of the one before may be seen. */
export function forgetAll(): void {
    entries.clear();
}
