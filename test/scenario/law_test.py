# SPDX-License-Identifier: EUPL-1.2
"""From a finding to the last paper: what the hub makes of it, what people answer, what the law asks, what is kept.

No packet flows here: the test plays the edge over the hub's socket (support/house.py, Sensor) with floods that are made
up and say so. Real floods are drill_test.py's and bad_luck_test.py's.
"""
import contextlib
import datetime
import json
import os
import pty
import re
import shlex
import sqlite3
import subprocess

import pytest

from support.house import House, Sensor
from support.wait import wait_until

ANNE = ("--author", "Anne Martin")
HOUSE_NAME = "Hôpital de l’exercice"


@pytest.fixture
def hub(root, program):
    with House(program, edge=False) as standing:
        standing.start()
        yield standing


def open_incident(hub, **evidence):
    with Sensor(hub) as sensor:
        return sensor.finding("begins", countries={"US": 0.31, "CN": 0.2}, kinds="udp", **evidence)


def show(hub, incident):
    return hub.garde("incident", "show", incident)


def fact(hub, incident, name, value, *more):
    return hub.garde("incident", "fact", incident, name, value, *ANNE, *more)


def duty(answer, rule):
    """The one obligation of this rule; None where there is none."""
    found = [one for one in answer["obligations"] if one["rule"] == rule]
    assert len(found) <= 1
    return found[0] if found else None


def refused(hub, *words):
    """One sentence on stderr, exit 1, and nothing changed: the sentence."""
    records = hub.status()["journal"]["records"]
    done = hub.command(*words)
    assert done.returncode == 1, done.stdout
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("garde: "), done.stderr
    assert hub.status()["journal"]["records"] == records
    return lines[0]


def utc(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of(pdf):
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], stdout=subprocess.PIPE, text=True, check=True).stdout


def test_a_finding_opens_an_incident_and_what_follows_is_due(hub):
    assert hub.garde("incident", "list") == {"incidents": []}
    incident = open_incident(hub)
    assert [one["id"] for one in hub.garde("incident", "list")["incidents"]] == [incident]
    answer = show(hub, incident)
    facts = answer["incident"]["facts"]
    assert facts["attack.peak_pps"]["value"] == 20000 and facts["structure.kind"]["author"] == "config"
    assert answer["findings"][0]["why"]["fr"]
    assert answer["incident"]["gravity"] == "grave" and answer["incident"]["gravity_by"] == "rule"
    assert duty(answer, "cert-sante-grave")["state"] == "due"
    assert duty(answer, "cert-sante-significatif")["state"] == "possible", "nobody knows yet how far it reaches"
    assert duty(answer, "cnil-33")["state"] == "possible"
    lines = hub.command("incident", "show", incident).stdout
    assert "Attaque par saturation contre portail" in lines and "SANS DÉLAI" in lines


def test_the_same_finding_twice_is_one_and_a_second_wave_joins(hub):
    with Sensor(hub) as sensor:
        twice = "f_" + 26 * "7"
        first = sensor.finding("begins", finding=twice)
        records = hub.status()["journal"]["records"]
        assert sensor.finding("begins", finding=twice) == first, "an answer that got lost on the way is asked for again"
        assert hub.status()["journal"]["records"] == records
        assert sensor.finding("ends") == first
        assert sensor.finding("begins", peak_pps=90000) == first, "a second wave of the same flood"
        other = sensor.finding("begins", subject="messagerie")
        assert other == first, "another service hit while the first is: one matter"
    answer = show(hub, first)
    assert len(answer["findings"]) == 4
    assert answer["incident"]["facts"]["attack.peak_pps"]["value"] == 90000
    assert answer["incident"]["facts"]["services.touched"]["value"] == "portail, messagerie"


def test_the_end_of_nothing_opens_no_incident(hub):
    with Sensor(hub) as sensor:
        assert sensor.finding("ends", peak_pps=0) == ""
        assert hub.garde("incident", "list", "--all")["incidents"] == []
        assert sensor.finding("ends", peak_pps=9000), "an attack whose beginning got lost is one all the same"


