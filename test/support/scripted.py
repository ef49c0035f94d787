# SPDX-License-Identifier: EUPL-1.2
"""A morning in which whoever typed anything typed a script: every free text that the API takes, stored with valid ids.

    scripted = Scripted(house, one, two, addition)   # two accounts with every role that acts
    scripted.stored                                  # {("incident.note", "text"), …}: fields that were taken

`one` asks, `two` agrees. What is no free text (FIXED) is refused when it is a script, and SECRET is hashed or never shown. Whether all
fields of the OpenAPI document are one of the three is what test/scenario/api_abuse_test.py looks at.
"""
import base64

from support import console
from support.house import Sensor, make_id
from support.wait import wait_until

# Short enough for the shortest field; the browser's scenario gives s() a meaning.
SHORT = "<svg onload=s()>"
LONG = SHORT + " <script>s()</script> \"><img src=x onerror=s()> 'javascript:s() {{7*7}} %s &amp; <b>"

FIXED = {
    ("incident.open", "kind"): "outage", ("incident.fact", "name"): "origin", ("incident.gravity", "gravity"): "grave",
    ("measure.ask", "kind"): "throttle", ("obligation.file", "phase"): "initial", ("journal.erase", "name"): "text",
    ("account.make", "name"): "Rose", ("account.change", "name"): "Rose", ("account.make", "language"): "fr", ("account.change", "language"): "fr", ("account.language", "language"): "fr",
    ("account.recovery", "format"): "json", ("task.set", "state"): "done", ("incident.playbook.add", "playbook"): "clic",
    ("report.make", "button"): "fuite", ("report.step", "step"): "fuite.x", ("letters.make", "template"): "patients",
    ("letters.make", "language"): "fr", ("closing.write", "section"): "lessons", ("account.make", "roles"): ["declarant"],
    ("account.change", "roles"): ["declarant"], ("token.make", "roles"): ["responder"], ("token.make", "name"): "script",
}
SECRET = {("session.open", name) for name in ("name", "password", "code")} | {("setup", name) for name in ("token", "name", "password")} | {
    ("account.make", "password"), ("account.password", "old"), ("account.password", "password"), ("account.totp.begin", "code"),
    ("account.totp.confirm", "code")}


