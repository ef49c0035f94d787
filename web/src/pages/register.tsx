// SPDX-License-Identifier: EUPL-1.2
// Every breach of personal data, notified or not, as article 33(5) wants it.
import { fileAddress } from "../api";
import { say, type Text } from "../language";
import { useResource } from "../resource";
import * as T from "../texts";
import { Badge, Empty, Facts, FileLink, Link, Moment, Page, Waiting } from "../ui/basics";

export interface Breach {
    incident: string; title?: Text; opened?: string; discovered?: string | null; at?: string | null; number?: number | string;
    nature?: Text | string | null; persons?: Text | string | number | null; records?: Text | string | number | null;
    consequences?: Text | string | null; effects?: Text | string | null; measures?: Text | string | null; notified?: string | boolean | null;
    why_not?: Text | string | null; told?: Text | string | boolean | null; [other: string]: unknown;
}

export function shown(value: unknown): string {
    if (value === null || value === undefined) return "";
    if (typeof value === "boolean") return say(value ? T.yes : T.no);
    if (typeof value === "object") {
        if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(" ; ");
        const both = value as Partial<Text>;
        if (typeof both.fr === "string" || typeof both.en === "string") return say({ fr: both.fr ?? "", en: both.en ?? "" });
        return Object.entries(value).map(([name, inner]) => name + " : " + shown(inner)).join(" ; ");
    }
    return String(value);
}

const KNOWN = ["incident", "title", "opened", "discovered", "at", "number", "id", "notified"];

export function RegisterPage() {
    const { data, problem, reload } = useResource<{ breaches: Breach[] }>("/register");
    return (
        <Page title={say(T.navRegister)} actions={<FileLink href={fileAddress("/register/paper")} icon="print">{say(T.registerPaper)}</FileLink>}>
            <p>{say(T.registerWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : !data.breaches.length ? <Empty>{say(T.registerNone)}</Empty> : (
                <ol class="cards">
                    {data.breaches.map((one) => (
                        <li key={one.incident} class="card calm">
                            <p class="card-line">
                                {one.notified ? <Badge tone="good">{say(T.notified)}</Badge> : <Badge tone="warn">{say(T.notNotified)}</Badge>}
                                <Moment time={one.discovered ?? one.at ?? one.opened} />
                            </p>
                            <h2 class="card-title"><Link to={"/incidents/" + one.incident}>{shown(one.title) || one.incident}</Link></h2>
                            <Facts rows={Object.entries(one).filter(([name]) => !KNOWN.includes(name)).map(([name, value]) =>
                                [name in T.registerWords ? say(T.registerWords[name]) : name, shown(value)] as [string, string])} />
                        </li>
                    ))}
                </ol>
            )}
        </Page>
    );
}