def test_a_measure_ends_though_nobody_said_so(hub):
    measure = hub.garde("measure", "ask", "signature", "portail", "--selector", '{"protocol":1}', *ANNE)["measure"]["id"]
    short = hub.garde("measure", "ask", "signature", "portail", "--selector", '{"protocol":1}', "--for", "1",
                      *ANNE)["measure"]["id"]

    def states():
        return {one["id"]: one["state"] for one in hub.garde("measure", "list", "--all")["measures"]}

    with Sensor(hub) as sensor:
        standing = {"type": "traffic", "services": [{"name": "portail", "measures": {measure: [0, 0, 0]}}]}
        sensor.send(standing)
        assert states()[measure] == "proposed"
        hub.garde("measure", "lift", measure, *ANNE)
        sensor.send(standing)
        sensor.finding("begins")  # answered after the report before it
    assert states()[measure] == "proposed", "it stands, whatever was asked"
    with Sensor(hub) as sensor:
        nothing = {"type": "traffic", "services": [{"name": "portail", "measures": {}}]}

        def ended():
            sensor.send(nothing)
            return states() == {measure: "lifted", short: "expired"}

        wait_until(ended, seconds=20, what="what stands nowhere has ended")


def test_answers_are_known_unknown_or_refused(hub):
    incident = open_incident(hub)
    told = fact(hub, incident, "care.safety_hit", "non")["incident"]["facts"]["care.safety_hit"]
    assert (told["state"], told["value"], told["author"]) == ("known", False, "Anne Martin")
    told = fact(hub, incident, "care.safety_hit", "?")["incident"]["facts"]["care.safety_hit"]
    assert (told["state"], told["value"]) == ("unknown", None)
    told = fact(hub, incident, "discovered_at", "2020-03-20T10:05:00+01:00", "--at",
                "2020-03-20T10:06:00+01:00")["incident"]["facts"]["discovered_at"]
    assert utc(told["value"]) == utc("2020-03-20T09:05:00Z")
    assert utc(told["at"]) == utc("2020-03-20T09:06:00Z"), "the time of the event"
    assert utc(told["entered"]) > utc("2020-03-20T10:00:00Z"), "is kept apart from the time of typing"

    assert "care.safty_hit" in refused(hub, "incident", "fact", incident, "care.safty_hit", "non", *ANNE)
    assert "beaucoup" in refused(hub, "incident", "fact", incident, "attack.sources", "beaucoup", *ANNE)
    assert "hier" in refused(hub, "incident", "fact", incident, "discovered_at", "?", *ANNE, "--at", "hier")
    assert "--author" in refused(hub, "incident", "fact", incident, "care.safety_hit", "non", "--author", "edge")
    assert "incident list" in refused(hub, "incident", "fact", "i_" + 26 * "0", "care.safety_hit", "non", *ANNE)


def test_gravity_is_a_persons_to_decide_and_stays_decided(hub):
    incident = open_incident(hub)
    assert refused(hub, "incident", "fact", incident, "gravity", "significatif", "--author", "edge")
    assert "significatif" in refused(hub, "incident", "fact", incident, "gravity", "énorme", *ANNE)
    decided = fact(hub, incident, "gravity", "significatif")["incident"]
    assert (decided["gravity"], decided["gravity_by"]) == ("significatif", "Anne Martin")
    with Sensor(hub) as sensor:
        assert sensor.finding("continues") == incident
    after = show(hub, incident)
    assert (after["incident"]["gravity"], after["incident"]["gravity_by"]) == ("significatif", "Anne Martin")
    assert duty(after, "cert-sante-significatif")["state"] == "due"
    assert duty(after, "cert-sante-grave")["state"] == "void", "the graver one takes its place"


