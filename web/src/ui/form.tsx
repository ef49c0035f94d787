// SPDX-License-Identifier: EUPL-1.2
// Fields with their label, hint and error tied together; forms that keep what was typed; dialogs.
import type { ComponentChildren, VNode } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { announce } from "../announce";
import type { Answer } from "../api";
import { useDraft, type Draft } from "../draft";
import { say } from "../language";
import * as T from "../texts";
import { now, toField } from "../time";
import { Notice, ProblemNotice } from "./basics";
import { Icon } from "./icon";

interface FieldProps {
    label: string;
    hint?: string | undefined;
    required?: boolean | undefined;
}

interface ControlNames {
    id: string;
    "aria-describedby"?: string;
    required?: boolean;
}

function Field({ label, hint, required, children }:
    FieldProps & { children: (names: ControlNames) => VNode }) {
    const id = useId();
    const names: ControlNames = { id };
    if (hint) names["aria-describedby"] = id + "-hint";
    if (required) names.required = true;
    return (
        <div class="field">
            <label for={id}>{label}{!required && <span class="optional"> {say(T.optional)}</span>}</label>
            {hint && <p class="hint" id={id + "-hint"}>{hint}</p>}
            {children(names)}
        </div>
    );
}

export function TextField({ value, onValue, type = "text", autocomplete, maxLength, inputMode, ...field }: FieldProps & {
    value: string; onValue(value: string): void; type?: "text" | "password" | "email" | "tel"; autocomplete?: string; maxLength?: number;
    inputMode?: "numeric" | "tel" | "email";
}) {
    return (
        <Field {...field}>
            {(names) => <input {...names} type={type as "text"} value={value} maxLength={maxLength} inputMode={inputMode}
                autoComplete={autocomplete ?? "off"} onInput={(event) => onValue(event.currentTarget.value)} />}
        </Field>
    );
}

export function LongField({ value, onValue, rows = 4, maxLength = 4000, ...field }: FieldProps & {
    value: string; onValue(value: string): void; rows?: number; maxLength?: number;
}) {
    return (
        <Field {...field}>
            {(names) => <textarea {...names} rows={rows} value={value} maxLength={maxLength}
                onInput={(event) => onValue(event.currentTarget.value)} />}
        </Field>
    );
}

export function SelectField({ value, onValue, choices, ...field }: FieldProps & {
    value: string; onValue(value: string): void; choices: [string, string][];
}) {
    return (
        <Field {...field}>
            {(names) => (
                <select {...names} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
                    {choices.map(([word, label]) => <option key={word} value={word} selected={word === value}>{label}</option>)}
                </select>
            )}
        </Field>
    );
}

/* A moment in this machine's zone. */
export function TimeField({ value, onValue, ...field }: FieldProps & { value: string; onValue(value: string): void }) {
    return (
        <Field {...field}>
            {(names) => (
                <div class="row">
                    <input {...names} type="datetime-local" value={value}
                        onInput={(event) => onValue(event.currentTarget.value)} />
                    <button type="button" class="button quiet" onClick={() => onValue(toField(now()))}>{say(T.nowButton)}</button>
                </div>
            )}
        </Field>
    );
}

/* When it happened, when that is not now: what was on paper is typed in later. */
export function EarlierField({ value, onValue }: { value: string; onValue(value: string): void }) {
    return (
        <details class="earlier" open={value !== ""}>
            <summary>{say(T.earlier)}</summary>
            <TimeField label={say(T.earlierWhen)} hint={say(T.earlierHint)} value={value} onValue={onValue} />
        </details>
    );
}

export function Choices({ legend, hint, value, onValue, choices, name, hidden }: {
    legend: string; hint?: string | undefined; value: string; onValue(value: string): void;
    choices: [string, string][]; name: string; hidden?: boolean;
}) {
    const id = useId();
    return (
        <fieldset class="choices" aria-describedby={hint ? id : undefined}>
            <legend class={hidden ? "unseen" : undefined}>{legend}</legend>
            {hint && <p class="hint" id={id}>{hint}</p>}
            <div class="choice-list">
                {choices.map(([word, label]) => (
                    <label key={word} class="choice">
                        <input type="radio" name={name} value={word} checked={value === word}
                            onChange={() => onValue(word)} />
                        <span>{label}</span>
                    </label>
                ))}
            </div>
        </fieldset>
    );
}

export function Check({ label, checked, onValue, disabled }:
    { label: ComponentChildren; checked: boolean; onValue(value: boolean): void; disabled?: boolean }) {
    return (
        <label class="choice">
            <input type="checkbox" checked={checked} disabled={disabled}
                onChange={(event) => onValue(event.currentTarget.checked)} />
            <span>{label}</span>
        </label>
    );
}

