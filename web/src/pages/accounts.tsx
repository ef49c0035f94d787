// SPDX-License-Identifier: EUPL-1.2
// Local accounts: they work when the directory does not. Roles, a first password, switched off and on.
import { useState } from "preact/hooks";
import { segment, send } from "../api";
import { useDraft } from "../draft";
import { language, say } from "../language";
import { useResource } from "../resource";
import { may } from "../session";
import * as T from "../texts";
import type { Account } from "../types";
import { Badge, Moment, Notice, Page, Part, Table, Waiting, word } from "../ui/basics";
import { ActButton, Check, Dialog, Form, TextField } from "../ui/form";

const ROLES = ["declarant", "responder", "dpo", "director", "auditor"];

type AccountRow = Account;

function accountId(one: Account): string {
    return one.id;
}

/* A password that Garde made: shown once, to be handed over by word of mouth. */
function Given({ password, close }: { password: string; close(): void }) {
    return (
        <>
            <Notice tone="good" title={say(T.passwordOnce)}><p><code class="secret">{password}</code></p></Notice>
            <p>{say(T.passwordOnceWhy)}</p>
            <button type="button" class="button main" onClick={close}>{say(T.close)}</button>
        </>
    );
}

function Roles({ value, onValue }: { value: string[]; onValue(value: string[]): void }) {
    return (
        <fieldset class="choices">
            <legend>{say(T.roles)}</legend>
            <div class="choice-list column">
                {ROLES.map((role) => <Check key={role} checked={value.includes(role)} label={<><strong>{word(T.roleWords, role)}</strong> – {word(T.roleMeaning, role)}</>}
                    onValue={(on) => onValue(on ? [...value, role] : value.filter((one) => one !== role))} />)}
            </div>
        </fieldset>
    );
}

function AccountForm({ account, close }: { account: AccountRow | null; close(): void }) {
    const [given, setGiven] = useState("");
    const draft = useDraft("account." + (account ? accountId(account) : "new"), { name: account?.name ?? "",
        roles: account?.roles ?? ["declarant"], enabled: account?.enabled ?? true });
    const act = (values: typeof draft.values) => account
        ? send<{ password?: string }>("PUT", "/accounts/" + segment(accountId(account)), { roles: values.roles, enabled: values.enabled })
        : send<{ password?: string }>("POST", "/accounts", { name: values.name.trim(), roles: values.roles, language: language.get() });
    if (given) return <Given password={given} close={close} />;
    return (
        <Form draft={draft} act={act} cancel={close} button={say(T.save)} done={(answer) => {
            const password = (answer as { data: { password?: string } }).data.password;
            if (password) setGiven(password);
            else close();
        }}>
            {!account && <TextField label={say(T.accountName)} hint={say(T.accountNameHint)} required maxLength={40} value={draft.values.name}
                onValue={(value) => draft.set("name", value)} />}
            <Roles value={draft.values.roles} onValue={(value) => draft.set("roles", value)} />
            {account && <Check label={say(T.accountEnabled)} checked={draft.values.enabled} onValue={(value) => draft.set("enabled", value)} />}
        </Form>
    );
}

function ResetForm({ account, close }: { account: AccountRow; close(): void }) {
    const [given, setGiven] = useState("");
    const draft = useDraft("reset." + accountId(account), {});
    if (given) return <Given password={given} close={close} />;
    return (
        <Form draft={draft} cancel={close} button={say(T.passwordGive)}
            act={() => send("POST", "/accounts/" + segment(accountId(account)) + "/password", {})}
            done={(answer) => setGiven((answer as { data: { password?: string } }).data.password ?? "")}>
            <p>{say(T.passwordGiveWhy, { name: account.name })}</p>
            {account.second_factor && <ActButton act={() => send("DELETE", "/accounts/" + segment(accountId(account)) + "/totp", {})}>{say(T.totpRemove)}</ActButton>}
        </Form>
    );
}

export function AccountsPage() {
    const { data, problem, reload } = useResource<{ accounts: AccountRow[] }>("/accounts");
    const [open, setOpen] = useState<AccountRow | "new" | null>(null);
    const [reset, setReset] = useState<AccountRow | null>(null);
    const change = may("director");
    const close = () => {
        setOpen(null);
        setReset(null);
        reload();
    };
    return (
        <Page title={say(T.navAccounts)} actions={change ? <button type="button" class="button main" onClick={() => setOpen("new")}>{say(T.accountNew)}</button> : undefined}>
            <p>{say(T.accountsWhy)}</p>
            {!data ? <Waiting problem={problem} again={reload} /> : (
                <Table caption={say(T.navAccounts)} rows={data.accounts} id={accountId} columns={[
                    { name: say(T.accountName), cell: (one) => one.name },
                    { name: say(T.roles), cell: (one) => <span class="badges">{one.roles.map((role) => <Badge key={role} tone="info">{word(T.roleWords, role)}</Badge>)}</span> },
                    { name: say(T.secondFactor), cell: (one: AccountRow) => one.second_factor ? <Badge tone="good">{say(T.yes)}</Badge> : <Badge>{say(T.no)}</Badge> },
                    { name: say(T.state), cell: (one) => one.enabled === false ? <Badge tone="warn">{say(T.accountOff)}</Badge> : <Badge tone="good">{say(T.accountOn)}</Badge> },
                    { name: say(T.lastSeen), cell: (one: AccountRow) => <Moment time={one.seen} /> },
                    ...(change ? [{ name: say(T.action), cell: (one: AccountRow) => <span class="actions">
                        <button type="button" class="button quiet small" onClick={() => setOpen(one)}>{say(T.change)}<span class="unseen"> : {one.name}</span></button>
                        <button type="button" class="button quiet small" onClick={() => setReset(one)}>{say(T.passwordGive)}<span class="unseen"> : {one.name}</span></button></span> }] : []),
                ]} />
            )}
            <Part id="role-meaning" title={say(T.rolesTitle)}>
                <dl class="facts">{ROLES.map((role) => <div key={role}><dt>{word(T.roleWords, role)}</dt><dd>{word(T.roleMeaning, role)}</dd></div>)}</dl>
            </Part>
            {open && <Dialog title={open === "new" ? say(T.accountNew) : open.name} onClose={() => setOpen(null)}>
                <AccountForm account={open === "new" ? null : open} close={close} /></Dialog>}
            {reset && <Dialog title={say(T.passwordGive)} onClose={() => setReset(null)}><ResetForm account={reset} close={close} /></Dialog>}
        </Page>
    );
}
