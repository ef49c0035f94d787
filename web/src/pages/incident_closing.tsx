// SPDX-License-Identifier: EUPL-1.2
// The closing report: assembled from the register, corrected by a person, published as a public account.
import { useEffect } from "preact/hooks";
import { fileAddress, segment, send } from "../api";
import { useDraft } from "../draft";
import { language, say, type Text } from "../language";
import { useResource } from "../resource";
import { may, WRITERS } from "../session";
import { useStore } from "../store";
import * as T from "../texts";
import { Empty, FileLink, Part, Waiting } from "../ui/basics";
import { Form, LongField } from "../ui/form";
import type { Whole } from "./incident";

interface Section { key?: string; id?: string; name?: string; title?: Text; text?: Text | string | null; lines?: (Text | string)[] }
interface Closing { sections?: Section[]; text?: Text | string; closing?: { sections?: Section[] } }

function sectionKey(one: Section): string {
    return one.key ?? one.id ?? one.name ?? "";
}

function asText(value: Text | string | null | undefined): string {
    return typeof value === "string" ? value : say(value);
}

function Editor({ id, data }: { id: string; data: Closing }) {
    const tongue = useStore(language);
    const sections = data.sections ?? data.closing?.sections ?? [];
    const initial = Object.fromEntries(sections.map((one) => [sectionKey(one),
        one.text ? asText(one.text) : (one.lines ?? []).map(asText).join("\n")]));
    const draft = useDraft<Record<string, string>>("closing." + id + "." + tongue, initial);
    const editable = may(...WRITERS);
    const act = (values: Record<string, string>) => send("PUT", "/incidents/" + segment(id) + "/closing",
        { language: tongue, sections: Object.entries(values).map(([key, text]) => ({ key, text })) });
    useEffect(() => {}, [tongue]);
    if (!sections.length) return <Empty>{say(T.closingNone)}</Empty>;
    return (
        <Form draft={draft} act={act} button={say(T.save)} said={say(T.saved)}>
            {sections.map((one) => editable
                ? <LongField key={sectionKey(one)} label={say(one.title) || sectionKey(one)} rows={6} maxLength={20000} required
                    value={draft.values[sectionKey(one)] ?? ""} onValue={(value) => draft.set(sectionKey(one), value)} />
                : <div key={sectionKey(one)}><h3>{say(one.title)}</h3><p class="said">{draft.values[sectionKey(one)]}</p></div>)}
        </Form>
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
            <Part id="closing" title={say(T.closingEdit)} wide>
                {data ? <Editor id={id} data={data} /> : <Waiting problem={problem} again={reload} />}
            </Part>
        </>
    );
}
