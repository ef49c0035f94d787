// SPDX-License-Identifier: EUPL-1.2
// What the two public pages share: they ask without an account, and must stay small enough for an old telephone.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { chooseLanguage, language, say } from "../language";
import { Problem, answeredProblem, lostProblem } from "../problem";
import { useStore } from "../store";
import * as T from "../texts";

export async function ask<R>(method: string, path: string, body?: object): Promise<R> {
    let response: Response;
    try {
        const headers: Record<string, string> = { "Accept-Language": language.get() };
        if (body) headers["Content-Type"] = "application/json";
        response = await fetch("/api/v1" + path, { method, headers, credentials: "same-origin", body: body ? JSON.stringify(body) : null });
    } catch {
        throw lostProblem();
    }
    if (!response.ok) throw await answeredProblem(response);
    return response.json() as Promise<R>;
}

export function asProblem(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem(-1, String(error), String(error));
}

export function SimpleFrame({ title, children }: { title: string; children: ComponentChildren }) {
    const tongue = useStore(language);
    const other = tongue === "fr" ? "en" : "fr";
    useEffect(() => {
        document.documentElement.lang = tongue;
        document.title = title;
    }, [tongue, title]);
    const skip = (event: Event) => {
        event.preventDefault();
        document.getElementById("content")?.focus();
    };
    return (
        <div class="plain">
            <a class="skip" href="#content" onClick={skip}>{say(T.skip)}</a>
            <header class="plain-top"><span class="brand">Garde</span>
                <button type="button" class="button quiet" lang={other} onClick={() => chooseLanguage(other)}>{tongue === "fr" ? "English" : "Français"}</button></header>
            <main id="content" tabIndex={-1}>{children}</main>
            <footer class="foot"><a href="/aide">{say(T.helpPage)}</a> <a href="/etat">{say(T.statusPage)}</a></footer>
        </div>
    );
}

export function SimpleProblem({ problem, again }: { problem: Problem | null; again?: () => void }) {
    if (!problem) return null;
    return <div class="notice bad" role="alert"><div><p>{problem.sentence}</p>
        {again && <button type="button" class="button quiet" onClick={again}>{say(T.tryAgain)}</button>}</div></div>;
}
