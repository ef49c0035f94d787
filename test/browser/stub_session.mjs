// SPDX-License-Identifier: EUPL-1.2
// The session ends while somebody types. After coming in again the same page is there with what was typed; somebody else who
// comes in instead finds none of it.
import { check, login, noComplaints, open, run, same, WEB } from "./support/browser.mjs";
import { startStub } from "./support/stub.mjs";

const WORDS = "Le serveur de fichiers est isolé depuis huit heures.";

async function comeIn(page) {
    await page.fill("input[autocomplete=username]", "Anne Martin");
    await page.fill("input[autocomplete=current-password]", "une phrase pour essayer");
    await page.getByRole("button", { name: "Se connecter" }).click();
}

await run("stub_session", async (browser) => {
    const stub = await startStub(WEB);
    const page = await open(browser, stub.base);
    await login(page, "Anne Martin", "une phrase pour essayer");
    await page.goto(`/incidents/${stub.world.one.id}`);
    const field = page.getByLabel("Décision prise");
    await field.fill(WORDS);
    stub.world.loggedIn = false;
    await page.getByRole("button", { name: "Inscrire" }).click();
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
    await comeIn(page);
    await field.waitFor();
    same(await field.inputValue(), WORDS, "what was typed before the session ended");
    check(!stub.world.entries.some((entry) => entry.text === WORDS), "nothing was written meanwhile");

    stub.world.loggedIn = false;
    await page.reload();
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
    stub.world.account = { ...stub.world.account, id: "a_other", name: "Paul Durand" };
    await comeIn(page);
    await field.waitFor();
    same(await field.inputValue(), "", "somebody else finds nothing of it");

    // A second press while the first is on its way writes once.
    await field.fill(WORDS);
    await page.evaluate(() => {
        const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "Inscrire");
        button.click();
        button.click();
    });
    await page.locator(".entry .said").getByText(WORDS).waitFor();
    same(stub.world.entries.filter((entry) => entry.text === WORDS).length, 1, "written once");
    noComplaints(page);
});
