// SPDX-License-Identifier: EUPL-1.2
// One incident: what it is and what is next, and the ways to everything that belongs to it.
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { say, type Text } from "../language";
import { put, useResource } from "../resource";
import { GRADERS, may } from "../session";
import * as T from "../texts";
import { now } from "../time";
import type { Finding, Incident, Measure, Obligation, Task } from "../types";
import { Ago, Badge, Countdown, Empty, Facts, Link, Moment, Notice, Page, Part, StateBadge, Waiting } from "../ui/basics";
import { Choices, Dialog, Form, LongField, ReasonButton } from "../ui/form";
import { Icon, type IconName } from "../ui/icon";
import { byUrgency, gravityTone, gravityWord, incidentTitle, kindWord, stands } from "../words";
import { CellView, DecisionEntry, Revision } from "./incident_cell";
import { ClosingView } from "./incident_closing";
import { FactsView } from "./incident_facts";
import { LettersView } from "./incident_letters";
import { MeasuresView } from "./incident_measures";
import { ObligationsView } from "./incident_obligations";
import { PapersView } from "./incident_papers";
import { TasksView } from "./incident_tasks";
import { Timeline } from "./timeline";

export interface Whole {
    incident: Incident;
    findings: Finding[];
    measures: Measure[];
    obligations: Obligation[];
    tasks?: Task[];
    gravity?: { proposed?: string; why?: Text } | null;
    review?: { next?: string | null } | null;
}

/* What an act on the incident answered, put in place of what was there. */
export function accept(id: string, answer: unknown): void {
    const whole = (answer as { data?: Whole } | undefined)?.data;
    if (whole?.incident && Array.isArray(whole.obligations)) put("/incidents/" + segment(id), whole);
}

interface View {
    path: string;
    text: Text;
    icon: IconName;
    count?: (whole: Whole) => number;
}

const VIEWS: View[] = [
    { path: "", text: T.viewOverview, icon: "home" },
    { path: "taches", text: T.viewTasks, icon: "task", count: (whole) => (whole.tasks ?? []).filter((task) => task.state === "open").length },
    { path: "faits", text: T.viewFacts, icon: "info" },
    { path: "mesures", text: T.viewMeasures, icon: "shield", count: (whole) => whole.measures.filter(stands).length },
    { path: "obligations", text: T.viewObligations, icon: "clock", count: (whole) => whole.obligations.filter((one) => one.state === "due").length },
    { path: "cellule", text: T.viewCell, icon: "people" },
    { path: "pieces", text: T.viewPapers, icon: "register" },
    { path: "lettres", text: T.viewLetters, icon: "mail" },
    { path: "cloture", text: T.viewClosing, icon: "check" },
];

function Ways({ id, view, whole }: { id: string; view: string; whole: Whole }) {
    return (
        <nav class="views" aria-label={say(T.viewsOf)}>
            <ul>
                {VIEWS.map((one) => {
                    const count = one.count?.(whole) ?? 0;
                    return (
                        <li key={one.path}>
                            <Link to={"/incidents/" + id + (one.path ? "/" + one.path : "")}
                                aria-current={one.path === view ? "page" : undefined}>
                                <Icon name={one.icon} />{say(one.text)}{count > 0 && <span class="count">{count}</span>}
                            </Link>
                        </li>
                    );
                })}
            </ul>
        </nav>
    );
}

function GravityForm({ whole, close }: { whole: Whole; close(): void }) {
    const id = whole.incident.id;
    const draft = useDraft("gravity." + id, { gravity: whole.incident.gravity ?? "" });
    return (
        <Form draft={draft} cancel={close} button={say(T.gravityDecide)}
            act={(values) => send("POST", "/incidents/" + segment(id) + "/gravity", { gravity: values.gravity })}
            done={(answer) => {
                accept(id, answer);
                close();
            }}>
            {whole.gravity?.proposed && <Notice title={say(T.gravityProposed, { gravity: gravityWord(whole.gravity.proposed) })}>
                <p>{say(whole.gravity.why)}</p></Notice>}
            <Choices legend={say(T.gravity)} name="gravity" value={draft.values.gravity} hint={say(T.gravityHint)}
                onValue={(value) => draft.set("gravity", value as never)}
                choices={["grave", "significatif", "mineur"].map((one): [string, string] => [one, gravityWord(one)])} />
        </Form>
    );
}

function CloseForm({ whole, close }: { whole: Whole; close(): void }) {
    const id = whole.incident.id;
    const draft = useDraft("close." + id, { reason: "" });
    const open = whole.obligations.filter((one) => !one.voluntary && (one.state === "due" || one.state === "possible"));
    const due = open.filter((one) => one.state === "due");
    const possible = open.length - due.length;
    const undecided = !whole.incident.gravity_by || whole.incident.gravity_by === "rule";
    const wanted = open.length > 0 || undecided;
    return (
        <Form draft={draft} cancel={close} button={say(T.incidentClose)} tone="danger"
            act={(values) => send("POST", "/incidents/" + segment(id) + "/close",
                values.reason.trim() ? { reason: values.reason.trim() } : {})}
            done={(answer) => {
                accept(id, answer);
                close();
            }}>
            {due.length > 0 && <Notice tone="warn" title={say(T.closeOwes)}>
                <ul>{due.map((one) => <li key={one.id}>{say(one.title)}</li>)}</ul></Notice>}
            {undecided && <Notice tone="warn"><p>{say(T.closeUndecided)}</p></Notice>}
            {possible > 0 && <Notice tone="warn"><p>{say(T.closePossible, { n: possible })}</p></Notice>}
            <LongField label={say(T.reason)} hint={say(wanted ? T.closeReasonHint : T.reasonHint)} required={wanted}
                value={draft.values.reason} onValue={(value) => draft.set("reason", value)} rows={3} />
        </Form>
    );
}

