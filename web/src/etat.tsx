// SPDX-License-Identifier: EUPL-1.2
// What the public is told, newest first, until the incident is closed.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "./style/base.css";
import "./style/simple.css";
import "./theme";
import { language, say, type Text } from "./language";
import { Problem } from "./problem";
import { useStore } from "./store";
import * as T from "./texts";
import { dayAndTime } from "./time";
import { ask, asProblem, SimpleFrame, SimpleProblem } from "./ui/simple";

interface PublicStatus { structure: string | { name?: string }; entries: { at: string; text: Text; state?: string }[]; updated: string | null }

const AGAIN_SECONDS = 60;

function StatusPage() {
    useStore(language);
    const [status, setStatus] = useState<PublicStatus | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const load = () => ask<PublicStatus>("GET", "/public/status").then((found) => {
        setStatus(found);
        setProblem(null);
    }, (error) => setProblem(asProblem(error)));
    useEffect(() => {
        load();
        const timer = setInterval(load, AGAIN_SECONDS * 1000);
        return () => clearInterval(timer);
    }, []);
    const name = status ? (typeof status.structure === "string" ? status.structure : (status.structure?.name ?? "")) : "";
    const entries = status?.entries ?? [];
    return (
        <SimpleFrame title={say(T.publicTitle)}>
            <h1>{say(T.publicTitle)}</h1>
            {name && <p class="big">{name}</p>}
            <SimpleProblem problem={problem} again={load} />
            {status && !entries.length && <p class="calm-state">{say(T.publicCalm)}</p>}
            <ol class="news">
                {[...entries].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).map((entry) => (
                    <li key={entry.at + say(entry.text)}><p class="soft"><time dateTime={entry.at}>{dayAndTime(entry.at)}</time></p><p>{say(entry.text)}</p></li>
                ))}
            </ol>
            {status?.updated && <p class="soft">{say(T.publicUpdated)} <time dateTime={status.updated}>{dayAndTime(status.updated)}</time></p>}
            {!status && !problem && <p role="status">{say(T.loading)}</p>}
        </SimpleFrame>
    );
}

render(<StatusPage />, document.body);
