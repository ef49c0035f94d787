// SPDX-License-Identifier: EUPL-1.2
// What a person types is kept until it is sent: a lost connection, a closed session or a reload lose nothing.
import { useRef, useState } from "preact/hooks";
import { announce } from "./announce";
import { keep, kept } from "./keep";
import { Problem } from "./problem";

function read<T extends object>(key: string, initial: T): T {
    const text = kept("draft." + key, true);
    if (text === null) return initial;
    try {
        return { ...initial, ...JSON.parse(text) };
    } catch {
        return initial;
    }
}

export interface Draft<T extends object> {
    values: T;
    set<K extends keyof T>(name: K, value: T[K]): void;
    clear(): void;
    busy: boolean;
    problem: Problem | null;
    /* Runs the act; the draft is forgotten when it succeeds. Whether it did. */
    submit(act: (values: T) => Promise<unknown>): Promise<boolean>;
}

/* `secret` names what is never kept: passwords, codes. */
export function useDraft<T extends object>(key: string, initial: T, secret: (keyof T)[] = []): Draft<T> {
    const [held, setHeld] = useState(() => ({ key, values: read(key, initial) }));
    const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null });
    // The next key's draft is read in the drawing that asks for it, not one later.
    const current = held.key === key ? held.values : read(key, initial);
    const latest = useRef(current);
    latest.current = current;
    const busy = useRef(false);

    const store = (values: T) => {
        latest.current = values;
        const safe = { ...values };
        for (const name of secret) delete safe[name];
        keep("draft." + key, JSON.stringify(safe), true);
        setHeld({ key, values });
    };
    return {
        values: current,
        busy: state.busy,
        problem: state.problem,
        set: (name, value) => store({ ...latest.current, [name]: value }),
        clear() {
            keep("draft." + key, null, true);
            latest.current = initial;
            setHeld({ key, values: initial });
            setState({ busy: false, problem: null });
        },
        async submit(act) {
            // A second press while the first is on its way must not do it twice.
            if (busy.current) return false;
            busy.current = true;
            setState({ busy: true, problem: null });
            try {
                await act(latest.current);
                keep("draft." + key, null, true);
                setHeld({ key, values: initial });
                setState({ busy: false, problem: null });
                return true;
            } catch (error) {
                const problem = error instanceof Problem ? error : new Problem(-1, String(error), String(error));
                setState({ busy: false, problem });
                announce(problem.sentence);
                return false;
            } finally {
                busy.current = false;
            }
        },
    };
}
