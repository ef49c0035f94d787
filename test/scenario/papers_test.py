# SPDX-License-Identifier: EUPL-1.2
"""Papers out of a real, sandboxed hub: declarations filled in and blank, the register for an inspector."""
import hashlib
import json
import os
import re
import shlex
import subprocess

import pytest
import yaml

from support import console
from support.house import House


def pdf_text(data):
    """In reading order, with plain spaces, so that what is looked for can be typed."""
    text = subprocess.run(["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"], input=data, stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def pdf_pages(data):
    info = subprocess.run(["pdfinfo", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    return int(re.search(r"Pages:\s+(\d+)", info).group(1))


def codes(data, folder, page, top=None):
    """What a telephone reads from a page, or from so many points of its top: by zbar, as printed at 150 dots an inch."""
    (folder / "paper.pdf").write_bytes(data)
    part = [] if top is None else ["-x", "0", "-y", "0", "-W", "1240", "-H", str(top * 150 // 72)]
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", "-f", str(page), *part, folder / "paper.pdf",
                    folder / "page"], check=True)
    done = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", folder / "page.png"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    assert done.returncode in (0, 4), done  # 4: no code on this page
    return done.stdout.split()


def keep(name, data):
    """For those who want to look: GARDE_TEST_KEEP names a folder where the papers are kept."""
    folder = os.environ.get("GARDE_TEST_KEEP")
    if folder:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


class Desk:
    def __init__(self, house):
        self.house = house
        self.director = console.set_up(house)
        self.dpo = console.member(self.director, "Denise Petit", ["dpo"])
        self.auditor = console.member(self.director, "Inspecteur", ["auditor"])
        self.nurse = console.member(self.director, "Nadia Benali", ["declarant"])

    def breach(self, title="Messagerie lue par un tiers", risk="eleve"):
        """An incident in which personal data was seen; its obligations by rule."""
        incident = self.dpo.post("/incidents", {"kind": "leak", "title": {"fr": title, "en": "Mailbox read by a stranger"}})["incident"]["id"]
        self.answer(incident, "personal_data.confidentiality_hit", "oui")
        self.answer(incident, "personal_data.breach_qualified_at", "2026-11-20T08:00:00Z")
        self.answer(incident, "personal_data.risk", risk)
        self.answer(incident, "personal_data.nature", "Une boîte aux lettres a été lue <b>de l’extérieur</b>")
        self.answer(incident, "personal_data.persons_count", "1200")
        self.answer(incident, "personal_data.consequences", "Du courrier frauduleux au nom de l’hôpital")
        return incident

    def answer(self, incident, name, value):
        self.dpo.post(f"/incidents/{incident}/facts", {"name": name, "value": value})

    def obligations(self, incident):
        return {one["rule"]: one for one in self.dpo.get(f"/obligations?incident={incident}")["obligations"]}

    def records(self, kind):
        path = self.house.folder / "export.jsonl"
        path.unlink(missing_ok=True)
        done = self.house.command("journal", "export", path)
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [line["record"] for line in lines if "record" in line and line["record"]["type"] == kind]


@pytest.fixture(scope="module")
def desk(program):
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        yield Desk(house)


# ---- who said it ----

def test_what_a_person_reports_bears_that_name(desk):
    """An outage typed in at the desk: every record of it is Claire's, and no tool detected anything."""
    claire = console.member(desk.director, "Claire Riou", ["responder"])
    whole = claire.post("/incidents", {"kind": "outage", "subject": "laboratoire"})
    incident, facts = whole["incident"]["id"], whole["incident"]["facts"]
    assert "attack.running" not in facts and "detected_at" not in facts
    assert facts["discovered_at"]["author"] == "Claire Riou" and facts["services.touched"]["value"] == "laboratoire"
    mine = [one for kind in ("finding.seen", "incident.opened", "incident.fact") for one in desk.records(kind)
            if incident in json.dumps(one)]
    assert len(mine) >= 4 and {one["author"] for one in mine} <= {"Claire Riou", "config"}, mine
    duty = desk.obligations(incident)["cert-sante-grave"]["id"]
    text = desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format=text").body.decode()
    assert re.search(r"Détection automatique\s+inconnu à ce stade", text), text
    assert re.search(r"Découverte par la structure\s+\w+ \d", text), text


# ---- declarations ----

def test_a_declaration_in_three_forms(desk):
    incident = desk.breach()
    duty = desk.obligations(incident)["cnil-33"]["id"]
    paper = desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format=pdf")
    assert paper.status == 200 and paper.headers["Content-Type"] == "application/pdf", paper
    text = pdf_text(paper.body)
    keep("declaration.pdf", paper.body)
    for wanted in ("Hôpital de l’exercice", "1 200 personnes", "<b>de l’extérieur</b>", duty, "Signature"):
        assert wanted in text, text
    assert "declaration-cnil-33.pdf" in paper.headers["Content-Disposition"]
    record = desk.records("document.made")[-1]
    assert record["body"]["sha256"] == hashlib.sha256(paper.body).hexdigest()
    assert record["body"]["incident"] == incident and record["author"] == "Denise Petit"
    told = desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format=text")
    assert told.headers["Content-Type"].startswith("text/plain") and "1 200" in told.body.decode().replace("\u202f", " ")
    data = desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format=json&language=en")
    assert data.headers["Content-Type"].startswith("application/json") and json.loads(data.body)


def test_a_paper_for_each_phase(desk):
    """What has yet to go out: it names the one before it and marks what was learnt since."""
    incident = desk.breach()
    duty = desk.obligations(incident)["cnil-33"]["id"]

    def paper(phase, form="pdf"):
        return desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format={form}&phase={phase}")

    assert "Déclaration initiale." in pdf_text(paper("initial").body)
    early = paper("complement")
    assert early.status == 422 and "nothing was filed yet" in early.json["detail_en"]
    assert paper("closing").status == 422 and paper("last").status == 422
    desk.dpo.post(f"/obligations/{duty}/file", {"receipt": "CNIL-77", "late_reason": "exercice"})
    desk.answer(incident, "personal_data.records_count", "4300")
    answer = paper("complement")
    assert answer.status == 200 and "declaration-cnil-33-complement.pdf" in answer.headers["Content-Disposition"]
    keep("complement.pdf", answer.body)
    text = " ".join(pdf_text(answer.body).split())
    for wanted in ("Déclaration complémentaire, à la suite de celle du", "(reçu CNIL-77)", "À remettre", "Signature", "(nouveau)", "4 300"):
        assert wanted in text, text
    assert desk.records("document.made")[-1]["body"]["phase"] == "complement"
    form = json.loads(paper("complement", "json").body)
    news = {field["key"] for section in form["sections"] for field in section["fields"] if field["news"]}
    assert news == {"personal_data.records_count"}
    assert form["filing"]["phase"] == "complement" and form["filing"]["pending"] is True and form["filing"]["since"]
    assert "Nouveau\u00a0: " in paper("complement", "text").body.decode()
    desk.dpo.post(f"/obligations/{duty}/file", {"phase": "complement", "receipt": "CNIL-78"})
    closing = " ".join(pdf_text(paper("closing").body).split())
    assert "Déclaration de clôture" in closing and "CNIL-78" in closing and "(nouveau) :" in closing
    stands = " ".join(pdf_text(desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format=pdf").body).split())
    assert "Déclaration complémentaire" in stands and "CNIL-77" in stands and "Remise et signature" not in stands


def test_a_form_to_be_filled_in_by_hand(desk, tmp_path):
    incident = desk.breach()
    duty = desk.obligations(incident)["cnil-33"]["id"]
    paper = desk.nurse.ask("GET", f"/obligations/{duty}/declaration?blank=true")
    assert paper.status == 200, paper
    keep("vierge.pdf", paper.body)
    text = pdf_text(paper.body)
    assert incident in text and duty in text and "Hôpital de l’exercice" in text
    assert "☐ je ne sais pas" in text and "☐ un risque élevé" in text
    assert "1 200" not in text and "extérieur" not in text, "what is known is not on the blank form"
    assert codes(paper.body, tmp_path, 1, top=300) == [f"garde:{incident}:{duty}"]
    english = desk.nurse.ask("GET", f"/obligations/{duty}/declaration?blank=true&language=en")
    assert "☐ I do not know" in pdf_text(english.body)


def test_wrong_words_are_refused(desk):
    duty = desk.obligations(desk.breach())["cnil-33"]["id"]
    assert desk.dpo.ask("GET", f"/obligations/{duty}/declaration?format=doc").status == 422
    assert desk.dpo.ask("GET", f"/obligations/{duty}/declaration?blank=true&format=json").status == 422
    assert desk.dpo.ask("GET", "/obligations/o_00000000000000000000000000/declaration").status == 404


# ---- the register ----

def test_the_register_says_why_not(desk, tmp_path):
    told, silent = desk.breach("Une première"), desk.breach("Une seconde", risk="improbable")
    duties = desk.obligations(told)
    desk.dpo.post(f"/obligations/{duties['cnil-33']['id']}/file",
                  {"receipt": "CNIL-42", "at": "2026-11-21T10:00:00Z"})
    desk.dpo.post(f"/obligations/{duties['rgpd-34']['id']}/waive", {"reason": "effort disproportionné : avis public"})
    desk.answer(silent, "personal_data.not_notified_reason", "Boîte vide au moment des faits")
    breaches = {one["incident"]: one for one in desk.auditor.get("/register")["breaches"]}
    assert breaches[told]["authority"]["state"] == "filed" and "CNIL-42" in breaches[told]["authority"]["text"]["fr"]
    assert "effort disproportionné" in breaches[told]["persons"]["text"]["fr"]
    assert breaches[silent]["authority"]["state"] in ("void", "none"), breaches[silent]["authority"]
    assert breaches[silent]["authority"]["text"]["fr"].startswith("Non")
    first = desk.auditor.get("/register?limit=1")
    assert len(first["breaches"]) == 1 and first["next"] == first["breaches"][0]["incident"]
    rest = desk.auditor.get(f"/register?after={first['next']}")
    assert first["breaches"][0]["incident"] not in {one["incident"] for one in rest["breaches"]}

    assert desk.nurse.ask("GET", "/register/paper").status == 403
    paper = desk.auditor.ask("GET", "/register/paper")
    assert paper.status == 200 and pdf_pages(paper.body) >= 2
    keep("registre.pdf", paper.body)
    head = codes(paper.body, tmp_path, 1)
    assert head == codes(paper.body, tmp_path, 2) and re.fullmatch(r"GARDE:\d+:[0-9A-F]{64}", head[0]), head
    text = pdf_text(paper.body)
    for wanted in ("Registre des violations", "CNIL-42", "Boîte vide au moment des faits", "effort disproportionné"):
        assert wanted in text, wanted


# ---- the binder ----

def test_the_crisis_binder(desk):
    contacts = [{"name": "Cadre de garde", "role": "administrateur", "phone": "01 02 03 04 05", "calls": "Direction"}]
    assert desk.director.ask("PUT", "/contacts", {"contacts": contacts}).status == 200
    paper = desk.nurse.ask("GET", "/kit?language=fr")
    assert paper.status == 200, paper
    keep("kit.pdf", paper.body)
    text = pdf_text(paper.body)
    for wanted in ("Classeur de crise", "Cadre de garde", "01 02 03 04 05", "Que faire tout de suite", "F1 · Main courante",
                   "Rôle : secrétaire", "F3 · Relève", "Formulaire à remplir à la main", "--at",
                   "Notification d’une violation de données"):
        assert wanted in text, wanted
    english = desk.nurse.ask("GET", "/kit?language=en")
    assert "Crisis binder" in pdf_text(english.body) and "Typing the paper into Garde" in pdf_text(english.body)


def chapters(pages):
    """The contents as printed: (title, page)."""
    listed = re.findall(r"^ *(\S.*?) {2,}(\d+)$", "\n".join(pages[:2]), re.M)
    return [(title, int(page)) for title, page in listed]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_binder_is_whole(desk, source, language):
    """No empty page, the contents are true, and every step of every playbook is there."""
    pages = pdf_text(desk.nurse.ask("GET", f"/kit?language={language}").body).split("\f")[:-1]
    assert all(len(page.split()) > 40 for page in pages)
    listed = chapters(pages)
    assert len(listed) > 30 and all(title in pages[page - 1] for title, page in listed), listed
    flat = plain(" ".join(pages))
    for path in sorted((source / "data" / "playbooks").glob("*.yaml")):
        for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"]:
            assert plain(step["text"][language]) in flat, (path.name, step["key"])


def test_forms_of_the_binder_have_numbers_and_codes(desk, tmp_path):
    """Each button and each declaration of this kind of structure: numbered in order, and a telephone reads which it is."""
    paper = desk.nurse.ask("GET", "/kit?language=fr").body
    forms = [one for one in chapters(pdf_text(paper).split("\f")) if re.match(r"[BF]\d", one[0])]
    read = [code for _title, page in forms for code in codes(paper, tmp_path, page, top=300)]
    assert [code.rsplit(":", 1)[0] for code in read] == [f"garde:form:{title.split(' ')[0]}" for title, _page in forms]
    numbers = [code.split(":")[2] for code in read]
    assert numbers == [f"B{n}" for n in range(1, 7)] + [f"F{n}" for n in range(1, len(numbers) - 5)], read
    rules = [code.split(":")[3] for code in read]
    assert rules[:9] == ["mail-suspect", "clic", "compte-usurpe", "poste-bizarre", "service-en-panne", "fuite", "log", "calls",
                         "handover"]
    assert {"cert-sante-grave", "cert-sante-resolu", "cnil-33"} <= set(rules)
    assert "cert-sante-cabinet" not in rules, "a hospital does not declare as a practice does"


def plain(text):
    """As pdf_text gives it back."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_binder_from_the_command(desk, tmp_path, program):
    desk.director.ask("PUT", "/contacts", {"contacts": [{"name": "Standard", "phone": "01 99 99 99 99"}]})
    done = desk.house.command("kit", "--out", tmp_path / "papiers", "--language", "fr")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "papiers" / "classeur-de-crise.pdf"
    assert done.stdout.strip() == str(path)
    text = pdf_text(path.read_bytes())
    assert "01 99 99 99 99" in text and "enregistrements ; tête" in text
    assert desk.house.command("kit", "--language", "de").returncode == 2


def test_the_binder_when_nothing_runs(program, tmp_path):
    with House(program, edge=False) as house:
        done = house.command("kit", "--out", tmp_path, "--language", "en")
        assert done.returncode == 0 and "no call tree" in done.stderr + done.stdout or "sans annuaire" in done.stderr
        assert "Crisis binder" in pdf_text((tmp_path / "crisis-binder.pdf").read_bytes())


# ---- what the binder tells people to type ----

@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_printed_commands_work(desk, tmp_path, language):
    """Every command on the paper, typed as it stands there, its capitals filled in."""
    assert desk.house.command("kit", "--out", tmp_path, "--language", language).returncode == 0
    text = pdf_text(next(tmp_path.iterdir()).read_bytes())
    printed = re.findall(r"^\W*(garde (?:incident|declare|journal|measure|status)[^\n]*)$", text, re.MULTILINE)
    assert len(printed) >= 2, printed
    for line in printed:
        incident = desk.breach()
        values = {"INCIDENT": incident, "NOM": "personal_data.persons_count", "NAME": "personal_data.persons_count", "VALEUR": "12",
                  "VALUE": "12", "REGLE": "cnil-33", "RULE": "cnil-33", "NUMERO": "VD-1", "NUMBER": "VD-1",
                  "HEURE": "2026-11-21 10:30", "TIME": "2026-11-21 10:30"}
        words = [values.get(word, word) for word in shlex.split(line)[1:]]
        done = desk.house.command(*words, "--author", "Anne Martin")
        assert done.returncode == 0, (line, done.stderr)
        if "fact" in words:
            fact = desk.dpo.get(f"/incidents/{incident}")["incident"]["facts"]["personal_data.persons_count"]
            assert fact["value"] == 12 and fact["at"] == "2026-03-22T10:05:00.000Z", "11:05 in Paris"
        if "declare" in words:
            assert desk.obligations(incident)["cnil-33"]["filed"] == "2026-11-21T09:30:00.000Z"


def test_a_program_says_the_offset(desk):
    incident = desk.breach()
    answer = desk.dpo.ask("POST", f"/incidents/{incident}/notes", {"text": "x", "at": "2026-03-22 11:05"})
    assert answer.status == 422 and "2020-03-22T11:05:00+01:00" in answer.json["detail_en"]
