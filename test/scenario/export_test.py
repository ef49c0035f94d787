# SPDX-License-Identifier: EUPL-1.2
"""Exports out of a real hub: every kind has rows, every cell says what the noun says, and none is too long for the socket."""
import csv
import io
import json
import os
import subprocess

import pytest

from scenario.papers_test import Desk
from scenario.people_test import ask_measure
from scenario.letters_test import made
from support import console
from support.house import House, Sensor, make_id
from support.wait import wait_until

KINDS = ("incidents", "facts", "tasks", "findings", "measures", "obligations", "filings", "letters", "sendings", "accounts", "approvals",
         "contacts", "records")
FORMULA = "=cmd|'x'!A1"

# Words for people beside a word for programs, which has its column.
FOR_PEOPLE = {"tasks": {"role_label", "phase_label", "detail", "evidence"}}


@pytest.fixture(scope="module")
def desk(program):
    """A morning in which everything happened that can be exported."""
    if os.geteuid() != 0:
        pytest.skip("needs root: daemons run as users of their own")
    with House(program, edge=False) as house:
        house.write_config(console.CONFIG)
        house.start()
        desk = Desk(house)
        one, two = (console.member(desk.director, name, ["responder"]) for name in ("Rose Klein", "Hugo Blanc"))
        with Sensor(house) as sensor:
            incident = sensor.finding("begins", subject=FORMULA, finding=(finding := make_id("f")))
            assert "error" not in sensor.ask(type="measure", change="applied", measure={
                "id": make_id("m"), "incident": None, "finding": finding, "kind": "fence", "subject": "portail",
                "selector": {"countries": ["ES"]}, "why": {"fr": "Pour un essai.", "en": "For a test."}, "owner": "edge",
                "state": "standing", "since": "2020-03-22T09:12:03.250Z", "until": "2038-01-01T00:00:00.000Z",
                "pass_per_mille": 10, "predicted_cost": 0.0004, "actual_cost": 0.0125, "dropped": 123, "would_drop": 4, "spared": 5})
            approval = ask_measure(one).json["approval"]["id"]
            assert two.ask("POST", f"/approvals/{approval}/agree", {}).status == 200
        desk.incident = desk.breach()
        desk.dpo.post(f"/obligations/{desk.obligations(desk.incident)['cnil-33']['id']}/file",
                      {"phase": "initial", "channel": "portal", "receipt": "VD-2026-001", "late_reason": "On ne le savait pas."})
        letters = desk.dpo.post(f"/incidents/{desk.incident}/letters", {"template": "patients", "recipient": "Zoé Essai\n29200 Brest"})["id"]
        made(desk.dpo, letters)
        desk.dpo.post(f"/letters/{letters}/sent", {"from": 1, "to": 1, "way": "Recommandé", "tracking": "1A 234"})
        assert one.ask("PUT", "/contacts", {"contacts": [
            {"name": "Paul Durand", "role": "RSSI", "phone": "01 00 00 00 00", "phone2": "06 00 00 00 00", "mail": "paul@hopital.example",
             "note": FORMULA, "calls": "la direction"}]}).status == 200
        assert incident
        yield desk


