// SPDX-License-Identifier: EUPL-1.2
// A stand-in for the hub, for what the real one cannot be made to show at will: a cut line, a storm of events, a chosen
// state. Everything it says is made up; nothing of it is shipped. Its answers follow src/flow/*.h and the act table.
import { createServer } from "node:http";
import { readFileSync, existsSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
    "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain" };
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const bi = (fr, en) => ({ fr, en: en ?? fr });
let next = 0;
const id = (letter) => letter + "_01STUB" + String(++next).padStart(20, "0");

const FACTS = [
    { name: "availability.hit", type: "boolean", label: bi("Service réellement perturbé", "Service actually disturbed"), question: bi("Un service est-il réellement perturbé ?", "Is a service actually disturbed?"), who: bi("Le service informatique", "The IT department"), by_person: false, choices: [] },
    { name: "attack.peak_pps", type: "number", label: bi("Débit maximal", "Highest rate"), question: bi("Quel a été le débit le plus fort de l’attaque ?", "What was the highest rate of the attack?"), who: bi("Le service informatique", "The IT department"), unit: bi("paquets par seconde", "packets per second"), choices: [] },
    { name: "discovered_at", type: "time", label: bi("Découverte par la structure", "Discovery by the structure"), question: bi("Quand quelqu’un de la maison s’en est-il aperçu ?", "When did somebody of the house notice it?"), who: bi("La personne qui a donné l’alerte", "Whoever raised the alarm"), choices: [] },
    { name: "origin", type: "choice", label: bi("Origine", "Origin"), question: bi("D’après ce que l’on sait, d’où vient l’incident ?", "As far as is known, where does the incident come from?"), who: bi("Le service informatique", "The IT department"), choices: [{ word: "malveillante", label: bi("acte malveillant", "malicious act") }, { word: "panne", label: bi("panne", "failure") }] },
    { name: "personal_data.nature", type: "text", label: bi("Nature de la violation", "Nature of the breach"), question: bi("Qu’est-il arrivé aux données personnelles ?", "What happened to the personal data?"), who: bi("Le délégué à la protection des données", "The data protection officer"), choices: [] },
];

const BUTTONS = [
    ["mail-suspect", "mail", "J’ai reçu un mail suspect", "I received a suspicious mail"], ["clic", "click", "J’ai cliqué ou ouvert la pièce jointe", "I clicked or opened the attachment"],
    ["compte-usurpe", "mask", "On me dit recevoir des mails étranges de ma part", "I am told of strange mail from me"], ["poste-bizarre", "computer", "Mon poste se comporte bizarrement", "My computer behaves oddly"],
    ["service-en-panne", "outage", "Un service ne répond plus", "A service does not answer any more"], ["fuite", "leak", "Des données ont fuité ou disparu", "Data leaked or disappeared"],
].map(([name, icon, fr, en]) => ({ id: name, icon, title: bi(fr, en), questions: [
    { name: "report.mail_sender", type: "text", question: bi("Qui semble l’avoir envoyé ?", "Who seems to have sent it?"), choices: [] },
    { name: "report.clicked", type: "boolean", question: bi("Avez-vous cliqué ou ouvert quelque chose ?", "Did you click or open anything?"), choices: [] }] }));

function incidentOf(kind, title, gravity) {
    return { id: id("i"), kind, subject: "portail", title, state: "open", opened: ago(75), closed: null, last_finding: ago(3), gravity, gravity_by: "rule", findings: [], measures: [],
        facts: { "availability.hit": { state: "known", value: true, author: "Anne Martin", at: ago(70), entered: ago(20) },
            "attack.peak_pps": { state: "known", value: 812000, author: "edge", at: ago(60), entered: ago(60) },
            origin: { state: "unknown", value: null, author: "Anne Martin", at: ago(30), entered: ago(30) } } };
}

function obligation(incident, rule, title, recipient, state, more) {
    return { id: id("o"), incident, rule, title, recipient, state, voluntary: false, clock_started: ago(70), due: null, without_delay: false, legal_basis: "Code de la santé publique, art. L1111-8-2",
        why: bi("Le fonctionnement de la structure est touché.", "The working of the structure is hit."), filed: null, filed_by: null, receipt: null, waived_reason: null, ...more };
}

