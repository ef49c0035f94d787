// SPDX-License-Identifier: EUPL-1.2
// From the one-time link to a house of people: the director's account, a second one with a password that Garde made and
// its owner changes, a second factor with its recovery sheet, and coming in with each of them.
import { axe, check, noComplaints, open, run, shot } from "./support/browser.mjs";
import { HUB, SETUP, totp } from "./support/hub.mjs";

const PHRASE = "quatre mots sans rapport";

async function enter(page, name, password, code) {
    await page.fill("input[autocomplete=username]", name);
    await page.fill("input[autocomplete=current-password]", password);
    await page.getByRole("button", { name: "Se connecter" }).click();
    if (!code) return;
    await page.locator("input[autocomplete=one-time-code]").fill(code);
    await page.getByRole("button", { name: "Se connecter" }).click();
}

async function leave(page) {
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByRole("heading", { name: "Se connecter" }).waitFor();
}

await run("hub_first_start", async (browser) => {
    const page = await open(browser, HUB);
    await page.goto("/");
    await page.getByText("Garde n’a encore aucun compte").waitFor();
    await page.goto("/setup#" + SETUP);
    await page.getByLabel("Nom du compte").fill("Claire Moreau");
    await page.getByLabel("Nouveau mot de passe").fill(PHRASE);
    await page.getByLabel("Encore une fois").fill("autre chose que cela");
    await page.getByRole("button", { name: "Créer le compte" }).click();
    await page.getByText("ne sont pas les mêmes").first().waitFor();
    await page.getByLabel("Encore une fois").fill(PHRASE);
    await page.getByRole("button", { name: "Créer le compte" }).click();
    await page.getByText("Aucun incident en cours").waitFor();
    check(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).includes(PHRASE), "no password is kept in the browser");

    await page.getByRole("link", { name: "Comptes" }).click();
    await page.getByRole("button", { name: "Créer un compte" }).click();
    await page.getByLabel("Nom du compte").fill("Paul Durand");
    await page.getByRole("dialog").getByText("Intervenant –").click();
    await page.getByRole("button", { name: "Enregistrer" }).click();
    const given = (await page.locator("dialog code.secret").textContent()).trim();
    await shot(page, "hub-mot-de-passe-provisoire", false);
    await page.getByRole("dialog").getByRole("button", { name: "Fermer" }).last().click();
    await page.getByRole("cell", { name: "Intervenant" }).or(page.getByText("Paul Durand").first()).first().waitFor();

    const other = await open(browser, HUB);
    await other.goto("/");
    await enter(other, "Paul Durand", given);
    await other.getByRole("heading", { name: "Avant de continuer" }).waitFor();
    await axe(other, "must");
    await other.getByLabel("Mot de passe actuel").fill(given);
    await other.getByLabel("Nouveau mot de passe").fill(PHRASE + " à moi");
    await other.getByLabel("Encore une fois").fill(PHRASE + " à moi");
    await other.getByRole("button", { name: "Changer de mot de passe" }).click();
    await other.getByText("Aucun incident en cours").waitFor();

    await other.getByRole("link", { name: "Paul Durand" }).click();
    await other.getByRole("button", { name: "Mettre en place" }).click();
    const secret = await other.locator("p.secret").textContent();
    await other.locator("svg.qr").waitFor();
    await axe(other, "second factor");
    await shot(other, "hub-second-facteur");
    await other.getByLabel("Code affiché").fill(totp(secret));
    await other.getByRole("button", { name: "Vérifier" }).click();
    await other.getByText("Le second facteur est en place").waitFor();
    await other.getByRole("button", { name: "Faire une fiche de secours" }).first().click();
    await other.locator(".codes li").first().waitFor();
    await shot(other, "hub-fiche-de-secours");
    const codes = await other.locator(".codes li").allTextContents();
    check(codes.length === 10, "ten recovery codes");
    await leave(other);
    await enter(other, "Paul Durand", PHRASE + " à moi", totp(secret, 1));
    await other.getByRole("navigation").first().waitFor();
    await leave(other);
    await enter(other, "Paul Durand", PHRASE + " à moi", codes[0].trim());
    await other.getByRole("navigation").first().waitFor();

    await leave(page);
    await enter(page, "Claire Moreau", "pas la bonne phrase");
    await page.getByRole("alert").waitFor();
    noComplaints(page);
    noComplaints(other);
});
