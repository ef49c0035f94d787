// SPDX-License-Identifier: EUPL-1.2
// Every incident there is, and opening one by hand.
import { useState } from "preact/hooks";
import { get, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { useResource } from "../resource";
import { go } from "../router";
import { may, WRITERS } from "../session";
import * as T from "../texts";
import { fromField } from "../time";
import type { Incident } from "../types";
import { Badge, Empty, Link, Moment, Page, StateBadge, Table, Waiting } from "../ui/basics";
import { ActButton, Check, Dialog, EarlierField, Form, SelectField, TextField } from "../ui/form";
import { Icon } from "../ui/icon";
import { gravityTone, gravityWord, incidentTitle, kindWord } from "../words";

function OpenForm({ close }: { close(): void }) {
    const draft = useDraft("incident.open", { kind: "panne", title: "", subject: "", at: "" });
    const act = (values: { kind: string; title: string; subject: string; at: string }) => {
        const title = values.title.trim();
        return send<{ incident?: Incident; id?: string }>("POST", "/incidents", {
            kind: values.kind,
            ...(title ? { title: { fr: title, en: title } } : {}),
            ...(values.subject.trim() ? { subject: values.subject.trim() } : {}),
            ...(fromField(values.at) ? { at: fromField(values.at) } : {}),
        });
    };
    const done = (answer: unknown) => {
        close();
        const made = (answer as { data: { incident?: Incident } }).data.incident;
        if (made) go("/incidents/" + made.id);
    };
    return (
        <Form draft={draft} act={act} done={done} cancel={close} button={say(T.incidentOpen)}>
            <SelectField label={say(T.kind)} required value={draft.values.kind} onValue={(value) => draft.set("kind", value)}
                choices={T.kindsToOpen.map((kind): [string, string] => [kind, kindWord(kind)])} />
            <TextField label={say(T.incidentTitle)} hint={say(T.incidentTitleHint)} value={draft.values.title} maxLength={150}
                onValue={(value) => draft.set("title", value)} />
            <TextField label={say(T.incidentSubject)} hint={say(T.incidentSubjectHint)} value={draft.values.subject}
                maxLength={60} onValue={(value) => draft.set("subject", value)} />
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
        </Form>
    );
}

export function OpenIncident() {
    const [open, setOpen] = useState(false);
    if (!may(...WRITERS)) return null;
    return (
        <>
            <button type="button" class="button main" onClick={() => setOpen(true)}><Icon name="incident" />{say(T.incidentOpen)}</button>
            {open && <Dialog title={say(T.incidentOpen)} onClose={() => setOpen(false)}><OpenForm close={() => setOpen(false)} /></Dialog>}
        </>
    );
}

interface List { incidents: Incident[]; next: string | null }

export function IncidentsPage() {
    const [all, setAll] = useState(false);
    const [more, setMore] = useState<Incident[]>([]);
    const [next, setNext] = useState<string | null | undefined>(undefined);
    const path = "/incidents?newest=true&limit=50" + (all ? "&all=true" : "");
    const { data, problem, reload } = useResource<List>(path);
    const after = next === undefined ? data?.next : next;
    const load = async () => {
        const page = await get<List>(path + "&after=" + encodeURIComponent(after ?? ""));
        setMore([...more, ...page.incidents]);
        setNext(page.next);
    };
    const change = (value: boolean) => {
        setAll(value);
        setMore([]);
        setNext(undefined);
    };
    const list = [...(data?.incidents ?? []), ...more.filter((one) => !data?.incidents.some((other) => other.id === one.id))];
    return (
        <Page title={say(T.navIncidents)} actions={<OpenIncident />}>
            <Check label={say(T.showClosed)} checked={all} onValue={change} />
            {!data ? <Waiting problem={problem} again={reload} /> : !list.length ? <Empty>{say(T.noIncidents)}</Empty> : (
                <Table caption={say(T.navIncidents)} rows={list} id={(one) => one.id} columns={[
                    { name: say(T.incident), cell: (one) => <Link to={"/incidents/" + one.id}>{incidentTitle(one)}</Link> },
                    { name: say(T.kind), cell: (one) => kindWord(one.kind) },
                    { name: say(T.gravity), cell: (one) => <Badge tone={gravityTone(one.gravity)}>{gravityWord(one.gravity)}</Badge> },
                    { name: say(T.openedOn), cell: (one) => <Moment time={one.opened} /> },
                    { name: say(T.state), cell: (one) => <StateBadge of={one} /> },
                ]} />
            )}
            {after && <ActButton act={load}>{say(T.more)}</ActButton>}
        </Page>
    );
}
