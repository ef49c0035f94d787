// SPDX-License-Identifier: EUPL-1.2
// One's own account: password, second factor, recovery sheet, tokens for scripts.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { Problem } from "../problem";
import { useResource } from "../resource";
import { askSession, begin, myName, session } from "../session";
import { useStore } from "../store";
import * as T from "../texts";
import type { SessionState } from "../types";
import { ActButton, Form, TextField } from "../ui/form";
import { Badge, Facts, Moment, Notice, Page, Part, Table, word } from "../ui/basics";
import { Icon } from "../ui/icon";

export function PasswordForm({ done }: { done?: () => void }) {
    const draft = useDraft("password", { old: "", password: "", again: "" }, ["old", "password", "again"]);
    const act = async (values: { old: string; password: string; again: string }) => {
        if (values.password !== values.again)
            throw new Problem(-1, T.passwordsDiffer.fr, T.passwordsDiffer.en);
        const answer = await send<SessionState>("POST", "/accounts/me/password", { old: values.old, password: values.password });
        // All sessions ended with it; the hub opened this one anew.
        begin(answer.data);
    };
    return (
        <Form draft={draft} act={act} done={() => done?.()} button={say(T.changePassword)}>
            <TextField label={say(T.currentPassword)} type="password" required autocomplete="current-password"
                value={draft.values.old} onValue={(value) => draft.set("old", value)} />
            <TextField label={say(T.newPassword)} hint={say(T.passwordHint)} type="password" required
                autocomplete="new-password" value={draft.values.password}
                onValue={(value) => draft.set("password", value)} />
            <TextField label={say(T.passwordAgain)} type="password" required autocomplete="new-password"
                value={draft.values.again} onValue={(value) => draft.set("again", value)} />
        </Form>
    );
}

/* Rows of dark and light, drawn as one path. */
function Qr({ rows }: { rows: boolean[][] }) {
    const edge = 4;
    const size = rows.length + 2 * edge;
    const path = rows.map((row, y) => row.map((dark, x) => (dark ? "M" + (x + edge) + " " + (y + edge) + "h1v1h-1z" : "")).join("")).join("");
    return <svg class="qr" viewBox={"0 0 " + size + " " + size} role="img" aria-label={say(T.totpQr)}><path class="light" d={"M0 0h" + size + "v" + size + "H0z"} /><path d={path} /></svg>;
}

interface TotpKey { uri: string; secret: string; qr?: boolean[][] | null }

/* A code field for whoever has to show that the second factor is theirs. */
function CodeForm({ id, button, act, children }: { id: string; button: string; act: (code: string) => Promise<unknown>; children?: ComponentChildren }) {
    const draft = useDraft(id, { code: "" }, ["code"]);
    return (
        <Form draft={draft} act={(values) => act(values.code.replace(/\s/g, ""))} button={button} tone="quiet">
            {children}
            <TextField label={say(T.totpCode)} hint={say(T.codeHint)} required autocomplete="one-time-code" maxLength={63}
                value={draft.values.code} onValue={(value) => draft.set("code", value)} />
        </Form>
    );
}

/* The key is shown once; a code made from it proves that the telephone has it. */
export function TotpSetup({ done }: { done?: () => void }) {
    const [made, setMade] = useState<TotpKey | null>(null);
    const [ready, setReady] = useState(false);
    const has = useStore(session)?.account?.second_factor ?? false;
    const begun = async (body: object) => setMade((await send<TotpKey>("POST", "/accounts/me/totp", body)).data);
    const prove = async (code: string) => {
        await send("PUT", "/accounts/me/totp", { code });
        setMade(null);
        setReady(true);
        if (!done) await askSession();
    };
    if (ready)
        return (
            <>
                <Notice tone="good"><p>{say(T.totpOn)}</p></Notice>
                <Recovery fresh stay={!!done} />
                {done && <button type="button" class="button main" onClick={done}>{say(T.goOn)}</button>}
            </>
        );
    if (!made && has)
        return <CodeForm id="totp.again" button={say(T.totpAgain)} act={(code) => begun({ code })}><p>{say(T.totpHas)}</p></CodeForm>;
    if (!made)
        return <><p>{say(T.totpWhy)}</p><ActButton act={() => begun({})} tone="main">{say(T.totpBegin)}</ActButton></>;
    return (
        <>
            <p>{say(T.totpType)}</p>
            {made.qr && <Qr rows={made.qr} />}
            <p class="secret" translate={false}>{made.secret.replace(/\s/g, "").replace(/(.{4})/g, "$1 ").trim()}</p>
            <p><a href={made.uri}>{say(T.totpOpen)}</a></p>
            <CodeForm id="totp" button={say(T.totpProve)} act={prove} />
        </>
    );
}

function Codes({ codes }: { codes: string[] }) {
    return (
        <div class="sheet">
            <p>{say(T.recoveryWhy)}</p>
            <ul class="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
            <button type="button" class="button quiet noprint" onClick={() => window.print()}><Icon name="print" />{say(T.print)}</button>
        </div>
    );
}

