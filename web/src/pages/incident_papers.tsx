// SPDX-License-Identifier: EUPL-1.2
// What was seen, with its figures, and every paper the incident can give.
import { fileAddress, segment } from "../api";
import { say } from "../language";
import * as T from "../texts";
import { dayAndTime, number, percent } from "../time";
import type { Finding, Obligation } from "../types";
import { Badge, Empty, Facts, FileLink, Moment, Part, word } from "../ui/basics";
import { selectorText } from "../words";
import type { Whole } from "./incident";

function evidenceText(value: unknown): string {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return number(value);
    if (typeof value === "boolean") return say(value ? T.yes : T.no);
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(evidenceText).join(", ");
    const parts = Object.entries(value as object);
    // Shares of one, such as those of countries, are read as parts of a hundred.
    const shares = parts.every(([, inner]) => typeof inner === "number" && inner >= 0 && inner <= 1);
    return parts.map(([name, inner]) => name + " " + (shares ? percent(inner as number) : evidenceText(inner))).join(", ");
}

/* By its name: a moment, a part, a shape of packets, or whatever it is. */
function evidenceOf(name: string, value: unknown): string {
    if ((name === "started" || name === "ended") && typeof value === "string") return dayAndTime(value);
    if (name === "same_shape_fraction" && typeof value === "number") return percent(value);
    if (name === "shape" && value && typeof value === "object") return selectorText(value as Record<string, unknown>);
    return evidenceText(value);
}

function Seen({ finding }: { finding: Finding }) {
    return (
        <li class="card calm">
            <p class="card-line"><Badge tone="info">{word(T.findingPhaseWords, finding.phase)}</Badge>
                <span>{word(T.sensorWords, finding.sensor)} · {finding.subject} · <Moment time={finding.seen} /></span></p>
            <h3>{say(finding.why)}</h3>
            <Facts rows={[[say(T.confidence), percent(finding.confidence)],
                ...Object.entries(finding.evidence ?? {}).map(([name, value]): [string, string] => [word(T.evidenceWords, name), evidenceOf(name, value)])]} />
        </li>
    );
}

function Declaration({ one }: { one: Obligation }) {
    return <li><FileLink href={fileAddress("/obligations/" + segment(one.id) + "/declaration?format=pdf")}>{say(one.title)} (PDF)</FileLink></li>;
}

export function PapersView({ whole }: { whole: Whole }) {
    const id = segment(whole.incident.id);
    const owed = whole.obligations.filter((one) => one.state === "due" || one.state === "filed" || one.state === "waived");
    const possible = whole.obligations.filter((one) => one.state === "possible");
    return (
        <>
            <Part id="documents" title={say(T.documents)} wide>
                <ul class="links">
                    {owed.map((one) => <Declaration key={one.id} one={one} />)}
                    <li><FileLink href={fileAddress("/incidents/" + id + "/handover/paper")} icon="print">{say(T.handoverSheet)} (PDF)</FileLink></li>
                    <li><FileLink href={fileAddress("/incidents/" + id + "/closing?format=pdf")}>{say(T.closingReport)} (PDF)</FileLink></li>
                    <li><FileLink href={fileAddress("/incidents/" + id + "/closing?format=pdf&redacted=true")}>{say(T.closingPublic)} (PDF)</FileLink></li>
                    <li><FileLink href={fileAddress("/register/paper")}>{say(T.navRegister)} (PDF)</FileLink></li>
                </ul>
                {possible.length > 0 && <details><summary>{say(T.documentsPossible)} ({possible.length})</summary>
                    <ul class="links">{possible.map((one) => <Declaration key={one.id} one={one} />)}</ul></details>}
            </Part>
            <Part id="evidence" title={say(T.evidence)} wide>
                {whole.findings.length ? <ul class="cards">{whole.findings.map((one) => <Seen key={one.id} finding={one} />)}</ul>
                    : <Empty>{say(T.evidenceNone)}</Empty>}
            </Part>
        </>
    );
}
