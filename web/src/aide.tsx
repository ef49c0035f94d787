// SPDX-License-Identifier: EUPL-1.2
// The four buttons and two: what happened, a few questions that may all be answered « je ne sais pas », then what to do at
// once, as steps to tick, and a number to come back with. What was ticked stays ticked on this device without the network.
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import "./style/base.css";
import "./style/simple.css";
import "./theme";
import { keep, kept } from "./keep";
import { language, say, type Text } from "./language";
import { Problem } from "./problem";
import { useStore } from "./store";
import * as T from "./texts";
import { ask, asProblem, SimpleFrame, SimpleProblem } from "./ui/simple";
import { Icon, type IconName } from "./ui/icon";

interface Question { name: string; question?: Text; label?: Text; type: string; unit?: Text; choices?: { word: string; label: Text }[] }
interface Button { id: string; title: Text; icon?: string; questions: Question[] }
interface Advice { id: string; text: Text; detail?: Text | null; done?: boolean; state?: string }
interface Call { text: Text | null; phone?: string; who?: string }
interface Made { number: string; advice: Advice[]; call?: Call | null; state?: string }

const ICONS: Record<string, IconName> = { mail: "mail", click: "click", mask: "people", computer: "computer", outage: "outage", leak: "leak" };
const UNKNOWN = "?";

function Heading({ children }: { children: string }) {
    const head = useRef<HTMLHeadingElement>(null);
    useEffect(() => head.current?.focus(), []);
    return <h1 tabIndex={-1} ref={head}>{children}</h1>;
}

function Buttons({ buttons, choose, find }: { buttons: Button[]; choose(button: Button): void; find(number: string): void }) {
    const [number, setNumber] = useState("");
    return (
        <>
            <h1>{say(T.helpTitle)}</h1>
            <p class="big">{say(T.helpWhy)}</p>
            <ul class="bigs">
                {buttons.map((button) => (
                    <li key={button.id}><button type="button" class="bigbutton" onClick={() => choose(button)}>
                        <Icon name={ICONS[button.icon ?? ""] ?? "incident"} /><span>{say(button.title)}</span></button></li>
                ))}
            </ul>
            <form class="find" onSubmit={(event) => {
                event.preventDefault();
                if (number.trim()) find(number.trim().toUpperCase());
            }}>
                <label for="number">{say(T.helpNumberAgain)}</label>
                <div class="row"><input id="number" value={number} autoComplete="off" spellcheck={false} maxLength={24} placeholder="G-2026-0417-KRT-XMA"
                    onInput={(event) => setNumber(event.currentTarget.value)} />
                <button type="submit" class="button quiet">{say(T.helpFind)}</button></div>
            </form>
        </>
    );
}

function questionText(one: Question): string {
    return say(one.question ?? one.label);
}

function Answer({ one, value, onValue }: { one: Question; value: string; onValue(value: string): void }) {
    const choices: [string, string][] | null = one.type === "boolean" ? [["oui", say(T.yes)], ["non", say(T.no)]]
        : one.type === "choice" ? (one.choices ?? []).map((choice): [string, string] => [choice.word, say(choice.label)]) : null;
    const id = "q-" + one.name.replace(/\W/g, "-");
    if (choices)
        return (
            <fieldset>
                <legend>{questionText(one)}</legend>
                {[...choices, [UNKNOWN, say(T.dontKnow)] as [string, string]].map(([word, label]) => (
                    <label key={word} class="bigchoice"><input type="radio" name={one.name} checked={value === word} onChange={() => onValue(word)} /><span>{label}</span></label>
                ))}
            </fieldset>
        );
    return (
        <div class="question-text">
            <label for={id}>{questionText(one)}{one.unit && " (" + say(one.unit) + ")"}</label>
            <input id={id} type={(one.type === "time" ? "datetime-local" : "text") as "text"} inputMode={one.type === "number" ? "numeric" : "text"} value={value === UNKNOWN ? "" : value} maxLength={500}
                onInput={(event) => onValue(event.currentTarget.value)} autoComplete="off" />
            <label class="bigchoice"><input type="checkbox" checked={value === UNKNOWN}
                onChange={(event) => onValue(event.currentTarget.checked ? UNKNOWN : "")} /><span>{say(T.dontKnow)}</span></label>
        </div>
    );
}

function wire(one: Question, value: string): string {
    if (one.type !== "time" || value === UNKNOWN || !value) return value || UNKNOWN;
    const at = new Date(value);
    return isNaN(at.getTime()) ? UNKNOWN : at.toISOString();
}

