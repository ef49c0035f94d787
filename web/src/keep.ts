// SPDX-License-Identifier: EUPL-1.2
// Small things kept in the browser. A browser that keeps nothing (private window, full) loses the comfort, not the page.

function storage(session: boolean): Storage | null {
    try {
        return session ? window.sessionStorage : window.localStorage;
    } catch {
        return null;
    }
}

export function kept(name: string, session = false): string | null {
    try {
        return storage(session)?.getItem("garde." + name) ?? null;
    } catch {
        return null;
    }
}

/* null forgets it. */
export function keep(name: string, value: string | null, session = false): void {
    try {
        if (value === null) storage(session)?.removeItem("garde." + name);
        else storage(session)?.setItem("garde." + name, value);
    } catch {
        // Full or forbidden: the page goes on without.
    }
}

/* Everything typed and not sent, when the person leaves for good. */
export function forgetDrafts(): void {
    const place = storage(true);
    if (!place) return;
    for (const name of Object.keys(place)) if (name.indexOf("garde.draft.") === 0) place.removeItem(name);
}
