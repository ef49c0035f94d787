// SPDX-License-Identifier: EUPL-1.2
// Every page against the real hub, as a director and as an auditor: axe, 360 px, no request that the hub does not know.
import { axe, check, fits, login, NARROW, noComplaints, open, run, shot } from "./support/browser.mjs";
import { HUB, INCIDENT, PEOPLE } from "./support/hub.mjs";

const one = `/incidents/${INCIDENT}`;
const PAGES = { accueil: "/", incidents: "/incidents", incident: one, taches: `${one}/taches`, faits: `${one}/faits`, mesures: `${one}/mesures`, obligations: `${one}/obligations`,
    cellule: `${one}/cellule`, pieces: `${one}/pieces`, lettres: `${one}/lettres`, bilan: `${one}/cloture`, approbations: "/approbations", registre: "/registre", fiches: "/fiches",
    fiche: "/fiches/clic", contacts: "/contacts", comptes: "/comptes", moi: "/moi", journal: "/journal", reglages: "/reglages", aide: "/aide", etat: "/etat" };

await run("hub_pages", async (browser) => {
    const [director, , auditor] = Object.keys(PEOPLE);
    const unknown = new Set();
    for (const [name, locale, dark, viewport] of [[director, "fr-FR", false], [director, "en-GB", true], [auditor, "fr-FR", true, NARROW], [director, "fr-FR", false, NARROW]]) {
        const page = await open(browser, HUB, { locale, dark, viewport });
        page.on("response", (response) => {
            const path = new URL(response.url()).pathname;
            if ((response.status() === 404 || response.status() === 422 || response.status() >= 500) && path.startsWith("/api/")) unknown.add(`${response.status()} ${path.replace(INCIDENT, "…")}`);
        });
        await login(page, name, PEOPLE[name]);
        for (const [key, path] of Object.entries(PAGES)) {
            await page.goto(path);
            await page.waitForSelector("h1");
            await page.waitForFunction(() => !document.querySelector(".waiting, [role=status]:not(.unseen)"));
            await axe(page, `${key} ${locale} ${dark ? "dark" : "light"}`);
            await fits(page, key);
            await shot(page, `hub-${viewport ? "360-" : ""}${name === auditor ? "lecture-" : ""}${key}-${locale.slice(0, 2)}`);
        }
        noComplaints(page);
        await page.context().close();
    }
    check(unknown.size === 0, `the hub does not know what the console asks: ${[...unknown].join(", ")}`);
});