export function makeWorld() {
    const one = incidentOf("flood", bi("Inondation du portail", "Flood against the portal"), "grave");
    const measures = [
        { id: id("m"), incident: one.id, finding: null, kind: "signature", subject: "portail", selector: { protocol: "udp", source_port: 53, length: [512, 1500] }, why: bi("Réponses DNS que personne n’a demandées.", "DNS answers nobody asked for."), owner: "edge", state: "standing", since: ago(60), until: ago(-120), pass_per_mille: 0, predicted_cost: 0.0004, actual_cost: 0.0001, dropped: 48123456, would_drop: 0, spared: 1200 },
        { id: id("m"), incident: one.id, finding: null, kind: "fence", subject: "portail", selector: { countries: ["XX", "YY"] }, why: bi("Le surplus vient de deux pays dont aucun patient ne vient.", "The surplus comes from two countries no patient comes from."), owner: "edge", state: "probation", since: ago(40), until: ago(-30), pass_per_mille: 100, predicted_cost: 0.012, actual_cost: null, dropped: 812345, would_drop: 9120, spared: 40 },
        { id: id("m"), incident: one.id, finding: null, kind: "throttle", subject: "portail", selector: { rate_pps: 5000 }, why: bi("Trop de paquets.", "Too many packets."), owner: "Anne Martin", state: "lifted", since: ago(70), until: ago(61), pass_per_mille: 0, predicted_cost: 0.2, actual_cost: 0.18, dropped: 4123, would_drop: 0, spared: 0 }];
    const obligations = [
        obligation(one.id, "cert-sante-grave", bi("Déclaration d’un incident grave de sécurité", "Declaration of a grave security incident"), bi("Agence du numérique en santé (CERT Santé)", "Agence du numérique en santé (health CERT)"), "due", { without_delay: true }),
        obligation(one.id, "nis2-alerte-24h", bi("Alerte précoce NIS 2", "NIS 2 early warning"), bi("CSIRT national", "National CSIRT"), "due", { due: ago(-22 * 60) }),
        obligation(one.id, "cnil-33", bi("Notification à la CNIL", "Notification to the CNIL"), bi("CNIL", "CNIL"), "possible", {}),
        obligation(one.id, "assurances", bi("Plainte pour l’assureur", "Complaint for the insurer"), bi("Police ou gendarmerie", "Police or gendarmerie"), "due", { due: ago(40) })];
    const findings = [{ id: id("f"), seen: ago(75), sensor: "edge", kind: "flood", subject: "portail", phase: "begins", confidence: 0.98, why: bi("Quarante fois le trafic habituel, presque tout vers un seul port.", "Forty times the usual traffic, nearly all to one port."), evidence: { peak_pps: 812000, sources: 120400, countries: { XX: 0.6, YY: 0.2 } } }];
    const step = (key, role, phase, fr, en, more) => ({ id: "ddos." + key, playbook: "ddos", step: key, role, role_label: bi(role.toUpperCase()), phase, phase_label: bi(phase), public: false, entered: null, obligation: null, evidence: null, text: bi(fr, en), detail: bi("Dites-le à voix haute et notez l’heure.", "Say it aloud and note the time."), state: "open", due: null, by: null, at: null, measure: null, ...more });
    const tasks = [
        step("appeler", "dsi", "tout-de-suite", "Appelez l’opérateur d’accès à Internet.", "Call the Internet provider.", { due: ago(-20) }),
        step("main-courante", "secretaire", "tout-de-suite", "Ouvrez la main courante.", "Open the log.", { state: "done", by: "Anne Martin", at: ago(50) }),
        step("prevenir", "direction", "declarer", "Prévenez la cellule de crise.", "Tell the crisis cell.", {}),
        step("cloture", "rssi", "contenir", "Fermez les pays sans patients.", "Shut out countries without patients.", { measure: { kind: "fence", subject: "portail", minutes: 60 } })];
    const entries = [
        { seq: 12, time: ago(75), type: "incident.opened", author: "edge", summary: bi("Incident ouvert : inondation du portail.", "Incident opened: flood against the portal."), personal: [] },
        { seq: 15, time: ago(60), type: "measure.applied", author: "edge", summary: bi("Mesure prise : signature, réponses DNS.", "Measure taken: signature, DNS answers."), personal: [] },
        { seq: 21, time: ago(20), at: ago(70), type: "decision.taken", author: "Anne Martin", summary: bi("Décision", "Decision"), text: "Nous gardons la prise de rendez-vous par téléphone.", personal: ["text"] }];
    return {
        one, measures, obligations, findings, tasks, entries, extra: [], seq: 30, reports: {}, status: [{ at: ago(30), text: bi("Le portail des patients répond lentement. Les soins ne sont pas touchés.", "The patients’ portal answers slowly. Care is not affected.") }],
        account: { id: "a_stub", name: "Anne Martin", roles: ["responder", "dpo", "director", "declarant"], language: "fr", enabled: true, second_factor: false, password_given: false, recovery_left: 0, created: ago(9000), seen: ago(1) },
        approvals: [{ id: "p_1", act: "measure.ask", state: "waiting", account: "a_2", name: "Paul Durand", title: bi("Demander une mesure", "Ask for a measure"), roles: ["responder"], asked: ago(4), expires: ago(-1400), in: { kind: "fence", subject: "portail", selector: { countries: ["XX"] } } }],
        contacts: [{ name: "Astreinte informatique", role: "dsi", phone: "01 00 00 00 01" }, { name: "Direction de garde", role: "direction", phone: "01 00 00 00 02", mail: "direction@hopital.example" }],
        letters: {}, loggedIn: false, traffic: { packets: 0, dropped: 0, would: 0 }, closing: null,
    };
}

