// SPDX-License-Identifier: EUPL-1.2
// The playbooks as they are, to read before and to print.
import { fileAddress, segment } from "../api";
import { say } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import type { Playbook, PlaybookStep } from "../types";
import { Badge, Empty, FileLink, Link, Page, Part, Waiting } from "../ui/basics";
import { Icon } from "../ui/icon";
import { kindWord } from "../words";

export function PlaybooksPage() {
    const { data, problem, reload } = useResource<{ playbooks: Playbook[] }>("/playbooks");
    return (
        <Page title={say(T.navPlaybooks)}>
            <p>{say(T.playbooksWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : !data.playbooks.length ? <Empty>{say(T.playbooksNone)}</Empty> : (
                <ul class="cards">
                    {data.playbooks.map((one) => (
                        <li key={one.id} class="card calm">
                            <h2 class="card-title"><Link to={"/fiches/" + segment(one.id)}>{say(one.title)}</Link></h2>
                            <p class="soft">{say(T.stepCount, { n: one.step_count })}</p>
                            {one.kinds.length > 0 && <p class="card-line">{[...new Set(one.kinds.map(kindWord))].map((kind) => <Badge key={kind}>{kind}</Badge>)}</p>}
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
            {step.evidence && <p class="detail"><strong>{say(T.toKeep)}</strong> {say(step.evidence)}</p>}
            <p class="card-line"><Badge tone="info">{say(step.role_label) || step.role}</Badge>{step.conditional && <span class="soft">{say(T.stepConditional)}</span>}</p>
        </li>
    );
}

export function PlaybookPage({ id }: { id: string }) {
    const { data, problem, reload } = useResource<{ playbook: Playbook }>("/playbooks/" + segment(id));
    if (!data) return <Page title={say(T.playbook)}><Waiting problem={problem} again={reload} /></Page>;
    const book = data.playbook;
    const steps = book.steps ?? [];
    const phases = [...new Set(steps.map((step) => step.phase))];
    const title = (phase: string) => say(steps.find((step) => step.phase === phase)?.phase_label) || phase;
    return (
        <Page title={say(book.title)} actions={<>
            <button type="button" class="button quiet noprint" onClick={() => window.print()}><Icon name="print" />{say(T.print)}</button>
            <FileLink href={fileAddress("/playbooks/" + segment(id) + "/cacao")}>CACAO v2</FileLink>
        </>}>
            {phases.map((phase) => (
                <Part key={phase} id={"phase-" + phase} title={title(phase)} wide>
                    <ol class="steps">{steps.filter((step) => step.phase === phase).map((step) => <Step key={step.key} step={step} />)}</ol>
                </Part>
            ))}
        </Page>
    );
}
