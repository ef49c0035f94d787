// SPDX-License-Identifier: EUPL-1.2
// The sealed register: its head, its lines, how to check it without trusting us, and what may be erased.
import { useState } from "preact/hooks";
import { fileAddress, get, send } from "../api";
import { say } from "../language";
import { useResource } from "../resource";
import { LAW, may } from "../session";
import * as T from "../texts";
import { number } from "../time";
import type { Head } from "../types";
import { Empty, Facts, FileLink, Moment, Notice, Page, Part, Table, Waiting } from "../ui/basics";
import { ActButton, ReasonButton } from "../ui/form";

interface Line { seq: number; time: string; type: string; subject: string; author: string; personal?: Record<string, { text?: string | null } | string> }
interface Lines { records: Line[]; next: number | string | null }

const EXPORTS = ["incidents", "facts", "tasks", "findings", "measures", "obligations", "filings", "letters", "sendings", "accounts", "approvals",
    "contacts", "records"];

function Erase({ line }: { line: Line }) {
    const names = Object.entries(line.personal ?? {}).filter(([, value]) => typeof value !== "object" || typeof value.text === "string").map(([name]) => name);
    if (!names.length) return null;
    return <>{names.map((name) => <ReasonButton key={name} small label={say(T.erase)} title={say(T.eraseTitle, { seq: line.seq })} tone="danger"
        draft={"erase." + line.seq + "." + name} explain={<p>{say(T.eraseWhy)}</p>}
        act={(reason) => send("POST", "/journal/erase", { seq: line.seq, name, reason })} />)}</>;
}

function Records() {
    const { data, problem, reload } = useResource<Lines>("/journal/records?limit=100");
    const [more, setMore] = useState<Line[]>([]);
    const [next, setNext] = useState<number | string | null | undefined>(undefined);
    const after = next === undefined ? data?.next : next;
    if (!data) return <Waiting problem={problem} again={reload} />;
    const load = async () => {
        const page = await get<Lines>("/journal/records?limit=100&after_seq=" + encodeURIComponent(String(after)));
        setMore([...more, ...page.records]);
        setNext(page.next);
    };
    const list = [...data.records, ...more];
    return (
        <>
            {list.length ? <Table caption={say(T.records)} rows={list} id={(line) => String(line.seq)} columns={[
                { name: "n°", cell: (line) => line.seq },
                { name: say(T.time), cell: (line) => <Moment time={line.time} /> },
                { name: say(T.type), cell: (line) => line.type },
                { name: say(T.who), cell: (line) => line.author },
                { name: say(T.about), cell: (line) => <span class="selector">{line.subject}</span> },
                ...(may(...LAW) ? [{ name: say(T.action), cell: (line: Line) => <Erase line={line} /> }] : []),
            ]} /> : <Empty>{say(T.recordsNone)}</Empty>}
            {after !== null && after !== undefined && <ActButton act={load}>{say(T.more)}</ActButton>}
        </>
    );
}

export function JournalPage() {
    const { data, problem, reload } = useResource<{ head: Head }>("/journal/head");
    const head = data?.head;
    const words = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
    return (
        <Page title={say(T.navJournal)}>
            <p>{say(T.journalWhy)}</p>
            <Part id="head" title={say(T.journalHead)}>
                {!data ? <Waiting problem={problem} again={reload} /> : head ? <Facts rows={[
                    [say(T.journalRecords), head.size !== undefined ? number(Number(head.size)) : words(head["records"])],
                    [say(T.signedOn), head.time ? <Moment time={head.time} /> : null],
                    [say(T.rootHash), <code class="secret">{words(head.root ?? head["hash"])}</code>],
                    [say(T.signature), <code class="secret">{words(head.signature)}</code>],
                    [say(T.key), <code class="secret">{words(head.key ?? head["public_key"])}</code>],
                ]} /> : <Empty>{say(T.headNone)}</Empty>}
                <Notice title={say(T.verifyTitle)}><p>{say(T.verifyWhy)}</p><p><code>garde journal verify</code></p></Notice>
            </Part>
            {may(...LAW, "auditor") && <Part id="export" title={say(T.exportTitle)}>
                <ul class="links">{EXPORTS.flatMap((kind) => ["csv", "json"].map((format) => <li key={kind + format}>
                    <FileLink href={fileAddress("/export/" + kind + "?format=" + format)}>{say(T.exportWords[kind])} ({format.toUpperCase()})</FileLink></li>))}</ul>
            </Part>}
            <Part id="records" title={say(T.records)} wide><Records /></Part>
        </Page>
    );
}
