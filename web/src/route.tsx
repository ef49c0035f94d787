// SPDX-License-Identifier: EUPL-1.2
// Which page stands at which address.
import type { VNode } from "preact";
import { AccountsPage } from "./pages/accounts";
import { ApprovalsPage } from "./pages/approvals";
import { ContactsPage } from "./pages/contacts";
import { HomePage } from "./pages/home";
import { IncidentPage } from "./pages/incident";
import { IncidentsPage } from "./pages/incidents";
import { JournalPage } from "./pages/journal";
import { MinePage } from "./pages/mine";
import { PlaybookPage, PlaybooksPage } from "./pages/playbooks";
import { RegisterPage } from "./pages/register";
import { SettingsPage } from "./pages/settings";
import { Link, Page } from "./ui/basics";
import { match } from "./router";
import { say } from "./language";
import * as T from "./texts";

const ROUTES: [string, (found: Record<string, string>) => VNode][] = [
    ["/", () => <HomePage />],
    ["/incidents", () => <IncidentsPage />],
    ["/incidents/{incident}/{view*}", (found) =>
        <IncidentPage key={found["incident"]} id={found["incident"]!} view={found["view"] ?? ""} />],
    ["/registre", () => <RegisterPage />],
    ["/fiches", () => <PlaybooksPage />],
    ["/fiches/{playbook}", (found) => <PlaybookPage key={found["playbook"]} id={found["playbook"]!} />],
    ["/contacts", () => <ContactsPage />],
    ["/comptes", () => <AccountsPage />],
    ["/moi", () => <MinePage />],
    ["/approbations", () => <ApprovalsPage />],
    ["/journal", () => <JournalPage />],
    ["/reglages", () => <SettingsPage />],
];

export function Route({ path }: { path: string }) {
    for (const [pattern, page] of ROUTES) {
        const found = match(pattern, path);
        if (found) return page(found);
    }
    return <Page title={say(T.notFound)}><p>{say(T.notFoundWhy)} <Link to="/">{say(T.backHome)}</Link></p></Page>;
}
