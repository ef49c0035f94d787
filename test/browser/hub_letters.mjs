// SPDX-License-Identifier: EUPL-1.2
// The same against the real hub, with the PDF it makes: a table of made-up patients, one without an address.
import { axe, check, login, noComplaints, open, run, shot } from "./support/browser.mjs";
import { HUB, INCIDENT, PEOPLE } from "./support/hub.mjs";

const TABLE = "nom;adresse;code postal;ville\r\n\"Exemple; Jeanne\";1 rue de l'essai;75000;Paris\r\nModèle Paul;2 rue de l'essai;75000;Paris\r\nSans Adresse;;;\r\nFictif Ali;4 rue de l'essai;75000;Paris\r\n";

await run("hub_letters", async (browser) => {
    const page = await open(browser, HUB);
    const [name] = Object.keys(PEOPLE);
    await login(page, name, PEOPLE[name]);
    await page.goto(`/incidents/${INCIDENT}/lettres`);
    await page.getByLabel("Modèle de lettre").selectOption("patients");
    await page.locator(".notice li").getByText("Mesures envisagées").waitFor();
    await page.getByLabel("Tableau des destinataires").setInputFiles({ name: "patients.csv", mimeType: "text/csv", buffer: Buffer.from(TABLE, "latin1") });
    await page.getByRole("cell", { name: "Exemple; Jeanne" }).waitFor();
    await page.getByRole("button", { name: "Vérifier le tableau" }).click();
    await page.locator(".notice li").getByText(/^ligne \d+\s:/).first().waitFor();
    await axe(page, "letters looked at");
    await shot(page, "hub-lettres-verifiees");
    await page.getByRole("button", { name: "Faire les lettres" }).click();
    await page.getByRole("alert").getByText("la lettre le dira").waitFor();
    await page.getByText("La faire telle quelle").click();
    const words = await page.request.get(await page.getByRole("link", { name: "Texte à copier dans un message" }).getAttribute("href"));
    check(words.ok() && (await words.text()).startsWith("Objet :"), "the words are text to be copied");
    await page.getByRole("button", { name: "Faire les lettres" }).click();
    await page.getByRole("alert").getByText(/donnent pas de lettre/).waitFor();
    await page.getByText("Laisser de côté les lignes inutilisables").click();
    await page.getByRole("button", { name: "Faire les lettres" }).click();
    await page.getByText("Prêtes", { exact: true }).waitFor();
    const file = await page.request.get(await page.getByRole("link", { name: "Télécharger les lettres" }).getAttribute("href"));
    check(file.ok() && (await file.body()).subarray(0, 4).toString() === "%PDF", "the letters are a PDF");
    await page.getByText("Noter l’envoi").first().click();
    await page.getByLabel("Par quelle voie").fill("La Poste");
    await page.getByRole("button", { name: "Noter l’envoi" }).click();
    await page.getByRole("cell", { name: "La Poste" }).waitFor();
    const proof = await page.request.get(await page.getByRole("link", { name: "Preuve d’envoi (PDF)" }).getAttribute("href"));
    check(proof.ok() && (await proof.body()).subarray(0, 4).toString() === "%PDF", "the proof of sending is a PDF");
    await axe(page, "letters sent");
    await shot(page, "hub-lettres-envoyees");
    noComplaints(page);
});
