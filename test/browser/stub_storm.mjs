// SPDX-License-Identifier: EUPL-1.2
// A hundred reports of traffic and twenty changes a second while the home page and the curve are open: no task of the page may
// hold it for over 100 ms, and what it keeps does not grow.
import { check, login, noComplaints, open, run, shot, until, WEB } from "./support/browser.mjs";
import { startStub } from "./support/stub.mjs";

const SECONDS = 12;

await run("stub_storm", async (browser) => {
    const stub = await startStub(WEB, { eventsPerSecond: 100 });
    const page = await open(browser, stub.base);
    await login(page, "Anne Martin", "une phrase pour essayer");
    await page.waitForSelector(".curve canvas");
    await until(async () => /paquets par seconde passent/.test(await page.locator(".traffic").textContent()), "the curve lives");
    // What opening the page cost is measured elsewhere (bench/console_bench.py).
    await page.evaluate(() => {
        window.tasks = [];
        new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
    });
    const changes = setInterval(() => stub.tell("changed", { incident: "", act: "finding" }), 50);
    const before = await page.evaluate(() => document.querySelectorAll("*").length);
    await page.waitForFunction((ms) => performance.now() > ms, (await page.evaluate(() => performance.now())) + SECONDS * 1000, { timeout: 60_000, polling: 500 });
    clearInterval(changes);
    const tasks = await page.evaluate(() => window.tasks);
    const longest = Math.max(0, ...tasks);
    check(longest <= 100, `a task of ${Math.round(longest)} ms while updates arrived`);
    const after = await page.evaluate(() => document.querySelectorAll("*").length);
    check(Math.abs(after - before) < 30, `the page grew from ${before} to ${after} elements`);
    await page.getByText("Voir en tableau").click();
    await page.locator(".traffic tbody tr").first().waitFor();
    await shot(page, "tempete", false);
    console.log(`longest task: ${Math.round(longest)} ms`);
    noComplaints(page);
});
