// SPDX-License-Identifier: EUPL-1.2
// Whether what Garde was told holds: each setting with what was found, and what goes out to other systems.
import { segment, send } from "../api";
import { say, type Text } from "../language";
import { useResource } from "../resource";
import { may, RESPONDERS } from "../session";
import * as T from "../texts";
import { Badge, Empty, Moment, Notice, Page, Part, Table, Waiting } from "../ui/basics";
import { ActButton } from "../ui/form";
import { shown } from "./register";

interface Checked { key: string; value: unknown; ok: boolean; note?: unknown }
interface Target { name: string; kind: string; tlp: string; personal: boolean; events: string[]; waiting: number; given_up: number }
interface Item { id: string; target: string; incident: string | null; state: string; attempts: number; since: string; changed: string; why: Text | null }

function Out() {
    const { data, problem, reload } = useResource<{ targets: Target[]; items: Item[]; connected: boolean }>("/out?state=given-up");
    if (!data) return problem && problem.status !== 404 && problem.status !== 403 ? <Waiting problem={problem} again={reload} /> : <Empty>{say(T.outNone)}</Empty>;
    if (!data.targets.length) return <Empty>{say(T.outNone)}</Empty>;
    const act = may(...RESPONDERS);
    const press = async (path: string) => {
        await send("POST", path);
        await reload();
    };
    return (
        <>
            {!data.connected && <Notice tone="warn"><p>{say(T.outAway)}</p></Notice>}
            <Table caption={say(T.outTitle)} rows={data.targets} id={(one) => one.name} columns={[
                { name: say(T.name), cell: (one) => one.name },
                { name: say(T.kind), cell: (one) => one.kind },
                { name: "TLP", cell: (one) => one.tlp },
                { name: say(T.outWaiting), number: true, cell: (one) => one.waiting },
                { name: say(T.outGivenUp), number: true, cell: (one) => one.given_up ? <Badge tone="warn">{one.given_up}</Badge> : 0 },
                ...(act ? [{ name: say(T.action), cell: (one: Target) => <ActButton small act={() => press("/out/targets/" + segment(one.name) + "/test")}>
                    {say(T.outTest)}<span class="unseen"> : {one.name}</span></ActButton> }] : []),
            ]} />
            {data.items.length > 0 && <Table caption={say(T.outItems)} rows={data.items} id={(one) => one.id} columns={[
                { name: say(T.name), cell: (one) => one.target },
                { name: say(T.since), cell: (one) => <Moment time={one.since} /> },
                { name: say(T.why), cell: (one) => say(one.why) },
                ...(act ? [{ name: say(T.action), cell: (one: Item) => <ActButton small act={() => press("/out/" + segment(one.id) + "/retry")}>{say(T.tryAgain)}</ActButton> }] : []),
            ]} />}
        </>
    );
}

export function SettingsPage() {
    const { data, problem, reload } = useResource<{ checks: Checked[] }>("/settings");
    const bad = data?.checks.filter((one) => !one.ok) ?? [];
    return (
        <Page title={say(T.navSettings)}>
            <p>{say(T.settingsWhy)}</p>
            <Part id="checks" title={say(T.checksTitle)} wide>
                {!data ? <Waiting problem={problem} again={reload} /> : !data.checks.length ? <Empty>{say(T.checksNone)}</Empty> : <>
                    <p>{bad.length ? <Badge tone="warn">{say(T.checksBad, { n: bad.length })}</Badge> : <Badge tone="good">{say(T.checksGood)}</Badge>}</p>
                    <Table caption={say(T.checksTitle)} rows={[...bad, ...data.checks.filter((one) => one.ok)]} id={(one) => one.key} columns={[
                        { name: say(T.setting), cell: (one) => <code>{one.key}</code> },
                        { name: say(T.value), cell: (one) => shown(one.value) },
                        { name: say(T.state), cell: (one) => one.ok ? <Badge tone="good">{say(T.fine)}</Badge> : <Badge tone="warn">{say(T.notFine)}</Badge> },
                        { name: say(T.note), cell: (one) => shown(one.note) },
                    ]} />
                </>}
            </Part>
            <Part id="out" title={say(T.outTitle)} wide><Out /></Part>
        </Page>
    );
}
