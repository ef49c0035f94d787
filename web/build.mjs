// SPDX-License-Identifier: EUPL-1.2
// node build.mjs FOLDER
// Checks the types, bundles the three entries (the console, the help page, the public status page) and lays out FOLDER
// as the hub serves it: *.html at the top, everything else under assets/ with its hash in its name, each file also
// compressed beside itself (.br, .gz). Does nothing when FOLDER was made from the same sources.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, "../build/web"));
const fresh = `${folder}.new`;
const stamp = `${folder}.stamp`;

// Transferred bytes (brotli) a page may cost before its first use; above, the build fails.
const BUDGET = { console: 70_000, aide: 25_000, etat: 25_000 };

function files(place) {
    return readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? files(join(place, entry.name)) : [join(place, entry.name)]);
}

function fingerprint() {
    const hash = createHash("sha256");
    const names = [...files(join(here, "src")), ...files(join(here, "static")),
        ...["build.mjs", "package-lock.json", "tsconfig.json"].map((name) => join(here, name))];
    for (const name of names.sort())
        hash.update(relative(here, name)).update("\0").update(readFileSync(name)).update("\0");
    return hash.digest("hex");
}

async function bundle(options) {
    const result = await build({
        absWorkingDir: here, bundle: true, minify: true, metafile: true, outdir: join(fresh, "assets"),
        entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
        jsx: "automatic", jsxImportSource: "preact", legalComments: "linked", logLevel: "warning",
        charset: "utf8", ...options,
    });
    return result.metafile;
}

// What an entry point became, and every file it needs at once.
function made(metafile, entry) {
    const outputs = metafile.outputs;
    const script = Object.keys(outputs).find((name) => outputs[name].entryPoint === entry);
    const needed = new Set();
    const follow = (name) => {
        for (const link of outputs[name].imports)
            if (link.kind === "import-statement" && !needed.has(link.path)) {
                needed.add(link.path);
                follow(link.path);
            }
    };
    follow(script);
    const address = (name) => `/assets/${name.split("/assets/").pop()}`;
    return { script: address(script), style: outputs[script].cssBundle && address(outputs[script].cssBundle),
        needed: [...needed].map(address) };
}

function page(name, values) {
    let text = readFileSync(join(here, "static", name), "utf8");
    for (const [key, value] of Object.entries(values)) text = text.replaceAll(`{{${key}}}`, value);
    if (text.includes("{{")) throw new Error(`${name}: a place was left unfilled`);
    writeFileSync(join(fresh, name), text);
}

function compress(name) {
    const bytes = readFileSync(name);
    const smallest = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    writeFileSync(`${name}.br`, smallest);
    writeFileSync(`${name}.gz`, gzipSync(bytes, { level: 9 }));
    return smallest.length;
}

async function main() {
    const print = fingerprint();
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === print && existsSync(join(folder, "index.html"))) return;
    execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", here], { stdio: "inherit" });
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(join(fresh, "assets"), { recursive: true });

    const console_ = made(await bundle({ entryPoints: ["src/console.tsx"], format: "esm", splitting: true,
        target: "es2020" }), "src/console.tsx");
    // The help page and the status page have to work on an old telephone.
    const simple = await bundle({ entryPoints: ["src/aide.tsx", "src/etat.tsx"], format: "iife", target: "es2015" });
    const aide = made(simple, "src/aide.tsx");
    const etat = made(simple, "src/etat.tsx");
    const icon = `/assets/garde-${createHash("sha256").update(readFileSync(join(here, "static/icon.svg")))
        .digest("hex").slice(0, 8)}.svg`;
    writeFileSync(join(fresh, icon), readFileSync(join(here, "static/icon.svg")));

    page("index.html", { script: console_.script, style: console_.style, icon,
        preload: console_.needed.map((name) => `<link rel="modulepreload" href="${name}">`).join("") });
    page("aide.html", { script: aide.script, style: aide.style, icon });
    page("etat.html", { script: etat.script, style: etat.style, icon });

    const sizes = Object.fromEntries(files(fresh).map((name) => [`/${relative(fresh, name)}`, compress(name)]));
    const costs = {
        console: ["/index.html", console_.script, console_.style, icon, ...console_.needed],
        aide: ["/aide.html", aide.script, aide.style, icon],
        etat: ["/etat.html", etat.script, etat.style, icon],
    };
    for (const [name, parts] of Object.entries(costs)) {
        const cost = parts.reduce((sum, part) => sum + sizes[part], 0);
        console.log(`${name}: ${cost} bytes compressed`);
        if (cost > BUDGET[name]) throw new Error(`${name} costs ${cost} bytes, ${BUDGET[name]} are allowed`);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    writeFileSync(stamp, print);
    if (!statSync(join(folder, "index.html")).size) throw new Error("nothing was written");
}

main().catch((error) => {
    if (error.stderr === undefined || error.status === undefined) console.error(error.message ?? error);
    rmSync(fresh, { recursive: true, force: true });
    process.exit(1);
});
