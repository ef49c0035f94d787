// SPDX-License-Identifier: EUPL-1.2
// Who is called, in which order, by which number: kept here because the directory may be what is down.
import { useState } from "preact/hooks";
import { send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { useResource } from "../resource";
import { may, RESPONDERS } from "../session";
import * as T from "../texts";
import type { Contact } from "../types";
import { Empty, Page, Waiting, word } from "../ui/basics";
import { Form, TextField } from "../ui/form";
import { Icon } from "../ui/icon";

interface Book { contacts: Contact[]; [other: string]: unknown }

const EMPTY: Contact = { name: "" };

function Editor({ book, close }: { book: Book; close(): void }) {
    const draft = useDraft("contacts", { contacts: book.contacts.length ? book.contacts : [EMPTY] });
    const list = draft.values.contacts;
    const change = (index: number, name: keyof Contact, value: string) =>
        draft.set("contacts", list.map((one, at) => (at === index ? { ...one, [name]: value } : one)));
    const move = (index: number, by: number) => {
        const next = [...list];
        const [one] = next.splice(index, 1);
        next.splice(index + by, 0, one!);
        draft.set("contacts", next);
    };
    const fields: [keyof Contact, string, boolean][] = [["name", say(T.name), true], ["role", say(T.functionWord), false],
        ["phone", say(T.phone), false], ["phone2", say(T.phone2), false], ["mail", say(T.mail), false], ["calls", say(T.callsWhom), false], ["note", say(T.note), false]];
    return (
        <Form draft={draft} button={say(T.save)} cancel={() => {
            draft.clear();
            close();
        }} done={close} act={(values) => send("PUT", "/contacts", { contacts: values.contacts.filter((one) => one.name.trim())
            .map((one) => Object.fromEntries(Object.entries(one).filter(([, text]) => text))) })}>
            <ol class="cards">
                {list.map((one, index) => (
                    <li key={index} class="card calm">
                        <fieldset class="contact">
                            <legend>{say(T.contactNumber, { n: index + 1 })}</legend>
                            <div class="columns">
                                {fields.map(([name, label, required]) => <TextField key={name} label={label} required={required} maxLength={120}
                                    type={name === "mail" ? "email" : name === "phone" || name === "phone2" ? "tel" : "text"} value={String(one[name] ?? "")}
                                    onValue={(value) => change(index, name, value)} />)}
                            </div>
                            <div class="actions">
                                {index > 0 && <button type="button" class="button quiet small" onClick={() => move(index, -1)}>{say(T.moveUp)}<span class="unseen"> : {one.name}</span></button>}
                                {index < list.length - 1 && <button type="button" class="button quiet small" onClick={() => move(index, 1)}>{say(T.moveDown)}<span class="unseen"> : {one.name}</span></button>}
                                <button type="button" class="button quiet small" onClick={() => draft.set("contacts", list.filter((_, at) => at !== index))}>{say(T.remove)}<span class="unseen"> : {one.name}</span></button>
                            </div>
                        </fieldset>
                    </li>
                ))}
            </ol>
            <button type="button" class="button quiet" onClick={() => draft.set("contacts", [...list, EMPTY])}>{say(T.contactAdd)}</button>
        </Form>
    );
}

function CallTree({ contacts }: { contacts: Contact[] }) {
    return (
        <ol class="calls">
            {contacts.map((one, index) => (
                <li key={index}>
                    <div><strong>{one.name}</strong> <span class="soft">{word(T.roleWords, one.role)}</span></div>
                    {one.phone && <a class="phone" href={"tel:" + one.phone.replace(/[^\d+]/g, "")}><Icon name="phone" />{one.phone}</a>}
                    {one.phone2 && <a class="phone" href={"tel:" + one.phone2.replace(/[^\d+]/g, "")}><Icon name="phone" />{one.phone2}</a>}
                    {one.mail && <a href={"mailto:" + one.mail}>{one.mail}</a>}
                    {one.calls && <p class="soft">{say(T.callsWhom)} : {one.calls}</p>}
                    {one.note && <p class="soft">{one.note}</p>}
                </li>
            ))}
        </ol>
    );
}

export function ContactsPage() {
    const { data, problem, reload } = useResource<Book>("/contacts");
    const [editing, setEditing] = useState(false);
    const contacts = Array.isArray(data?.contacts) ? data.contacts : [];
    return (
        <Page title={say(T.navContacts)} actions={<>
            {data && !editing && may(...RESPONDERS) && <button type="button" class="button quiet" onClick={() => setEditing(true)}><Icon name="pencil" />{say(T.change)}</button>}
            <button type="button" class="button quiet noprint" onClick={() => window.print()}><Icon name="print" />{say(T.print)}</button>
        </>}>
            <p>{say(T.contactsWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : editing ? <Editor book={{ ...data, contacts }} close={() => {
                setEditing(false);
                reload();
            }} /> : contacts.length ? <CallTree contacts={contacts} /> : <Empty>{say(T.contactsNone)}</Empty>}
        </Page>
    );
}
