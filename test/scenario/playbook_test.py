# SPDX-License-Identifier: EUPL-1.2
"""From the button on a secretary's screen to the last tick, over HTTP at a real hub; a kill -9 in between; the command beside it."""
import json
import os
import re
import urllib.parse

import jsonschema
import pytest

from support import console
from support.house import House, Sensor
from support.wait import wait_until

BUTTONS = ["mail-suspect", "clic", "compte-usurpe", "poste-bizarre", "service-en-panne", "fuite"]
DO_NOT_KNOW = "je ne sais pas"


class Desk:
    def __init__(self, house):
        self.house = house
        self.director = console.set_up(house)
        self.responder = console.member(self.director, "Claire Petit", ["responder"])
        self.auditor = console.member(self.director, "Cour des comptes", ["auditor"])
        self.document = self.director.get("/openapi.json")
        self.strangers = 0

    def stranger(self):
        """Somebody on the premises, each from an own address."""
        self.strangers += 1
        return self.director.stranger(f"127.0.{20 + self.strangers // 200}.{1 + self.strangers % 200}")

    def kill(self):
        """The hub dies and comes back, at another port."""
        before = self.director.place["url"]
        self.house.kill("garde-hub")
        wait_until(lambda: console.where(self.house)["url"] != before, seconds=30, what="the hub listens again")
        for client in (self.director, self.responder, self.auditor):
            client.place = console.where(self.house)
            client.url = urllib.parse.urlsplit(client.place["url"])
            client.close()

    def validate(self, name, answer):
        schema = {"$ref": f"#/components/schemas/{name}", "components": self.document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer)
        return answer

    def report(self, button, answers=None, **more):
        answer = self.stranger().ask("POST", "/report", {"button": button, "answers": answers or {}, **more})
        assert answer.status == 200, answer
        return self.validate("Report", answer.json)

    def newest(self):
        return self.director.get("/incidents?all=true&limit=1000")["incidents"][-1]

    def tasks(self, incident):
        listed = self.validate("TaskList", self.director.get(f"/incidents/{incident}/tasks"))["tasks"]
        return {one["id"]: one for one in listed}