def test_the_cnil_clock_counts_72_hours_from_the_qualified_time(hub):
    incident = open_incident(hub)
    before = duty(fact(hub, incident, "personal_data.availability_hit", "oui"), "cnil-33")
    assert before["state"] == "due" and before["clock_started"] is None and before["due"] is None
    assert refused(hub, "incident", "fact", incident, "personal_data.breach_qualified_at", "2020-03-20T09:00:00Z",
                   "--author", "edge")
    # A Friday: hours run through the weekend.
    running = duty(fact(hub, incident, "personal_data.breach_qualified_at", "2020-03-20T18:30:00+01:00"), "cnil-33")
    assert utc(running["clock_started"]) == utc("2020-03-20T17:30:00Z")
    assert utc(running["due"]) - utc(running["clock_started"]) == datetime.timedelta(hours=72)
    exempt = fact(hub, incident, "personal_data.risk", "improbable")
    assert duty(exempt, "cnil-33")["state"] == "void" and "improbable" in duty(exempt, "cnil-33")["why"]["fr"]
    assert duty(exempt, "rgpd-33-5-register")["state"] == "due", "the register keeps every breach"


def declare(hub, folder, incident, *words):
    return hub.garde("declare", incident, *words, "--out", folder, *ANNE)


def test_papers_say_what_is_known_and_what_is_not(hub, tmp_path):
    incident = open_incident(hub)
    fact(hub, incident, "personal_data.availability_hit", "oui")
    answer = declare(hub, tmp_path, incident)
    assert answer["incident"] == incident
    rules = {one["rule"] for one in answer["declarations"]}
    assert rules == {"cert-sante-grave", "cnil-33", "rgpd-33-5-register"}, "only what is owed"
    for one in answer["declarations"]:
        seen = text_of(one["pdf"])
        # The register is the house's own: it need not name the house in its fields.
        assert HOUSE_NAME in " ".join(seen.split()) or one["rule"] == "rgpd-33-5-register"
        assert "inconnu à ce stade" in " ".join(seen.split())
        spoken = open(one["text"], encoding="utf-8").read()
        assert "inconnu à ce stade" in " ".join(spoken.split())
        form = json.load(open(one["json"], encoding="utf-8"))
        assert incident in json.dumps(form)
    records = hub.garde("journal", "export", tmp_path / "export")["records"]
    made = [line for line in map(json.loads, open(tmp_path / "export", encoding="utf-8"))
            if line.get("record", {}).get("type") == "declaration.made"]
    assert len(made) == 3 and records > 3
    assert declare(hub, tmp_path / "one", incident, "cnil-33")["declarations"][0]["rule"] == "cnil-33"
    assert "rien de tel" in hub.command("declare", incident, "no-such-rule", "--out", tmp_path).stderr
    english = hub.command("declare", incident, "cnil-33", "--out", tmp_path / "en", *ANNE, "--lang=en")
    assert "Notification of a personal data breach" in english.stdout


def test_papers_of_a_phase(hub, tmp_path):
    """By command, with the hub and without."""
    incident = open_incident(hub)
    fact(hub, incident, "personal_data.availability_hit", "oui")
    assert "premier dépôt est l’initial" in refused(hub, "declare", incident, "cert-sante-grave", "--phase", "closing", "--out", tmp_path)
    assert hub.command("declare", incident, "--phase", "last", "--out", tmp_path).returncode == 2
    hub.garde("declare", incident, "cert-sante-grave", "--filed", "--receipt", "CS-42", *ANNE)
    made = declare(hub, tmp_path, incident, "--phase", "closing")["declarations"]
    assert [one["rule"] for one in made] == ["cert-sante-grave"], "what was not filed has nothing to close"
    assert made[0]["pdf"].endswith("/declaration-cert-sante-grave-closing.pdf")
    assert "Déclaration de clôture, à la suite de celle du" in " ".join(text_of(made[0]["pdf"]).split())
    hub.stop()
    done = hub.command("declare", incident, "cert-sante-grave", "--phase", "complement", "--out", tmp_path, *ANNE)
    assert done.returncode == 0 and (tmp_path / "declaration-cert-sante-grave-complement.txt").exists()


