// SPDX-License-Identifier: EUPL-1.2
// Each of the six buttons, on a telephone, by somebody without an account: a few questions, « je ne sais pas » to each, what to
// do, a tick that lasts, the number that brings it back; and the incident at the desk.
import { axe, check, fits, login, NARROW, noComplaints, open, run, same, shot } from "./support/browser.mjs";
import { HUB, PEOPLE } from "./support/hub.mjs";

const BUTTONS = 6;

await run("hub_help", async (browser) => {
    const [director] = Object.keys(PEOPLE);
    const page = await open(browser, HUB, { viewport: NARROW });
    for (let index = 0; index < BUTTONS; index++) {
        await page.goto("/aide");
        await page.locator(".bigbutton").nth(BUTTONS - 1).waitFor();
        same(await page.locator(".bigbutton").count(), BUTTONS, "buttons");
        const button = page.locator(".bigbutton").nth(index);
        const title = (await button.textContent()).trim();
        await button.click();
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        await fits(page, title);
        await axe(page, title);
        if (index === 1) await shot(page, "hub-360-aide-questions");
        const questions = page.locator("fieldset, .question-text:not(:has(#contact))");
        for (let at = 0; at < await questions.count(); at++) await questions.nth(at).getByText("Je ne sais pas").click();
        if (index === 0) await page.locator("#contact").fill("Poste 12");
        await page.getByRole("button", { name: "Prévenir et voir quoi faire" }).click();
        await page.getByRole("heading", { level: 1, name: "À faire maintenant" }).waitFor();
        const number = (await page.locator(".number strong").textContent()).trim();
        check(/^G-\d{4}-/.test(number), `a number to come back with, not ${number}`);
        check(await page.locator(".advice li").count() >= 2, `advice for “${title}”`);
        await fits(page, `advice for ${title}`);
        await axe(page, `advice for ${title}`);
        const sent = page.waitForResponse((response) => response.url().includes("/steps"));
        await page.locator(".advice input").first().check();
        same((await sent).status(), 200, "the tick reaches the desk");
        if (index === 1) await shot(page, "hub-360-aide-conseils");
        await page.goto("/etat");
        await page.goto("/aide");
        await page.evaluate(() => localStorage.clear());
        await page.getByLabel("Vous avez déjà un numéro ?").fill(number.toLowerCase());
        await page.getByRole("button", { name: "Retrouver" }).click();
        await page.locator(".advice li").first().waitFor();
        check(await page.locator(".advice input").first().isChecked(), "the tick is still there");
    }
    noComplaints(page);

    const desk = await open(browser, HUB);
    await login(desk, director, PEOPLE[director]);
    await desk.goto("/incidents");
    for (const kind of ["Mail suspect", "Lien ou pièce jointe ouverts", "Mails envoyés en notre nom", "Poste au comportement étrange", "Panne"])
        await desk.getByText(kind, { exact: true }).first().waitFor();
    await shot(desk, "hub-incidents-signales");
    await desk.getByRole("row").filter({ hasText: "Lien ou pièce jointe ouverts" }).getByRole("link").click();
    await desk.getByRole("link", { name: /^Tâches/ }).click();
    await desk.locator("li.task").first().waitFor();
    await shot(desk, "hub-taches-clic");
    noComplaints(desk);
});
