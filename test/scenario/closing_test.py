# SPDX-License-Identifier: EUPL-1.2
"""The closing report of a real hub: assembled, added to, redacted; and the handover sheet."""
import os

import pytest

from scenario.papers_test import Desk, keep, pdf_text
from support import console
from support.house import House


@pytest.fixture(scope="module")
def desk(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Desk(house)


@pytest.fixture(scope="module")
def incident(desk):
    incident = desk.breach("Messagerie de Nadia Benali lue depuis 198.51.100.7")
    desk.nurse.post(f"/incidents/{incident}/notes", {"text": "Mme Untel a appelé du 06 00 00 00 01"})
    desk.director.post(f"/incidents/{incident}/decisions", {"text": "On coupe <script>alert(1)</script> la messagerie"})
    duty = desk.obligations(incident)["cnil-33"]["id"]
    desk.dpo.post(f"/obligations/{duty}/file", {"receipt": "CNIL-42", "at": "2026-11-21T10:00:00Z"})
    return incident


def section(report, key):
    return next(one for one in report["sections"] if one["key"] == key)


def rows(report, key):
    return " | ".join(row["text"]["fr"] for row in section(report, key)["rows"])


def test_the_report_is_assembled(desk, incident):
    report = desk.auditor.get(f"/incidents/{incident}/closing")
    assert [one["key"] for one in report["sections"]] == ["summary", "delays", "measures", "decisions", "duties", "missing",
                                                          "lessons", "timeline"]
    assert "On coupe" in rows(report, "decisions") and "directrice" in rows(report, "decisions")
    assert "remise dans les temps" in rows(report, "duties")
    assert "1 j" in rows(report, "delays").replace("\u00a0", " ")
    assert "Catégories de personnes" in rows(report, "missing"), "what the form asked for and nobody knew"
    timeline = rows(report, "timeline")
    assert "Mme Untel" in timeline and "personal_data." not in timeline, "facts are said in words"
    assert "Risque pour les personnes : un risque élevé" in timeline and "Peut-être dû" not in timeline


def test_people_add_to_it(desk, incident):
    path = f"/incidents/{incident}/closing"
    text = {"fr": "Un second facteur partout.", "en": "A second factor everywhere."}
    written = desk.director.ask("PUT", path, {"section": "lessons", "text": text})
    assert written.status == 200 and section(written.json, "lessons")["text"] == text
    assert section(desk.dpo.get(path), "lessons")["text"] == text
    assert desk.nurse.ask("PUT", path, {"section": "lessons", "text": text}).status == 403
    assert desk.director.ask("PUT", path, {"section": "rien", "text": text}).status == 422
    paper = desk.dpo.ask("GET", path + "?format=pdf")
    keep("closing.pdf", paper.body)
    text = pdf_text(paper.body)
    assert "Un second facteur partout." in text and "On coupe" in text
    assert "(person)" not in text and "(done)" not in text, "words of the program are not for readers"


def test_the_public_account_names_nobody(desk, incident):
    path = f"/incidents/{incident}/closing?redacted=true"
    page = desk.dpo.ask("GET", path + "&format=html")
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    keep("closing.html", page.body)
    paper = pdf_text(desk.dpo.ask("GET", path + "&format=pdf").body)
    data = desk.dpo.ask("GET", path).body.decode()
    for text in (page.body.decode(), paper, data):
        for secret in ("Nadia Benali", "Denise Petit", "directrice", "198.51.100.7", "Mme Untel", "06 00 00 00 01", "On coupe"):
            assert secret not in text, secret
    assert "Compte rendu public" in paper and "<script" not in page.body.decode()
    english = pdf_text(desk.dpo.ask("GET", path + "&format=pdf&language=en").body)
    assert "Telling the persons concerned" in english, "what a button's report is signed with is nobody's name"
    whole = desk.dpo.ask("GET", f"/incidents/{incident}/closing?format=html").body.decode()
    assert "&lt;script&gt;" in whole and "<script" not in whole


def test_the_handover_sheet(desk, incident):
    paper = desk.nurse.ask("GET", f"/incidents/{incident}/handover/paper")
    assert paper.status == 200, paper
    keep("releve.pdf", paper.body)
    text = pdf_text(paper.body)
    for wanted in ("Feuille de relève", "On coupe", "Sortant (nom, heure", "Catégories de personnes"):
        assert wanted in text, wanted
    assert desk.nurse.ask("GET", "/incidents/i_00000000000000000000000000/handover/paper").status == 404


def test_closing_over_a_duty_takes_two(desk):
    """Without a reason it is refused and nobody is asked; with one a second person must agree; where nothing is due one is enough."""
    incident = desk.breach("Fuite sans suite")
    path = f"/incidents/{incident}/close"
    assert desk.dpo.ask("POST", path, {}).status == 409
    asked = desk.dpo.ask("POST", path, {"reason": "Faux signalement"})
    assert asked.status == 202, asked
    approval = asked.json["approval"]["id"]
    assert desk.dpo.get(f"/incidents/{incident}")["incident"]["state"] == "open"
    assert desk.dpo.ask("POST", f"/approvals/{approval}/agree", {}).status == 403, "not one's own"
    assert desk.director.ask("POST", f"/approvals/{approval}/agree", {}).status == 200
    closed = desk.dpo.get(f"/incidents/{incident}")["incident"]
    assert closed["state"] == "closed" and closed["owing"] is True
    record = [one for one in desk.records("incident.closed") if one["subject"] == incident][-1]
    assert record["author"] == "Denise Petit" and "cnil-33" in record["body"]["left"]
    assert incident in [one["id"] for one in desk.dpo.get("/incidents")["incidents"]], "what it owes stays in sight"

    outage = desk.dpo.post("/incidents", {"kind": "outage"})["incident"]["id"]
    alone = desk.dpo.ask("POST", f"/incidents/{outage}/close", {"reason": "Une prise débranchée"})
    assert alone.status == 200 and alone.json["incident"]["state"] == "closed", alone
    again = desk.dpo.ask("POST", f"/incidents/{outage}/reopen", {"reason": "Elle recommence"})
    assert again.status == 200 and again.json["incident"]["state"] == "open"
    assert desk.nurse.ask("POST", f"/incidents/{outage}/reopen", {"reason": "x"}).status == 403
