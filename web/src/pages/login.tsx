// SPDX-License-Identifier: EUPL-1.2
// The way in: name and password, the second factor or a code of the recovery sheet; the one-time link of the first start.
import { useEffect, useState } from "preact/hooks";
import { send } from "../api";
import { useDraft } from "../draft";
import { say } from "../language";
import { Problem } from "../problem";
import { go } from "../router";
import { askSession, begin, login, logout, setupWaits } from "../session";
import { useStore } from "../store";
import type { SessionState } from "../types";
import * as T from "../texts";
import { Notice, Page } from "../ui/basics";
import { Form, TextField } from "../ui/form";
import { TotpSetup, PasswordForm } from "./mine";

export function Login() {
    const draft = useDraft("login", { name: "", password: "", code: "" }, ["password", "code"]);
    const [needsCode, setNeedsCode] = useState(false);
    const waits = useStore(setupWaits);
    const enter = async (values: { name: string; password: string; code: string }) => {
        if (await login(values)) return;
        setNeedsCode(true);
        throw new Problem(-1, T.codeWanted.fr, T.codeWanted.en);
    };
    return (
        <Page title={say(T.loginTitle)}>
            <div class="narrow">
                <p>{say(T.loginWhy)}</p>
                {waits && <Notice tone="warn"><p>{say(T.setupWaits)}</p></Notice>}
                <Form draft={draft} act={enter} button={say(T.loginButton)} said={say(T.loginDone)}>
                    <TextField label={say(T.accountName)} required autocomplete="username" value={draft.values.name}
                        onValue={(value) => draft.set("name", value)} />
                    <TextField label={say(T.password)} required type="password" autocomplete="current-password"
                        value={draft.values.password} onValue={(value) => draft.set("password", value)} />
                    {needsCode
                        ? <TextField label={say(T.code)} hint={say(T.codeHint)} autocomplete="one-time-code"
                            value={draft.values.code} onValue={(value) => draft.set("code", value)} />
                        : <p><button type="button" class="button quiet small" onClick={() => setNeedsCode(true)}>
                            {say(T.haveCode)}</button></p>}
                </Form>
                <Notice><p>{say(T.loginHelp)} <a href="/aide">{say(T.helpPage)}</a></p></Notice>
            </div>
        </Page>
    );
}

/* The token stands behind "#", in "?token=" or as the last part of the path. */
function tokenOfAddress(): string {
    const after = location.hash.replace(/^#(token=)?/, "");
    const query = new URLSearchParams(location.search).get("token") ?? new URLSearchParams(location.search).get("jeton");
    const parts = location.pathname.split("/").filter(Boolean);
    return decodeURIComponent(after || query || parts[1] || "");
}

export function Setup() {
    const draft = useDraft("setup", { token: tokenOfAddress(), name: "", password: "", again: "" },
        ["token", "password", "again"]);
    const act = async (values: { token: string; name: string; password: string; again: string }) => {
        if (values.password !== values.again) {
            throw new Problem(-1, T.passwordsDiffer.fr, T.passwordsDiffer.en);
        }
        const answer = await send<SessionState>("POST", "/setup",
            { token: values.token, name: values.name, password: values.password });
        begin(answer.data);
        go("/", true);
    };
    return (
        <Page title={say(T.setupTitle)}>
            <div class="narrow">
                <p>{say(T.setupWhy)}</p>
                <Form draft={draft} act={act} button={say(T.setupButton)}>
                    {!tokenOfAddress() && <TextField label={say(T.setupToken)} hint={say(T.setupTokenHint)} required
                        value={draft.values.token} onValue={(value) => draft.set("token", value)} />}
                    <TextField label={say(T.accountName)} hint={say(T.accountNameHint)} required autocomplete="username"
                        value={draft.values.name} onValue={(value) => draft.set("name", value)} maxLength={60} />
                    <TextField label={say(T.newPassword)} hint={say(T.passwordHint)} required type="password"
                        autocomplete="new-password" value={draft.values.password}
                        onValue={(value) => draft.set("password", value)} />
                    <TextField label={say(T.passwordAgain)} required type="password" autocomplete="new-password"
                        value={draft.values.again} onValue={(value) => draft.set("again", value)} />
                </Form>
            </div>
        </Page>
    );
}

/* What the hub wants before anything else: a new password, a second factor. */
export function MustDo({ must }: { must: string[] }) {
    const [whole, setWhole] = useState<string[]>(must);
    useEffect(() => setWhole(must), [must]);
    const again = () => askSession();
    return (
        <Page title={say(T.mustTitle)}>
            <div class="narrow">
                <p>{say(T.mustWhy)}</p>
                {whole.includes("password") ? <PasswordForm done={again} />
                    : whole.includes("second-factor") ? <TotpSetup done={again} />
                        : <Notice tone="warn"><p>{whole.join(", ")}</p></Notice>}
                <p><button type="button" class="button quiet" onClick={() => logout().catch(() => {})}>{say(T.logout)}</button></p>
            </div>
        </Page>
    );
}
