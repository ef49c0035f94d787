// SPDX-License-Identifier: EUPL-1.2
// French unless the person or the browser asks for English; what is chosen is kept on this machine.
import { keep, kept } from "./keep";
import { createStore } from "./store";

export type Language = "fr" | "en";

/* A sentence a person reads, in both languages: the compiler refuses one that lacks a language. */
export interface Text {
    fr: string;
    en: string;
}

function first(): Language {
    const chosen = kept("language");
    if (chosen === "fr" || chosen === "en") return chosen;
    return (navigator.language || "fr").toLowerCase().indexOf("en") === 0 ? "en" : "fr";
}

export const language = createStore<Language>(first());

export function chooseLanguage(next: Language): void {
    keep("language", next);
    document.documentElement.lang = next;
    language.set(next);
}

/* French sets a space before these signs that no line may break at. */
function typeset(text: string): string {
    return text.replace(/ ([?!;])/g, "\u202f$1").replace(/ ([:»])/g, "\u00a0$1").replace(/« /g, "«\u00a0");
}

/* The text in the language in force, with {name} replaced; "" for a text that is not there. */
export function say(text: Text | null | undefined, values?: Record<string, string | number>): string {
    if (!text) return "";
    const english = language.get() === "en" && text.en;
    const sentence = english || typeset(text.fr || text.en || "");
    return values ? sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : sentence;
}
