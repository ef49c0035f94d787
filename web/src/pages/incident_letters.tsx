// SPDX-License-Identifier: EUPL-1.2
// Letters: a table of recipients comes in, is looked at here and by the hub, and letters come out, with the list that proves
// that they went. The table leaves this computer only when the person has seen it.
import { useEffect, useState } from "preact/hooks";
import { fileAddress, segment, send } from "../api";
import { readCsv } from "../csv";
import { useDraft } from "../draft";
import { language, say, type Text } from "../language";
import { Problem } from "../problem";
import { useResource } from "../resource";
import { GRADERS, LAW, may } from "../session";
import * as T from "../texts";
import { fromField, number } from "../time";
import { Badge, Empty, Facts, FileLink, Moment, Notice, Part, ProblemNotice, Table, Waiting, word } from "../ui/basics";
import { ActButton, Check, EarlierField, Form, LongField, ReasonButton, SelectField, TextField } from "../ui/form";
import type { Whole } from "./incident";

const CSV_BYTES_MAX = 32 * 1024 * 1024;
const PREVIEW = 5;

interface Template { id: string; title: Text; about: Text; to: "many" | "one" | "nobody"; basis: string }

interface Hole { field: string; label: Text; blank: boolean }

interface Sent { from: number; to: number; at: string; way: string; tracking: string; by: string }

interface Batch {
    id: string; incident: string; template: string; title: Text; state: "making" | "made" | "stopped" | "failed" | "erased";
    total: number; left_out: number; done: number; pages: number; by: string; at: string; erase_at: string | null; sent: Sent[];
}

interface Look { good: number; bad: number; rows: { row: number; why: Text }[]; columns: string[]; encoding: string; separator: string }

function Preview({ text }: { text: string }) {
    const rows = readCsv(text, PREVIEW + 1);
    const head = rows[0] ?? [];
    return (
        <div class="table" role="group" aria-label={say(T.csvPreview)} tabIndex={0}>
            <table>
                <caption>{say(T.csvPreview)}</caption>
                <thead><tr>{head.map((cell, index) => <th key={index} scope="col">{cell}</th>)}</tr></thead>
                <tbody>{rows.slice(1).map((row, line) => <tr key={line}>{head.map((name, index) =>
                    <td key={index} data-name={name}>{row[index] ?? ""}</td>)}</tr>)}</tbody>
            </table>
        </div>
    );
}

/* What the hub makes of the table: how many letters, and which rows give none. */
function Looked({ look }: { look: Look }) {
    return (
        <Notice tone={look.bad ? "warn" : "good"} title={say(T.csvGood, { n: number(look.good) })}>
            {look.bad > 0 && <>
                <p>{say(T.csvBad, { n: number(look.bad) })}</p>
                <ul>{look.rows.slice(0, 20).map((one) => <li key={one.row}>{say(T.csvRow, { n: one.row })} {say(one.why)}</li>)}</ul>
            </>}
        </Notice>
    );
}

/* As UTF-8, or as spreadsheets on Windows write it. */
async function decode(file: File): Promise<string> {
    const bytes = await file.arrayBuffer();
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/^\uFEFF/, "");
    } catch {
        return new TextDecoder("windows-1252").decode(bytes);
    }
}

function TableField({ text, onText }: { text: string; onText(text: string): void }) {
    const [problem, setProblem] = useState<Problem | null>(null);
    const choose = async (event: Event) => {
        const file = (event.currentTarget as HTMLInputElement).files?.[0];
        setProblem(null);
        if (file && file.size > CSV_BYTES_MAX) setProblem(new Problem(-1, T.csvTooLarge.fr, T.csvTooLarge.en));
        else onText(file ? await decode(file) : "");
    };
    return (
        <>
            <div class="field">
                <label for="csv">{say(T.csvFile)}</label>
                <p class="hint" id="csv-hint">{say(T.csvHint)}</p>
                <input id="csv" type="file" accept=".csv,text/csv" aria-describedby="csv-hint" onChange={choose} />
            </div>
            <ProblemNotice problem={problem} />
            {text && <Preview text={text} />}
        </>
    );
}

/* What the letter would lack: what leaves a blank stops it, the rest a person may accept. */
function Missing({ holes, accepted, onAccepted }: { holes: Hole[]; accepted: boolean; onAccepted(value: boolean): void }) {
    const blanks = holes.filter((one) => one.blank);
    const list = (some: Hole[]) => <ul>{some.map((one) => <li key={one.field}>{say(one.label)}</li>)}</ul>;
    if (blanks.length) return <Notice tone="bad" title={say(T.lettersBlank)}>{list(blanks)}</Notice>;
    if (!holes.length) return null;
    return (
        <>
            <Notice tone="warn" title={say(T.lettersMissing)}>{list(holes)}</Notice>
            <Check label={say(T.lettersIncomplete)} checked={accepted} onValue={onAccepted} />
        </>
    );
}

