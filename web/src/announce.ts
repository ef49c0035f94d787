// SPDX-License-Identifier: EUPL-1.2
// What a screen reader says without being asked.
import { createStore } from "./store";

export const announcement = createStore("");

let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(sentence: string): void {
    // The same sentence twice has to be heard twice.
    announcement.set("");
    clearTimeout(timer);
    timer = setTimeout(() => announcement.set(sentence), 50);
}