def exported(desk, kind, form):
    done = subprocess.run([desk.house.program("garde"), "-c", desk.house.config, "export", kind, "--format", form],
                          capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def leaves(row):
    """Names of what is one value, "why.fr" for texts in both languages."""
    for name, value in row.items():
        if isinstance(value, dict) and set(value) == {"fr", "en"}:
            yield from (f"{name}.{side}" for side in value)
        elif not isinstance(value, (dict, list)):
            yield name


def value_of(row, column):
    for name in column.split("."):
        if not isinstance(row, dict) or name not in row:
            return None
        row = row[name]
    return row


def shown(value):
    """As the cell has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    return "'" + text if isinstance(value, str) and text[:1] in tuple("=+-@\t\r") else text


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell(desk, kind):
    rows = json.loads(exported(desk, kind, "json"))
    table = list(csv.reader(io.StringIO(exported(desk, kind, "csv"), newline="")))
    head, cells = table[0], table[1:]
    assert rows, f"the morning has {kind}"
    assert len(cells) == len(rows)
    there = {name for row in rows for name in leaves(row)}
    for column in head:
        assert any(column.split(".")[0] in row for row in rows), f"no {kind} has a “{column}”: the column is empty for ever"
    assert {name for name in there - set(head) if name.split(".")[0] not in FOR_PEOPLE.get(kind, ())} == set(), "it has no column"
    for line, row in zip(cells, rows):
        for column, cell in zip(head, line, strict=True):
            value = value_of(row, column)
            if isinstance(value, (dict, list)):
                assert json.loads(cell) == value
            else:
                assert cell == shown(value), (kind, column, row)


def test_what_happened_is_in_them(desk):
    rows = {kind: json.loads(exported(desk, kind, "json")) for kind in KINDS}
    asked = next(one for one in rows["measures"] if one["owner"] == "Rose Klein")
    fence = next(one for one in rows["measures"] if one["owner"] == "edge")
    assert asked["since"] and asked["until"] and fence["actual_cost"] == 0.0125 and fence["predicted_cost"] == 0.0004
    assert fence["incident"] in [one["id"] for one in rows["incidents"]] and fence["dropped"] == 123
    tasks = [one for one in rows["tasks"] if one["incident"] == desk.incident]
    assert [one["id"] for one in tasks] == [one["id"] for one in desk.dpo.get(f"/incidents/{desk.incident}/tasks")["tasks"]]
    assert len(tasks) > 5 and all(one["step"] and one["role"] and one["text"]["fr"] for one in tasks) and any(one["due"] for one in tasks)
    assert {"1200", "eleve"} <= {str(one["value"]) for one in rows["facts"] if one["incident"] == desk.incident}
    assert [one["receipt"] for one in rows["filings"]] == ["VD-2026-001"] and rows["filings"][0]["rule"] == "cnil-33"
    assert rows["sendings"][0]["tracking"] == "1A 234" and rows["sendings"][0]["incident"] == desk.incident
    assert {one["name"] for one in rows["accounts"]} >= {"Denise Petit", "Rose Klein"}
    assert [(one["act"], one["state"], one["by"]) for one in rows["approvals"]] == [("measure.ask", "agreed", "Hugo Blanc")]
    assert [one["name"] for one in rows["contacts"]] == ["Paul Durand"]
    for kind in KINDS:
        assert "Une boîte aux lettres a été lue" not in json.dumps(rows[kind], ensure_ascii=False), "what was typed freely stays"


def test_a_long_export_goes_over_the_socket(desk):
    count = 0
    while len(exported(desk, "records", "json")) < 2 * 1024 * 1024:
        for _ in range(40):
            count += 1
            desk.answer(desk.incident, "personal_data.persons_count", str(1200 + count))
    whole = exported(desk, "records", "json")
    assert json.loads(whole) == desk.dpo.get("/export/records?format=json")
    target = desk.house.folder / "records.json"
    done = desk.house.command("export", "records", target, "--format", "json")
    assert done.returncode == 0 and target.read_text(encoding="utf-8") == whole and target.stat().st_mode & 0o777 == 0o600
    wait_until(lambda: not list((desk.house.folder / "state/hub").glob("export-*")), seconds=20, what="what was made for it is gone")


def test_what_is_not_exported_is_said(desk):
    target = desk.house.folder / "nothing.csv"
    done = desk.house.command("export", "secrets", target)
    assert done.returncode == 1 and "sendings" in done.stderr and not target.exists()
    assert not (desk.house.folder / "nothing.csv.part").exists()


def test_a_contact_can_be_erased(desk):
    """A telephone that its owner wants gone: it stands beside the record, in no record, and the journal verifies without it."""
    def journal():
        path = desk.house.folder / "journal.jsonl"
        path.unlink(missing_ok=True)
        assert desk.house.command("journal", "export", path).returncode == 0
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in journal() if line.get("record", {}).get("type") == "contacts.changed"]
    assert lines and all("Durand" not in json.dumps(line["record"]) for line in lines)
    for line in lines:
        for name in line["personal"]:
            assert desk.house.command("journal", "erase", line["record"]["seq"], name, "--author", "Anne Martin",
                                      "--reason", "l’intéressé le demande").returncode == 0
    assert "Durand" not in json.dumps(journal()) and "06 00 00" not in json.dumps(journal())
    assert desk.house.command("journal", "verify").returncode == 0
    assert desk.dpo.get("/contacts")["contacts"] == [] and json.loads(exported(desk, "contacts", "json")) == []
