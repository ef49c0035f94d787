// SPDX-License-Identifier: EUPL-1.2
// One incident whole: reported by a secretary, worked through by the desk, declared, told to the public, closed, and its closing
// report read. The wall clock decides nothing here; what is looked at is what the hub wrote down.
import { axe, check, login, noComplaints, open, run, shot } from "./support/browser.mjs";
import { HUB, PEOPLE } from "./support/hub.mjs";

const DECISION = "Nous passons aux ordonnances sur papier jusqu’à demain matin.";
const NEWS = "Un de nos postes est touché. Les soins continuent ; les rendez-vous sont pris par téléphone.";

async function answer(page, question, choice) {
    const line = page.locator("li.question").filter({ hasText: question });
    await line.getByRole("button").first().click();
    await line.locator(".choices").getByText(choice, { exact: true }).click();
    await line.getByRole("button", { name: "Enregistrer" }).click();
    await line.locator("strong").getByText(choice, { exact: true }).waitFor();
}

await run("hub_incident", async (browser) => {
    const [director, second] = Object.keys(PEOPLE);
    const secretary = await open(browser, HUB);
    await secretary.goto("/aide");
    await secretary.getByRole("button", { name: "J’ai cliqué ou ouvert la pièce jointe" }).click();
    await secretary.getByRole("group", { name: /mot de passe ou un code/ }).getByText("Oui", { exact: true }).click();
    await secretary.getByRole("button", { name: "Prévenir et voir quoi faire" }).click();
    await secretary.locator(".advice li").first().waitFor();

    const page = await open(browser, HUB);
    await login(page, director, PEOPLE[director]);
    await page.getByRole("link", { name: /Lien cliqué|pièce jointe/ }).first().click();
    await page.getByRole("heading", { name: "Chronologie" }).waitFor();
    await page.getByLabel("Décision prise").fill(DECISION);
    await page.keyboard.press("Enter");
    await page.locator(".entry .said").getByText(DECISION).waitFor();
    const address = new URL(page.url()).pathname;

    await page.getByRole("button", { name: "Point fait, prochain dans 12 h" }).click();
    await page.locator(".revision").getByText(/Reste 11 h|Reste 12 h/).waitFor();

    await page.getByRole("link", { name: /^Faits/ }).click();
    await answer(page, "Quelqu’un a-t-il pu voir ou prendre des données de santé", "Je ne sais pas");
    await answer(page, "Le travail de la maison a-t-il été perturbé", "Oui");
    await answer(page, "Un patient a-t-il subi un dommage", "Oui");

    await page.getByRole("link", { name: /^Tâches/ }).click();
    const task = page.locator("li.task").filter({ has: page.locator("input:not(:checked):not([disabled])") }).first();
    const text = await task.locator(".tick span").textContent();
    await task.locator("input").click();
    const ticked = page.locator("li.task").filter({ hasText: text });
    await ticked.getByText("Fait", { exact: true }).waitFor();
    check(await ticked.getByText(director).isVisible(), "who ticked it stands beside it");

    await page.getByRole("button", { name: "Décider de la gravité" }).click();
    await page.getByRole("dialog").getByText("Grave", { exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Décider de la gravité" }).click();
    await page.waitForSelector("dialog", { state: "detached" });

    await page.getByRole("link", { name: /^Obligations/ }).click();
    const duty = page.locator("li.card").filter({ hasText: "CERT Santé" }).filter({ has: page.getByRole("button", { name: "C’est envoyé…" }) }).first();
    await duty.waitFor();
    await shot(page, "hub-obligations-dues");
    const pdf = await page.request.get(await duty.getByRole("link", { name: "Déclaration (PDF)" }).getAttribute("href"));
    check(pdf.ok() && (await pdf.body()).subarray(0, 4).toString() === "%PDF", "the declaration is a PDF");
    await duty.getByRole("button", { name: "C’est envoyé…" }).click();
    await page.getByLabel("Accusé de réception ou numéro").fill("CERT-2026-0042");
    await page.getByRole("dialog").getByRole("button", { name: "Noter l’envoi" }).click();
    await page.getByText("CERT-2026-0042").first().waitFor();
    await axe(page, "filed");

    // Telling the public is wide: the second person agrees.
    await page.getByRole("link", { name: /^Cellule de crise/ }).click();
    await page.getByLabel("En français").fill(NEWS);
    await page.getByRole("button", { name: "Publier" }).click();
    await page.locator(".notice-title").getByText("En attente d’une seconde personne").waitFor();
    const other = await open(browser, HUB);
    await login(other, second, PEOPLE[second]);
    await other.goto("/approbations");
    await other.getByRole("button", { name: "Approuver" }).click();
    await other.getByText("Rien n’attend d’approbation").waitFor();
    await secretary.goto("/etat");
    await secretary.getByText(NEWS).first().waitFor();

    await page.goto(address);
    await page.getByRole("button", { name: "Fermer l’incident" }).click();
    await page.getByText("Cet incident doit encore ceci").waitFor();
    await page.getByLabel("Motif").fill("Repris par l’équipe de jour sous un autre incident.");
    await page.getByRole("dialog").getByRole("button", { name: "Fermer l’incident" }).click();
    await page.locator(".notice-title").getByText("En attente d’une seconde personne").waitFor();
    await other.reload();
    await other.getByRole("button", { name: "Approuver" }).click();
    await other.getByText("Rien n’attend d’approbation").waitFor();
    await page.goto(address);
    await page.getByText("fermé, doit encore", { exact: true }).first().waitFor();
    await page.getByRole("link", { name: /^Bilan/ }).click();
    await page.getByRole("heading", { name: "Texte du bilan" }).waitFor();
    const report = await page.request.get(await page.getByRole("link", { name: "Retour d’expérience (PDF)" }).first().getAttribute("href"));
    check(report.ok() && (await report.body()).subarray(0, 4).toString() === "%PDF", "the closing report is a PDF");
    await page.getByRole("button", { name: /^Ajouter un texte : Ce que nous en retenons/ }).click();
    await page.getByLabel("En français").fill("Le numéro d’astreinte doit être sur chaque poste.");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.locator(".said").getByText("Le numéro d’astreinte").waitFor();
    await axe(page, "closed");
    await shot(page, "hub-bilan");
    for (const one of [page, other, secretary]) noComplaints(one);
});
