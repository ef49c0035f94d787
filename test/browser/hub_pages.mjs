// SPDX-License-Identifier: EUPL-1.2
// Every page against the real hub, as a director and as an auditor: axe, 360 px, and nothing the console asks is refused by
// an act that the hub has (its OpenAPI document says which).
import { axe, check, fits, login, NARROW, noComplaints, open, run, shot } from "./support/browser.mjs";
import { HUB, INCIDENT, PEOPLE } from "./support/hub.mjs";

const one = `/incidents/${INCIDENT}`;
const PAGES = { accueil: "/", incidents: "/incidents", incident: one, taches: `${one}/taches`, faits: `${one}/faits`, mesures: `${one}/mesures`, obligations: `${one}/obligations`,
    cellule: `${one}/cellule`, pieces: `${one}/pieces`, lettres: `${one}/lettres`, bilan: `${one}/cloture`, approbations: "/approbations", registre: "/registre", fiches: "/fiches",
    fiche: "/fiches/clic", contacts: "/contacts", comptes: "/comptes", moi: "/moi", journal: "/journal", reglages: "/reglages", aide: "/aide", etat: "/etat" };

// What the program calls things is for records and settings; a secretary reads neither.
const PROGRAMS_WORDS = /(^|[^\w.-])(edge|rule|playbook|person|flood|fence|not-qualified|undefined|null|NaN|\[object Object\])(?![\w-])/m;
const FOR_PROGRAMS = ["journal", "reglages"];

await run("hub_pages", async (browser) => {
    const [director, , auditor] = Object.keys(PEOPLE);
    const refused = new Set();
    let acts = [];
    for (const [name, locale, dark, viewport] of [[director, "fr-FR", false], [director, "en-GB", true], [auditor, "fr-FR", true, NARROW], [director, "fr-FR", false, NARROW]]) {
        const page = await open(browser, HUB, { locale, dark, viewport });
        page.on("response", (response) => {
            const path = new URL(response.url()).pathname.replace("/api/v1", "");
            if (response.status() >= 400 && acts.some((one) => one.test(path))) refused.add(`${response.status()} ${name} ${path.replace(INCIDENT, "…")}`);
        });
        await login(page, name, PEOPLE[name]);
        const document = await (await page.request.get("/api/v1/openapi.json")).json();
        acts = Object.entries(document.paths).filter(([, item]) => item.get).map(([path]) => new RegExp(`^${path.replace(/\{[^}]*\}/g, "[^/]+")}$`));
        check(acts.length > 10, "the hub tells its acts");
        for (const [key, path] of Object.entries(PAGES)) {
            await page.goto(path);
            await page.waitForSelector("h1");
            await page.waitForFunction(() => !document.querySelector(".waiting, [role=status]:not(.unseen)"));
            // All four looks of each page are the stand-in's (stub_pages.mjs); here it is what the real hub fills them with.
            if (!viewport) await axe(page, `${key} ${locale} ${dark ? "dark" : "light"}`);
            await fits(page, key);
            const strange = locale === "fr-FR" && !FOR_PROGRAMS.includes(key) && PROGRAMS_WORDS.exec(await page.locator("body").innerText());
            check(!strange, `${key} says “${strange && strange[2]}”`);
            if (locale === "fr-FR" && name === director) await shot(page, `hub-${viewport ? "360-" : ""}${name === auditor ? "lecture-" : ""}${key}-${locale.slice(0, 2)}`);
        }
        noComplaints(page);
        await page.context().close();
    }
    check(refused.size === 0, `the hub refuses what the console asks: ${[...refused].join(", ")}`);
});