def test_papers_that_cannot_be_written_are_said_to_be_missing(hub, tmp_path):
    incident = open_incident(hub)
    (tmp_path / "file").write_text("in the way")
    assert "file" in refused(hub, "declare", incident, "cert-sante-grave", "--out", tmp_path / "file" / "papers")


def test_papers_are_made_without_the_hub_too(hub, tmp_path):
    incident = open_incident(hub)
    hub.stop()
    done = hub.command("declare", incident, "--out", tmp_path, *ANNE, "--json")
    assert done.returncode == 0 and "le journal ne le sait pas" in done.stderr
    assert json.loads(done.stdout)["declarations"][0]["rule"] == "cert-sante-grave", "one value and no other"
    assert (tmp_path / "declaration-cert-sante-grave.pdf").exists()


def test_closing_waits_for_what_is_owed(hub):
    incident = open_incident(hub)
    assert "Déclaration d’un incident grave" in refused(hub, "incident", "close", incident, *ANNE)
    filed = hub.garde("declare", incident, "cert-sante-grave", "--filed", "--receipt", "CS-42", "--at",
                      "2020-03-21T09:00:00+01:00", *ANNE)
    one = duty(filed, "cert-sante-grave")
    assert (one["state"], one["receipt"], one["filed_by"]) == ("filed", "CS-42", "Anne Martin")
    assert utc(one["filed"]) == utc("2020-03-21T08:00:00Z")
    assert refused(hub, "declare", incident, "cert-sante-grave", "--filed", *ANNE), "handed in once"
    assert refused(hub, "declare", incident, "no-such-rule", "--filed", *ANNE)
    hub.garde("incident", "close", incident, *ANNE, "--reason", "exercice")
    assert refused(hub, "incident", "close", incident, *ANNE)
    assert hub.garde("incident", "list") == {"incidents": []}
    assert [one["id"] for one in hub.garde("incident", "list", "--all")["incidents"]] == [incident]


def test_closing_without_a_word_means_that_all_is_answered(hub):
    """A leak that somebody reported: nothing is due as nothing was answered, which is no reason to close it. Nobody is no author."""
    incident = open_incident(hub)
    assert "garde: " in refused(hub, "incident", "close", incident, "--reason", "fini"), "root is no person"
    for name in ("availability.hit", "functioning.hit", "functioning.at_risk"):
        fact(hub, incident, name, "non")
    assert "personne n’a décidé de la gravité" in refused(hub, "incident", "close", incident, *ANNE)
    fact(hub, incident, "gravity", "mineur")
    assert "autres, faute de réponses" in refused(hub, "incident", "close", incident, *ANNE)
    fact(hub, incident, "structure.insured", "je ne sais pas")
    for name in ("personal_data.confidentiality_hit", "personal_data.integrity_hit", "personal_data.availability_hit",
                 "care.patient_harmed", "structure.nis2", "structure.essential_operator"):
        fact(hub, incident, name, "non")
    said = refused(hub, "incident", "close", incident, *ANNE)
    assert "Dépôt de plainte pour l’assurance cyber" in said and "violation" not in said, "what nobody knows wants a word, too"
    fact(hub, incident, "structure.insured", "non")
    assert hub.garde("incident", "close", incident, *ANNE)["incident"]["state"] == "closed"


def test_what_was_left_open_stands_in_the_record(hub, tmp_path):
    incident = open_incident(hub)
    hub.garde("incident", "close", incident, *ANNE, "--reason", "exercice terminé")
    record = [line["record"] for line in exported(hub, tmp_path / "left") if line.get("record", {}).get("type") == "incident.closed"][-1]
    assert record["author"] == "Anne Martin" and record["body"]["gravity_decided"] is False
    assert {"cert-sante-grave", "cnil-33"} <= set(record["body"]["left"])