function Make({ id, templates, made }: { id: string; templates: Template[]; made(): void }) {
    const [text, setText] = useState("");
    const [look, setLook] = useState<Look | null>(null);
    const draft = useDraft("letters." + id, { template: "", recipient: "", leave_out: false, incomplete: false });
    const template = templates.find((one) => one.id === draft.values.template);
    const path = "/incidents/" + segment(id) + "/letters";
    const many = template?.to === "many";
    const missing = useResource<{ missing: Hole[] }>(template ? path + "/missing?template=" + segment(template.id) : null);
    // A table is looked at by the hub before anything is made of it.
    const act = async () => {
        if (!template) throw new Problem(-1, T.templateMissing.fr, T.templateMissing.en);
        const asked = { template: template.id, language: language.get(), incomplete: draft.values.incomplete };
        if (!many) return send("POST", path, template.to === "one" ? { ...asked, recipient: draft.values.recipient.trim() } : asked);
        if (!text) throw new Problem(-1, T.csvMissing.fr, T.csvMissing.en);
        return send("POST", path, { ...asked, csv: text, leave_out: draft.values.leave_out });
    };
    const check = async () => {
        if (!text) throw new Problem(-1, T.csvMissing.fr, T.csvMissing.en);
        setLook((await send<{ check: Look }>("POST", path, { template: template!.id, csv: text, check: true })).data.check);
    };
    return (
        <Form draft={draft} act={act} button={say(T.lettersMake)} done={() => {
            setText("");
            setLook(null);
            made();
        }}>
            <SelectField label={say(T.letterTemplate)} required value={draft.values.template} onValue={(value) => draft.set("template", value)}
                choices={[["", ""], ...templates.map((one): [string, string] => [one.id, say(one.title)])]} />
            {template && <p class="soft">{say(template.about)} {template.basis}</p>}
            {missing.data && <Missing holes={missing.data.missing} accepted={draft.values.incomplete} onAccepted={(value) => draft.set("incomplete", value)} />}
            {template && missing.data && !missing.data.missing.some((one) => one.blank || !draft.values.incomplete) && <div class="actions">
                {["text", "json"].map((format) => <FileLink key={format} href={fileAddress(path + "/text?template=" + segment(template.id) + "&format=" + format
                    + "&language=" + language.get() + "&incomplete=" + String(draft.values.incomplete))}>{say(format === "text" ? T.lettersText : T.lettersJson)}</FileLink>)}</div>}
            {template?.to === "one" && <LongField label={say(T.letterRecipient)} hint={say(T.letterRecipientHint)} required rows={4} maxLength={1000}
                value={draft.values.recipient} onValue={(value) => draft.set("recipient", value)} />}
            {many && <>
                <TableField text={text} onText={(value) => {
                    setText(value);
                    setLook(null);
                }} />
                {look && <Looked look={look} />}
                {text && <div class="actions"><ActButton act={check}>{say(T.csvCheck)}</ActButton></div>}
                {look !== null && look.bad > 0 && <Check label={say(T.csvLeaveOut)} checked={draft.values.leave_out} onValue={(value) => draft.set("leave_out", value)} />}
            </>}
        </Form>
    );
}

function SentForm({ batch, reload }: { batch: Batch; reload(): Promise<void> }) {
    const draft = useDraft("letters.sent." + batch.id, { from: "1", to: String(batch.done), way: "", tracking: "", at: "" });
    return (
        <Form draft={draft} button={say(T.lettersSent)} tone="quiet" act={async (values) => {
            const at = fromField(values.at);
            const answer = await send("POST", "/letters/" + segment(batch.id) + "/sent", { from: Number(values.from), to: Number(values.to),
                way: values.way.trim(), ...(values.tracking.trim() ? { tracking: values.tracking.trim() } : {}), ...(at ? { at } : {}) });
            await reload();
            return answer;
        }}>
            <div class="columns">
                <TextField label={say(T.lettersFrom)} required inputMode="numeric" value={draft.values.from} onValue={(value) => draft.set("from", value)} />
                <TextField label={say(T.lettersTo)} required inputMode="numeric" value={draft.values.to} onValue={(value) => draft.set("to", value)} />
                <TextField label={say(T.lettersWay)} hint={say(T.lettersWayHint)} required value={draft.values.way} maxLength={80} onValue={(value) => draft.set("way", value)} />
                <TextField label={say(T.lettersTracking)} value={draft.values.tracking} maxLength={80} onValue={(value) => draft.set("tracking", value)} />
            </div>
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
        </Form>
    );
}

