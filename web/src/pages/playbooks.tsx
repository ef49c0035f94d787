// SPDX-License-Identifier: EUPL-1.2
// The playbooks as they are, to read before and to print.
import { fileAddress, segment } from "../api";
import { say } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import type { Playbook, PlaybookStep } from "../types";
import { Badge, Empty, FileLink, Link, Page, Part, Waiting, word } from "../ui/basics";
import { Icon } from "../ui/icon";
import { kindWord } from "../words";
import { playbookId } from "./incident_tasks";

export function PlaybooksPage() {
    const { data, problem, reload } = useResource<{ playbooks: Playbook[] }>("/playbooks");
    return (
        <Page title={say(T.navPlaybooks)}>
            <p>{say(T.playbooksWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : !data.playbooks.length ? <Empty>{say(T.playbooksNone)}</Empty> : (
                <ul class="cards">
                    {data.playbooks.map((one) => (
                        <li key={playbookId(one)} class="card calm">
                            <h2 class="card-title"><Link to={"/fiches/" + segment(playbookId(one))}>{say(one.title)}</Link></h2>
                            <p>{say(one.summary ?? one.description)}</p>
                            {(one.kinds ?? []).length > 0 && <p class="card-line">{one.kinds!.map((kind) => <Badge key={kind}>{kindWord(kind)}</Badge>)}</p>}
                        </li>
                    ))}
                </ul>
            )}
        </Page>
    );
}

function Step({ step }: { step: PlaybookStep }) {
    return (
        <li>
            <p><span class="box" aria-hidden="true" /> <strong>{say(step.text)}</strong></p>
            {step.detail && <p class="detail">{say(step.detail)}</p>}
            {step.role && <p><Badge tone="info">{word(T.roleWords, step.role)}</Badge></p>}
        </li>
    );
}

export function PlaybookPage({ id }: { id: string }) {
    const { data, problem, reload } = useResource<Playbook & { playbook?: Playbook | string }>("/playbooks/" + segment(id));
    if (!data) return <Page title={say(T.playbook)}><Waiting problem={problem} again={reload} /></Page>;
    const book: Playbook = typeof data.playbook === "object" ? data.playbook : data;
    const steps = book.steps ?? [];
    const phases = [...new Set(steps.map((step) => step.phase ?? ""))];
    return (
        <Page title={say(book.title)} actions={<>
            <button type="button" class="button quiet noprint" onClick={() => window.print()}><Icon name="print" />{say(T.print)}</button>
            <FileLink href={fileAddress("/playbooks/" + segment(id) + "/cacao")}>CACAO v2</FileLink>
        </>}>
            <p>{say(book.summary ?? book.description)}</p>
            {phases.map((phase) => (
                <Part key={phase} id={"phase-" + phase} title={phase ? word(T.phaseWords, phase) : say(T.steps)} wide>
                    <ol class="steps">{steps.filter((step) => (step.phase ?? "") === phase).map((step, index) => <Step key={step.id ?? step.step ?? index} step={step} />)}</ol>
                </Part>
            ))}
        </Page>
    );
}
