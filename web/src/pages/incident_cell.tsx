// SPDX-License-Identifier: EUPL-1.2
// The crisis cell's work: decisions in one line, the moment to look at everything again, handing over, telling the public.
import { useState } from "preact/hooks";
import { fileAddress, segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { refresh, useResource } from "../resource";
import { GRADERS, LAW, may, WRITERS } from "../session";
import * as T from "../texts";
import { fromField, now, toField } from "../time";
import type { TimelineEntry } from "../types";
import { Badge, Countdown, Empty, FileLink, Moment, Notice, Part, Waiting } from "../ui/basics";
import { ActButton, Choices, EarlierField, Form, LongField, TextField, TimeField } from "../ui/form";
import type { Whole } from "./incident";
import { Entry } from "./timeline";

const REVISE_HOURS = 12; // ANSSI's guides: look at everything again twice a day

/* One line, Enter, written. */
export function DecisionEntry({ id, open }: { id: string; open: boolean }) {
    const draft = useDraft("decision." + id, { text: "", kind: "decision", at: "" });
    if (!open || !may(...WRITERS)) return null;
    // A decision is for whoever answers for it; everybody at the desk may note.
    const decides = may(...GRADERS);
    const kind = decides ? draft.values.kind : "note";
    const act = async (values: { text: string; kind: string; at: string }) => {
        const answer = await send("POST", "/incidents/" + segment(id) + (kind === "note" ? "/notes" : "/decisions"),
            { text: values.text.trim(), ...(fromField(values.at) ? { at: fromField(values.at) } : {}) });
        refresh(id);
        return answer;
    };
    return (
        <Form draft={draft} act={act} button={say(T.writeDown)} said={say(T.writtenDown)} kind="entry-form">
            {decides && <Choices legend={say(T.entryKind)} hidden name="entry" value={kind} onValue={(value) => draft.set("kind", value)}
                choices={[["decision", say(T.decision)], ["note", say(T.note)]]} />}
            <TextField label={say(kind === "note" ? T.noteText : T.decisionText)} required value={draft.values.text} maxLength={2000}
                onValue={(value) => draft.set("text", value)} />
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
        </Form>
    );
}

export function reviseAt(whole: Whole): string | null {
    return whole.review?.next ?? whole.incident.review?.next ?? null;
}

export function Revision({ whole }: { whole: Whole }) {
    const at = reviseAt(whole);
    const [open, setOpen] = useState(false);
    const set = async (moment: number) => {
        await send("POST", "/incidents/" + segment(whole.incident.id) + "/revise",
            { next: fromField(toField(moment)) });
        await refresh(whole.incident.id);
    };
    const draft = useDraft("revise." + whole.incident.id, { at: toField(now() + REVISE_HOURS * 3_600_000) });
    return (
        <div class="revision">
            <p><strong>{say(T.revision)}</strong> {at ? <><Moment time={at} /> <Countdown due={at} /></> : <Badge>{say(T.revisionNone)}</Badge>}</p>
            {may(...GRADERS) && <div class="actions">
                <ActButton small act={() => set(now() + REVISE_HOURS * 3_600_000)}>{say(T.revisionDone)}</ActButton>
                <button type="button" class="button quiet small" aria-expanded={open} onClick={() => setOpen(!open)}>{say(T.revisionOther)}</button>
            </div>}
            {open && <Form draft={draft} button={say(T.save)} tone="quiet" cancel={() => setOpen(false)} done={() => setOpen(false)}
                act={(values) => set(Date.parse(fromField(values.at) ?? ""))}>
                <TimeField label={say(T.revisionWhen)} required value={draft.values.at} onValue={(value) => draft.set("at", value)} />
            </Form>}
        </div>
    );
}

function Handover({ id }: { id: string }) {
    const draft = useDraft("handover." + id, { to: "", text: "" });
    const act = async (values: { to: string; text: string }) => {
        const answer = await send("POST", "/incidents/" + segment(id) + "/handover", { to: values.to.trim(), text: values.text.trim() });
        refresh(id);
        return answer;
    };
    return (
        <>
            <p>{say(T.handoverWhy)}</p>
            <FileLink href={fileAddress("/incidents/" + segment(id) + "/handover/paper")} icon="print">{say(T.handoverSheet)}</FileLink>
            {may(...GRADERS) && <Form draft={draft} act={act} button={say(T.handoverButton)} said={say(T.writtenDown)}>
                <TextField label={say(T.handoverTo)} required value={draft.values.to} maxLength={60} onValue={(value) => draft.set("to", value)} />
                <LongField label={say(T.handoverText)} hint={say(T.handoverHint)} required value={draft.values.text} onValue={(value) => draft.set("text", value)} />
            </Form>}
        </>
    );
}

function StatusEntry({ id }: { id: string }) {
    const draft = useDraft("status." + id, { fr: "", en: "" });
    const act = async (values: { fr: string; en: string }) => {
        const answer = await send("POST", "/incidents/" + segment(id) + "/status",
            { text: { fr: values.fr.trim(), en: values.en.trim() || values.fr.trim() } });
        refresh(id);
        return answer;
    };
    return (
        <>
            <p>{say(T.statusWhy)} <a href="/etat" target="_blank" rel="noopener">{say(T.statusPage)}</a></p>
            <p><FileLink href={fileAddress("/public/page")}>{say(T.statusFile)}</FileLink></p>
            {may(...LAW) ? <Form draft={draft} act={act} button={say(T.statusPublish)} said={say(T.statusPublished)}>
                <LongField label={say(T.inFrench)} required rows={3} maxLength={2000} value={draft.values.fr} onValue={(value) => draft.set("fr", value)} />
                <LongField label={say(T.inEnglish)} hint={say(T.inEnglishHint)} rows={3} maxLength={2000} value={draft.values.en} onValue={(value) => draft.set("en", value)} />
            </Form> : <Notice><p>{say(T.notYourRole)}</p></Notice>}
        </>
    );
}

const CELL_TYPES = /^(decision|note|shift|status)/;

function Log({ id }: { id: string }) {
    const { data, problem, reload } = useResource<{ entries: TimelineEntry[] }>("/incidents/" + segment(id) + "/timeline?newest=true&limit=1000");
    if (!data) return <Waiting problem={problem} again={reload} />;
    const list = data.entries.filter((entry) => CELL_TYPES.test(entry.type)).sort((a, b) => b.seq - a.seq);
    return list.length ? <ol class="timeline">{list.map((entry) => <Entry key={entry.seq} entry={entry} />)}</ol> : <Empty>{say(T.logNone)}</Empty>;
}

export function CellView({ whole }: { whole: Whole }) {
    const id = whole.incident.id;
    const open = whole.incident.state === "open";
    return (
        <>
            {open && <Revision whole={whole} />}
            <div class="grid">
                <Part id="log" title={say(T.logTitle)} wide><DecisionEntry id={id} open={open} /><Log id={id} /></Part>
                <Part id="handover" title={say(T.handoverTitle)}><Handover id={id} /></Part>
                {open && <Part id="status" title={say(T.statusTitle)}><StatusEntry id={id} /></Part>}
            </div>
        </>
    );
}
