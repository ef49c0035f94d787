// SPDX-License-Identifier: EUPL-1.2
// node console_bench.mjs LOADS STORM_SECONDS: what bench/console_bench.py asks for, as one JSON object on stdout.
import { launch, login, open } from "../test/browser/support/browser.mjs";
import { HUB, PEOPLE } from "../test/browser/support/hub.mjs";

const [loads, seconds] = process.argv.slice(2).map(Number);
const [name] = Object.keys(PEOPLE);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/* Bytes of everything the page received, head and body, encrypted or not: what Chromium's network stack counted. */
async function counted(page, path, ready) {
    const wire = await page.context().newCDPSession(page);
    await wire.send("Network.enable");
    await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    wire.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
    await page.goto(path, { waitUntil: "commit" });
    await page.waitForFunction(ready);
    const at = await page.evaluate(() => window.useful ?? 0);
    await page.waitForLoadState("load");
    return { bytes, at };
}

const browser = await launch();
const page = await open(browser, HUB);
await login(page, name, PEOPLE[name]);
// The frame after the present state stands in the page: then it has been painted.
await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
        if (!document.getElementById("happening")) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.useful = performance.now(); }));
    });
    watch.observe(document, { childList: true, subtree: true });
});
const times = [];
const costs = [];
for (let i = 0; i < loads + 1; i++) {
    const { bytes, at } = await counted(page, "/", () => window.useful > 0);
    if (i === 0) continue; // Chromium itself is cold
    times.push(at);
    costs.push(bytes);
}
await page.evaluate(() => {
    window.tasks = [0];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
});
await page.waitForFunction((ms) => performance.now() > ms, (await page.evaluate(() => performance.now())) + seconds * 1000, { timeout: 120_000, polling: 500 });
const tasks = await page.evaluate(() => window.tasks);
const help = await counted(await open(browser, HUB), "/aide", () => document.querySelector(".bigbutton, [role=alert]") !== null);
await browser.close();
console.log(JSON.stringify({ page_ms: Math.round(median(times) * 10) / 10, page_bytes: median(costs), help_bytes: help.bytes, task_ms: Math.round(Math.max(...tasks)) }));
process.exit();
