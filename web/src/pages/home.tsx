// SPDX-License-Identifier: EUPL-1.2
// The present state at a glance: what is happening, what is owed next, what stands, whether Garde itself is well.
import { useEffect } from "preact/hooks";
import { hubTime, number, useNow } from "../time";
import { say } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import type { Approval, Status } from "../types";
import { Ago, Badge, Countdown, Empty, Facts, Link, Moment, Notice, Page, Part, ProblemNotice, StateBadge, Waiting, word } from "../ui/basics";
import { Icon } from "../ui/icon";
import { Traffic } from "../chart/traffic";
import { gravityTone, gravityWord, incidentTitle, kindWord, measureState, measureTone, owed, structureName } from "../words";
import { OpenIncident } from "./incidents";

function Happening({ status }: { status: Status }) {
    const open = status.incidents;
    if (!open.length)
        return <Notice tone="good" title={say(T.allCalm)}><p>{say(T.allCalmWhy)}</p></Notice>;
    return (
        <ul class="cards">
            {open.map((incident) => (
                <li key={incident.id} class={"card " + gravityTone(incident.gravity)}>
                    <p class="card-line">
                        <Badge tone={gravityTone(incident.gravity)}>{gravityWord(incident.gravity)}</Badge>
                        <span>{kindWord(incident.kind)}</span>
                        {incident.owing && <StateBadge of={incident} />}
                    </p>
                    <h3><Link to={"/incidents/" + incident.id}>{incidentTitle(incident)}</Link></h3>
                    <p class="soft">{say(T.openedSince)} <Ago time={incident.opened} /></p>
                </li>
            ))}
        </ul>
    );
}

function Owed({ status }: { status: Status }) {
    const list = owed(status.incidents);
    if (!list.length) return <Empty>{say(T.nothingOwed)}</Empty>;
    return (
        <ol class="rows">
            {list.slice(0, 8).map(({ one, incident }) => (
                <li key={one.id}>
                    <div>
                        <Link to={"/incidents/" + incident.id + "/obligations"}>{say(one.title)}</Link>
                        <p class="soft">{say(one.recipient)}</p>
                    </div>
                    {one.due ? <Countdown due={one.due} />
                        : <span class="countdown warn"><Icon name="clock" />{say(T.withoutDelay)}</span>}
                </li>
            ))}
        </ol>
    );
}

function Standing({ status }: { status: Status }) {
    if (!status.measures.length) return <Empty>{say(T.noMeasures)}</Empty>;
    return (
        <ul class="rows">
            {status.measures.map((measure) => (
                <li key={measure.id}>
                    <div>
                        {measure.incident ? <Link to={"/incidents/" + measure.incident + "/mesures"}>{say(measure.why)}</Link>
                            : <span>{say(measure.why)}</span>}
                        <p class="soft">{word(T.measureKindWords, measure.kind)} · {measure.subject} · {say(T.until).toLowerCase()} <Moment time={measure.until} /></p>
                    </div>
                    <Badge tone={measureTone(measure)}>{measureState(measure)}</Badge>
                </li>
            ))}
        </ul>
    );
}

function Health({ status }: { status: Status }) {
    const at = useNow(30);
    const edge = status.edge;
    const head = status.journal.head;
    const old = head?.time ? at - Date.parse(head.time) > 26 * 3_600_000 : true;
    return (
        <Facts rows={[
            [say(T.edge), <Badge tone={edge.connected ? "good" : "warn"}>{say(edge.connected ? T.edgeConnected : T.edgeAway)}</Badge>],
            [say(T.spooled), edge.spooled ? number(edge.spooled) : null],
            [say(T.journalRecords), <Link to="/journal">{number(status.journal.records)}</Link>],
            [say(T.journalHead), head?.time ? <><Moment time={head.time} /> {old && <Badge tone="warn">{say(T.headOld)}</Badge>}</>
                : <Badge tone="warn">{say(T.headNone)}</Badge>],
        ]} />
    );
}

function Waits() {
    const { data } = useResource<{ approvals: Approval[] }>("/approvals");
    const waiting = (data?.approvals ?? []).filter((one) => one.state === "waiting");
    if (!waiting.length) return null;
    return (
        <Notice tone="warn" title={say(T.approvalsWait, { n: waiting.length })}>
            <p><Link to="/approbations">{say(T.approvalsSee)}</Link></p>
        </Notice>
    );
}

export function HomePage() {
    const { data: status, problem, reload } = useResource<Status>("/status");
    useEffect(() => hubTime(status?.time), [status]);
    const title = structureName(status) || say(T.navHome);
    if (!status) return <Page title={say(T.navHome)}><Waiting problem={problem} again={reload} /></Page>;
    return (
        <Page title={title} actions={<OpenIncident />}>
            {problem && !problem.lost && <ProblemNotice problem={problem} />}
            <Waits />
            <div class="grid">
                <Part id="happening" title={say(T.happening)} wide={status.incidents.length > 2}><Happening status={status} /></Part>
                <Part id="owed" title={say(T.owedNext)}><Owed status={status} /></Part>
                <Part id="traffic" title={say(T.trafficLive)} wide><Traffic services={status.edge.services ?? []} measures={status.measures} /></Part>
                <Part id="standing" title={say(T.standing)}><Standing status={status} /></Part>
                <Part id="health" title={say(T.health)}><Health status={status} /></Part>
            </div>
        </Page>
    );
}
