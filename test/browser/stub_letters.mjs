// SPDX-License-Identifier: EUPL-1.2
// A table of patients goes in: a preview before anything is sent, what the hub makes of it row by row, progress, the file and
// the sending noted.
import { axe, check, login, noComplaints, open, run, shot, WEB } from "./support/browser.mjs";
import { startStub } from "./support/stub.mjs";

const TABLE = "nom;adresse;code postal;ville\r\n\"Exemple; Jeanne\";1 rue de l'essai;75000;Paris\r\nModèle Paul;2 rue de l'essai;75000;Paris\r\nSans Adresse;;;\r\nFictif Ali;4 rue de l'essai;75000;Paris\r\n";

await run("stub_letters", async (browser) => {
    const stub = await startStub(WEB);
    const page = await open(browser, stub.base);
    await login(page, "Anne Martin", "une phrase pour essayer");
    await page.goto(`/incidents/${stub.world.one.id}/lettres`);
    await page.getByLabel("Modèle de lettre").selectOption("patients");
    await page.locator(".notice li").getByText("Mesures envisagées").waitFor();
    await page.getByLabel("Tableau des destinataires").setInputFiles({ name: "patients.csv", mimeType: "text/csv", buffer: Buffer.from(TABLE, "latin1") });
    await page.getByRole("cell", { name: "Exemple; Jeanne" }).waitFor();
    check(Object.keys(stub.world.letters).length === 0, "nothing is sent for the preview");
    await page.getByRole("button", { name: "Vérifier le tableau" }).click();
    await page.locator(".notice li").getByText("sans adresse").first().waitFor();
    await axe(page, "letters looked at");
    await shot(page, "lettres-verifiees");
    await page.getByRole("button", { name: "Faire les lettres" }).click();
    await page.getByRole("alert").getByText("la lettre le dira").waitFor();
    await page.getByText("La faire telle quelle").click();
    await page.getByRole("button", { name: "Faire les lettres" }).click();
    await page.getByRole("alert").getByText("ne donne pas de lettre").waitFor();
    await page.getByText("Laisser de côté les lignes inutilisables").click();
    await page.getByRole("button", { name: "Faire les lettres" }).click();
    await page.getByText("Prêtes", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Télécharger les lettres" }).waitFor();
    await page.getByText("Noter l’envoi").first().click();
    await page.getByLabel("Par quelle voie").fill("La Poste");
    await page.getByRole("button", { name: "Noter l’envoi" }).click();
    await page.getByRole("cell", { name: "La Poste" }).waitFor();
    await axe(page, "letters sent");
    await shot(page, "lettres-envoyees");
    noComplaints(page);
});
