// SPDX-License-Identifier: EUPL-1.2
// One's own account: password, second factor, recovery sheet, tokens for scripts.
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { Problem } from "../problem";
import { useResource } from "../resource";
import { myName, session } from "../session";
import { useStore } from "../store";
import * as T from "../texts";
import { ActButton, Form, TextField } from "../ui/form";
import { Badge, Facts, Moment, Notice, Page, Part, Table, word } from "../ui/basics";
import { Icon } from "../ui/icon";

/* The id the account's own acts are asked under. */
function myId(): string {
    const state = session.get();
    if (!state) return "";
    return state.id ?? (typeof state.account === "object" ? (state.account.id ?? state.account.account ?? "") : (state.account ?? ""));
}

export function PasswordForm({ done }: { done?: () => void }) {
    const draft = useDraft("password", { current: "", password: "", again: "" }, ["current", "password", "again"]);
    const act = (values: { current: string; password: string; again: string }) => {
        if (values.password !== values.again)
            throw new Problem(-1, T.passwordsDiffer.fr, T.passwordsDiffer.en);
        return send("POST", "/accounts/" + segment(myId()) + "/password",
            { current: values.current, password: values.password });
    };
    return (
        <Form draft={draft} act={async (values) => act(values)} done={() => done?.()} button={say(T.changePassword)}>
            <TextField label={say(T.currentPassword)} type="password" required autocomplete="current-password"
                value={draft.values.current} onValue={(value) => draft.set("current", value)} />
            <TextField label={say(T.newPassword)} hint={say(T.passwordHint)} type="password" required
                autocomplete="new-password" value={draft.values.password}
                onValue={(value) => draft.set("password", value)} />
            <TextField label={say(T.passwordAgain)} type="password" required autocomplete="new-password"
                value={draft.values.again} onValue={(value) => draft.set("again", value)} />
        </Form>
    );
}

interface TotpAnswer { secret?: string; key?: string; uri?: string; codes?: string[]; recovery?: string[]; enabled?: boolean }

/* The key is shown once; a code made from it proves that the telephone has it. */
export function TotpSetup({ done }: { done?: () => void }) {
    const [made, setMade] = useState<TotpAnswer | null>(null);
    const [ready, setReady] = useState<TotpAnswer | null>(null);
    const draft = useDraft("totp", { code: "" }, ["code"]);
    const path = "/accounts/" + segment(myId()) + "/totp";
    const begin = async () => setMade((await send<TotpAnswer>("POST", path, {})).data);
    const prove = async (values: { code: string }) =>
        setReady((await send<TotpAnswer>("POST", path, { code: values.code.replace(/\s/g, "") })).data);
    if (ready)
        return (
            <>
                <Notice tone="good"><p>{say(T.totpOn)}</p></Notice>
                <Codes codes={ready.codes ?? ready.recovery ?? []} />
                {done && <button type="button" class="button main" onClick={done}>{say(T.goOn)}</button>}
            </>
        );
    if (!made)
        return <><p>{say(T.totpWhy)}</p><ActButton act={begin} tone="main">{say(T.totpBegin)}</ActButton></>;
    const secret = made.secret ?? made.key ?? "";
    return (
        <>
            <p>{say(T.totpType)}</p>
            <p class="secret" translate={false}>{secret.replace(/(.{4})/g, "$1 ").trim()}</p>
            {made.uri && <p><a href={made.uri}>{say(T.totpOpen)}</a></p>}
            <Form draft={draft} act={prove} button={say(T.totpProve)}>
                <TextField label={say(T.totpCode)} required inputMode="numeric" autocomplete="one-time-code" maxLength={10}
                    value={draft.values.code} onValue={(value) => draft.set("code", value)} />
            </Form>
        </>
    );
}

function Codes({ codes }: { codes: string[] }) {
    if (!codes.length) return null;
    return (
        <div class="sheet">
            <h3>{say(T.recoverySheet)}</h3>
            <p>{say(T.recoveryWhy)}</p>
            <ul class="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
            <button type="button" class="button quiet noprint" onClick={() => window.print()}><Icon name="print" />{say(T.print)}</button>
        </div>
    );
}

function Recovery() {
    const [codes, setCodes] = useState<string[]>([]);
    const make = async () => {
        const answer = await send<TotpAnswer>("POST", "/accounts/" + segment(myId()) + "/recovery", {});
        setCodes(answer.data.codes ?? answer.data.recovery ?? []);
    };
    return codes.length ? <Codes codes={codes} />
        : <><p>{say(T.recoveryMakeWhy)}</p><ActButton act={make}>{say(T.recoveryMake)}</ActButton></>;
}

interface Token { id?: string; token?: string; name?: string; label?: string; roles?: string[]; created?: string; until?: string | null; last_seen?: string | null }

function Tokens() {
    const { data, problem, reload } = useResource<{ tokens: Token[] }>("/tokens");
    const [fresh, setFresh] = useState<string | null>(null);
    const draft = useDraft("token", { name: "" });
    const make = async (values: { name: string }) => {
        const answer = await send<Token & { secret?: string }>("POST", "/tokens", { name: values.name });
        const data = answer.data as Token & { secret?: string; token?: string | Token };
        setFresh(data.secret ?? (typeof data.token === "string" ? data.token : null));
        await reload();
    };
    const drop = async (token: Token) => {
        await send("DELETE", "/tokens/" + segment(token.id ?? token.name ?? ""));
        await reload();
    };
    if (problem?.status === 403 || problem?.status === 404) return <p>{say(T.tokensNotForYou)}</p>;
    return (
        <>
            <p>{say(T.tokensWhy)}</p>
            {fresh && <Notice tone="good" title={say(T.tokenOnce)}><p><code class="secret">{fresh}</code></p></Notice>}
            {data && data.tokens.length > 0 && <Table caption={say(T.tokens)} rows={data.tokens}
                id={(token) => token.id ?? token.name ?? ""} columns={[
                    { name: say(T.name), cell: (token) => token.name ?? token.label ?? token.id },
                    { name: say(T.madeOn), cell: (token) => <Moment time={token.created} /> },
                    { name: say(T.action), cell: (token) => <ActButton small act={() => drop(token)}>
                        {say(T.tokenDrop)}<span class="unseen"> {token.name}</span></ActButton> },
                ]} />}
            <Form draft={draft} act={make} button={say(T.tokenMake)} tone="quiet">
                <TextField label={say(T.tokenName)} hint={say(T.tokenNameHint)} required value={draft.values.name} maxLength={60}
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
                [say(T.roles), <>{(state?.roles ?? []).map((role) => <Badge key={role} tone="info">{word(T.roleWords, role)}</Badge>)}</>]]} />
            <Part id="mine-password" title={say(T.changePassword)}><div class="narrow"><PasswordForm /></div></Part>
            <Part id="mine-totp" title={say(T.secondFactor)}><div class="narrow"><TotpSetup /></div></Part>
            <Part id="mine-recovery" title={say(T.recoverySheet)}><Recovery /></Part>
            <Part id="mine-tokens" title={say(T.tokens)}><Tokens /></Part>
        </Page>
    );
}
