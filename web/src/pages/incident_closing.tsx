// SPDX-License-Identifier: EUPL-1.2
// The closing report: assembled from the register, to which a person adds a text in each section; and the public account,
// the same without names.
import { useState } from "preact/hooks";
import { fileAddress, segment, send } from "../api";
import { useDraft } from "../draft";
import { say, type Text } from "../language";
import { useResource } from "../resource";
import { GRADERS, may } from "../session";
import * as T from "../texts";
import { Empty, FileLink, Moment, Part, Waiting } from "../ui/basics";
import { Form, LongField } from "../ui/form";
import type { Whole } from "./incident";

interface Section { key: string; title: Text; text: Text | null; rows: { at?: string | null; text: Text }[] }
interface Closing { incident: string; title: Text; made: string; sections: Section[] }

const ROWS_SEEN = 8; // the rest opens on asking

function Rows({ rows }: { rows: Section["rows"] }) {
    const line = (row: Section["rows"][number], index: number) => <li key={index}>{row.at && <span class="soft"><Moment time={row.at} /> · </span>}{say(row.text)}</li>;
    return (
        <>
            <ul class="report-rows">{rows.slice(0, ROWS_SEEN).map(line)}</ul>
            {rows.length > ROWS_SEEN && <details><summary>{say(T.more)} ({rows.length - ROWS_SEEN})</summary>
                <ul class="report-rows">{rows.slice(ROWS_SEEN).map(line)}</ul></details>}
        </>
    );
}

function Editor({ path, id, section, close }: { path: string; id: string; section: Section; close(): void }) {
    const draft = useDraft("closing." + id + "." + section.key, { fr: section.text?.fr ?? "", en: section.text?.en ?? "" });
    return (
        <Form draft={draft} button={say(T.save)} said={say(T.saved)} cancel={close} done={close}
            act={(values) => send("PUT", path, { section: section.key,
                text: { fr: values.fr.trim(), en: values.en.trim() || values.fr.trim() } })}>
            <LongField label={say(T.inFrench)} hint={say(T.closingHint)} required rows={5} maxLength={4000} value={draft.values.fr} onValue={(value) => draft.set("fr", value)} />
            <LongField label={say(T.inEnglish)} hint={say(T.inEnglishHint)} rows={5} maxLength={4000} value={draft.values.en} onValue={(value) => draft.set("en", value)} />
        </Form>
    );
}

function SectionPart({ path, id, section, reload }: { path: string; id: string; section: Section; reload(): Promise<void> }) {
    const [open, setOpen] = useState(false);
    const close = () => {
        setOpen(false);
        reload();
    };
    return (
        <Part id={"closing-" + section.key} title={say(section.title)} wide actions={may(...GRADERS) && !open
            ? <button type="button" class="button quiet small" onClick={() => setOpen(true)}>{say(section.text ? T.change : T.closingAdd)}<span class="unseen"> : {say(section.title)}</span></button> : undefined}>
            {open ? <Editor path={path} id={id} section={section} close={close} /> : section.text && <p class="said">{say(section.text)}</p>}
            {section.rows.length ? <Rows rows={section.rows} /> : !section.text && !open && <Empty>{say(T.closingNothing)}</Empty>}
        </Part>
    );
}

export function ClosingView({ whole }: { whole: Whole }) {
    const id = whole.incident.id;
    const path = "/incidents/" + segment(id) + "/closing";
    const { data, problem, reload } = useResource<Closing>(path + "?format=json");
    return (
        <>
            <p>{say(T.closingWhy)}</p>
            <div class="actions">
                <FileLink href={fileAddress(path + "?format=pdf")}>{say(T.closingReport)} (PDF)</FileLink>
                <FileLink href={fileAddress(path + "?format=html")}>{say(T.closingReport)} (HTML)</FileLink>
                <FileLink href={fileAddress(path + "?format=pdf&redacted=true")}>{say(T.closingPublic)} (PDF)</FileLink>
                <FileLink href={fileAddress(path + "?format=html&redacted=true")}>{say(T.closingPublic)} (HTML)</FileLink>
            </div>
            <h2 class="report-title">{say(T.closingEdit)}</h2>
            {data ? data.sections.map((section) => <SectionPart key={section.key} path={path} id={id} section={section} reload={reload} />)
                : <Waiting problem={problem} again={reload} />}
        </>
    );
}