@pytest.fixture(scope="module")
def desk(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Desk(house)


def advice(report):
    return [one["id"] for one in report["advice"]]


def test_six_buttons_without_an_account(desk):
    buttons = desk.validate("ReportButtons", desk.stranger().get("/report"))["buttons"]
    assert [one["id"] for one in buttons] == BUTTONS
    for button in buttons:
        assert 1 <= len(button["questions"]) <= 5
        assert button["title"]["fr"] != button["title"]["en"]


@pytest.mark.parametrize("button", BUTTONS)
def test_each_button_answers_at_once(desk, button):
    """Every question may be answered « je ne sais pas »; advice, a number and an incident follow."""
    stranger = desk.stranger()
    questions = next(one for one in stranger.get("/report")["buttons"] if one["id"] == button)["questions"]
    report = desk.report(button, {one["name"]: DO_NOT_KNOW for one in questions})
    assert re.fullmatch(r"G-\d{4}-\d{4}-[A-Z]{3}-[A-Z]{3}", report["number"])
    assert len(report["advice"]) >= 3
    assert report["call"]["phone"] == "01 00 00 00 00"
    incident = desk.newest()
    whole = desk.director.get(f"/incidents/{incident['id']}")
    assert button in whole["incident"]["playbooks"]
    for question in questions:
        assert whole["incident"]["facts"][question["name"]]["state"] == "unknown"
    assert set(advice(report)) <= set(desk.tasks(incident["id"]))


def test_the_story_of_a_click(desk):
    """She clicked and gave her password: advice fits, she ticks, the responder works, facts change the list, all of it survives."""
    report = desk.report("clic", {"report.password_given": True, "report.file_opened": False,
                                  "report.files_unreadable": DO_NOT_KNOW, "report.workstation": "poste 12, accueil",
                                  "report.mail_sender": "livraison@colis.example"}, contact="Paule Durand, 4217")
    number, incident = report["number"], desk.newest()["id"]
    assert advice(report)[0] == "clic.debrancher"
    assert "clic.autres-mots-de-passe" in advice(report)

    ticked = desk.stranger().post(f"/report/{number}/steps", {"step": "clic.debrancher", "done": True})
    assert next(one for one in ticked["advice"] if one["id"] == "clic.debrancher")["done"]
    assert desk.tasks(incident)["clic.debrancher"]["state"] == "done"
    assert desk.tasks(incident)["clic.reinstaller"]["state"] == "not-needed"

    desk.responder.post(f"/incidents/{incident}/tasks/clic.fermer-sessions",
                        {"state": "done", "note": "vu avec l’opérateur", "at": "2026-01-05T09:30:00+01:00"})
    done = desk.tasks(incident)["clic.fermer-sessions"]
    assert (done["by"], done["at"]) == ("Claire Petit", "2026-01-05T08:30:00.000Z")
    assert done["entered"] > done["at"]
    refused = desk.responder.ask("POST", f"/incidents/{incident}/tasks/clic.bloquer", {"state": "skipped"})
    assert refused.status == 422 and refused.json["detail_fr"] != refused.json["detail_en"]

    desk.responder.post(f"/incidents/{incident}/facts", {"name": "report.file_opened", "value": "oui"})
    assert desk.tasks(incident)["clic.reinstaller"]["state"] == "open"
    desk.responder.post(f"/incidents/{incident}/facts", {"name": "report.ransom_note", "value": "oui"})
    tasks = desk.tasks(incident)
    assert {"rancongiciel.sauvegardes", "cellule.reevaluer", "declarer.plainte"} <= set(tasks)
    assert tasks["rancongiciel.sauvegardes"]["due"]

    desk.kill()
    again = desk.tasks(incident)
    assert again["clic.fermer-sessions"] == done
    assert again["clic.debrancher"]["state"] == "done"


def test_a_wrong_number_opens_nothing(desk):
    report, other = desk.report("poste-bizarre"), desk.report("fuite")
    assert desk.stranger().get(f"/report/{report['number'].lower()}")["button"] == "poste-bizarre"
    for number in (report["number"][:11], report["number"][:12] + other["number"][12:], "G-2026-9999-KRT-XMA", "x"):
        answer = desk.stranger().ask("GET", f"/report/{number}")
        assert answer.status == 404, (number, answer)
    step = desk.stranger().ask("POST", f"/report/{report['number']}/steps", {"step": "declarer.cnil", "done": True})
    assert step.status == 404


def test_whoever_guesses_is_slowed_down(desk):
    stranger = desk.stranger()
    seen = [stranger.ask("GET", f"/report/G-2026-0001-{first}AA-AAA").status for first in "ACFHJKLMPRTUWXYZ" * 40]
    assert set(seen) == {404, 429}


def test_the_same_mail_is_one_incident(desk):
    answers = {"report.mail_sender": "Paie@hopita1.example", "report.clicked": False}
    first = desk.report("mail-suspect", answers)
    incident = desk.newest()["id"]
    second = desk.report("mail-suspect", {**answers, "report.mail_sender": " paie@hopita1.example"})
    assert desk.newest()["id"] == incident
    assert first["number"] != second["number"]
    findings = desk.director.get(f"/incidents/{incident}")["findings"]
    assert sorted(one["evidence"]["report"] for one in findings) == sorted(one["number"][:11] for one in (first, second))
    step = "mail-suspect.garder"
    for report, state in ((first, "open"), (second, "done")):
        desk.stranger().post(f"/report/{report['number']}/steps", {"step": step, "done": True})
        assert desk.tasks(incident)[step]["state"] == state


def test_what_strangers_typed_is_in_no_record(desk):
    desk.report("service-en-panne", {"report.service": "<script>alert(1)</script>"}, contact="Zoé Unique, 06 99 99 99 99")
    path = desk.house.folder / "export.jsonl"
    path.unlink(missing_ok=True)
    assert desk.house.command("journal", "export", path).returncode == 0
    records = [json.loads(line).get("record") for line in path.read_text(encoding="utf-8").splitlines()]
    bodies = json.dumps([one["body"] for one in records if one])
    assert "Unique" not in bodies and "<script>" not in bodies


def test_an_auditor_looks_and_does_not_touch(desk):
    desk.report("poste-bizarre")
    incident = desk.newest()["id"]
    assert desk.auditor.get(f"/incidents/{incident}/tasks")["tasks"]
    assert desk.auditor.ask("POST", f"/incidents/{incident}/tasks/poste-bizarre.voisins", {"state": "done"}).status == 403
    assert desk.auditor.ask("POST", f"/incidents/{incident}/playbooks", {"playbook": "panne"}).status == 403


def test_a_flood_ticks_its_own_steps(desk):
    """A measure of the edge stands: the step that asks for it is done, by the edge, and stays so when the measure ends."""
    with Sensor(desk.house) as sensor:
        incident = sensor.finding("begins", subject="rendez-vous")
        finding = desk.director.get(f"/incidents/{incident}")["findings"][0]["id"]
        assert desk.tasks(incident)["ddos.filtrer"]["state"] == "open"
        measure = {"id": "m_01KXF3C9Q7ABCDEFGHJKMNPQRS", "incident": None, "finding": finding, "kind": "signature",
                   "subject": "rendez-vous", "selector": {"protocol": "udp"}, "why": {"fr": "essai", "en": "test"},
                   "owner": "edge", "state": "standing", "since": "2026-11-22T01:00:00Z", "until": "2030-01-01T00:00:00Z",
                   "pass_per_mille": 0, "predicted_cost": 0.0, "actual_cost": None, "dropped": 0, "would_drop": 0, "spared": 0}
        assert "error" not in sensor.ask(type="measure", change="applied", measure=measure)
        done = desk.tasks(incident)["ddos.filtrer"]
        assert (done["state"], done["by"], done["measure_id"]) == ("done", "edge", measure["id"])
        assert "error" not in sensor.ask(type="measure", change="ended", measure={**measure, "state": "lifted"})
        assert desk.tasks(incident)["ddos.filtrer"]["state"] == "done"


def test_playbooks_and_their_export(desk):
    listed = desk.validate("PlaybookList", desk.auditor.get("/playbooks"))["playbooks"]
    assert {"ddos", "rancongiciel", "fuite-de-donnees", "panne", "appareil-perdu", *BUTTONS} <= {one["id"] for one in listed}
    for one in listed:
        whole = desk.validate("PlaybookWhole", desk.auditor.get(f"/playbooks/{one['id']}"))["playbook"]
        assert len(whole["steps"]) == one["step_count"]
        cacao = desk.auditor.get(f"/playbooks/{one['id']}/cacao")
        assert cacao["spec_version"] == "cacao-2.0" and cacao["workflow_start"] in cacao["workflow"]
    assert desk.stranger().ask("GET", "/playbooks").status == 401


def test_the_command_works_the_list(desk):
    desk.report("poste-bizarre", {"report.workstation": "bloc 3"})
    incident, author = desk.newest()["id"], ("--author", "Anne Martin")
    house = desk.house
    assert house.command("incident", "tick", incident, "poste-bizarre.voisins", *author).returncode == 0
    assert house.command("incident", "tick", incident, "poste-bizarre.voisins", *author).returncode == 1
    assert house.command("incident", "tick", incident, "poste-bizarre.copier", "--skip", *author).returncode == 1
    assert house.command("incident", "tick", incident, "poste-bizarre.copier", "--skip", "--reason", "rien à voir", *author).returncode == 0
    assert house.command("incident", "tick", incident, "poste-bizarre.voisins", "--open", "--note", "à revoir", *author).returncode == 0
    assert house.command("incident", "follow", incident, "panne", *author).returncode == 0
    told = house.command("incident", "tasks", incident).stdout
    assert "[/]" in told and "panne.cause" in told
    tasks = {one["id"]: one["state"] for one in house.garde("incident", "tasks", incident)["tasks"]}
    assert tasks["poste-bizarre.voisins"] == "open" and tasks["poste-bizarre.copier"] == "skipped"
