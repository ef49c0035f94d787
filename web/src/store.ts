// SPDX-License-Identifier: EUPL-1.2
// A value that several parts of the page look at, and the hook that draws them again when it changes.
import { useLayoutEffect, useState } from "preact/hooks";

export interface Store<T> {
    get(): T;
    set(value: T): void;
    subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
    let value = initial;
    const listeners = new Set<() => void>();
    return {
        get: () => value,
        set(next) {
            if (Object.is(next, value)) return;
            value = next;
            for (const listener of [...listeners]) listener();
        },
        subscribe(listener) {
            listeners.add(listener);
            return () => {
                listeners.delete(listener);
            };
        },
    };
}

export function useStore<T>(store: Store<T>): T {
    const [, redraw] = useState({});
    const value = store.get();
    useLayoutEffect(() => {
        // It may have changed between the drawing and now.
        if (!Object.is(store.get(), value)) redraw({});
        return store.subscribe(() => redraw({}));
    }, [store]);
    return value;
}
