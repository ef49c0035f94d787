// SPDX-License-Identifier: EUPL-1.2
// Every breach of personal data, notified or not, as article 33(5) wants it.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { fileAddress, get } from "../api";
import { say, type Text } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import { Badge, Empty, Facts, FileLink, Link, Moment, Page, Waiting } from "../ui/basics";
import { ActButton } from "../ui/form";

interface Field { key: string; label: Text; value: Text; state: string }
interface Told { state: string; text: Text }

interface Breach {
    incident: string; title: Text; opened: string; closed: string | null; state: string;
    sections: { key: string; title: Text; fields: Field[] }[]; authority: Told; persons: Told;
}

interface Breaches { breaches: Breach[]; next: string | null }

/* Whatever a setting or a request holds, in a line. */
export function shown(value: unknown): string {
    if (value === null || value === undefined) return "";
    if (typeof value === "boolean") return say(value ? T.yes : T.no);
    if (typeof value === "object") {
        if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(" ; ");
        const both = value as Partial<Text>;
        if (typeof both.fr === "string" || typeof both.en === "string") return say({ fr: both.fr ?? "", en: both.en ?? "" });
        return Object.entries(value).map(([name, inner]) => name + " : " + shown(inner)).join(" ; ");
    }
    return String(value);
}

function Duty({ told }: { told: Told }) {
    return <><Badge tone={told.state === "filed" ? "good" : told.state === "due" ? "bad" : "calm"}>
        {say(told.state === "filed" ? T.yes : told.state === "due" ? T.dueYet : T.no)}</Badge> <span class="said-lines">{say(told.text)}</span></>;
}

function Entry({ breach }: { breach: Breach }) {
    return (
        <li class={"card " + (breach.authority.state === "due" || breach.persons.state === "due" ? "bad" : "calm")}>
            <h2 class="card-title"><Link to={"/incidents/" + breach.incident}>{say(breach.title)}</Link></h2>
            <Facts rows={[
                [say(T.openedOn), <Moment time={breach.opened} />],
                [say(T.closedOn), breach.closed ? <Moment time={breach.closed} /> : null],
                [say(T.notified), <Duty told={breach.authority} />],
                [say(T.personsTold), <Duty told={breach.persons} />],
            ]} />
            {breach.sections.map((section) => (
                <details key={section.key}>
                    <summary>{say(section.title)}<span class="unseen"> : {say(breach.title)}</span></summary>
                    <Facts rows={section.fields.map((field): [string, ComponentChildren] =>
                        [say(field.label), field.state === "known" ? say(field.value) : <span class="soft">{say(field.value)}</span>])} />
                </details>
            ))}
        </li>
    );
}

export function RegisterPage() {
    const { data, problem, reload } = useResource<Breaches>("/register");
    const [more, setMore] = useState<Breach[]>([]);
    const [next, setNext] = useState<string | null | undefined>(undefined);
    const after = next === undefined ? data?.next : next;
    const load = async () => {
        const page = await get<Breaches>("/register?after=" + encodeURIComponent(after ?? ""));
        setMore([...more, ...page.breaches]);
        setNext(page.next);
    };
    return (
        <Page title={say(T.navRegister)} actions={<FileLink href={fileAddress("/register/paper")} icon="print">{say(T.registerPaper)}</FileLink>}>
            <p>{say(T.registerWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : !data.breaches.length ? <Empty>{say(T.registerNone)}</Empty>
                : <ol class="cards">{[...data.breaches, ...more].map((one) => <Entry key={one.incident} breach={one} />)}</ol>}
            {after && <ActButton act={load}>{say(T.more)}</ActButton>}
        </Page>
    );
}
