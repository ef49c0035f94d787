// SPDX-License-Identifier: EUPL-1.2
// Debian's Chromium driven by playwright-core (from web/node_modules), and what the scenarios share.
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const SOURCE = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
export const BUILD = process.env.GARDE_BUILD ?? join(SOURCE, "build");
export const WEB = join(BUILD, "web");
export const SHOTS = join(BUILD, "screenshots");
const require = createRequire(join(SOURCE, "web/package.json"));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PROGRAM = [process.env.GARDE_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => path && existsSync(path));

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 360, height: 740 };

export function check(condition, what) {
    if (!condition) throw new Error(what);
}

export function same(got, wanted, what) {
    if (got !== wanted) throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

export async function launch() {
    check(PROGRAM, "chromium is not installed");
    // As root, in a container without user namespaces, Chromium has no sandbox of its own; it visits our own pages alone.
    return chromium.launch({ executablePath: PROGRAM, headless: true, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

/* A page that fails the scenario when the console complains: a refused style, a script error, a forbidden request. */
export async function open(browser, base, options = {}) {
    const context = await browser.newContext({
        viewport: options.viewport ?? WIDE, locale: options.locale ?? "fr-FR", timezoneId: "Europe/Paris", ignoreHTTPSErrors: true,
        colorScheme: options.dark ? "dark" : "light", reducedMotion: "reduce", baseURL: base,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("console", (message) => {
        const text = message.text();
        // What the network refuses is the scenario's business; what the policy or a script refuses is a fault.
        if (message.type() === "error" && !/Failed to load resource|ERR_/.test(text)) page.complaints.push(text);
    });
    return page;
}

export function noComplaints(page) {
    check(page.complaints.length === 0, `the browser complained: ${page.complaints.join(" | ")}`);
}

export async function shot(page, name, full = true) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: full });
}

/* Every rule of WCAG 2.2 A and AA that axe knows, and its best practices. */
export async function axe(page, where) {
    await page.evaluate(AXE);
    const found = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }));
    const said = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " +
        (node.any[0]?.message ?? node.failureSummary ?? "")).join("; ")}`);
    check(said.length === 0, `axe on ${where}: ${said.join(" | ")}`);
}

/* Nothing wider than the window. */
export async function fits(page, where) {
    const wide = await page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return "";
        return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1)
            .slice(0, 3).map((one) => one.tagName + "." + one.className).join(", ") || "the page";
    });
    same(wide, "", `${where}: wider than the window`);
}

export async function login(page, name, password) {
    await page.goto("/");
    await page.fill("input[autocomplete=username]", name);
    await page.fill("input[autocomplete=current-password]", password);
    await page.click("button[type=submit]");
    await page.waitForSelector("nav");
}

/* Until it holds; what it says when it does not. */
export async function until(condition, what, seconds = 15) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        if (await condition()) return;
        if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
        await new Promise((later) => setTimeout(later, 50));
    }
}

/* Runs a scenario and says what went wrong, with a picture of where. */
export async function run(name, scenario) {
    const browser = await launch();
    try {
        await scenario(browser);
        console.log(`${name}: ok`);
    } catch (error) {
        for (const context of browser.contexts())
            for (const page of context.pages()) await shot(page, `failed-${name}`, false).catch(() => {});
        console.error(`${name}: ${error.stack ?? error}`);
        process.exitCode = 1;
    } finally {
        await browser.close();
        // Servers and lines that a scenario left open would keep the process for ever.
        process.exit();
    }
}