/* The storm's counters: a flood that the first measure mostly stops. */
function services(world) {
    const wave = 1 + Math.sin(Date.now() / 9000) / 3;
    world.traffic.packets += Math.round(9000 * wave);
    world.traffic.dropped += Math.round(7000 * wave);
    world.traffic.would += Math.round(300 * wave);
    return [{ name: "portail", packets: world.traffic.packets, known: 1000, dropped: world.traffic.dropped, state: "attack", classes: { udp: 100 }, countries: { FR: [100, 0] }, measures: { [world.measures[0].id]: [world.traffic.dropped, world.traffic.would, 12] } },
        { name: "messagerie", packets: Math.round(world.traffic.packets / 40), known: 900, dropped: 0, state: "calm", classes: {}, countries: {}, measures: {} }];
}

class Refused extends Error {
    constructor(status, fr, en) { super(fr); this.status = status; this.fr = fr; this.en = en ?? fr; }
}

function whole(world, incident) {
    const mine = incident.id === world.one.id;
    return { incident: { ...incident, findings: [], measures: [] }, findings: mine ? world.findings : [], measures: mine ? world.measures : [],
        obligations: [...world.obligations, ...world.extra].filter((o) => o.incident === incident.id), gravity: { proposed: "grave", why: bi("Le fonctionnement est touché.", "Normal working is hit.") }, review: { next: world.revise ?? null } };
}

const incidents = (world) => [world.one, ...(world.opened ?? [])];
const find = (world, wanted) => incidents(world).find((one) => one.id === wanted) ?? (() => { throw new Refused(404, "Aucun incident de ce nom.", "No such incident."); })();

function log(world, type, text, summary, at) {
    world.entries.push({ seq: ++world.seq, time: ago(0), ...(at ? { at } : {}), type, author: "Anne Martin", summary: summary ?? bi("Inscrit", "Written"), text, personal: ["text"] });
}

