// SPDX-License-Identifier: EUPL-1.2
// What is wide needs two: one person asks for a measure, cannot agree to it alone, a second one does, and it stands.
import { axe, check, login, noComplaints, open, run, shot } from "./support/browser.mjs";
import { HUB, INCIDENT, PEOPLE } from "./support/hub.mjs";

await run("hub_approval", async (browser) => {
    const [first, second] = Object.keys(PEOPLE);
    const asking = await open(browser, HUB);
    await login(asking, first, PEOPLE[first]);
    await asking.goto(`/incidents/${INCIDENT}/mesures`);
    await asking.getByRole("button", { name: "Demander une mesure" }).click();
    await asking.getByLabel("Service").fill("portail");
    await asking.getByLabel("Pays écartés").fill("us, cn");
    await asking.getByLabel("Motif").fill("Aucun patient n’en vient cette nuit.");
    await shot(asking, "hub-demander-une-mesure", false);
    await asking.getByRole("dialog").getByRole("button", { name: "Demander une mesure" }).click();
    await asking.locator(".notice-title").getByText("En attente d’une seconde personne").waitFor();
    await asking.getByRole("dialog").getByRole("button", { name: "Fermer" }).last().click();

    await asking.goto("/approbations");
    await asking.getByText("une autre personne doit l’approuver").waitFor();
    check(await asking.getByRole("button", { name: "Approuver" }).count() === 0, "who asked cannot agree");

    const agreeing = await open(browser, HUB);
    await login(agreeing, second, PEOPLE[second]);
    await agreeing.getByRole("link", { name: "Les voir" }).click();
    await agreeing.getByText(`Demandé par ${first}`).waitFor();
    await agreeing.getByText(/^pays\s: US, CN$/).waitFor();
    await axe(agreeing, "approvals");
    await shot(agreeing, "hub-approbation");
    await agreeing.getByRole("button", { name: "Approuver" }).click();
    await agreeing.getByText("Rien n’attend d’approbation").waitFor();
    // It stands, under the name of who asked, and whoever asked sees it without reloading.
    await asking.getByText("Rien n’attend d’approbation").waitFor();
    await asking.goto("/");
    await asking.getByRole("heading", { name: "Mesures en place" }).waitFor();
    await asking.getByText("Aucun patient n’en vient cette nuit.").first().waitFor();
    noComplaints(asking);
    noComplaints(agreeing);
});
