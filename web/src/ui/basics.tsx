// SPDX-License-Identifier: EUPL-1.2
// The smallest pieces: links, buttons, badges, notices, moments, tables.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say, type Text } from "../language";
import type { Problem } from "../problem";
import { go, place } from "../router";
import { useStore } from "../store";
import * as T from "../texts";
import { dayAndTime, length, useNow } from "../time";
import { Icon, type IconName } from "./icon";

/* A link within the console; the browser follows it itself when a key is held. */
export function Link({ to, children, ...rest }: {
    to: string; children: ComponentChildren; class?: string; "aria-current"?: "page" | undefined;
}) {
    const follow = (event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
    };
    return <a {...rest} href={to} onClick={follow}>{children}</a>;
}

/* A file of the hub's: opens beside, or is saved, as its header says. */
export function FileLink({ href, icon = "download", children }:
    { href: string; icon?: IconName; children: ComponentChildren }) {
    return <a class="button quiet" href={href} target="_blank" rel="noopener"><Icon name={icon} />{children}</a>;
}

export type Tone = "calm" | "good" | "warn" | "bad" | "info";

export function Badge({ tone = "calm", children }: { tone?: Tone; children: ComponentChildren }) {
    return <span class={"badge " + tone}>{children}</span>;
}

/* Open; closed; or closed with something owed all the same. */
export function StateBadge({ of: one }: { of: { state: "open" | "closed"; owing?: boolean } }) {
    if (one.state === "open") return <Badge tone="warn">{say(T.stateOpen)}</Badge>;
    return one.owing ? <Badge tone="bad">{say(T.stateOwing)}</Badge> : <Badge>{say(T.stateClosed)}</Badge>;
}

export function Notice({ tone = "info", title, children }:
    { tone?: Tone; title?: string; children?: ComponentChildren }) {
    const icon: IconName = tone === "bad" || tone === "warn" ? "warning" : tone === "good" ? "check" : "info";
    return (
        <div class={"notice " + tone}>
            <Icon name={icon} />
            <div>
                {title && <p class="notice-title">{title}</p>}
                {children}
            </div>
        </div>
    );
}

/* What went wrong; nothing when nothing did. */
export function ProblemNotice({ problem, again }: { problem: Problem | null | undefined; again?: (() => void) | undefined }) {
    if (!problem) return null;
    return (
        <div role="alert">
            <Notice tone={problem.lost ? "warn" : "bad"}>
                <p>{problem.sentence}</p>
                {again && <button type="button" class="button quiet" onClick={again}>{say(T.tryAgain)}</button>}
            </Notice>
        </div>
    );
}

/* What a resource is worth before it is there. */
export function Waiting({ problem, again }: { problem: Problem | null; again?: () => void }) {
    return problem ? <ProblemNotice problem={problem} again={again} />
        : <p class="waiting" role="status">{say(T.loading)}</p>;
}

export function Empty({ children }: { children: ComponentChildren }) {
    return <p class="empty">{children}</p>;
}

/* A page: its title in the tab and at its head, where the keyboard goes when it opens. */
export function Page({ title, actions, children }:
    { title: string; actions?: ComponentChildren; children: ComponentChildren }) {
    const path = useStore(place);
    const head = useRef<HTMLHeadingElement>(null);
    const seen = useRef<string | null>(null);
    useEffect(() => {
        document.title = title ? title + " · Garde" : "Garde";
    }, [title]);
    useEffect(() => {
        // The first page keeps the keyboard where the browser put it.
        if (seen.current !== path && document.body.getAttribute("data-moved")) head.current?.focus();
        document.body.setAttribute("data-moved", "1");
        seen.current = path;
    }, [path]);
    return (
        <>
            <div class="page-head">
                <h1 tabIndex={-1} ref={head}>{title}</h1>
                {actions && <div class="actions">{actions}</div>}
            </div>
            {children}
        </>
    );
}

/* A part of a page under its own heading. */
export function Part({ id, title, actions, children, wide }: {
    id: string; title: string; actions?: ComponentChildren; children: ComponentChildren; wide?: boolean;
}) {
    return (
        <section class={"part" + (wide ? " wide" : "")} aria-labelledby={id}>
            <div class="part-head">
                <h2 id={id}>{title}</h2>
                {actions && <div class="actions">{actions}</div>}
            </div>
            {children}
        </section>
    );
}

export function Moment({ time }: { time: string | null | undefined }) {
    return time ? <time dateTime={time}>{dayAndTime(time)}</time> : null;
}

export function Ago({ time }: { time: string | null | undefined }) {
    const at = useNow(20);
    if (!time) return null;
    const past = at - Date.parse(time);
    return <time dateTime={time} title={dayAndTime(time)}>
        {past < 45_000 && past > -45_000 ? say(T.justNow)
            : say(past >= 0 ? T.ago : T.within, { length: length(past) })}</time>;
}

/* How long until it is due, and since when it is late. */
export function Countdown({ due }: { due: string }) {
    const at = Date.parse(due);
    const left = at - useNow(1);
    const tone: Tone = left < 0 ? "bad" : left < 6 * 3_600_000 ? "warn" : "info";
    return (
        <span class={"countdown " + tone}>
            <Icon name={left < 0 ? "warning" : "clock"} />
            <time dateTime={due}>{say(left < 0 ? T.lateBy : T.dueWithin, { length: length(left) })}</time>
        </span>
    );
}

/* A list of names and values. Values that are not there are left out. */
export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
    return (
        <dl class="facts">
            {rows.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) =>
                <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
    );
}

export interface Column<Row> {
    name: string;
    cell(row: Row): ComponentChildren;
    number?: boolean;
}

/* A table that becomes a list of cards where the page is narrow. */
export function Table<Row>({ caption, columns, rows, id }:
    { caption: string; columns: Column<Row>[]; rows: Row[]; id(row: Row): string }) {
    return (
        <div class="table" role="group" aria-label={caption} tabIndex={0}>
            <table>
                <caption class="unseen">{caption}</caption>
                <thead><tr>{columns.map((column) => <th key={column.name} scope="col" class={column.number ? "number" : undefined}>{column.name}</th>)}</tr></thead>
                <tbody>
                    {rows.map((row) => (
                        <tr key={id(row)}>
                            {columns.map((column, index) => index === 0
                                ? <th key={column.name} scope="row" data-name={column.name}>{column.cell(row)}</th>
                                : <td key={column.name} data-name={column.name}
                                    class={column.number ? "number" : undefined}>{column.cell(row)}</td>)}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

/* A word of the hub's in the person's language; as it came when we have none for it. */
export function word(words: Record<string, Text>, key: string | null | undefined): string {
    return key ? (Object.prototype.hasOwnProperty.call(words, key) ? say(words[key]) : key) : "";
}