class Scripted:
    def __init__(self, house, one, two):
        self.house, self.one, self.two = house, one, two
        self.document = one.get("/openapi.json")
        self.operations = {operation["operationId"]: (method.upper(), path, operation)
                           for path, item in self.document["paths"].items() for method, operation in item.items()}
        self.stored = set()
        self.ids = {"account": "me"}  # of what there is, by its name in a path
        self.incident = self.act("incident.open", {"kind": "leak"}, ["subject", "title"])["incident"]["id"]
        self.ids["incident"] = self.incident
        self.answer("personal_data.confidentiality_hit", "oui")
        self.answer("personal_data.breach_qualified_at", "2026-11-20T08:00:00Z")
        self.answer("personal_data.risk", "eleve")
        self.cell()
        self.duties()
        self.measures()
        self.letters()
        self.second_person()
        self.strangers()
        self.ends()

    # ---- one act ----

    def act(self, operation, body, texts, agree=False, **ids):
        """What is answered; a 202 is agreed to by the second person."""
        method, path, told = self.operations[operation]
        schema = told["requestBody"]["content"]["application/json"]["schema"]["properties"]
        for text in texts:
            body = {**body, text: self.text(schema[text])}
        answer = self.one.ask(method, path.format(**{**self.ids, **ids}), body)
        assert answer.status == (202 if agree else 200), (operation, body, answer)
        if agree:
            answer = self.two.ask("POST", f"/approvals/{answer.json['approval']['id']}/agree", {})
            assert answer.status == 200, (operation, answer)
        self.stored |= {(operation, text) for text in texts}
        return answer.json["result"] if agree else answer.json

    @staticmethod
    def text(kind):
        if "$ref" in kind:
            return {"fr": LONG, "en": LONG}
        return LONG[:max(kind["maxLength"], len(SHORT))] if kind["maxLength"] < len(LONG) else LONG

    def answer(self, name, value, incident=None):
        self.one.post(f"/incidents/{incident or self.incident}/facts", {"name": name, "value": value})

    # ---- a morning ----

    def cell(self):
        facts = self.one.get("/facts")["facts"]
        for fact in facts:
            if fact["type"] == "text":
                self.act("incident.fact", {"name": fact["name"]}, ["value"])
        self.act("incident.note", {}, ["text"])
        self.act("incident.decide", {}, ["text"])
        self.act("incident.handover", {}, ["text", "to"])
        self.act("incident.revise", {"next": console.in_days(1)}, ["text"])
        self.act("incident.publish", {}, ["text"], agree=True)
        self.act("closing.write", {"section": "lessons"}, ["text"])
        tasks = [task["id"] for task in self.one.get(f"/incidents/{self.incident}/tasks")["tasks"] if task["state"] == "open"]
        self.act("task.set", {"state": "done"}, ["note"], task=tasks[0])
        self.act("task.set", {"state": "skipped"}, ["reason"], task=tasks[1])
        keys = ("name", "role", "phone", "phone2", "mail", "note", "calls")
        assert self.one.ask("PUT", "/contacts", {"contacts": [dict.fromkeys(keys, LONG)]}).status == 200
        self.stored.add(("contact.set", "contacts"))

    def duties(self):
        duties = {one["rule"]: one for one in self.one.get(f"/obligations?incident={self.incident}")["obligations"]}
        self.duty = self.ids["obligation"] = duties["cnil-33"]["id"]
        self.act("obligation.file", {"phase": "initial"}, ["receipt", "channel", "late_reason"], obligation=self.duty)
        other = next(one for one in duties.values() if one["state"] in ("due", "possible") and one["rule"] != "cnil-33")
        self.act("obligation.waive", {}, ["reason"], obligation=other["id"])

    def ask_measure(self):
        return self.act("measure.ask", {"kind": "throttle", "subject": "portail", "selector": {"rate_pps": 100},
                                        "until": console.in_days(1)}, ["why"], agree=True)["measure"]["id"]

    def measures(self):
        self.act("measure.lift", {}, ["reason"], measure=self.ask_measure())
        measure = make_id("m")
        with Sensor(self.house) as sensor:
            sensor.finding("begins", finding=(finding := make_id("f")))
            assert "error" not in sensor.ask(type="measure", change="applied", measure={
                "id": measure, "incident": None, "finding": finding, "kind": "fence", "subject": "portail", "owner": "edge",
                "selector": {"countries": ["ES"]}, "why": {"fr": LONG, "en": LONG}, "state": "standing",
                "since": console.in_days(-1), "until": console.in_days(1), "pass_per_mille": 0, "predicted_cost": 0.1, "actual_cost": None,
                "dropped": 1, "would_drop": 0, "spared": 0})
            self.ids["measure"] = measure
            self.act("measure.prolong", {"until": console.in_days(2)}, ["reason"], measure=measure)

    def letters(self):
        table = f"Nom;Adresse 1;CP;Ville\r\n\"{LONG.replace(chr(34), chr(34) * 2)}\";1 rue A;29200;Brest\r\n"
        made = [self.act("letters.make", {"template": "patients"}, ["recipient"])["id"]]
        for name, value in (("csv", table), ("csv64", base64.b64encode(table.encode()).decode())):
            made.append(self.act("letters.make", {"template": "patients", name: value}, [])["id"])
            self.stored.add(("letters.make", name))
        for letters in made:
            wait_until(lambda one=letters: self.one.get(f"/letters/{one}")["state"] == "made", seconds=60, what="the letters are made")
        self.made = made[:2]
        self.act("letters.sent", {"from": 1, "to": 1}, ["way", "tracking"], letters=made[0])
        self.act("letters.erase", {}, ["reason"], letters=made[2])
        self.ids["letters"] = made[0]

    def second_person(self):
        asked = self.one.ask("POST", f"/incidents/{self.incident}/status", {"text": {"fr": LONG, "en": LONG}})
        assert asked.status == 202
        self.act("approval.refuse", {}, ["reason"], approval=asked.json["approval"]["id"])
        seq = self.act("incident.note", {}, ["text"])["seq"]
        self.act("journal.erase", {"seq": seq, "name": "text"}, ["reason"], agree=True)

    def strangers(self):
        """Who has no account presses the buttons; every text that a button asks for, and how to reach them."""
        stranger = self.one.stranger("127.0.0.99")
        kinds = {fact["name"]: fact["type"] for fact in self.one.get("/facts")["facts"]}
        for button in stranger.get("/report")["buttons"]:
            answers = {one["name"]: LONG if kinds[one["name"]] == "text" else None for one in button["questions"]}
            made = stranger.ask("POST", "/report", {"button": button["id"], "answers": answers, "contact": LONG})
            assert made.status == 200, made
            self.ids["number"] = made.json["number"]
        self.stored |= {("report.make", "answers"), ("report.make", "contact")}

    def ends(self):
        other = self.one.post("/incidents", {"kind": "leak", "subject": SHORT})["incident"]["id"]
        self.act("incident.close", {}, ["reason"], incident=other)
        if "incident.reopen" in self.operations:
            self.act("incident.reopen", {}, ["reason"], incident=other)
            self.act("incident.close", {}, ["reason"], incident=other)
