# SPDX-License-Identifier: EUPL-1.2
"""Letters out of a real, sandboxed hub: a table in, one file out, nobody's name in the journal or the log."""
import base64
import hashlib
import json
import os
import stat

import pytest

from scenario.papers_test import Desk, keep, pdf_pages, pdf_text
from support import console
from support.house import House
from support.wait import wait_until

TABLE = ("Civilité;Nom;Prénom;Adresse 1;CP;Ville;IPP\r\n"
         "Madame;Quimerc’h-Essai;Zoé;12 rue de l’Œuvre;29200;Brest;884-SECRET\r\n"
         ";Sansadresse;Jean;;;;885\r\n"
         "Monsieur;Kerlivet;Yann;1 place A;29000;Quimper;886\r\n")


@pytest.fixture(scope="module")
def desk(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Desk(house)


def breach(desk):
    """One of which is known whom to ask; the rest of what a letter could say is not, and it is asked for as it is."""
    incident = desk.breach()
    desk.answer(incident, "personal_data.contact", "le secrétariat, 02 99 99 99 99")
    return incident


def made(client, letters, seconds=60):
    """The batch once it is over."""
    def over():
        now = client.get(f"/letters/{letters}")
        assert now["done"] <= now["total"]
        return now if now["state"] not in ("waiting", "making") else None
    return wait_until(over, seconds=seconds, what="the letters are made")


def files(desk):
    return sorted(path.name for path in (desk.house.folder / "state" / "hub" / "letters").iterdir())


def test_a_table_becomes_letters(desk):
    incident = breach(desk)
    path = f"/incidents/{incident}/letters"
    assert {one["id"] for one in desk.dpo.get("/letters/templates")["templates"]} >= {
        "patients", "avis-public", "operateur-de-messagerie", "correspondants", "destinataires", "plainte"}
    look = desk.dpo.post(path, {"template": "patients", "csv": TABLE, "check": True})["check"]
    assert look["good"] == 2 and look["bad"] == 1 and look["rows"][0]["row"] == 3 and look["encoding"] == "utf-8"
    refused = desk.dpo.ask("POST", path, {"template": "patients", "csv": TABLE, "incomplete": True})
    assert refused.status == 422 and "3 (pas d’adresse)" in refused.json["detail_fr"]
    assert "Sansadresse" not in refused.body.decode()
    assert desk.nurse.ask("POST", path, {"template": "patients", "csv": TABLE}).status == 403
    assert files(desk) == []

    begun = desk.dpo.post(path, {"template": "patients", "leave_out": True, "incomplete": True,
                                 "csv64": base64.b64encode(TABLE.encode("cp1252")).decode()})
    assert begun["total"] == 2 and begun["left_out"] == 1 and begun["incident"] == incident
    letters = begun["id"]
    done = made(desk.dpo, letters)
    assert done["state"] == "made" and done["done"] == 2 and done["csv_sha256"] == hashlib.sha256(TABLE.encode("cp1252")).hexdigest()
    answer = desk.dpo.ask("GET", f"/letters/{letters}/file")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/pdf"
    keep("lettres.pdf", answer.body)
    assert hashlib.sha256(answer.body).hexdigest() == done["pdf_sha256"] and pdf_pages(answer.body) == done["pages"]
    text = pdf_text(answer.body)
    for wanted in ("Madame Zoé Quimerc’h-Essai", "29200 BREST", "884-SECRET", "Une boîte aux lettres a été lue", "Yann Kerlivet", "n° 2"):
        assert wanted in text, text
    assert files(desk) == [f"{letters}.pdf"], "the table goes as soon as its letters are there"
    mode = (desk.house.folder / "state" / "hub" / "letters" / f"{letters}.pdf").stat()
    assert stat.S_IMODE(mode.st_mode) == 0o600 and mode.st_uid == 64211
    assert desk.auditor.ask("GET", f"/letters/{letters}/file").status == 403
    assert [one["id"] for one in desk.auditor.get(path)["letters"]] == [letters]

    sent = desk.dpo.post(f"/letters/{letters}/sent", {"from": 1, "to": 2, "way": "Recommandé", "tracking": "1A 234",
                                                       "at": "2026-11-21T16:00:00Z"})
    assert sent["sent"][0]["tracking"] == "1A 234" and sent["sent"][0]["by"] == "Denise Petit"
    assert desk.dpo.ask("POST", f"/letters/{letters}/sent", {"from": 2, "to": 1, "way": "x"}).status == 422
    proof = desk.auditor.ask("GET", f"/letters/{letters}/proof")
    keep("preuve.pdf", proof.body)
    assert proof.status == 200 and "1A 234" in pdf_text(proof.body) and "Quimerc" not in pdf_text(proof.body)

    assert desk.dpo.ask("POST", f"/letters/{letters}/erase", {"reason": ""}).status == 422
    assert desk.dpo.post(f"/letters/{letters}/erase", {"reason": "tout est parti"})["state"] == "erased"
    assert files(desk) == [] and desk.dpo.ask("GET", f"/letters/{letters}/file").status == 404
    assert desk.dpo.ask("POST", f"/letters/{letters}/erase", {"reason": "encore"}).status == 409
    path = desk.house.folder / "all.jsonl"
    assert desk.house.command("journal", "export", path).returncode == 0
    for secret in ("Quimerc", "Sansadresse", "SECRET", "Kerlivet"):
        assert secret not in path.read_text(), "nobody a letter went to is in the journal"
        assert secret not in desk.house.said(), "nor in the log"


def test_a_letter_says_what_the_journal_shows(desk):
    """Nothing filed, nothing stopped, only a plan: the letter claims neither; once the CNIL is told, it says when."""
    incident = breach(desk)
    desk.answer(incident, "personal_data.measures_planned", "Une double authentification sera exigée")

    def notice():
        begun = desk.dpo.post(f"/incidents/{incident}/letters", {"template": "avis-public", "incomplete": True})
        assert made(desk.dpo, begun["id"])["state"] == "made"
        return " ".join(pdf_text(desk.dpo.ask("GET", f"/letters/{begun['id']}/file").body).split())

    before = notice()
    assert "elles ont pu être vues ou prises" in before and "il n’est pas encore possible de dire ce qui a été fait" in before
    assert "Mesures prévues Une double authentification" in before, before
    for claim in ("arrêté", "renforcé", "Prévenus", "a cessé"):
        assert claim not in before, claim
    duty = desk.obligations(incident)["cnil-33"]["id"]
    desk.dpo.post(f"/obligations/{duty}/file", {"at": "2026-11-21T10:00:00Z"})
    after = notice()
    assert "Prévenus : Commission nationale de l’informatique et des libertés (CNIL), le samedi 21 novembre 2026" in after, after
    assert "ce qui a été fait" not in after


def test_what_is_missing_is_said_before(desk):
    """No officer, no address, no answer: no letter, whoever insists. Then what is vague must be wanted so. Then nothing is in the way."""
    incident = desk.breach()
    path = f"/incidents/{incident}/letters"

    def missing():
        return {one["field"]: one for one in desk.auditor.get(f"{path}/missing?template=avis-public")["missing"]}

    assert missing()["contact"]["blank"] and missing()["contact"]["label"]["fr"].startswith("À qui s’adresser")
    refused = desk.dpo.ask("POST", path, {"template": "avis-public", "incomplete": True})
    assert refused.status == 422 and "À qui s’adresser" in refused.json["detail_fr"], refused
    assert "Whom to ask" in refused.json["detail_en"] and "Mesures" not in refused.json["detail_fr"]

    desk.answer(incident, "personal_data.contact", "le secrétariat, 02 99 99 99 99")
    assert "contact" not in missing() and not missing()["personal_data.measures_planned"]["blank"]
    refused = desk.dpo.ask("POST", path, {"template": "avis-public"})
    assert refused.status == 409 and "« Mesures envisagées »" in refused.json["detail_fr"], refused

    desk.answer(incident, "personal_data.person_categories", "Les patients de cardiologie")
    desk.answer(incident, "personal_data.measures_planned", "Une double authentification")
    desk.answer(incident, "ended_at", "2026-11-20T09:00:00Z")
    assert missing() == {}
    begun = desk.dpo.post(path, {"template": "avis-public"})
    assert made(desk.dpo, begun["id"])["state"] == "made"
    text = " ".join(pdf_text(desk.dpo.ask("GET", f"/letters/{begun['id']}/file").body).split())
    assert "Pour toute question : le secrétariat, 02 99 99 99 99." in text and "…" not in text, text
    assert desk.dpo.ask("GET", f"{path}/missing?template=rien").status == 404


@pytest.mark.parametrize(("template", "body", "wanted"), [
    ("plainte", {"recipient": "Commissariat central\n1 place d’Armes\n29200 Brest"}, "porte plainte contre X"),
    ("operateur-de-messagerie", {"recipient": "Opérateur", "language": "en"}, "Compromised mailbox"),
    ("avis-public", {}, "Cet avis remplace une lettre à chacun (RGPD, art. 34(3)(c))"),
    ("patients", {"recipient": "Zoé Essai\n29200 Brest"}, "Zoé Essai"),
])
def test_one_letter(desk, template, body, wanted):
    incident = breach(desk)
    begun = desk.dpo.post(f"/incidents/{incident}/letters", {"template": template, "incomplete": True, **body})
    done = made(desk.dpo, begun["id"])
    assert done["state"] == "made" and done["total"] == 1, done
    paper = desk.dpo.ask("GET", f"/letters/{begun['id']}/file").body
    keep(f"{template}.pdf", paper)
    assert wanted in " ".join(pdf_text(paper).split())


def test_the_words_for_a_mail(desk):
    """Correspondents are told by a mail from another address: text to copy, the same as JSON; a record says that it was made."""
    incident = breach(desk)
    desk.answer(incident, "report.account", "secretariat@hopital.example")
    path = f"/incidents/{incident}/letters/text?template=correspondants"
    answer = desk.dpo.ask("GET", path)
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain"), answer
    text = answer.body.decode()
    assert text.startswith("Objet : Messages frauduleux en notre nom") and "secretariat@hopital.example" in text
    assert "Madame, Monsieur," in text and "Anne Martin, RSSI, rssi@hopital.example, 01 00 00 00 00" in text and "{" not in text
    record = desk.records("document.made")[-1]
    assert record["body"]["sha256"] == hashlib.sha256(answer.body).hexdigest() and record["body"]["incident"] == incident
    told = desk.dpo.ask("GET", path + "&format=json&language=en")
    assert told.headers["Content-Type"].startswith("application/json")
    data = json.loads(told.body)
    assert data["subject"] == "Fraudulent messages in our name: do not trust them" and data["reference"] == incident
    assert {one["kind"] for one in data["parts"]} == {"text", "heading", "point"}
    assert desk.dpo.ask("GET", path + "&format=doc").status == 422
    assert desk.dpo.ask("GET", f"/incidents/{incident}/letters/text?template=patients").status == 409
    assert desk.dpo.ask("GET", f"/incidents/{incident}/letters/text?template=patients&incomplete=true").status == 200
    assert desk.nurse.ask("GET", path).status == 403


@pytest.mark.parametrize(("body", "status"), [
    ({"template": "patients"}, 422),
    ({"template": "rien", "csv": TABLE}, 404),
    ({"template": "avis-public", "csv": TABLE}, 422),
    ({"template": "plainte", "csv": TABLE}, 422),
    ({"template": "patients", "csv": "bonjour"}, 422),
    ({"template": "patients", "csv64": "é"}, 422),
    ({"template": "patients", "csv": "Nom;Ville;CP\n"}, 422),
])
def test_what_is_refused(desk, body, status):
    incident = breach(desk)
    answer = desk.dpo.ask("POST", f"/incidents/{incident}/letters", {"incomplete": True, **body})
    assert answer.status == status, answer
    assert not any(name.endswith(".csv") for name in files(desk))


def big_table(count):
    rows = "".join(f"M.;Nom{n};Prénom;{n} rue de la Paix;29200;Brest;{n}\n" for n in range(count))
    return "Civilité;Nom;Prénom;Adresse 1;CP;Ville;IPP\n" + rows


def test_a_batch_is_stopped(desk):
    incident = breach(desk)
    begun = desk.dpo.post(f"/incidents/{incident}/letters", {"template": "patients", "csv": big_table(20000), "incomplete": True})
    waiting = desk.dpo.post(f"/incidents/{incident}/letters", {"template": "avis-public", "incomplete": True})
    wait_until(lambda: desk.dpo.get(f"/letters/{begun['id']}")["done"] > 0, seconds=30, what="progress")
    assert desk.dpo.get(f"/letters/{waiting['id']}")["state"] == "waiting"
    assert desk.dpo.ask("GET", f"/letters/{begun['id']}/file").status == 409
    desk.dpo.post(f"/letters/{begun['id']}/stop")
    done = made(desk.dpo, begun["id"])
    assert done["state"] == "stopped" and 0 < done["done"] < 20000
    assert made(desk.dpo, waiting["id"])["state"] == "made"
    assert f"{begun['id']}.csv" not in files(desk) and f"{begun['id']}.pdf" not in files(desk)
    assert desk.dpo.ask("POST", f"/letters/{begun['id']}/stop").status == 409


def test_a_kill_in_the_middle(desk):
    """The batch is taken up again from the first letter; nothing is lost, nothing twice in the file."""
    incident = breach(desk)
    begun = desk.dpo.post(f"/incidents/{incident}/letters", {"template": "patients", "csv": big_table(3000), "incomplete": True})
    wait_until(lambda: desk.dpo.get(f"/letters/{begun['id']}")["done"] > 0, seconds=30, what="progress")
    before = console.where(desk.house)["url"]
    desk.house.kill("garde-hub")
    wait_until(lambda: console.where(desk.house)["url"] != before, seconds=30, what="the hub listens again")
    client = console.Client(console.where(desk.house))
    client.log_in("Denise Petit")
    done = made(client, begun["id"], seconds=120)
    assert done["state"] == "made" and done["done"] == 3000
    paper = client.ask("GET", f"/letters/{begun['id']}/file").body
    assert pdf_pages(paper) == done["pages"]
    assert hashlib.sha256(paper).hexdigest() == done["pdf_sha256"]
