// SPDX-License-Identifier: EUPL-1.2
// What one person asked and a second one has to agree to.
import type { ComponentChildren } from "preact";
import { segment, send } from "../api";
import { say } from "../language";
import { refresh, useResource } from "../resource";
import { session } from "../session";
import * as T from "../texts";
import type { Approval } from "../types";
import { Ago, Badge, Empty, Facts, Moment, Page, Waiting, word } from "../ui/basics";
import { ActButton, ReasonButton } from "../ui/form";
import { selectorText } from "../words";
import { shown } from "./register";

/* What was asked for, as its own page would say it. */
function asked(name: string, value: unknown): ComponentChildren {
    if (name === "kind" && typeof value === "string") return word(T.measureKindWords, value);
    if (name === "selector" && value && typeof value === "object") return selectorText(value as Record<string, unknown>);
    if ((name === "until" || name === "at") && typeof value === "string") return <Moment time={value} />;
    return shown(value);
}

function Card({ one }: { one: Approval }) {
    const mine = one.account === session.get()?.account?.id;
    const waiting = one.state === "waiting";
    const answer = async (verb: string, body: object) => {
        const result = await send("POST", "/approvals/" + segment(one.id) + "/" + verb, body);
        await refresh();
        return result;
    };
    return (
        <li class={"card " + (waiting ? "warn" : "calm")}>
            <p class="card-line">{waiting ? <Badge tone="warn">{say(T.approvalWaits)}</Badge> : <Badge>{word(T.approvalStateWords, one.state)}</Badge>}
                <span>{say(T.askedBy, { name: one.name })} <Ago time={one.asked} /></span></p>
            <h2 class="card-title">{say(one.title) || one.act}</h2>
            <Facts rows={[...Object.entries(one.in).map(([name, value]): [string, ComponentChildren] => [word(T.paramWords, name), asked(name, value)]),
                [say(T.expires), <Moment time={one.expires} />]]} />
            {waiting && (mine ? <p class="soft">{say(T.approvalMine)}</p> : <div class="actions">
                <ActButton tone="main" act={() => answer("agree", {})} said={say(T.approvalAgreed)}>{say(T.agree)}</ActButton>
                <ReasonButton label={say(T.refuse)} title={say(T.refuse)} draft={"refuse." + one.id} tone="danger" optional
                    act={(reason) => answer("refuse", reason ? { reason } : {})} /></div>)}
        </li>
    );
}

export function ApprovalsPage() {
    const { data, problem, reload } = useResource<{ approvals: Approval[] }>("/approvals");
    return (
        <Page title={say(T.navApprovals)}>
            <p>{say(T.approvalsWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : !data.approvals.length ? <Empty>{say(T.approvalsNone)}</Empty>
                : <ul class="cards">{data.approvals.map((one) => <Card key={one.id} one={one} />)}</ul>}
        </Page>
    );
}