/* [method, path pattern, what it does]; `p` are the parts of the path, `b` the body, `q` the query. */
const ROUTES = [
    ["GET", "/session", (w) => (w.loggedIn ? { account: w.account, roles: w.account.roles, csrf: "stub", must: [], setup: false } : { account: null, roles: [], csrf: null, must: [], setup: false })],
    ["POST", "/session", (w, p, b) => {
        if (b.password !== "une phrase pour essayer") throw new Refused(401, "Nom, mot de passe ou code inexact.", "Name, password or code is wrong.");
        w.loggedIn = true;
        return { account: w.account, roles: w.account.roles, csrf: "stub", must: [], setup: false };
    }],
    ["DELETE", "/session", (w) => { w.loggedIn = false; return {}; }],
    ["GET", "/status", (w) => ({ time: ago(0), structure: "Hôpital de l’essai", edge: { connected: true, services: services(w), spooled: 0 }, measures: w.measures.filter((m) => m.state === "standing" || m.state === "probation"),
        incidents: incidents(w).filter((one) => one.state === "open").map((one) => ({ ...one, obligations: whole(w, one).obligations })), journal: { records: w.seq, head: { size: w.seq, time: ago(30), root: "ab".repeat(32), signature: "cd".repeat(32), key: "ef".repeat(16) } } })],
    ["GET", "/facts", () => ({ facts: FACTS })],
    ["GET", "/incidents", (w, p, b, q) => ({ incidents: incidents(w).filter((one) => q.get("all") || one.state === "open"), next: null })],
    ["POST", "/incidents", (w, p, b) => {
        const made = { ...incidentOf(b.kind, b.title ?? bi("Sans titre", "Untitled"), null), facts: {}, opened: ago(0) };
        w.opened = [...(w.opened ?? []), made];
        return whole(w, made);
    }],
    ["GET", "/incidents/{i}", (w, p) => whole(w, find(w, p.i))],
    ["POST", "/incidents/{i}/facts", (w, p, b) => {
        const kind = FACTS.find((one) => one.name === b.name);
        const unknown = b.value === "?";
        const value = kind.type === "boolean" ? b.value === "oui" : kind.type === "number" ? Number(b.value) : b.value;
        if (kind.type === "number" && !unknown && isNaN(value)) throw new Refused(422, "Il faut un nombre.", "A number is wanted.");
        find(w, p.i).facts[b.name] = { state: unknown ? "unknown" : "known", value: unknown ? null : value, author: "Anne Martin", at: b.at ?? ago(0), entered: ago(0) };
        return whole(w, find(w, p.i));
    }],
    ["POST", "/incidents/{i}/gravity", (w, p, b) => { Object.assign(find(w, p.i), { gravity: b.gravity, gravity_by: "Anne Martin" }); return whole(w, find(w, p.i)); }],
    ["POST", "/incidents/{i}/close", (w, p, b) => {
        const one = find(w, p.i);
        if (!b.reason && whole(w, one).obligations.some((o) => o.state === "due")) throw new Refused(409, "Cet incident doit encore une déclaration.", "This incident still owes a declaration.");
        Object.assign(one, { state: "closed", closed: ago(0) });
        return whole(w, one);
    }],
    ["GET", "/incidents/{i}/timeline", (w, p) => ({ entries: p.i === w.one.id ? w.entries : [], next: null })],
    ["POST", "/incidents/{i}/tasks/{t}", (w, p, b) => {
        const task = w.tasks.find((one) => one.id === p.t);
        Object.assign(task, { state: b.state, by: "Anne Martin", at: b.at ?? ago(0) });
        return { tasks: w.tasks };
    }],
    ["GET", "/incidents/{i}/tasks", (w, p) => ({ tasks: p.i === w.one.id ? w.tasks : [] })],
    ["POST", "/incidents/{i}/playbooks", (w) => ({ tasks: w.tasks })],
    ["POST", "/incidents/{i}/decisions", (w, p, b) => (log(w, "decision.taken", b.text, bi("Décision", "Decision"), b.at), {})],
    ["POST", "/incidents/{i}/notes", (w, p, b) => (log(w, "note", b.text, bi("Note", "Note"), b.at), {})],
    ["POST", "/incidents/{i}/handover", (w, p, b) => (log(w, "shift.handed", b.text, bi("Relève", "Handover")), {})],
    ["POST", "/incidents/{i}/status", (w, p, b) => { w.status.push({ at: ago(0), text: b.text }); return {}; }],
    ["POST", "/incidents/{i}/revise", (w, p, b) => { w.revise = b.next; return {}; }],
    ["GET", "/incidents/{i}/closing", (w, p) => ({ incident: p.i, title: w.one.title, redacted: false, made: ago(0), sections: [
        { key: "summary", title: bi("En bref", "In short"), text: w.summary ?? null, rows: [{ at: null, text: bi("Une inondation d’une heure, arrêtée.", "A flood of one hour, stopped.") }] },
        { key: "missing", title: bi("Ce qui a manqué", "What was missing"), text: bi("Un numéro d’astreinte à jour.", "An up-to-date on-call number."), rows: [{ at: ago(60), text: bi("Pas de réponse de l’opérateur.", "No answer from the provider.") }] }] })],
    ["PUT", "/incidents/{i}/closing", (w, p, b) => { w.summary = b.text; return {}; }],
    ["POST", "/measures", () => 202],
    ["POST", "/measures/{m}/lift", (w, p) => { const m = w.measures.find((one) => one.id === p.m); m.state = "lifted"; return { measure: m }; }],
    ["POST", "/measures/{m}/forbid", (w, p) => { const m = w.measures.find((one) => one.id === p.m); m.state = "refused"; return { measure: m }; }],
    ["POST", "/measures/{m}/prolong", (w, p, b) => { const m = w.measures.find((one) => one.id === p.m); m.until = b.until; return { measure: m }; }],
    ["POST", "/obligations/{o}/file", (w, p, b) => { const o = w.obligations.find((one) => one.id === p.o); Object.assign(o, { state: "filed", filed: b.at ?? ago(0), filed_by: "Anne Martin", receipt: b.receipt ?? null }); return { obligations: w.obligations }; }],
    ["POST", "/obligations/{o}/waive", (w, p, b) => { const o = w.obligations.find((one) => one.id === p.o); Object.assign(o, { state: "waived", waived_reason: b.reason }); return { obligations: w.obligations }; }],
    ["GET", "/register", (w) => ({ breaches: [{ incident: w.one.id, title: w.one.title, opened: ago(75), closed: null, state: "open", authority: { state: "possible", text: bi("Pas encore tranché.", "Not settled yet.") },
        persons: { state: "none", text: bi("Non : aucun fait connu ne le demande.", "No: no known fact asks for it.") }, sections: [{ key: "faits", title: bi("Faits", "Facts"), fields: [
            { key: "a", label: bi("Nature", "Nature"), value: bi("Indisponibilité du portail", "Portal not available"), state: "known" }, { key: "b", label: bi("Personnes", "Persons"), value: bi("inconnu à ce stade", "unknown at this stage"), state: "unknown" }] }] }], next: null })],
    ["GET", "/playbooks", () => ({ playbooks: [{ id: "ddos", title: bi("Déni de service", "Denial of service"), kinds: ["flood"], version: 1, with: [], step_count: 4 }, { id: "clic", title: bi("Lien cliqué ou pièce jointe ouverte", "Link clicked or attachment opened"), kinds: ["clic"], version: 1, with: [], step_count: 9 }] })],
    ["GET", "/playbooks/{b}", (w) => ({ playbook: { id: "ddos", title: bi("Déni de service", "Denial of service"), version: 1, kinds: ["flood"], with: [], step_count: 4, steps: w.tasks.map((task) => ({ key: task.step, role: task.role, role_label: task.role_label, phase: task.phase, phase_label: task.phase_label, text: task.text, detail: task.detail })) } })],
    ["GET", "/contacts", (w) => ({ contacts: w.contacts })],
    ["PUT", "/contacts", (w, p, b) => { w.contacts = b.contacts; return { contacts: w.contacts }; }],
    ["GET", "/accounts", (w) => ({ accounts: [w.account, { ...w.account, id: "a_2", name: "Paul Durand", roles: ["declarant"], second_factor: true, enabled: false }], next: null })],
    ["POST", "/accounts", (w, p, b) => ({ account: { ...w.account, id: "a_3", name: b.name, roles: b.roles }, password: "ABCD-EFGH-JKLM" })],
    ["GET", "/sessions", (w) => ({ sessions: [{ id: "s_1", name: w.account.name, opened: ago(30), seen: ago(0), ends: ago(-30), own: true }], next: null })],
    ["GET", "/tokens", () => ({ tokens: [{ id: "t_1", name: "supervision", signs: "Anne Martin/supervision", roles: ["auditor"], created: ago(9000), expires: ago(-9000), seen: null }], next: null })],
    ["GET", "/approvals", (w) => ({ approvals: w.approvals, next: null })],
    ["POST", "/approvals/{a}/{verb}", (w, p) => { w.approvals.find((one) => one.id === p.a).state = p.verb === "agree" ? "given" : "refused"; return {}; }],
    ["GET", "/letters/templates", () => ({ templates: [{ id: "patients", title: bi("Lettre aux patients", "Letter to the patients"), about: bi("À chaque personne dont les données ont été touchées.", "To each person whose data was hit."), to: "many", basis: "RGPD, art. 34" },
        { id: "plainte", title: bi("Plainte", "Complaint"), about: bi("À la police ou à la gendarmerie.", "To the police or gendarmerie."), to: "one", basis: "L12-10-1" }] })],
    ["GET", "/incidents/{i}/letters/missing", () => ({ missing: [{ field: "personal_data.measures_planned", label: bi("Mesures envisagées", "Measures planned"), blank: false }] })],
    ["GET", "/incidents/{i}/letters", (w) => ({ letters: Object.values(w.letters) })],
    ["POST", "/incidents/{i}/letters", (w, p, b) => {
        const good = b.csv.trim().split("\n").length - 1;
        if (b.check) return { check: { good, bad: 1, rows: [{ row: 3, why: bi("sans adresse", "without an address") }], columns: ["name"], encoding: "utf-8", separator: ";" } };
        if (!b.incomplete) throw new Refused(409, "Ceci n’est pas connu, et la lettre le dira : « Mesures envisagées ».", "This is not known, and the letter will say so: “Measures planned”.");
        if (!b.leave_out) throw new Refused(422, "Une ligne ne donne pas de lettre : 3 (sans adresse).", "One row gives no letter: 3 (without an address).");
        return w.letters.l_1 = { id: "l_1", incident: p.i, template: b.template, title: bi("Lettre aux patients", "Letter to the patients"), language: "fr", state: "making", total: good, left_out: 1, done: 0, pages: 0, by: "Anne Martin", at: ago(0), erase_at: null, sent: [] };
    }],
    ["GET", "/letters/{l}", (w, p) => { const one = w.letters[p.l]; one.done = Math.min(one.total, one.done + 2); if (one.done === one.total && one.state === "making") Object.assign(one, { state: "made", pages: one.total }); return one; }],
    ["POST", "/letters/{l}/sent", (w, p, b) => { w.letters[p.l].sent.push({ ...b, at: b.at ?? ago(0), tracking: b.tracking ?? "", by: "Anne Martin" }); return w.letters[p.l]; }],
    ["GET", "/journal/head", (w) => ({ head: { size: w.seq, time: ago(30), root: "ab".repeat(32), signature: "cd".repeat(32), key: "ef".repeat(16) } })],
    ["GET", "/journal/records", (w) => ({ records: w.entries.map((one) => ({ seq: one.seq, time: one.time, type: one.type, author: one.author, subject: w.one.id, personal: one.text ? { text: { text: one.text } } : {} })), next: null })],
    ["POST", "/journal/erase", () => 202],
    ["GET", "/settings", () => ({ checks: [{ key: "structure.name", value: "Hôpital de l’essai", ok: true, note: "" }, { key: "console.tls", value: "off", ok: false, note: bi("Sans chiffrement, seulement sur cette machine.", "No encryption, on this machine alone.") }] })],
    ["GET", "/out", () => ({ targets: [{ name: "siem", kind: "syslog", tlp: "amber", personal: false, events: [], waiting: 2, given_up: 1 }], items: [{ id: "x_1", target: "siem", incident: null, state: "given-up", attempts: 9, since: ago(90), changed: ago(9), why: bi("Connexion refusée.", "Connection refused.") }], next: null, connected: true })],
    ["GET", "/report", () => ({ buttons: BUTTONS })],
    ["POST", "/report", (w, p, b) => {
        const number = "G-2026-" + String(1000 + ++next) + "-K";
        w.reports[number] = { number, button: b.button, answers: b.answers, state: "open", call: { text: bi("Appelez maintenant l’informatique.", "Call the IT department now."), phone: "01 00 00 00 01", who: "RSSI" }, advice: [
            { id: "a", text: bi("Ne cliquez sur rien d’autre.", "Click nothing else."), detail: bi("N’ouvrez pas la pièce jointe.", "Do not open the attachment."), done: false },
            { id: "b", text: bi("Changez votre mot de passe depuis un autre appareil.", "Change your password from another device."), done: false }] };
        return w.reports[number];
    }],
    ["GET", "/report/{n}", (w, p) => w.reports[p.n] ?? (() => { throw new Refused(404, "Ce numéro n’est pas connu.", "This number is not known."); })()],
    ["POST", "/report/{n}/steps", (w, p, b) => { w.reports[p.n].advice.find((one) => one.id === b.step).done = b.done; return {}; }],
    ["GET", "/public/status", (w) => ({ structure: "Hôpital de l’essai", entries: w.status, updated: ago(1) })],
];
const OPEN = /^\/(session|setup|report|public)/;

