// SPDX-License-Identifier: EUPL-1.2
// The network goes in the middle of an answer. The page says so and stays; what was typed is neither sent twice nor lost,
// not even by a reload; when the line is back so is the page.
import { axe, check, login, open, run, same, shot, until } from "./support/browser.mjs";
import { cuttableLine, INCIDENT, PEOPLE } from "./support/hub.mjs";

const ANSWER = "Une règle du pare-feu oubliée depuis l’été.";

await run("hub_cut_line", async (browser) => {
    const line = await cuttableLine();
    const [name] = Object.keys(PEOPLE);
    const page = await open(browser, line.base);
    await login(page, name, PEOPLE[name]);
    await page.goto(`/incidents/${INCIDENT}/faits`);
    await until(() => page.getByText("En direct").isVisible(), "events arrive");

    const question = page.locator("li.question").filter({ hasText: "Quelle est la cause de fond" });
    await question.getByRole("button").click();
    await question.getByLabel("Réponse").fill(ANSWER);
    line.cut();
    await question.getByRole("button", { name: "Enregistrer" }).click();
    await question.getByRole("alert").getByText("Votre saisie est gardée").waitFor();
    await page.getByText("Connexion perdue.").first().waitFor();
    await shot(page, "hub-connexion-perdue", false);
    await axe(page, "the line is cut");
    same(await question.getByLabel("Réponse").inputValue(), ANSWER, "what was typed is there");
    check(await page.getByRole("heading", { name: /Faits/ }).isVisible(), "the page is still there");

    line.mend();
    await page.getByText("Connexion perdue.").first().waitFor({ state: "hidden" });
    // Not sent behind the person's back.
    check(await question.getByText("Pas encore répondu").isVisible(), "nothing was sent meanwhile");
    await page.reload();
    await question.getByRole("button").click();
    same(await question.getByLabel("Réponse").inputValue(), ANSWER, "a reload keeps the draft");
    await question.getByRole("button", { name: "Enregistrer" }).click();
    await question.locator("strong").getByText(ANSWER).waitFor();
    await page.reload();
    await question.locator("strong").getByText(ANSWER).waitFor();
    await question.getByRole("button").click();
    same(await question.getByLabel("Réponse").inputValue(), ANSWER, "the answer is what is corrected next");
    check(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes("fact."), "the draft is gone once it was sent");
    check(page.complaints.length === 0, page.complaints.join(" | "));
    line.close();
});
