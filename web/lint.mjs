// SPDX-License-Identifier: EUPL-1.2
// node lint.mjs: what the compiler does not see. Complains on stdout, a line each; exits 1 when it did.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const complaints = [];

function files(place) {
    return readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? files(join(place, entry.name)) : [join(place, entry.name)]);
}

// What would let a text become markup or code, or need a looser content security policy.
const FORBIDDEN = [
    [/\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|createContextualFragment|DOMParser/, "markup from a text"],
    [/\beval\s*\(|new Function\b|setTimeout\s*\(\s*["'`]/, "code from a text"],
    [/\sstyle=|\.cssText\b|setAttribute\(\s*["']style/, "an inline style: use a class"],
    [/<script(?![^>]*\ssrc=)/i, "an inline script"],
    [/\son[a-z]+="/, "an inline handler"],
    [/https?:\/\/(?!www\.w3\.org\/)/, "an address outside"],
    [/console\.(log|debug)/, "left-over output"],
];

const CONTRACT_LINES_MAX = 600;
for (const name of [...files(join(here, "src")), ...files(join(here, "static"))]) {
    const lines = readFileSync(name, "utf8").split("\n");
    const short = relative(here, name);
    if (!/\.(html|svg)$/.test(name) && !/SPDX-License-Identifier/.test(lines[0])) complaints.push(`${short}: no SPDX-License-Identifier`);
    if (lines.length > CONTRACT_LINES_MAX && !/texts\.ts$/.test(name)) complaints.push(`${short}: ${lines.length} lines`);
    lines.forEach((line, index) => {
        for (const [pattern, what] of FORBIDDEN)
            if (pattern.test(line)) complaints.push(`${short}:${index + 1}: ${what}`);
        if (/\t/.test(line)) complaints.push(`${short}:${index + 1}: a tab`);
        if (/\s$/.test(line)) complaints.push(`${short}:${index + 1}: space at the end`);
    });
}

// A text nobody says is a text nobody keeps true.
const said = files(join(here, "src")).filter((name) => !name.endsWith("texts.ts")).map((name) => readFileSync(name, "utf8")).join("\n");
for (const [, name] of readFileSync(join(here, "src/texts.ts"), "utf8").matchAll(/^export const (\w+)/gm))
    if (!new RegExp(`\\bT\\.${name}\\b`).test(said)) complaints.push(`src/texts.ts: nobody says ${name}`);

// The lock file names packages and their hashes, not where they were fetched from.
if (/"resolved"/.test(readFileSync(join(here, "package-lock.json"), "utf8"))) complaints.push("package-lock.json: names where packages came from");

for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length ? 1 : 0;
