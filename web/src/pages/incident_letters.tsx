// SPDX-License-Identifier: EUPL-1.2
// Letters to the persons concerned (GDPR art. 34): a table comes in, is looked at here, and letters come out with a list
// for proof of sending. The table is read in the browser for the preview; the hub checks it again.
import { useEffect, useState } from "preact/hooks";
import { fileAddress, segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { Problem } from "../problem";
import { useResource } from "../resource";
import { keep, kept } from "../keep";
import { LAW, may } from "../session";
import * as T from "../texts";
import { number } from "../time";
import { Badge, Empty, FileLink, Moment, Notice, Part, ProblemNotice, Waiting } from "../ui/basics";
import { EarlierField, Form, SelectField, TextField } from "../ui/form";
import { readCsv } from "../csv";
import { fromField } from "../time";
import type { Whole } from "./incident";

const CSV_BYTES_MAX = 8 * 1024 * 1024;
const PREVIEW = 5;

export interface Batch {
    id?: string; letters?: string; state?: string; done?: number; total?: number; count?: number; pages?: number; made?: number;
    rows?: number; refused?: number; errors?: unknown[]; created?: string; at?: string; sent?: unknown; template?: string; incident?: string;
}

export function batchId(one: Batch): string {
    return one.id ?? (typeof one.letters === "string" ? one.letters : "");
}

function Preview({ text }: { text: string }) {
    const rows = readCsv(text, PREVIEW + 1);
    const head = rows[0] ?? [];
    const lines = text.split("\n").filter((line) => line.trim()).length - 1;
    return (
        <div class="table" role="group" aria-label={say(T.csvPreview)} tabIndex={0}>
            <table>
                <caption>{say(T.csvPreview)} {say(T.csvRows, { n: number(Math.max(0, lines)) })}</caption>
                <thead><tr>{head.map((cell, index) => <th key={index} scope="col">{cell}</th>)}</tr></thead>
                <tbody>{rows.slice(1).map((row, line) => <tr key={line}>{head.map((name, index) =>
                    <td key={index} data-name={name}>{row[index] ?? ""}</td>)}</tr>)}</tbody>
            </table>
        </div>
    );
}

function Upload({ id, made }: { id: string; made(batch: Batch): void }) {
    const [text, setText] = useState("");
    const [problem, setProblem] = useState<Problem | null>(null);
    const draft = useDraft("letters." + id, { template: "patients" });
    const choose = async (event: Event) => {
        const file = (event.currentTarget as HTMLInputElement).files?.[0];
        setProblem(null);
        if (!file) return setText("");
        if (file.size > CSV_BYTES_MAX)
            return setProblem(new Problem(-1, T.csvTooLarge.fr, T.csvTooLarge.en));
        const bytes = await file.arrayBuffer();
        let decoded: string;
        try {
            decoded = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        } catch {
            // What spreadsheets on Windows write.
            decoded = new TextDecoder("windows-1252").decode(bytes);
        }
        setText(decoded.replace(/^\uFEFF/, ""));
    };
    return (
        <Form draft={draft} button={say(T.lettersMake)} act={async (values) => {
            if (!text) throw new Problem(-1, T.csvMissing.fr, T.csvMissing.en);
            return send<Batch>("POST", "/incidents/" + segment(id) + "/letters", { csv: text, template: values.template });
        }} done={(answer) => made((answer as { data: Batch }).data)}>
            <div class="field">
                <label for="csv">{say(T.csvFile)}</label>
                <p class="hint" id="csv-hint">{say(T.csvHint)}</p>
                <input id="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint" onChange={choose} />
            </div>
            <ProblemNotice problem={problem} />
            {text && <Preview text={text} />}
            <SelectField label={say(T.letterTemplate)} required value={draft.values.template} onValue={(value) => draft.set("template", value)}
                choices={Object.entries(T.letterWords).map(([key, one]): [string, string] => [key, say(one)])} />
        </Form>
    );
}

function SentForm({ id, reload }: { id: string; reload(): Promise<void> }) {
    const draft = useDraft("letters.sent." + id, { receipt: "", at: "" });
    return (
        <Form draft={draft} button={say(T.lettersSent)} tone="quiet" act={async (values) => {
            const answer = await send("POST", "/letters/" + segment(id) + "/sent", {
                ...(values.receipt.trim() ? { receipt: values.receipt.trim() } : {}), ...(fromField(values.at) ? { at: fromField(values.at) } : {}) });
            await reload();
            return answer;
        }}>
            <TextField label={say(T.receipt)} hint={say(T.lettersReceiptHint)} value={draft.values.receipt} maxLength={120}
                onValue={(value) => draft.set("receipt", value)} />
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
        </Form>
    );
}

function Progress({ id }: { id: string }) {
    const { data, problem, reload } = useResource<Batch & { letters?: Batch | string }>("/letters/" + segment(id));
    const batch: Batch | undefined = data && typeof data.letters === "object" ? (data.letters as Batch) : data;
    const total = batch?.total ?? batch?.count ?? batch?.rows ?? 0;
    const done = batch?.done ?? batch?.made ?? 0;
    const ready = batch?.state === "done" || batch?.state === "ready" || batch?.state === "made" || batch?.state === "sent";
    useEffect(() => {
        if (ready || batch?.state === "failed") return;
        const timer = setInterval(reload, 1000);
        return () => clearInterval(timer);
    }, [ready, batch?.state]);
    if (!batch) return <Waiting problem={problem} again={reload} />;
    return (
        <div>
            {!ready && batch.state !== "failed" && <p role="status"><label>{say(T.lettersProgress, { done: number(done), all: number(total) })} <progress
                max={total || 1} value={done} /></label></p>}
            {batch.state === "failed" && <Notice tone="bad"><p>{say(T.lettersFailed)}</p></Notice>}
            {ready && <>
                <p><Badge tone="good">{say(batch.sent || batch.state === "sent" ? T.lettersAreSent : T.lettersReady, { n: number(total || done) })}</Badge></p>
                <div class="actions">
                    <FileLink href={fileAddress("/letters/" + segment(id) + "/file")}>{say(T.lettersFile)}</FileLink>
                </div>
                {!batch.sent && batch.state !== "sent" && <SentForm id={id} reload={reload} />}
            </>}
        </div>
    );
}

export function LettersView({ whole }: { whole: Whole }) {
    const id = whole.incident.id;
    const { data, reload } = useResource<{ letters: Batch[] }>("/letters?incident=" + segment(id));
    // Where the hub gives no list, the batches of this browser are remembered.
    const mine = (kept("letters." + id) ?? "").split(" ").filter(Boolean);
    const listed = Array.isArray(data?.letters) ? data.letters : [];
    const ids = [...new Set([...listed.map(batchId), ...mine])].filter(Boolean);
    const made = (batch: Batch) => {
        const one = batchId(batch);
        if (one) keep("letters." + id, [...new Set([one, ...mine])].join(" "));
        reload();
    };
    return (
        <>
            <p>{say(T.lettersWhy)}</p>
            {may(...LAW) ? <Part id="letters-new" title={say(T.lettersNew)}><Upload id={id} made={made} /></Part>
                : <Notice><p>{say(T.notYourRole)}</p></Notice>}
            <Part id="letters-made" title={say(T.lettersMade)}>
                {ids.length ? <ul class="cards">{ids.map((one) => <li key={one} class="card calm"><h3 class="selector">{one}</h3>
                    {listed.find((batch) => batchId(batch) === one)?.created && <p class="soft"><Moment
                        time={listed.find((batch) => batchId(batch) === one)!.created} /></p>}
                    <Progress id={one} /></li>)}</ul> : <Empty>{say(T.lettersNone)}</Empty>}
            </Part>
        </>
    );
}
