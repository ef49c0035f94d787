// SPDX-License-Identifier: EUPL-1.2
// Nobody touches the mouse: from the way in to an answered question, a dialog that gives the keyboard back, and the menu at 360 px.
import { check, NARROW, noComplaints, open, run, same } from "./support/browser.mjs";
import { HUB, PEOPLE } from "./support/hub.mjs";

/* Presses Tab until the focus is on what is named so; the focus has to be visible on the way. */
async function tabTo(page, name, most = 80) {
    for (let i = 0; i < most; i++) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
            const one = document.activeElement;
            const style = getComputedStyle(one);
            const label = one.getAttribute("aria-label") ?? (one.labels?.[0] ?? one).textContent ?? "";
            return { label: label.trim(), visible: style.outlineStyle !== "none" || one.matches(".skip"), tag: one.tagName };
        });
        check(seen.visible || seen.tag === "BODY" || seen.tag === "HTML", `the focus cannot be seen on ${seen.tag} “${seen.label}”`);
        if (name.test(seen.label)) return;
    }
    throw new Error(`the keyboard does not reach ${name}`);
}

await run("hub_keyboard", async (browser) => {
    const [name] = Object.keys(PEOPLE);
    const page = await open(browser, HUB);
    await page.goto("/");
    await page.waitForSelector("h1");
    await tabTo(page, /^Aller au contenu$/);
    await page.keyboard.press("Enter");
    same(await page.evaluate(() => document.activeElement.id), "content", "the skip link leads to the content");
    await tabTo(page, /^Nom du compte/);
    await page.keyboard.type(name);
    await tabTo(page, /^Mot de passe/);
    await page.keyboard.type(PEOPLE[name]);
    await page.keyboard.press("Enter");
    await page.waitForSelector("nav");

    await page.getByRole("heading", { name: "Ce qui se passe" }).waitFor();
    await tabTo(page, /^Ouvrir un incident$/);
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    await tabTo(page, /^Intitulé/);
    await page.keyboard.type("Panne de la téléphonie");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    same(await page.evaluate(() => document.activeElement.textContent), "Ouvrir un incident", "the dialog gives the keyboard back");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    same(await page.getByLabel("Intitulé").inputValue(), "Panne de la téléphonie", "what was typed before Escape");
    await tabTo(page, /^Intitulé/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Panne de la téléphonie" }).waitFor();
    check(await page.evaluate(() => document.activeElement.tagName === "H1"), "a new page puts the keyboard at its head");

    await tabTo(page, /^Faits/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /Faits/ }).waitFor();
    await page.locator("li.question").first().waitFor();
    const question = page.locator("li.question").filter({ has: page.locator("input[type=radio]") });
    await tabTo(page, /^Répondre : Service réellement perturbé/, 400);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Oui$/);
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, /^Enregistrer$/);
    await page.keyboard.press("Enter");
    await question.waitFor({ state: "detached" });
    await page.locator("li.question", { hasText: "Je ne sais pas" }).first().waitFor();

    await page.setViewportSize(NARROW);
    await page.goto("/incidents");
    await page.waitForSelector("h1");
    await tabTo(page, /^Menu$/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Journal$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Journal" }).waitFor();
    noComplaints(page);
});