def test_closing_with_a_reason_and_waiving_are_written_down(hub):
    incident = open_incident(hub)
    fact(hub, incident, "personal_data.availability_hit", "oui")
    waived = hub.garde("declare", incident, "cnil-33", "--waive", "--reason", "déjà notifiée sur papier", *ANNE)
    assert duty(waived, "cnil-33")["state"] == "waived"
    assert hub.command("declare", incident, "cnil-33", "--waive", *ANNE).returncode == 2, "why is not optional"
    closed = hub.garde("incident", "close", incident, *ANNE, "--reason", "exercice terminé")
    assert closed["incident"]["state"] == "closed"


def test_a_closed_incident_that_owes_is_seen_and_can_be_reopened(hub):
    """What makes a duty due after the closing shows wherever somebody looks, until it is done, waived or the incident open again."""
    incident = open_incident(hub)
    hub.garde("declare", incident, "cert-sante-grave", "--filed", *ANNE)
    closed = hub.garde("incident", "close", incident, *ANNE, "--reason", "exercice terminé")
    assert closed["incident"].get("owing", False) is False and hub.garde("incident", "list")["incidents"] == []

    fact(hub, incident, "personal_data.confidentiality_hit", "oui")
    late = fact(hub, incident, "personal_data.breach_qualified_at", "2020-03-22T09:00:00Z")
    assert late["incident"]["state"] == "closed" and late["incident"]["owing"] is True
    assert [one["id"] for one in hub.garde("incident", "list")["incidents"]] == [incident]
    shown = hub.status()
    assert [one["id"] for one in shown["incidents"]] == [incident] and shown["open_incidents"] == 0
    assert duty(shown["incidents"][0], "cnil-33")["state"] == "due"
    assert "fermé et doit encore" in hub.command("incident", "list").stdout

    hub.kill("garde-hub")
    hub.wait_hub()
    assert [one["id"] for one in hub.status()["incidents"]] == [incident], "a restart does not forget it"
    for rule in ("cnil-33", "rgpd-33-5-register"):
        hub.garde("declare", incident, rule, "--waive", "--reason", "exercice", *ANNE)
    assert hub.status()["incidents"] == []

    assert hub.command("incident", "reopen", incident, *ANNE).returncode == 2, "why is not optional"
    again = hub.garde("incident", "reopen", incident, *ANNE, "--reason", "Une fuite est apparue")
    assert again["incident"]["state"] == "open" and again["incident"]["closed"] is None
    assert refused(hub, "incident", "reopen", incident, *ANNE, "--reason", "encore")
    records = [line["record"] for line in exported(hub, hub.folder / "reopened") if "record" in line]
    assert [one["author"] for one in records if one["type"] == "incident.reopened"] == ["Anne Martin"]
    note = [one for one in records if one["type"] == "note"][-1]
    assert note["body"]["about"] == "incident.reopened" and "fuite" not in json.dumps(note["body"], ensure_ascii=False)
    hub.garde("incident", "close", incident, *ANNE, "--reason", "exercice terminé")
    assert hub.status()["incidents"] == []


def test_what_was_declared_is_owed_its_resolution(hub):
    """Filed as grave, whoever found it so: the end is asked for, then owed; nobody decided the gravity."""
    incident = open_incident(hub)
    filed = hub.garde("declare", incident, "cert-sante-grave", "--filed", *ANNE)
    assert filed and duty(show(hub, incident), "cert-sante-resolu")["state"] == "possible"
    answer = fact(hub, incident, "resolved_at", "2020-03-23T09:00:00Z")
    assert duty(answer, "cert-sante-resolu")["state"] == "due"
    assert "résolution de l’incident" in refused(hub, "incident", "close", incident, *ANNE)
    hub.garde("declare", incident, "cert-sante-resolu", "--filed", *ANNE)
    assert duty(show(hub, incident), "cert-sante-resolu")["state"] == "filed"


