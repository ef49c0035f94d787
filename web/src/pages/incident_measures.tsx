// SPDX-License-Identifier: EUPL-1.2
// What is done about it at the edge: why, until when, what it costs normal use as predicted and as measured; the verbs.
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { useResource } from "../resource";
import { may, RESPONDERS } from "../session";
import * as T from "../texts";
import { fromField, now, number, percent, toField } from "../time";
import type { Measure, Status } from "../types";
import { Badge, Countdown, Empty, Facts, Moment, Notice, Part, word } from "../ui/basics";
import { Dialog, Form, LongField, ReasonButton, SelectField, TextField, TimeField } from "../ui/form";
import { measureState, measureTone, selectorText, stands } from "../words";
import type { Whole } from "./incident";

function ProlongForm({ measure, close }: { measure: Measure; close(): void }) {
    const draft = useDraft("prolong." + measure.id, { until: toField(now() + 3_600_000), reason: "" });
    return (
        <Form draft={draft} cancel={close} button={say(T.prolong)} done={close}
            act={(values) => send("POST", "/measures/" + segment(measure.id) + "/prolong",
                { until: fromField(values.until), reason: values.reason.trim() })}>
            <Cost measure={measure} />
            <TimeField label={say(T.until)} required value={draft.values.until} onValue={(value) => draft.set("until", value)} />
            <LongField label={say(T.reason)} hint={say(T.reasonHint)} required rows={3} value={draft.values.reason}
                maxLength={1000} onValue={(value) => draft.set("reason", value)} />
        </Form>
    );
}

function Cost({ measure }: { measure: Measure }) {
    return (
        <Facts rows={[
            [say(T.costPredicted), percent(measure.predicted_cost) || say(T.notKnown)],
            [say(T.costActual), percent(measure.actual_cost) || say(T.notMeasured)],
            [say(T.packetsDropped), number(measure.dropped)],
            [say(T.packetsWould), measure.would_drop ? number(measure.would_drop) : null],
            [say(T.packetsSpared), measure.spared ? number(measure.spared) : null],
        ]} />
    );
}

function Card({ measure }: { measure: Measure }) {
    const [open, setOpen] = useState(false);
    const change = may(...RESPONDERS);
    return (
        <li class={"card " + measureTone(measure)}>
            <p class="card-line">
                <Badge tone={measureTone(measure)}>{measureState(measure)}</Badge>
                <span>{word(T.measureKindWords, measure.kind)} · {measure.subject}</span>
                {stands(measure) && measure.until && Date.parse(measure.until) > now() && <Countdown due={measure.until} />}
            </p>
            <h3>{say(measure.why)}</h3>
            <Facts rows={[
                [say(T.selector), <span class="selector">{selectorText(measure.selector)}</span>],
                [say(T.owner), measure.owner === "edge" ? say(T.ownerEdge) : measure.owner],
                [say(T.since), measure.since ? <Moment time={measure.since} /> : null],
                [say(stands(measure) ? T.until : T.endedOn), measure.until ? <Moment time={measure.until} /> : null],
                [say(T.probation), measure.state === "probation" ? say(T.probationPart, { part: percent(measure.pass_per_mille / 1000) }) : null],
            ]} />
            <Cost measure={measure} />
            {change && (
                <div class="actions">
                    {stands(measure) && <ReasonButton label={say(T.lift)} title={say(T.liftTitle)} draft={"lift." + measure.id} optional
                        explain={<><p>{say(measure.why)}</p><p>{say(measure.owner === "edge" ? T.forbidWhy : T.liftWhy)}</p><Cost measure={measure} /></>}
                        act={(reason) => send("POST", "/measures/" + segment(measure.id) + "/lift", reason ? { reason } : {})} />}
                    {stands(measure) && <button type="button" class="button quiet" onClick={() => setOpen(true)}>{say(T.prolong)}</button>}
                </div>
            )}
            {open && <Dialog title={say(T.prolongTitle)} onClose={() => setOpen(false)}>
                <ProlongForm measure={measure} close={() => setOpen(false)} /></Dialog>}
        </li>
    );
}

function AskForm({ services, close }: { services: string[]; close(): void }) {
    const draft = useDraft("measure.ask", { kind: "fence", subject: services[0] ?? "", countries: "FR", rate: "1000",
        until: toField(now() + 2 * 3_600_000), why: "" });
    const act = (values: typeof draft.values) => {
        const why = values.why.trim();
        const selector = values.kind === "fence"
            ? { countries: values.countries.toUpperCase().split(/[\s,;]+/).filter(Boolean) }
            : values.kind === "throttle" ? { rate_pps: Number(values.rate) } : {};
        return send("POST", "/measures", { kind: values.kind, subject: values.subject, selector,
            until: fromField(values.until), why: { fr: why, en: why } });
    };
    return (
        <Form draft={draft} act={act} done={close} cancel={close} button={say(T.measureAsk)}>
            <Notice><p>{say(T.measureAskWhy)}</p></Notice>
            <SelectField label={say(T.kind)} required value={draft.values.kind} onValue={(value) => draft.set("kind", value)}
                choices={["fence", "throttle", "challenge"].map((one): [string, string] => [one, word(T.measureKindWords, one)])} />
            {services.length ? <SelectField label={say(T.service)} required value={draft.values.subject} onValue={(value) => draft.set("subject", value)}
                choices={services.map((one): [string, string] => [one, one])} />
                : <TextField label={say(T.service)} required value={draft.values.subject} onValue={(value) => draft.set("subject", value)} />}
            {draft.values.kind === "fence" && <TextField label={say(T.countries)} hint={say(T.countriesHint)} required
                value={draft.values.countries} onValue={(value) => draft.set("countries", value)} />}
            {draft.values.kind === "throttle" && <TextField label={say(T.rate)} required inputMode="numeric"
                value={draft.values.rate} onValue={(value) => draft.set("rate", value)} />}
            <TimeField label={say(T.until)} required value={draft.values.until} onValue={(value) => draft.set("until", value)} />
            <LongField label={say(T.reason)} hint={say(T.reasonHint)} required rows={3} value={draft.values.why} maxLength={1000}
                onValue={(value) => draft.set("why", value)} />
        </Form>
    );
}

function Ask() {
    const [open, setOpen] = useState(false);
    const { data } = useResource<Status>("/status");
    if (!may(...RESPONDERS)) return null;
    const services = (data?.edge?.services ?? []).map((one) => one.name);
    return (
        <>
            <button type="button" class="button quiet" onClick={() => setOpen(true)}>{say(T.measureAsk)}</button>
            {open && <Dialog title={say(T.measureAsk)} onClose={() => setOpen(false)}><AskForm services={services} close={() => setOpen(false)} /></Dialog>}
        </>
    );
}

export function MeasuresView({ whole }: { whole: Whole }) {
    const standing = whole.measures.filter(stands);
    const ended = whole.measures.filter((one) => !stands(one));
    return (
        <>
            <Part id="m-standing" title={say(T.standing)} wide actions={whole.incident.state === "open" ? <Ask /> : undefined}>
                {standing.length ? <ul class="cards">{standing.map((one) => <Card key={one.id} measure={one} />)}</ul> : <Empty>{say(T.noMeasures)}</Empty>}
            </Part>
            {ended.length > 0 && <Part id="m-ended" title={say(T.ended)} wide>
                <ul class="cards">{ended.map((one) => <Card key={one.id} measure={one} />)}</ul></Part>}
        </>
    );
}