/*
 * `fresh`: the second factor was set up just now, and its first sheet asks for no code. `stay`: on the way in, where a session
 * that lacks nothing any more would take the codes off the screen.
 */
function Recovery({ fresh, stay }: { fresh?: boolean; stay?: boolean }) {
    const [codes, setCodes] = useState<string[]>([]);
    const account = useStore(session)?.account;
    const make = async (body: object) => {
        const answer = await send<{ codes: string[] }>("POST", "/accounts/me/recovery", body);
        setCodes(answer.data.codes);
        if (!stay) await askSession();
    };
    if (codes.length) return <Codes codes={codes} />;
    if (!fresh && !account?.second_factor) return <p>{say(T.recoveryNeedsTotp)}</p>;
    return (
        <>
            <p>{say(T.recoveryMakeWhy)} {!fresh && account && say(T.recoveryLeft, { n: account.recovery_left })}</p>
            {account?.recovery_left ? <CodeForm id="recovery" button={say(T.recoveryMake)} act={(code) => make({ code })} />
                : <ActButton act={() => make({})}>{say(T.recoveryMake)}</ActButton>}
        </>
    );
}

interface Open { id: string; name: string; opened: string; seen: string; ends: string; own: boolean }

function Sessions() {
    const { data, reload } = useResource<{ sessions: Open[] }>("/sessions");
    if (!data) return null;
    return (
        <Table caption={say(T.sessions)} rows={data.sessions} id={(one) => one.id} columns={[
            { name: say(T.accountName), cell: (one) => <>{one.name} {one.own && <Badge tone="info">{say(T.sessionOwn)}</Badge>}</> },
            { name: say(T.sessionOpened), cell: (one) => <Moment time={one.opened} /> },
            { name: say(T.lastSeen), cell: (one) => <Moment time={one.seen} /> },
            { name: say(T.action), cell: (one) => one.own ? "" : <ActButton small act={async () => {
                await send("DELETE", "/sessions/" + segment(one.id));
                await reload();
            }}>{say(T.sessionEnd)}<span class="unseen"> : {one.name}</span></ActButton> },
        ]} />
    );
}

interface Token { id: string; name: string; signs: string; roles: string[]; created: string; expires: string; seen: string | null }

function Tokens() {
    const { data, problem, reload } = useResource<{ tokens: Token[] }>("/tokens");
    const [fresh, setFresh] = useState<string | null>(null);
    const draft = useDraft("token", { name: "" });
    const make = async (values: { name: string }) => {
        setFresh((await send<{ secret: string }>("POST", "/tokens", { name: values.name.trim() })).data.secret);
        await reload();
    };
    const drop = async (token: Token) => {
        await send("DELETE", "/tokens/" + segment(token.id));
        await reload();
    };
    if (problem?.status === 403 || problem?.status === 404) return <p>{say(T.tokensNotForYou)}</p>;
    return (
        <>
            <p>{say(T.tokensWhy)}</p>
            {fresh && <Notice tone="good" title={say(T.tokenOnce)}><p><code class="secret">{fresh}</code></p></Notice>}
            {data && data.tokens.length > 0 && <Table caption={say(T.tokens)} rows={data.tokens}
                id={(token) => token.id} columns={[
                    { name: say(T.name), cell: (token) => token.name },
                    { name: say(T.madeOn), cell: (token) => <Moment time={token.created} /> },
                    { name: say(T.until), cell: (token) => <Moment time={token.expires} /> },
                    { name: say(T.action), cell: (token) => <ActButton small act={() => drop(token)}>
                        {say(T.tokenDrop)}<span class="unseen"> {token.name}</span></ActButton> },
                ]} />}
            <Form draft={draft} act={make} button={say(T.tokenMake)} tone="quiet">
                <TextField label={say(T.tokenName)} hint={say(T.tokenNameHint)} required value={draft.values.name} maxLength={20}
                    onValue={(value) => draft.set("name", value)} />
            </Form>
        </>
    );
}

export function MinePage() {
    const state = useStore(session);
    return (
        <Page title={say(T.mineTitle)}>
            <Facts rows={[[say(T.accountName), myName()],
                [say(T.roles), <span class="badges">{(state?.roles ?? []).map((role) => <Badge key={role} tone="info">{word(T.roleWords, role)}</Badge>)}</span>]]} />
            <Part id="mine-password" title={say(T.changePassword)}><div class="narrow"><PasswordForm /></div></Part>
            <Part id="mine-totp" title={say(T.secondFactor)}><div class="narrow"><TotpSetup /></div></Part>
            <Part id="mine-recovery" title={say(T.recoverySheet)}><div class="narrow"><Recovery /></div></Part>
            <Part id="mine-sessions" title={say(T.sessions)}><Sessions /></Part>
            <Part id="mine-tokens" title={say(T.tokens)}><Tokens /></Part>
        </Page>
    );
}