function Ready({ batch, reload }: { batch: Batch; reload(): Promise<void> }) {
    return (
        <>
            <div class="actions">
                {batch.state === "made" && may(...GRADERS) && <FileLink href={fileAddress("/letters/" + segment(batch.id) + "/file")}>{say(T.lettersFile)}</FileLink>}
                <FileLink href={fileAddress("/letters/" + segment(batch.id) + "/proof")} icon="print">{say(T.lettersProof)}</FileLink>
                {batch.state === "made" && may(...LAW) && <ReasonButton label={say(T.lettersErase)} title={say(T.lettersErase)} draft={"letters.erase." + batch.id} tone="danger"
                    explain={<p>{say(T.lettersEraseWhy)}</p>} act={async (reason) => {
                        const answer = await send("POST", "/letters/" + segment(batch.id) + "/erase", { reason });
                        await reload();
                        return answer;
                    }} />}
            </div>
            {batch.sent.length > 0 && <Table caption={say(T.filings)} rows={batch.sent} id={(one) => one.from + "-" + one.to + one.at} columns={[
                { name: say(T.lettersNumbers), cell: (one) => one.from + " – " + one.to },
                { name: say(T.filedOn), cell: (one) => <Moment time={one.at} /> },
                { name: say(T.lettersWay), cell: (one) => one.way },
                { name: say(T.lettersTracking), cell: (one) => one.tracking },
                { name: say(T.who), cell: (one) => one.by },
            ]} />}
            {may(...GRADERS) && <details><summary>{say(T.lettersSent)}</summary><SentForm batch={batch} reload={reload} /></details>}
        </>
    );
}

function Card({ first }: { first: Batch }) {
    const { data, reload } = useResource<Batch>("/letters/" + segment(first.id));
    const batch = data ?? first;
    useEffect(() => {
        if (batch.state !== "making") return;
        const timer = setInterval(reload, 1000);
        return () => clearInterval(timer);
    }, [batch.state]);
    return (
        <li class={"card " + (batch.state === "made" ? "good" : batch.state === "failed" ? "bad" : "calm")}>
            <p class="card-line"><Badge tone={batch.state === "made" ? "good" : batch.state === "failed" ? "bad" : "info"}>{word(T.lettersStateWords, batch.state)}</Badge>
                <Moment time={batch.at} /> <span>{batch.by}</span></p>
            <h3>{say(batch.title)}</h3>
            {batch.state === "making" && <>
                <p role="status"><label>{say(T.lettersProgress, { done: number(batch.done), all: number(batch.total) })} <progress max={batch.total || 1} value={batch.done} /></label></p>
                {may(...GRADERS) && <ActButton small act={() => send("POST", "/letters/" + segment(batch.id) + "/stop").then(reload)}>{say(T.lettersStop)}</ActButton>}
            </>}
            <Facts rows={[[say(T.lettersCount), number(batch.done)], [say(T.lettersPages), batch.pages ? number(batch.pages) : null],
                [say(T.lettersLeftOut), batch.left_out ? number(batch.left_out) : null], [say(T.lettersEraseAt), batch.erase_at ? <Moment time={batch.erase_at} /> : null]]} />
            {(batch.state === "made" || batch.state === "erased") && <Ready batch={batch} reload={reload} />}
        </li>
    );
}

export function LettersView({ whole }: { whole: Whole }) {
    const id = whole.incident.id;
    const templates = useResource<{ templates: Template[] }>("/letters/templates");
    const { data, problem, reload } = useResource<{ letters: Batch[] }>("/incidents/" + segment(id) + "/letters");
    return (
        <>
            <p>{say(T.lettersWhy)}</p>
            {may(...GRADERS) ? <Part id="letters-new" title={say(T.lettersNew)}>
                {templates.data ? <Make id={id} templates={templates.data.templates} made={reload} /> : <Waiting problem={templates.problem} again={templates.reload} />}</Part>
                : <Notice><p>{say(T.notYourRole)}</p></Notice>}
            <Part id="letters-made" title={say(T.lettersMade)} wide>
                {!data ? <Waiting problem={problem} again={reload} /> : data.letters.length
                    ? <ul class="cards one">{data.letters.map((one) => <Card key={one.id} first={one} />)}</ul> : <Empty>{say(T.lettersNone)}</Empty>}
            </Part>
        </>
    );
}