def exported(hub, path):
    hub.garde("journal", "export", path)
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def test_a_personal_text_is_erased_and_the_chain_still_verifies(hub, tmp_path):
    incident = open_incident(hub)
    fact(hub, incident, "description", "Madame Untel a appelé : le portail est lent.")
    assert "Untel" in json.dumps(show(hub, incident), ensure_ascii=False)
    lines = exported(hub, tmp_path / "before")
    record = next(line["record"]["seq"] for line in lines
                  if "Untel" in json.dumps(line.get("personal", {}), ensure_ascii=False))
    assert refused(hub, "journal", "erase", record, "nothing-of-that-name", *ANNE, "--reason", "droit à l’effacement")
    assert hub.command("journal", "erase", record, "value", *ANNE).returncode == 2, "why is not optional"
    erased = hub.garde("journal", "erase", record, "value", *ANNE, "--reason", "droit à l’effacement")
    assert erased["seq"] > record
    assert refused(hub, "journal", "erase", record, "value", *ANNE, "--reason", "encore")
    after = exported(hub, tmp_path / "after")
    assert "Untel" not in json.dumps(after, ensure_ascii=False)
    report = hub.garde("journal", "verify", tmp_path / "after")
    assert report["ok"] and report["erased"] == 1
    assert hub.garde("journal", "verify")["ok"]
    assert "Untel" not in json.dumps(show(hub, incident), ensure_ascii=False), "nor does the hub remember it"
    hub.stop()
    hub.start()
    assert "Untel" not in json.dumps(show(hub, incident), ensure_ascii=False)
    assert b"Untel" not in (hub.folder / "state" / "hub" / "journal.db").read_bytes()


def test_views_are_made_again_from_the_records_alone(hub):
    incident = open_incident(hub)
    fact(hub, incident, "personal_data.availability_hit", "oui")
    fact(hub, incident, "description", "Le portail est lent.")
    before = show(hub, incident)
    done = hub.command("journal", "rebuild")
    assert done.returncode == 1 and "arrêtez-le" in done.stderr
    hub.stop()
    assert hub.garde("journal", "rebuild")["records"] > 10
    hub.start()
    assert show(hub, incident) == before
    with Sensor(hub) as sensor:
        assert sensor.finding("continues") == incident, "writing goes on after a rebuild as root"


