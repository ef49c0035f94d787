// SPDX-License-Identifier: EUPL-1.2
// What stands around every page: the way to the content, the navigation, the connection, the language and the light.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announcement, announce } from "./announce";
import { reachable } from "./api";
import { connection } from "./events";
import { chooseLanguage, language, say } from "./language";
import { place } from "./router";
import { LAW, logout, may, myName, session } from "./session";
import { useStore } from "./store";
import * as T from "./texts";
import { chooseTheme, theme, type Theme } from "./theme";
import { Link } from "./ui/basics";
import { Icon, type IconName } from "./ui/icon";
import type { Text } from "./language";

interface Way {
    to: string;
    text: Text;
    icon: IconName;
}

const WAYS: Way[] = [
    { to: "/", text: T.navHome, icon: "home" },
    { to: "/incidents", text: T.navIncidents, icon: "incident" },
    { to: "/approbations", text: T.navApprovals, icon: "approval" },
    { to: "/registre", text: T.navRegister, icon: "register" },
    { to: "/fiches", text: T.navPlaybooks, icon: "playbook" },
    { to: "/contacts", text: T.navContacts, icon: "contacts" },
    { to: "/journal", text: T.navJournal, icon: "journal" },
    { to: "/comptes", text: T.navAccounts, icon: "accounts" },
    { to: "/reglages", text: T.navSettings, icon: "settings" },
];

function here(to: string, path: string): boolean {
    return to === "/" ? path === "/" : path === to || path.startsWith(to + "/");
}

function Navigation({ path }: { path: string }) {
    const [open, setOpen] = useState(false);
    useEffect(() => setOpen(false), [path]);
    const ways = WAYS.filter((way) => way.to !== "/comptes" || may(...LAW, "auditor"));
    return (
        <nav class={"nav" + (open ? " open" : "")} aria-label={say(T.navMain)}>
            <button type="button" class="button quiet nav-toggle" aria-expanded={open} aria-controls="ways"
                onClick={() => setOpen(!open)}><Icon name={open ? "close" : "menu"} />{say(T.menu)}</button>
            <ul id="ways">
                {ways.map((way) => (
                    <li key={way.to}>
                        <Link to={way.to} aria-current={here(way.to, path) ? "page" : undefined}>
                            <Icon name={way.icon} /><span>{say(way.text)}</span></Link>
                    </li>
                ))}
            </ul>
        </nav>
    );
}

export function Switches() {
    const tongue = useStore(language);
    const light = useStore(theme);
    const other = tongue === "fr" ? "en" : "fr";
    return (
        <div class="switches">
            <button type="button" class="button quiet small" lang={other} onClick={() => chooseLanguage(other)}>
                {tongue === "fr" ? "English" : "Français"}</button>
            <label class="theme">
                <span class="unseen">{say(T.theme)}</span>
                <select value={light} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
                    <option value="system" selected={light === "system"}>{say(T.themeSystem)}</option>
                    <option value="light" selected={light === "light"}>{say(T.themeLight)}</option>
                    <option value="dark" selected={light === "dark"}>{say(T.themeDark)}</option>
                </select>
            </label>
        </div>
    );
}

/* Says at the top of every page that the hub does not answer, and to a screen reader when that changes. */
function ConnectionNotice() {
    const state = useStore(connection);
    const answers = useStore(reachable);
    const lost = state === "lost" || !answers;
    const [was, setWas] = useState(false);
    useEffect(() => {
        if (lost === was) return;
        setWas(lost);
        announce(say(lost ? T.lost : T.foundAgain));
    }, [lost]);
    if (!lost) return null;
    return (
        <div class="lost">
            <Icon name="lost" /><p><strong>{say(T.lost)}</strong> {say(T.lostWhy)}</p>
        </div>
    );
}

function ConnectionState() {
    const state = useStore(connection);
    return <span class={"live " + state}><Icon name={state === "lost" ? "lost" : "dot"} />
        {say(state === "live" ? T.live : state === "polling" ? T.polling : T.lost)}</span>;
}

function Said() {
    const sentence = useStore(announcement);
    return <div class="unseen" role="status" aria-live="polite">{sentence}</div>;
}

export function Frame({ bare, children }: { bare?: boolean; children: ComponentChildren }) {
    const path = useStore(place);
    const state = useStore(session);
    // The content is named, not linked by "#": the address is the page's.
    const skip = (event: Event) => {
        event.preventDefault();
        document.getElementById("content")?.focus();
    };
    return (
        <div class={"frame" + (bare ? " bare" : "")}>
            <a class="skip" href="#content" onClick={skip}>{say(T.skip)}</a>
            <header class="top">
                <Link to="/" class="brand"><Icon name="shield" /><span>Garde</span></Link>
                {!bare && <ConnectionState />}
                <div class="top-right">
                    <Switches />
                    {!bare && state && <>
                        <Link to="/moi" class="me"><Icon name="accounts" /><span>{myName()}</span></Link>
                        <button type="button" class="button quiet small" onClick={() => logout().catch(() => {})}>{say(T.logout)}</button>
                    </>}
                </div>
            </header>
            {!bare && <Navigation path={path} />}
            <main id="content" tabIndex={-1}>
                <ConnectionNotice />
                {children}
            </main>
            <footer class="foot"><a href="/aide">{say(T.helpPage)}</a> <a href="/etat">{say(T.statusPage)}</a></footer>
            <Said />
        </div>
    );
}
