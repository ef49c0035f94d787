// SPDX-License-Identifier: EUPL-1.2
// What happened, in the order of the register; the time of the event stands apart from the time it was typed.
import { useState } from "preact/hooks";
import { get, segment } from "../api";
import { say } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import { dayOnly, timeOnly } from "../time";
import type { TimelineEntry } from "../types";
import { Empty, Moment, Waiting } from "../ui/basics";
import { ActButton, Choices } from "../ui/form";
import { Icon, type IconName } from "../ui/icon";
import { authorWord } from "../words";

const ICONS: [string, IconName][] = [
    ["decision", "pencil"], ["note", "pencil"], ["shift", "people"], ["measure", "shield"], ["obligation", "clock"],
    ["declaration", "register"], ["task", "task"], ["incident", "incident"], ["finding", "warning"],
    ["status", "info"], ["letters", "mail"], ["approval", "approval"], ["report", "people"],
];

function iconOf(type: string): IconName {
    return ICONS.find(([start]) => type.startsWith(start))?.[1] ?? "dot";
}

/* People's entries against what Garde wrote on its own. */
function byPeople(entry: TimelineEntry): boolean {
    return /^(decision|note|shift|status|declaration|task|approval|incident\.(gravity|closed|fact))/.test(entry.type);
}

export function Entry({ entry }: { entry: TimelineEntry }) {
    const late = entry.at && Math.abs(Date.parse(entry.at) - Date.parse(entry.time)) > 60_000;
    return (
        <li class={"entry " + entry.type.split(".")[0]}>
            <Icon name={iconOf(entry.type)} />
            <div>
                <p class="entry-head"><time dateTime={entry.at ?? entry.time}>{timeOnly(entry.at ?? entry.time)}</time> <span
                    class="soft">{authorWord(entry.author)}{late && <> · {say(T.typedOn)} <Moment time={entry.time} /></>} · n° {entry.seq}</span></p>
                <p>{say(entry.summary)}</p>
                {entry.text ? <p class="said">{entry.text}</p>
                    : !entry.text && (entry.personal?.length ?? 0) > 0 && <p class="soft">{say(T.erased)}</p>}
            </div>
        </li>
    );
}

/* What Garde works out by itself many times over: read when somebody asks for it. */
function routine(entry: TimelineEntry): boolean {
    return !entry.text && /^(obligation\.changed|incident\.(fact|joined)|task\.changed)$/.test(entry.type) && /^(rule|edge|playbook|config|hub|)$/.test(entry.author);
}

const FOLD_LEAST = 4;

/* Runs of such lines become one that opens. */
function Day({ entries }: { entries: TimelineEntry[] }) {
    const runs: TimelineEntry[][] = [];
    for (const entry of entries) {
        const last = runs[runs.length - 1];
        if (last && routine(entry) && routine(last[0]!)) last.push(entry);
        else runs.push([entry]);
    }
    return (
        <ol class="timeline">
            {runs.flatMap((run) => run.length < FOLD_LEAST ? run.map((entry) => <Entry key={entry.seq} entry={entry} />) : [
                <li key={"run" + run[run.length - 1]!.seq} class="entry run"><Icon name="info" /><details>
                    <summary>{say(T.timelineRun, { n: run.length })}</summary>
                    <ol>{run.map((entry) => <Entry key={entry.seq} entry={entry} />)}</ol>
                </details></li>,
            ])}
        </ol>
    );
}

interface Entries { entries: TimelineEntry[]; next: number | string | null }

export function Timeline({ id }: { id: string }) {
    const path = "/incidents/" + segment(id) + "/timeline";
    const { data, problem, reload } = useResource<Entries>(path + "?newest=true&limit=200");
    const [more, setMore] = useState<TimelineEntry[]>([]);
    const [next, setNext] = useState<number | string | null | undefined>(undefined);
    const [which, setWhich] = useState("all");
    const after = next === undefined ? data?.next : next;
    const load = async () => {
        const page = await get<Entries>(path + "?newest=true&limit=200&after_seq=" + encodeURIComponent(String(after)));
        setMore([...more, ...page.entries]);
        setNext(page.next);
    };
    if (!data) return <Waiting problem={problem} again={reload} />;
    const known = new Set(data.entries.map((entry) => entry.seq));
    const list = [...data.entries, ...more.filter((entry) => !known.has(entry.seq))]
        .filter((entry) => which === "all" || (which === "people") === byPeople(entry))
        .sort((a, b) => Date.parse(b.at ?? b.time) - Date.parse(a.at ?? a.time) || b.seq - a.seq);
    const days: [string, TimelineEntry[]][] = [];
    for (const entry of list) {
        const day = dayOnly(entry.at ?? entry.time);
        const last = days[days.length - 1];
        if (last && last[0] === day) last[1].push(entry);
        else days.push([day, [entry]]);
    }
    return (
        <>
            <Choices legend={say(T.timelineShow)} hidden name="timeline" value={which} onValue={setWhich} choices={[
                ["all", say(T.timelineAll)], ["people", say(T.timelinePeople)], ["garde", say(T.timelineGarde)]]} />
            {!list.length && <Empty>{say(T.timelineNone)}</Empty>}
            {days.map(([day, entries]) => (
                <div key={day}>
                    <h3 class="day">{day}</h3>
                    <Day entries={entries} />
                </div>
            ))}
            {after !== null && after !== undefined && <ActButton act={load}>{say(T.more)}</ActButton>}
        </>
    );
}