function match(pattern, path) {
    const a = pattern.split("/"), b = path.split("/");
    if (a.length !== b.length) return null;
    const found = {};
    for (let i = 0; i < a.length; i++)
        if (a[i].startsWith("{")) found[a[i].slice(1, -1)] = decodeURIComponent(b[i]);
        else if (a[i] !== b[i]) return null;
    return found;
}

function problem(response, status, fr, en, english) {
    response.writeHead(status, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify({ type: "about:blank", title: "stub", status, detail: english ? en : fr, detail_fr: fr, detail_en: en }));
}

/* Options: eventsPerSecond of traffic. The answer: {base, world, stop(), cut(bool)}; while cut, connections are torn. */
export async function startStub(web, options = {}) {
    const world = makeWorld();
    const streams = new Set();
    let cut = false;
    const tell = (event, data) => { for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`); };

    function file(request, response, path) {
        let name = normalize(path).replace(/^(\.\.[/\\])+/, "");
        if (!extname(name)) name = existsSync(join(web, name + ".html")) ? name + ".html" : "/index.html";
        if (!existsSync(join(web, name))) return response.writeHead(404).end();
        const br = existsSync(join(web, name + ".br")) && /br/.test(request.headers["accept-encoding"] ?? "");
        response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": POLICY, ...(br ? { "Content-Encoding": "br" } : {}) });
        response.end(readFileSync(join(web, name + (br ? ".br" : ""))));
    }

    async function api(request, response, url) {
        const path = url.pathname.slice(7);
        const english = (request.headers["accept-language"] ?? "").startsWith("en");
        if (!OPEN.test(path) && !world.loggedIn) return problem(response, 401, "Connectez-vous.", "Log in.", english);
        if (path === "/events") {
            response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
            response.write(":\n\n");
            streams.add(response);
            request.on("close", () => streams.delete(response));
            return;
        }
        let text = "";
        for await (const piece of request) text += piece;
        for (const [method, pattern, act] of ROUTES) {
            const found = method === request.method && match(pattern, path);
            if (!found) continue;
            if (method !== "GET" && !OPEN.test(path) && request.headers["x-garde-csrf"] !== "stub") return problem(response, 403, "Jeton CSRF absent.", "No CSRF word.", english);
            try {
                const made = act(world, found, text ? JSON.parse(text) : {}, url.searchParams);
                response.writeHead(made === 202 ? 202 : 200, { "Content-Type": "application/json" });
                response.end(JSON.stringify(made === 202 ? { approval: "p_2" } : made));
                if (method !== "GET") tell("changed", { incident: found.i ?? "", act: "stub" });
            } catch (error) {
                if (!(error instanceof Refused)) console.error(error);
                problem(response, error.status ?? 500, error.fr ?? String(error), error.en ?? String(error), english);
            }
            return;
        }
        problem(response, 404, "Cette adresse n’existe pas.", "There is no such address.", english);
    }

    const server = createServer((request, response) => {
        if (cut) return request.socket.destroy();
        const url = new URL(request.url, "http://stub");
        if (url.pathname.startsWith("/api/v1/")) api(request, response, url);
        else file(request, response, url.pathname);
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    const timer = setInterval(() => tell("traffic", { at: ago(0), connected: true, services: services(world) }), 1000 / (options.eventsPerSecond ?? 2));
    return {
        base: `http://127.0.0.1:${server.address().port}`, world, tell,
        cut(value) {
            cut = value;
            if (cut) {
                for (const stream of streams) stream.destroy();
                streams.clear();
            }
        },
        stop() {
            clearInterval(timer);
            for (const stream of streams) stream.destroy();
            server.closeAllConnections?.();
            return new Promise((stopped) => server.close(stopped));
        },
    };
}
