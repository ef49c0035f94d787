// SPDX-License-Identifier: EUPL-1.2
// What was seen, with its figures, and every paper the incident can give.
import { fileAddress, segment } from "../api";
import { say } from "../language";
import * as T from "../texts";
import { number, percent } from "../time";
import type { Finding } from "../types";
import { Badge, Empty, Facts, FileLink, Moment, Part, word } from "../ui/basics";
import type { Whole } from "./incident";

function evidenceText(value: unknown): string {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return number(value);
    if (typeof value === "boolean") return say(value ? T.yes : T.no);
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(evidenceText).join(", ");
    return Object.entries(value as object).map(([name, inner]) => name + " : " + evidenceText(inner)).join(" ; ");
}

function Seen({ finding }: { finding: Finding }) {
    return (
        <li class="card calm">
            <p class="card-line"><Badge tone="info">{word(T.findingPhaseWords, finding.phase)}</Badge>
                <span>{word(T.sensorWords, finding.sensor)} · {finding.subject} · <Moment time={finding.seen} /></span></p>
            <h3>{say(finding.why)}</h3>
            <Facts rows={[[say(T.confidence), percent(finding.confidence)],
                ...Object.entries(finding.evidence ?? {}).map(([name, value]): [string, string] => [word(T.evidenceWords, name), evidenceText(value)])]} />
        </li>
    );
}

export function PapersView({ whole }: { whole: Whole }) {
    const id = segment(whole.incident.id);
    return (
        <>
            <Part id="documents" title={say(T.documents)} wide>
                <ul class="links">
                    {whole.obligations.filter((one) => one.state !== "void").map((one) => (
                        <li key={one.id}><FileLink href={fileAddress("/obligations/" + segment(one.id) + "/declaration?format=pdf")}>{say(one.title)} (PDF)</FileLink></li>
                    ))}
                    <li><FileLink href={fileAddress("/incidents/" + id + "/handover/paper")} icon="print">{say(T.handoverSheet)} (PDF)</FileLink></li>
                    <li><FileLink href={fileAddress("/incidents/" + id + "/closing?format=pdf")}>{say(T.closingReport)} (PDF)</FileLink></li>
                    <li><FileLink href={fileAddress("/incidents/" + id + "/closing?format=pdf&redacted=true")}>{say(T.closingPublic)} (PDF)</FileLink></li>
                    <li><FileLink href={fileAddress("/register/paper")}>{say(T.navRegister)} (PDF)</FileLink></li>
                </ul>
            </Part>
            <Part id="evidence" title={say(T.evidence)} wide>
                {whole.findings.length ? <ul class="cards">{whole.findings.map((one) => <Seen key={one.id} finding={one} />)}</ul>
                    : <Empty>{say(T.evidenceNone)}</Empty>}
            </Part>
        </>
    );
}
