// SPDX-License-Identifier: EUPL-1.2
// The task board: the steps of the incident's playbooks by who does them. Nothing ticked is ever lost.
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { put, useResource } from "../resource";
import { may, RESPONDERS, WRITERS } from "../session";
import * as T from "../texts";
import { fromField } from "../time";
import type { Playbook, Task } from "../types";
import { Ago, Badge, Countdown, Empty, Part, ProblemNotice, word } from "../ui/basics";
import { Choices, Dialog, EarlierField, Form, LongField, SelectField } from "../ui/form";
import { taskTone } from "../words";
import type { Whole } from "./incident";

/* Every answer holds the whole list: one tick may stand for another playbook's step too. */
function acceptTasks(id: string, answer: unknown): void {
    const data = (answer as { data?: { tasks?: Task[] } } | undefined)?.data;
    if (data?.tasks) put("/incidents/" + segment(id) + "/tasks", data);
}

function TaskForm({ id, task, state, close }: { id: string; task: Task; state: string; close(): void }) {
    const draft = useDraft("task." + id + "." + task.id, { state, note: "", at: "" });
    return (
        <Form draft={draft} cancel={close} button={say(T.save)}
            act={(values) => send("POST", "/incidents/" + segment(id) + "/tasks/" + segment(task.id), {
                state: values.state,
                ...(values.note.trim() ? (values.state === "skipped" ? { reason: values.note.trim() } : { note: values.note.trim() }) : {}),
                ...(fromField(values.at) ? { at: fromField(values.at) } : {}),
            })}
            done={(answer) => {
                acceptTasks(id, answer);
                close();
            }}>
            <p>{say(task.text)}</p>
            <Choices legend={say(T.state)} name="task-state" value={draft.values.state} onValue={(value) => draft.set("state", value)}
                choices={["done", "open", "skipped"].map((one): [string, string] => [one, word(T.taskStateWords, one)])} />
            <LongField label={say(draft.values.state === "skipped" ? T.reason : T.note)} required={draft.values.state === "skipped"} value={draft.values.note} onValue={(value) => draft.set("note", value)} rows={2} />
            <EarlierField value={draft.values.at} onValue={(value) => draft.set("at", value)} />
        </Form>
    );
}

function Row({ id, task, editable }: { id: string; task: Task; editable: boolean }) {
    const [open, setOpen] = useState(false);
    const tick = useDraft("tick." + task.id, {});
    const press = () => tick.submit(async () => {
        acceptTasks(id, await send("POST", "/incidents/" + segment(id) + "/tasks/" + segment(task.id),
            { state: task.state === "done" ? "open" : "done" }));
    });
    return (
        <li class={"task " + task.state}>
            <label class="choice tick">
                <input type="checkbox" checked={task.state === "done"} disabled={!editable || task.state === "not-needed"}
                    aria-busy={tick.busy} onChange={press} />
                <span>{say(task.text)}</span>
            </label>
            {task.detail && <p class="detail">{say(task.detail)}</p>}
            {task.evidence && <p class="detail"><strong>{say(T.toKeep)}</strong> {say(task.evidence)}</p>}
            <ProblemNotice problem={tick.problem} />
            <div class="task-foot">
                {task.state !== "open" && <Badge tone={taskTone(task)}>{word(T.taskStateWords, task.state)}</Badge>}
                {task.state === "open" && task.due && <Countdown due={task.due} />}
                {task.by && <span class="soft">{task.by} <Ago time={task.at} /></span>}
                {task.measure && <Badge tone="info">{say(task.measure_id ? T.taskMeasureDone : T.taskMeasure)}</Badge>}
                {editable && task.state !== "not-needed" && <button type="button" class="button quiet small"
                    onClick={() => setOpen(true)}>{say(T.noteAdd)}<span class="unseen"> : {say(task.text)}</span></button>}
            </div>
            {open && <Dialog title={say(T.task)} onClose={() => setOpen(false)}>
                <TaskForm id={id} task={task} state={task.state === "open" ? "done" : task.state} close={() => setOpen(false)} /></Dialog>}
        </li>
    );
}

function AddPlaybook({ whole, used }: { whole: Whole; used: Set<string> }) {
    const { data } = useResource<{ playbooks: Playbook[] }>("/playbooks");
    const draft = useDraft("playbook." + whole.incident.id, { playbook: "" });
    const rest = (data?.playbooks ?? []).filter((one) => !used.has(one.id));
    if (!rest.length) return null;
    return (
        <Part id="add-playbook" title={say(T.playbookAdd)}>
            <Form draft={draft} button={say(T.playbookAdd)} tone="quiet"
                act={(values) => send("POST", "/incidents/" + segment(whole.incident.id) + "/playbooks", values)}
                done={(answer) => acceptTasks(whole.incident.id, answer)}>
                <SelectField label={say(T.playbook)} required value={draft.values.playbook} onValue={(value) => draft.set("playbook", value)}
                    choices={[["", ""], ...rest.map((one): [string, string] => [one.id, say(one.title)])]} />
            </Form>
        </Part>
    );
}

export function TasksView({ whole }: { whole: Whole }) {
    const [by, setBy] = useState("phase");
    const [hidden, setHidden] = useState(false);
    const editable = may(...WRITERS) && whole.incident.state === "open";
    const all = whole.tasks ?? [];
    const { data: books } = useResource<{ playbooks: Playbook[] }>("/playbooks");
    const tasks = all.filter((task) => !hidden || task.state === "open");
    const key = (task: Task) => (by === "role" ? task.role : by === "phase" ? task.phase : task.playbook) ?? "";
    const groups = [...new Set(tasks.map(key))];
    const done = all.filter((task) => task.state === "done").length;
    const name = (group: string) => {
        const first = tasks.find((task) => key(task) === group);
        const book = books?.playbooks.find((one) => one.id === group);
        return say(by === "role" ? first?.role_label : by === "phase" ? first?.phase_label : book?.title) || group || say(T.task);
    };
    return (
        <>
            {all.length > 0 && <p><label>{say(T.tasksDone, { done, all: all.length })} <progress max={all.length} value={done} /></label></p>}
            <div class="row">
                <Choices legend={say(T.groupBy)} name="by" value={by} onValue={setBy} choices={[["phase", say(T.byPhase)], ["role", say(T.byRole)],
                    ["playbook", say(T.byPlaybook)]]} />
                <label class="choice"><input type="checkbox" checked={hidden} onChange={(event) => setHidden(event.currentTarget.checked)} />
                    <span>{say(T.tasksOnlyOpen)}</span></label>
            </div>
            {!tasks.length && <Empty>{say(T.tasksNone)}</Empty>}
            <div class="grid">
                {groups.map((group) => (
                    <Part key={group} id={"tasks-" + (group || "other")} title={name(group)}>
                        <ul class="tasks">{tasks.filter((task) => key(task) === group).map((task) =>
                            <Row key={task.id} id={whole.incident.id} task={task} editable={editable} />)}</ul>
                    </Part>
                ))}
            </div>
            {editable && may(...RESPONDERS, "dpo") && <AddPlaybook whole={whole} used={new Set(all.map((task) => task.playbook))} />}
        </>
    );
}
