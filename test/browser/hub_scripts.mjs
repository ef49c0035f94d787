// SPDX-License-Identifier: EUPL-1.2
// Every page of a hub in which whoever typed anything typed a script (test/support/scripted.py), and every HTML file it gives:
// nothing of it becomes an element, nothing runs, and the policy had nothing to stop.
import { axe, check, fits, login, NARROW, noComplaints, open, run } from "./support/browser.mjs";
import { HUB, INCIDENT, PEOPLE, TYPED } from "./support/hub.mjs";

const one = `/incidents/${INCIDENT}`;
const PAGES = ["/", "/incidents", one, `${one}/taches`, `${one}/faits`, `${one}/mesures`, `${one}/obligations`, `${one}/cellule`, `${one}/pieces`, `${one}/lettres`,
    `${one}/cloture`, "/approbations", "/registre", "/fiches", "/contacts", "/comptes", "/moi", "/journal", "/reglages", "/aide", "/etat"];
const FILES = [`/api/v1/incidents/${INCIDENT}/closing?format=html`, "/api/v1/incidents/" + INCIDENT + "/closing?format=html&redacted=true", "/api/v1/public/page"];

/* The text is on the page, and no part of it is anything but text. */
async function innocent(page, where) {
    const found = await page.evaluate(() => ({
        struck: window.struck === true,
        made: [...document.querySelectorAll("[onload], [onerror], [onclick], iframe, object, embed, a[href^='javascript:']")].map((at) => at.outerHTML.slice(0, 80)),
    }));
    check(!found.struck, `${where}: a script that was typed ran`);
    check(found.made.length === 0, `${where}: what was typed became an element: ${found.made.join(" ")}`);
}

async function shows(page) {
    return page.evaluate((typed) => document.body.textContent.includes(typed) ||
        [...document.querySelectorAll("input, textarea")].some((field) => field.value.includes(typed)), TYPED);
}

await run("hub_scripts", async (browser) => {
    const [name] = Object.keys(PEOPLE);
    for (const viewport of [undefined, NARROW]) {
        const page = await open(browser, HUB, { viewport });
        await page.addInitScript(() => { window.s = () => { window.struck = true; }; });
        await login(page, name, PEOPLE[name]);
        const showing = [];
        for (const path of PAGES) {
            await page.goto(path);
            await page.waitForSelector("h1");
            await page.waitForFunction(() => !document.querySelector(".waiting, [role=status]:not(.unseen)"));
            await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
            await innocent(page, path);
            await fits(page, path);
            if (await shows(page)) showing.push(path);
        }
        check(showing.length >= 10, `what was typed is to be read on ten pages at least, not on ${showing.join(", ")}`);
        for (const path of FILES) {
            const answer = await page.request.get(path);
            check(answer.ok(), `${path}: ${answer.status()}`);
            const file = await open(browser, HUB, { viewport });
            await file.addInitScript(() => { window.s = () => { window.struck = true; }; });
            await file.goto("about:blank");
            await file.setContent(await answer.text());
            await innocent(file, path);
            await fits(file, path);
            await axe(file, path);
            check(path.includes("redacted") || await shows(file), `${path} says what was typed`);
            noComplaints(file);
            await file.context().close();
        }
        noComplaints(page);
        await page.context().close();
    }
});
