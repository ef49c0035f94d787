// SPDX-License-Identifier: EUPL-1.2
// Light or dark as the system says, unless the person chose.
import { keep, kept } from "./keep";
import { createStore } from "./store";

export type Theme = "system" | "light" | "dark";

function first(): Theme {
    const chosen = kept("theme");
    return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export const theme = createStore<Theme>(first());

function show(value: Theme): void {
    if (value === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", value);
}

export function chooseTheme(value: Theme): void {
    keep("theme", value === "system" ? null : value);
    show(value);
    theme.set(value);
}

show(theme.get());
