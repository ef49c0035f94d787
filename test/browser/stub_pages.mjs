// SPDX-License-Identifier: EUPL-1.2
// Every page in every state the stand-in can give: axe in both languages and both lights, 360 px, and a picture of each.
import { axe, check, fits, login, NARROW, noComplaints, open, run, shot, WEB } from "./support/browser.mjs";
import { startStub } from "./support/stub.mjs";

const only = process.argv[2];
const stub = await startStub(WEB);
const one = stub.world.one.id;
const PAGES = { accueil: "/", incidents: "/incidents", incident: `/incidents/${one}`, taches: `/incidents/${one}/taches`, faits: `/incidents/${one}/faits`, mesures: `/incidents/${one}/mesures`,
    obligations: `/incidents/${one}/obligations`, cellule: `/incidents/${one}/cellule`, pieces: `/incidents/${one}/pieces`, lettres: `/incidents/${one}/lettres`, bilan: `/incidents/${one}/cloture`,
    approbations: "/approbations", registre: "/registre", fiches: "/fiches", fiche: "/fiches/ddos", contacts: "/contacts", comptes: "/comptes", moi: "/moi", journal: "/journal", reglages: "/reglages", rien: "/nulle-part" };

async function settle(page) {
    await page.waitForSelector("h1");
    await page.waitForFunction(() => !document.querySelector(".waiting"));
}

await run("stub_pages", async (browser) => {
    for (const [locale, dark] of [["fr-FR", false], ["en-GB", true], ["fr-FR", true], ["en-GB", false]]) {
        const page = await open(browser, stub.base, { locale, dark });
        const look = `${locale.slice(0, 2)}-${dark ? "sombre" : "clair"}`;
        stub.world.loggedIn = false;
        for (const [name, path] of [["connexion", "/"], ["premier", "/setup#essai"], ["aide", "/aide"], ["etat", "/etat"]]) {
            await page.goto(path);
            await settle(page);
            if (name === "aide") await page.waitForSelector(".bigbutton");
            await axe(page, `${name} ${look}`);
            await shot(page, `${name}-${look}`);
        }
        await login(page, "Anne Martin", "une phrase pour essayer");
        for (const [name, path] of Object.entries(PAGES)) {
            if (only && only !== name) continue;
            await page.goto(path);
            await settle(page);
            if (name === "accueil") await page.waitForSelector(".curve canvas");
            await axe(page, `${name} ${look}`);
            await shot(page, `${name}-${look}`);
        }
        noComplaints(page);
        await page.context().close();
    }
    const page = await open(browser, stub.base, { viewport: NARROW });
    for (const path of ["/aide", "/etat"]) {
        await page.goto(path);
        await settle(page);
        await fits(page, path);
        await shot(page, `360${path.replaceAll("/", "-")}`);
    }
    stub.world.loggedIn = false;
    await login(page, "Anne Martin", "une phrase pour essayer");
    for (const [name, path] of Object.entries(PAGES)) {
        if (only && only !== name) continue;
        await page.goto(path);
        await settle(page);
        await fits(page, name);
        await shot(page, `360-${name}`);
    }
    check(await page.locator(".nav-toggle").isVisible(), "the menu button is there at 360 px");
    noComplaints(page);
});