function Questions({ button, back, made }: { button: Button; back(): void; made(report: Made): void }) {
    const key = "draft.aide." + button.id;
    const [answers, setAnswers] = useState<Record<string, string>>(() => {
        try {
            return JSON.parse(kept(key, true) ?? "{}");
        } catch {
            return {};
        }
    });
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const set = (name: string, value: string) => {
        const next = { ...answers, [name]: value };
        keep(key, JSON.stringify(next), true);
        setAnswers(next);
    };
    const submit = async (event: Event) => {
        event.preventDefault();
        if (busy) return;
        setBusy(true);
        setProblem(null);
        try {
            const said: Record<string, string> = {};
            for (const one of button.questions) said[one.name] = wire(one, answers[one.name] ?? "");
            const contact = (answers["/contact"] ?? "").trim();
            const report = await ask<Made>("POST", "/report", contact ? { button: button.id, answers: said, contact } : { button: button.id, answers: said });
            keep(key, null, true);
            made(report);
        } catch (error) {
            setProblem(asProblem(error));
        }
        setBusy(false);
    };
    return (
        <form onSubmit={submit}>
            <Heading>{say(button.title)}</Heading>
            <p class="big">{say(T.helpQuestions)}</p>
            {button.questions.map((one) => <Answer key={one.name} one={one} value={answers[one.name] ?? ""} onValue={(value) => set(one.name, value)} />)}
            <div class="question-text">
                <label for="contact">{say(T.helpContact)}</label>
                <p class="soft" id="contact-hint">{say(T.helpContactHint)}</p>
                <input id="contact" value={answers["/contact"] ?? ""} maxLength={120} aria-describedby="contact-hint" autoComplete="off"
                    onInput={(event) => set("/contact", event.currentTarget.value)} />
            </div>
            <SimpleProblem problem={problem} />
            <div class="row">
                <button type="submit" class="button main" aria-disabled={busy}>{busy ? say(T.sending) : say(T.helpSend)}</button>
                <button type="button" class="button quiet" onClick={back}>{say(T.back)}</button>
            </div>
        </form>
    );
}

function ticked(number: string): Record<string, boolean> {
    try {
        return JSON.parse(kept("report." + number) ?? "{}");
    } catch {
        return {};
    }
}

function CallLine({ call }: { call: Call | null | undefined }) {
    if (!call) return null;
    if (!call.text && !call.phone) return null;
    return <p class="call"><Icon name="phone" /><span>{say(call.text) || say(T.helpCall)} {call.who} {call.phone &&
        <a href={"tel:" + call.phone.replace(/[^\d+]/g, "")}>{call.phone}</a>}</span></p>;
}

function Steps({ report, back }: { report: Made; back(): void }) {
    const [done, setDone] = useState<Record<string, boolean>>(() => {
        const mine = ticked(report.number);
        for (const step of report.advice) if (step.done || step.state === "done") mine[step.id] = true;
        return mine;
    });
    const [problem, setProblem] = useState<Problem | null>(null);
    const tick = (step: Advice, value: boolean) => {
        const next = { ...done, [step.id]: value };
        setDone(next);
        keep("report." + report.number, JSON.stringify(next));
        ask("POST", "/report/" + encodeURIComponent(report.number) + "/steps", { step: step.id, done: value })
            .then(() => setProblem(null), (error) => setProblem(asProblem(error)));
    };
    return (
        <>
            <Heading>{say(T.helpSteps)}</Heading>
            <p class="big">{say(T.helpThanks)}</p>
            <p class="number">{say(T.helpYourNumber)} <strong>{report.number}</strong></p>
            <p>{say(T.helpKeepNumber)}</p>
            <CallLine call={report.call} />
            {report.state === "closed" && <p class="calm-state">{say(T.helpClosed)}</p>}
            <ol class="advice">
                {report.advice.map((step) => (
                    <li key={step.id} class={done[step.id] ? "done" : ""}>
                        <label class="bigchoice"><input type="checkbox" checked={!!done[step.id]} onChange={(event) => tick(step, event.currentTarget.checked)} />
                            <span>{say(step.text)}</span></label>
                        {step.detail && <p class="detail">{say(step.detail)}</p>}
                    </li>
                ))}
            </ol>
            <SimpleProblem problem={problem} />
            <div class="row noprint">
                <button type="button" class="button main" onClick={() => window.print()}>{say(T.print)}</button>
                <button type="button" class="button quiet" onClick={back}>{say(T.helpAnother)}</button>
            </div>
        </>
    );
}

function Help() {
    useStore(language);
    const [buttons, setButtons] = useState<Button[] | null>(null);
    const [button, setButton] = useState<Button | null>(null);
    const [report, setReport] = useState<Made | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const load = () => ask<{ buttons: Button[] }>("GET", "/report").then((found) => {
        setButtons(found.buttons);
        setProblem(null);
    }, (error) => setProblem(asProblem(error)));
    const find = (number: string) => ask<Made>("GET", "/report/" + encodeURIComponent(number)).then((found) => {
        setReport({ ...found, number: found.number ?? number });
        setProblem(null);
    }, (error) => setProblem(asProblem(error)));
    useEffect(() => {
        load();
        const number = location.hash.replace("#", "");
        if (number) find(number);
    }, []);
    const first = () => {
        setReport(null);
        setButton(null);
    };
    return (
        <SimpleFrame title={say(T.helpPage)}>
            <SimpleProblem problem={problem} again={load} />
            {report ? <Steps key={report.number} report={report} back={first} />
                : button ? <Questions key={button.id} button={button} back={first} made={setReport} />
                    : buttons ? <Buttons buttons={buttons} choose={setButton} find={find} />
                        : !problem ? <p role="status">{say(T.loading)}</p> : <h1>{say(T.helpTitle)}</h1>}
        </SimpleFrame>
    );
}

render(<Help />, document.body);
