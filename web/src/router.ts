// SPDX-License-Identifier: EUPL-1.2
// Where we are in the console: the address, and nothing else.
import { createStore } from "./store";

export const place = createStore(location.pathname);

/* Leaves when nothing objects. */
export function go(path: string, replace = false): void {
    if (path === location.pathname + location.search) return;
    history[replace ? "replaceState" : "pushState"](null, "", path);
    place.set(location.pathname);
    window.scrollTo(0, 0);
}

window.addEventListener("popstate", () => place.set(location.pathname));

/* The parts of the path that stand at {name}, or null when it is another path. "{name*}" at the end takes the rest or nothing. */
export function match(pattern: string, path: string): Record<string, string> | null {
    const wanted = pattern.split("/").filter(Boolean);
    const given = path.split("/").filter(Boolean);
    const found: Record<string, string> = {};
    for (let i = 0; i < wanted.length; i++) {
        const part = wanted[i]!;
        if (part[0] !== "{") {
            if (given[i] !== part) return null;
        } else if (part.endsWith("*}")) {
            found[part.slice(1, -2)] = given.slice(i).join("/");
            return found;
        } else if (given[i] === undefined) {
            return null;
        } else {
            found[part.slice(1, -1)] = decodeURIComponent(given[i]!);
        }
    }
    return given.length === wanted.length ? found : null;
}
