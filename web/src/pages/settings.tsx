// SPDX-License-Identifier: EUPL-1.2
// Whether what Garde was told holds: each setting with what was found, and what goes out to other systems.
import { say } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import { Badge, Empty, Moment, Page, Part, Table, Waiting } from "../ui/basics";
import { shown } from "./register";

interface Checked { key: string; value: unknown; ok: boolean; note?: unknown }
interface Outgoing { name?: string; kind?: string; to?: string; state?: string; ok?: boolean; at?: string | null; last?: string | null; note?: unknown; waiting?: number; error?: unknown }

function Out() {
    const { data, problem } = useResource<{ out?: Outgoing[]; sinks?: Outgoing[]; targets?: Outgoing[]; [other: string]: unknown }>("/out");
    if (!data) return problem && problem.status !== 404 && problem.status !== 403 ? <Waiting problem={problem} /> : <Empty>{say(T.outNone)}</Empty>;
    const list = [data.out, data.sinks, data.targets, ...Object.values(data)].find(Array.isArray) as Outgoing[] | undefined;
    if (!list?.length) return <Empty>{say(T.outNone)}</Empty>;
    return <Table caption={say(T.outTitle)} rows={list} id={(one) => (one.name ?? one.to ?? "") + (one.kind ?? "") + (one.at ?? "")} columns={[
        { name: say(T.name), cell: (one) => one.name ?? one.to ?? one.kind },
        { name: say(T.kind), cell: (one) => one.kind },
        { name: say(T.state), cell: (one) => one.state ?? (one.ok === undefined ? "" : say(one.ok ? T.fine : T.notFine)) },
        { name: say(T.time), cell: (one) => <Moment time={one.at ?? one.last} /> },
        { name: say(T.note), cell: (one) => shown(one.note ?? one.error) },
    ]} />;
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
