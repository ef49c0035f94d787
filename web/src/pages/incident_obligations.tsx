// SPDX-License-Identifier: EUPL-1.2
// Whom the law wants told, by when, how late, with the papers to do it; handing in, and writing down why not.
import { useState } from "preact/hooks";
import { fileAddress, segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { refresh } from "../resource";
import { LAW, may, WRITERS } from "../session";
import * as T from "../texts";
import { fromField, now } from "../time";
import type { Obligation } from "../types";
import { Badge, Countdown, Empty, Facts, FileLink, Moment, Part, Table, word } from "../ui/basics";
import { Dialog, EarlierField, Form, LongField, ReasonButton, SelectField, TextField } from "../ui/form";
import { Icon } from "../ui/icon";
import { byUrgency, obligationTone } from "../words";
import type { Whole } from "./incident";

const PHASES = ["initial", "complement", "closing"];

/* The first with what is known, then what completes it. */
function nextPhase(one: Obligation): string {
    return one.filings?.length || one.filed ? "complement" : "initial";
}

function paper(one: Obligation, format: string, phase: string, blank: boolean): string {
    const query = new URLSearchParams({ format });
    if (phase) query.set("phase", phase);
    if (blank) query.set("blank", "true");
    return fileAddress("/obligations/" + segment(one.id) + "/declaration?" + query.toString());
}

function FileForm({ one, close }: { one: Obligation; close(): void }) {
    const draft = useDraft("file." + one.id, { receipt: "", channel: "portal", phase: nextPhase(one), at: "", late: "" });
    const at = fromField(draft.values.at);
    const late = one.due !== null && draft.values.phase === "initial" && (at ? Date.parse(at) : now()) > Date.parse(one.due);
    return (
        <Form draft={draft} cancel={close} button={say(T.file)} act={(values) =>
            send("POST", "/obligations/" + segment(one.id) + "/file", {
                phase: values.phase, channel: values.channel,
                ...(values.receipt.trim() ? { receipt: values.receipt.trim() } : {}),
                ...(late && values.late.trim() ? { late_reason: values.late.trim() } : {}),
                ...(at ? { at } : {}),
            })} done={() => {
            refresh(one.incident);
            close();
        }}>
            <p>{say(T.fileWhy, { recipient: say(one.recipient) })}</p>
            <SelectField label={say(T.phase)} required value={draft.values.phase} onValue={(value) => draft.set("phase", value)}
                choices={PHASES.map((phase): [string, string] => [phase, word(T.phaseWords, phase)])} />
            <SelectField label={say(T.channel)} required value={draft.values.channel} onValue={(value) => draft.set("channel", value)}
                choices={Object.keys(T.channelWords).map((channel): [string, string] => [channel, word(T.channelWords, channel)])} />
            <TextField label={say(T.receipt)} hint={say(T.receiptHint)} value={draft.values.receipt} maxLength={120}
                onValue={(value) => draft.set("receipt", value)} />
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
            {late && <LongField label={say(T.lateReason)} hint={say(T.lateReasonHint)} required rows={3} value={draft.values.late}
                onValue={(value) => draft.set("late", value)} />}
        </Form>
    );
}

function Clock({ one }: { one: Obligation }) {
    const late = one.due && one.filed ? Date.parse(one.filed) - Date.parse(one.due) : 0;
    return (
        <Facts rows={[
            [say(T.recipient), say(one.recipient)],
            [say(T.clockFrom), one.clock_started ? <Moment time={one.clock_started} /> : say(T.clockNot)],
            [say(T.due), one.due ? <Moment time={one.due} /> : one.without_delay ? say(T.withoutDelay) : say(T.noHour)],
            [say(T.filedOn), one.filed ? <><Moment time={one.filed} /> {one.filed_by && say(T.by, { name: one.filed_by })} {late > 0 &&
                <Badge tone="warn">{say(T.filedLate)}</Badge>}</> : null],
            [say(T.receipt), one.receipt],
            [say(T.waivedWhy), one.waived_reason],
            [say(T.why), say(one.why)],
            [say(T.legalBasis), one.legal_basis],
        ]} />
    );
}

function Filings({ one }: { one: Obligation }) {
    const filings = one.filings ?? [];
    if (!filings.length) return null;
    return (
        <Table caption={say(T.filings)} rows={filings} id={(filing) => filing.phase + filing.at} columns={[
            { name: say(T.phase), cell: (filing) => word(T.phaseWords, filing.phase) },
            { name: say(T.filedOn), cell: (filing) => <><Moment time={filing.at} /> {filing.late && <Badge tone="warn">{say(T.filedLate)}</Badge>}</> },
            { name: say(T.who), cell: (filing) => filing.by },
            { name: say(T.channel), cell: (filing) => word(T.channelWords, filing.channel) },
            { name: say(T.receipt), cell: (filing) => filing.receipt },
        ]} />
    );
}

function Papers({ one }: { one: Obligation }) {
    const phase = nextPhase(one) === "initial" ? "" : nextPhase(one);
    return (
        <div class="actions">
            <FileLink href={paper(one, "pdf", phase, false)}>{say(T.paperPdf)}<span class="unseen"> : {say(one.title)}</span></FileLink>
            <FileLink href={paper(one, "text", phase, false)}>{say(T.paperText)}<span class="unseen"> : {say(one.title)}</span></FileLink>
            <FileLink href={paper(one, "pdf", phase, true)} icon="print">{say(T.paperBlank)}<span class="unseen"> : {say(one.title)}</span></FileLink>
        </div>
    );
}

function Verbs({ one }: { one: Obligation }) {
    const [open, setOpen] = useState(false);
    const due = one.state === "due";
    return (
        <div class="actions">
            {may(...WRITERS) && <button type="button" class={"button " + (due ? "main" : "quiet")} onClick={() => setOpen(true)}>
                {say(T.fileButton)}<span class="unseen"> : {say(one.title)}</span></button>}
            {may(...LAW) && (due || one.state === "possible") && <ReasonButton label={say(T.waive)} title={say(T.waiveTitle)} draft={"waive." + one.id}
                explain={<><p>{say(one.title)}</p><p>{say(T.waiveWhy)}</p></>} tone="danger"
                act={async (reason) => {
                    const answer = await send("POST", "/obligations/" + segment(one.id) + "/waive", { reason });
                    refresh(one.incident);
                    return answer;
                }} />}
            {open && <Dialog title={say(T.fileTitle)} onClose={() => setOpen(false)}><FileForm one={one} close={() => setOpen(false)} /></Dialog>}
        </div>
    );
}

/* What is owed stands open; what may come or is settled shows its title and why, and the rest on asking. */
function Card({ one }: { one: Obligation }) {
    const due = one.state === "due";
    const live = due || one.state === "filed" || one.state === "possible";
    const rest = <><Clock one={one} /><Filings one={one} />{live && <Papers one={one} />}{live && <Verbs one={one} />}</>;
    return (
        <li class={"card " + obligationTone(one, now())}>
            <p class="card-line">
                <Badge tone={obligationTone(one, now())}>{word(T.obligationStateWords, one.state)}</Badge>
                {one.voluntary && <Badge>{say(T.voluntary)}</Badge>}
                {due && (one.due ? <Countdown due={one.due} /> : one.without_delay && <span class="countdown warn"><Icon name="clock" />{say(T.withoutDelay)}</span>)}
                {one.state === "filed" && <span class="soft"><Moment time={one.filed} /> {one.receipt}</span>}
            </p>
            <h3>{say(one.title)}</h3>
            {due ? rest : <>
                {one.state === "possible" && <p class="soft">{say(one.why)}</p>}
                <details><summary>{say(T.detailsAndPapers)}<span class="unseen"> : {say(one.title)}</span></summary>{rest}</details>
            </>}
        </li>
    );
}

export function ObligationsView({ whole }: { whole: Whole }) {
    const groups: [string, string, Obligation[]][] = [
        ["due", say(T.oblDue), whole.obligations.filter((one) => one.state === "due")],
        ["possible", say(T.oblPossible), whole.obligations.filter((one) => one.state === "possible")],
        ["done", say(T.oblDone), whole.obligations.filter((one) => one.state === "filed" || one.state === "waived" || one.state === "void")],
    ];
    if (!whole.obligations.length) return <Empty>{say(T.oblNone)}</Empty>;
    return (
        <>
            {groups.filter(([, , list]) => list.length).map(([key, title, list]) => (
                <Part key={key} id={"obl-" + key} title={title} wide>
                    <ul class="cards">{list.sort(byUrgency).map((one) => <Card key={one.id} one={one} />)}</ul>
                </Part>
            ))}
        </>
    );
}