export function Submit({ busy, children, tone }: { busy: boolean; children: ComponentChildren; tone?: "danger" | "quiet" }) {
    // Not `disabled`: the keyboard would lose its place while the answer is on its way.
    return <button type="submit" class={"button " + (tone ?? "main")} aria-disabled={busy}>
        {busy ? say(T.sending) : children}</button>;
}

/* A form over a draft: what an act needs, kept until it is done. */
export function Form<V extends object>({ draft, act, done, button, tone, cancel, children, said, kind }: {
    draft: Draft<V>; act: (values: V) => Promise<unknown>; done?: (answer: unknown) => void; button: string;
    tone?: "danger" | "quiet"; cancel?: () => void; children?: ComponentChildren; said?: string; kind?: string;
}) {
    const [waits, setWaits] = useState(false);
    const submit = async (event: Event) => {
        event.preventDefault();
        setWaits(false);
        let answer: unknown;
        const worked = await draft.submit(async (values) => {
            answer = await act(values);
        });
        if (!worked) return;
        const second = (answer as Answer<unknown> | undefined)?.waiting === true;
        announce(second ? say(T.waitsForSecond) : (said ?? say(T.done)));
        if (second) setWaits(true);
        else done?.(answer);
    };
    if (waits)
        return (
            <>
                <Notice tone="info" title={say(T.waitsForSecond)}><p>{say(T.waitsForSecondWhy)}</p></Notice>
                {cancel && <div class="form-foot">
                    <button type="button" class="button main" onClick={cancel}>{say(T.close)}</button></div>}
            </>
        );
    return (
        <form onSubmit={submit} class={kind}>
            {children}
            <ProblemNotice problem={draft.problem} />
            <div class="form-foot">
                <Submit busy={draft.busy} tone={tone!}>{button}</Submit>
                {cancel && <button type="button" class="button quiet" onClick={cancel}>{say(T.cancel)}</button>}
            </div>
        </form>
    );
}

export function Dialog({ title, onClose, children }: { title: string; onClose(): void; children: ComponentChildren }) {
    const dialog = useRef<HTMLDialogElement>(null);
    const id = useId();
    // Before the drawing ends: the keyboard must not be nowhere, not even for a moment.
    useLayoutEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        const one = dialog.current;
        one?.showModal();
        return () => {
            if (one?.open) one.close();
            if (before?.isConnected) before.focus();
        };
    }, []);
    return (
        <dialog ref={dialog} aria-labelledby={id} onCancel={(event) => {
            event.preventDefault();
            onClose();
        }}>
            <div class="dialog-head">
                <h2 id={id}>{title}</h2>
                <button type="button" class="button quiet small" onClick={onClose}>
                    <Icon name="close" /><span>{say(T.close)}</span></button>
            </div>
            {children}
        </dialog>
    );
}

/* A button that asks why before it acts: the reason is part of the record. */
export function ReasonButton({ label, title, explain, act, draft: key, optional, tone, small, children }: {
    label: string; title: string; explain?: ComponentChildren; act: (reason: string) => Promise<unknown>; draft: string;
    optional?: boolean; tone?: "danger" | "quiet"; small?: boolean; children?: ComponentChildren;
}) {
    const [open, setOpen] = useState(false);
    return (
        <>
            <button type="button" class={"button quiet" + (small ? " small" : "")} onClick={() => setOpen(true)}>{children}{label}</button>
            {open && (
                <Dialog title={title} onClose={() => setOpen(false)}>
                    {explain}
                    <ReasonForm draft={key} label={label} act={act} optional={optional ?? false} tone={tone}
                        close={() => setOpen(false)} />
                </Dialog>
            )}
        </>
    );
}

function ReasonForm({ draft: key, label, act, optional, tone, close }: {
    draft: string; label: string; act: (reason: string) => Promise<unknown>; optional: boolean;
    tone: "danger" | "quiet" | undefined; close(): void;
}) {
    const draft = useDraft("reason." + key, { reason: "" });
    return (
        <Form draft={draft} act={(values) => act(values.reason.trim())} done={close} cancel={close} button={label}
            tone={tone!}>
            <LongField label={say(T.reason)} hint={say(T.reasonHint)} required={!optional} value={draft.values.reason}
                maxLength={1000} onValue={(value) => draft.set("reason", value)} rows={3} />
        </Form>
    );
}

/* A button whose act needs nothing but itself. */
export function ActButton({ act, children, tone = "quiet", small, said }: {
    act: () => Promise<unknown>; children: ComponentChildren; tone?: "main" | "quiet" | "danger"; small?: boolean;
    said?: string;
}) {
    const draft = useDraft("act", {});
    const press = async () => {
        if (await draft.submit(act)) announce(said ?? say(T.done));
    };
    return (
        <>
            <button type="button" class={"button " + tone + (small ? " small" : "")} aria-disabled={draft.busy}
                onClick={press}>{children}</button>
            <ProblemNotice problem={draft.problem} />
        </>
    );
}