function Reopen({ whole }: { whole: Whole }) {
    const id = whole.incident.id;
    return (
        <ReasonButton label={say(T.incidentReopen)} title={say(T.incidentReopen)} draft={"reopen." + id} explain={<p>{say(T.incidentReopenWhy)}</p>}
            act={async (reason) => {
                const answer = await send("POST", "/incidents/" + segment(id) + "/reopen", { reason });
                accept(id, answer);
                return answer;
            }} />
    );
}

function Decide({ whole }: { whole: Whole }) {
    const [open, setOpen] = useState<"" | "gravity" | "close">("");
    if (!may(...GRADERS)) return null;
    if (whole.incident.state !== "open") return <Reopen whole={whole} />;
    const close = () => setOpen("");
    return (
        <>
            <button type="button" class="button quiet" onClick={() => setOpen("gravity")}>{say(T.gravityDecide)}</button>
            <button type="button" class="button quiet" onClick={() => setOpen("close")}>{say(T.incidentClose)}</button>
            {open === "gravity" && <Dialog title={say(T.gravityDecide)} onClose={close}><GravityForm whole={whole} close={close} /></Dialog>}
            {open === "close" && <Dialog title={say(T.incidentClose)} onClose={close}><CloseForm whole={whole} close={close} /></Dialog>}
        </>
    );
}

function Head({ whole }: { whole: Whole }) {
    const one = whole.incident;
    return (
        <Facts rows={[
            [say(T.state), <StateBadge of={one} />],
            [say(T.gravity), <><Badge tone={gravityTone(one.gravity)}>{gravityWord(one.gravity)}</Badge>{one.gravity_by &&
                <span class="soft"> {one.gravity_by === "rule" ? say(T.gravityByRule) : say(T.by, { name: one.gravity_by })}</span>}</>],
            [say(T.kind), kindWord(one.kind)],
            [say(T.incidentSubject), one.subject === "non-precise" ? say(T.subjectUnknown) : one.subject],
            [say(T.openedOn), <><Moment time={one.opened} /> <span class="soft">(<Ago time={one.opened} />)</span></>],
            [say(T.closedOn), one.closed ? <Moment time={one.closed} /> : null],
        ]} />
    );
}

function Next({ whole }: { whole: Whole }) {
    const id = whole.incident.id;
    const due = whole.obligations.filter((one) => one.state === "due").sort(byUrgency).slice(0, 4);
    const tasks = (whole.tasks ?? []).filter((task) => task.state === "open")
        .sort((a, b) => (a.due ?? "9").localeCompare(b.due ?? "9")).slice(0, 4);
    if (!due.length && !tasks.length) return <Empty>{say(T.nothingNext)}</Empty>;
    return (
        <ul class="rows">
            {due.map((one) => (
                <li key={one.id}><Link to={"/incidents/" + id + "/obligations"}>{say(one.title)}</Link>
                    {one.due ? <Countdown due={one.due} /> : <span class="countdown warn"><Icon name="clock" />{say(T.withoutDelay)}</span>}</li>
            ))}
            {tasks.map((task) => (
                <li key={task.id}><Link to={"/incidents/" + id + "/taches"}>{say(task.text)}</Link>
                    {task.due && Date.parse(task.due) > now() - 365 * 86_400_000 ? <Countdown due={task.due} /> : null}</li>
            ))}
        </ul>
    );
}

function Overview({ whole }: { whole: Whole }) {
    const one = whole.incident;
    return (
        <>
            <div class="grid">
                <Part id="summary" title={say(T.summary)}><Head whole={whole} /></Part>
                <Part id="next" title={say(T.nextThings)}><Next whole={whole} /></Part>
            </div>
            {one.state === "open" && <Revision whole={whole} />}
            <Part id="timeline" title={say(T.timeline)} wide>
                <DecisionEntry id={one.id} open={one.state === "open"} />
                <Timeline id={one.id} />
            </Part>
        </>
    );
}

function Shown({ view, whole }: { view: string; whole: Whole }) {
    switch (view) {
    case "": return <Overview whole={whole} />;
    case "taches": return <TasksView whole={whole} />;
    case "faits": return <FactsView whole={whole} />;
    case "mesures": return <MeasuresView whole={whole} />;
    case "obligations": return <ObligationsView whole={whole} />;
    case "cellule": return <CellView whole={whole} />;
    case "pieces": return <PapersView whole={whole} />;
    case "lettres": return <LettersView whole={whole} />;
    case "cloture": return <ClosingView whole={whole} />;
    default: return <Empty>{say(T.notFoundWhy)}</Empty>;
    }
}

export function IncidentPage({ id, view }: { id: string; view: string }) {
    const { data, problem, reload } = useResource<Whole>("/incidents/" + segment(id));
    const { data: tasks } = useResource<{ tasks: Task[] }>("/incidents/" + segment(id) + "/tasks");
    const whole = data && { ...data, tasks: tasks?.tasks ?? [] };
    if (!whole) return <Page title={say(T.incident)}><Waiting problem={problem} again={reload} /></Page>;
    const part = VIEWS.find((one) => one.path === view);
    return (
        <Page title={(view && part ? say(part.text) + " – " : "") + incidentTitle(whole.incident)} actions={<Decide whole={whole} />}>
            <Ways id={id} view={view} whole={whole} />
            <Shown view={view} whole={whole} />
        </Page>
    );
}