def test_on_a_terminal_making_views_again_shows_how_far_it_is(hub):
    hub.stop()
    ours, theirs = pty.openpty()
    done = subprocess.run([hub.program("garde"), "-c", str(hub.config), "--lang=en", "journal", "rebuild"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=theirs, text=True, timeout=60, check=True)
    os.close(theirs)
    seen = os.read(ours, 4096).decode()
    os.close(ours)
    assert re.search(r"views: +0 % of \d+ records", seen) and seen.endswith("\r\033[K"), seen
    assert re.fullmatch(r"views made again from \d+ records\n", done.stdout), "and data stays apart from talk"
    assert not hub.command("journal", "rebuild").stderr, "where nobody looks nothing is shown"


def test_views_of_another_version_are_made_again_and_a_stop_meanwhile_is_a_stop_in_order(hub):
    incident = open_incident(hub)
    before = show(hub, incident)
    database = hub.folder / "state" / "hub" / "journal.db"
    for _ in range(2):
        hub.stop()
        with contextlib.closing(sqlite3.connect(database)) as store, store:
            store.execute("update meta set value = x'01000000' where name = 'view:documents'")
            store.execute("update view_documents set json = x'7b7d'")
        seen = len(hub.said())
        hub.launch()
        wait_until(lambda seen=seen: "views are made again" in hub.said()[seen:], seconds=30, what="the hub says what it does")
        assert hub.stop() == 0
        assert "killing it" not in hub.said()
    hub.start()
    assert show(hub, incident) == before


def test_a_restart_keeps_everything(hub):
    incident = open_incident(hub)
    fact(hub, incident, "care.safety_hit", "?")
    asked = hub.garde("measure", "ask", "signature", "portail", "--selector", '{"protocol":1}', *ANNE)["measure"]["id"]
    hub.garde("declare", incident, "cert-sante-grave", "--filed", "--receipt", "CS-42", *ANNE)
    before, measures = show(hub, incident), hub.garde("measure", "list")
    assert hub.stop() == 0
    hub.start()
    assert show(hub, incident) == before
    assert hub.garde("measure", "list") == measures and measures["measures"][0]["id"] == asked
    hub.kill("garde-hub")
    wait_until(hub.status, seconds=30, what="the hub answers again")
    assert show(hub, incident) == before
    with Sensor(hub) as sensor:
        desired = sensor.read()
        assert desired["type"] == "desired" and [one["id"] for one in desired["asked"]] == [asked]


def test_heads_and_proofs_stand_alone(hub, tmp_path):
    incident = open_incident(hub)
    head = hub.garde("journal", "head")
    (tmp_path / "head").write_text(json.dumps(head))
    proof = hub.garde("journal", "prove", 1)
    assert proof["proof"] == "inclusion" and proof["head"]["size"] == head["size"]
    assert refused(hub, "journal", "prove", 999999)
    fact(hub, incident, "care.safety_hit", "non")
    assert hub.garde("journal", "verify", "--head", tmp_path / "head")["ok"], "what came later does not unsettle it"
    exported(hub, tmp_path / "export")
    assert hub.garde("journal", "verify", tmp_path / "export", "--head", tmp_path / "head")["ok"]
    wrong = hub.command("journal", "verify", tmp_path / "export", "--key", 64 * "0", "--json")
    assert wrong.returncode == 1 and not json.loads(wrong.stdout)["ok"], "another key than the one known from elsewhere"


def test_what_nobody_can_read_is_kept_and_not_asked_for_again(hub):
    records = hub.status()["journal"]["records"]
    with Sensor(hub) as sensor:
        answer = sensor.ask(type="finding", finding={"id": "f_1", "kind": 7})
        assert "error" not in answer, "else the edge would send it for ever"
        sensor.finding("begins")  # the channel still stands
    assert hub.status()["journal"]["records"] > records + 1
    assert hub.garde("journal", "verify")["ok"]


# ---- the crisis binder ----

# What a person writes over the capitals of a printed command; the hour is printed as it is typed.
FILLED_IN = {"fr": {"NOM": "description", "VALEUR": "Le portail est lent.", "REGLE": "cert-sante-grave", "NUMERO": "CS-42"},
             "en": {"NAME": "description", "VALUE": "The portal is slow.", "RULE": "cert-sante-grave", "NUMBER": "CS-42"}}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_commands_that_the_binder_prints_work(hub, tmp_path, language):
    """As they stand on paper, typed in after an outage: the hour is that of the house, whatever the zone of the keyboard."""
    assert hub.command("kit", "--out", tmp_path, "--language", language).returncode == 0
    paper = next(tmp_path.glob("*.pdf"))
    lines = text_of(paper).replace("\u00a0", " ").replace("\u202f", " ").splitlines()
    printed = [line[line.index("garde "):].strip() for line in lines if re.search(r"garde (incident|declare) .*--at", line)]
    assert len(printed) == 2, printed
    incident = open_incident(hub)
    for line in printed:
        words = [FILLED_IN[language].get(word, word) for word in shlex.split(line)]
        words[words.index("INCIDENT")] = incident
        done = hub.command(*words[1:], *ANNE)
        assert done.returncode == 0, (line, done.stderr)
    answer = show(hub, incident)
    assert utc(answer["incident"]["facts"]["description"]["at"]) == utc("2026-03-22T10:05:00Z")
    assert utc(duty(answer, "cert-sante-grave")["filed"]) == utc("2026-03-22T10:05:00Z")
    assert "2020-03-22 11:05" in refused(hub, "incident", "fact", incident, "description", "x", *ANNE, "--at", "hier")
