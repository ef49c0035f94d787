// SPDX-License-Identifier: EUPL-1.2
// The questions an incident asks, by theme, with who would know. « Je ne sais pas » is always an answer.
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { useResource } from "../resource";
import { may, WRITERS } from "../session";
import * as T from "../texts";
import { dayAndTime, fromField, number, toField } from "../time";
import type { Fact, FactKind } from "../types";
import { Badge, Empty, Moment, Part, Waiting, word } from "../ui/basics";
import { Choices, EarlierField, Form, LongField, SelectField, TextField, TimeField } from "../ui/form";
import { authorWord } from "../words";
import { accept, type Whole } from "./incident";

const UNKNOWN = "?"; // the hub's word for « je ne sais pas »

export function factValue(kind: FactKind | undefined, fact: Fact | undefined): string {
    if (!fact || fact.state === "not-asked") return say(T.factNotAsked);
    if (fact.state === "unknown") return say(T.dontKnow);
    const value = fact.value;
    if (typeof value === "boolean") return say(value ? T.yes : T.no);
    if (typeof value === "number") return number(value) + (kind?.unit ? " " + say(kind.unit) : "");
    if (kind?.type === "time") return dayAndTime(String(value));
    const choice = kind?.choices?.find((one) => one.word === value);
    return choice ? say(choice.label) : String(value ?? "");
}

/* What the field of an answer begins with. */
function typed(kind: FactKind, fact: Fact | undefined): string {
    if (!fact || fact.state === "not-asked") return "";
    if (fact.state === "unknown") return UNKNOWN;
    if (typeof fact.value === "boolean") return fact.value ? "oui" : "non";
    if (kind.type === "time") return toField(Date.parse(String(fact.value)));
    return String(fact.value ?? "");
}

function AnswerField({ kind, value, onValue }: { kind: FactKind; value: string; onValue(value: string): void }) {
    const unknown: [string, string] = [UNKNOWN, say(T.dontKnow)];
    const known = value === UNKNOWN ? "" : value;
    const unknownBox = (
        <label class="choice"><input type="checkbox" checked={value === UNKNOWN}
            onChange={(event) => onValue(event.currentTarget.checked ? UNKNOWN : "")} /><span>{say(T.dontKnow)}</span></label>
    );
    if (kind.type === "boolean")
        return <Choices legend={say(T.answer)} hidden name={kind.name} value={value} onValue={onValue}
            choices={[["oui", say(T.yes)], ["non", say(T.no)], unknown]} />;
    if (kind.type === "choice") {
        const choices = (kind.choices ?? []).map((one): [string, string] => [one.word, say(one.label)]);
        return choices.length <= 6
            ? <Choices legend={say(T.answer)} hidden name={kind.name} value={value} onValue={onValue} choices={[...choices, unknown]} />
            : <SelectField label={say(T.answer)} required value={value} onValue={onValue} choices={[["", ""], ...choices, unknown]} />;
    }
    const field = kind.type === "number"
        ? <TextField label={say(T.answer) + (kind.unit ? " (" + say(kind.unit) + ")" : "")} required={value !== UNKNOWN} inputMode="numeric"
            value={known} onValue={onValue} maxLength={40} />
        : kind.type === "time"
            ? <TimeField label={say(T.answer)} required={value !== UNKNOWN} value={known} onValue={onValue} />
            : <LongField label={say(T.answer)} required={value !== UNKNOWN} value={known} onValue={onValue} rows={3} />;
    return <>{field}{unknownBox}</>;
}

function AnswerForm({ id, kind, fact, close }: { id: string; kind: FactKind; fact: Fact | undefined; close(): void }) {
    const draft = useDraft("fact." + id + "." + kind.name, { value: typed(kind, fact), at: "" });
    const act = (values: { value: string; at: string }) => {
        const value = values.value === UNKNOWN ? UNKNOWN : kind.type === "time" ? (fromField(values.value) ?? values.value) : values.value.trim();
        const at = fromField(values.at);
        return send("POST", "/incidents/" + segment(id) + "/facts", { name: kind.name, value, ...(at ? { at } : {}) });
    };
    return (
        <Form draft={draft} act={act} cancel={close} button={say(T.save)} done={(answer) => {
            accept(id, answer);
            close();
        }}>
            <AnswerField kind={kind} value={draft.values.value} onValue={(value) => draft.set("value", value)} />
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
        </Form>
    );
}

function Question({ id, kind, fact, editable }: { id: string; kind: FactKind; fact: Fact | undefined; editable: boolean }) {
    const [open, setOpen] = useState(false);
    const answered = fact && fact.state !== "not-asked";
    return (
        <li class="question">
            <div class="question-head">
                <div>
                    <h4>{say(kind.question)}</h4>
                    {kind.who && say(kind.who) && <p class="soft">{say(T.whoKnows)} {say(kind.who)}</p>}
                </div>
                <div class="answer">
                    <p>{answered ? <strong>{factValue(kind, fact)}</strong> : <Badge>{say(T.factNotAsked)}</Badge>}</p>
                    {answered && <p class="soft">{authorWord(fact.author)} · <Moment time={fact.at} />{fact.entered && fact.at !== fact.entered &&
                        <> · {say(T.typedOn)} <Moment time={fact.entered} /></>}</p>}
                </div>
                {editable && <button type="button" class="button quiet small" aria-expanded={open} onClick={() => setOpen(!open)}>
                    {say(answered ? T.correct : T.answerButton)}<span class="unseen"> : {say(kind.label)}</span></button>}
            </div>
            {open && <AnswerForm id={id} kind={kind} fact={fact} close={() => setOpen(false)} />}
        </li>
    );
}

function themeOf(name: string): string {
    const dot = name.indexOf(".");
    return dot > 0 ? name.slice(0, dot) : "course";
}

export function FactsView({ whole }: { whole: Whole }) {
    const { data, problem, reload } = useResource<{ facts: FactKind[] }>("/facts");
    const [which, setWhich] = useState("all");
    if (!data) return <Waiting problem={problem} again={reload} />;
    const editable = may(...WRITERS) && whole.incident.state === "open";
    const facts = whole.incident.facts;
    const answered = (kind: FactKind) => (facts[kind.name]?.state ?? "not-asked") !== "not-asked";
    const shown = data.facts.filter((kind) => which === "all" || (which === "open") !== (answered(kind) && facts[kind.name]!.state === "known"));
    const themes = [...new Set(shown.map((kind) => themeOf(kind.name)))];
    return (
        <>
            <p>{say(T.factsWhy)}</p>
            <Choices legend={say(T.timelineShow)} hidden name="facts" value={which} onValue={setWhich} choices={[
                ["all", say(T.factsAll)], ["open", say(T.factsOpen)], ["known", say(T.factsKnown)]]} />
            {!shown.length && <Empty>{say(T.factsNone)}</Empty>}
            {themes.map((theme) => (
                <Part key={theme} id={"facts-" + theme} title={word(T.themeWords, theme)} wide>
                    <h3 class="unseen">{say(T.questions)}</h3>
                    <ul class="questions">
                        {shown.filter((kind) => themeOf(kind.name) === theme).map((kind) =>
                            <Question key={kind.name} id={whole.incident.id} kind={kind} fact={facts[kind.name]} editable={editable} />)}
                    </ul>
                </Part>
            ))}
        </>
    );
}
