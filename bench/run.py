#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""bench/run.py BUILD [NAME]...

Runs the benchmark programs (*_bench in BUILD) and scripts (bench/*.py), gathers the rows they print, one
JSON object a line on stdout, into BUILD/bench/results.json and shows them as a table. A NAME narrows it down
to programs whose name contains it; then the rows of the others are kept from the last run.

A row: {"name", "value", "unit", "better": "less" or "more", "peer", "peer_value", "ratio", "runs"}; values are
medians over `runs`; `peer` is null where there is nothing to compare with.
"""
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
SECONDS_MAX = 900
FIELDS = {"name": str, "value": (int, float), "unit": str, "better": str, "peer": (str, type(None)),
          "peer_value": (int, float, type(None)), "ratio": (int, float, type(None)), "runs": int}


def programs(build, words):
    found = sorted(path for path in build.rglob("*_bench") if path.is_file() and os.access(path, os.X_OK))
    found += sorted(path for path in (SOURCE / "bench").glob("*.py") if path.name != "run.py")
    return [path for path in found if not words or any(word in path.name for word in words)]


def row_complaint(row):
    """What is wrong with a row, or nothing."""
    if not isinstance(row, dict):
        return "not an object"
    for field, kinds in FIELDS.items():
        if field not in row:
            return f"no {field}"
        if not isinstance(row[field], kinds) or isinstance(row[field], bool):
            return f"{field} is {row[field]!r}"
    if set(row) - set(FIELDS):
        return f"unknown {', '.join(sorted(set(row) - set(FIELDS)))}"
    if row["better"] not in ("less", "more"):
        return f"better is {row['better']!r}: less or more"
    return None


def read_rows(text):
    """The rows of a program's stdout and what is wrong with the lines that are none."""
    rows, complaints = [], []
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            complaints.append(f"not a row: {line}")
            continue
        complaint = row_complaint(row)
        if complaint:
            complaints.append(f"{complaint}: {line}")
        else:
            rows.append(row)
    return rows, complaints


def run_program(path, build):
    command = ["/usr/bin/python3", str(path)] if path.suffix == ".py" else [str(path)]
    try:
        done = subprocess.run(command, cwd=SOURCE, env={**os.environ, "GARDE_BUILD": str(build)}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        return [], [f"stopped after {SECONDS_MAX} s"]
    rows, complaints = read_rows(done.stdout)
    if done.returncode != 0:
        complaints.append(f"exit {done.returncode}")
    if not rows:
        complaints.append("no rows")
    return rows, complaints


def number(value):
    """Four significant figures, thousands apart."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def table(rows):
    lines = [("claim", "value", "unit", "better", "peer", "peer's", "ratio", "runs")]
    for row in rows:
        lines.append((row["name"], number(row["value"]), row["unit"], row["better"], row["peer"] or "",
                      number(row["peer_value"]), number(row["ratio"]), str(row["runs"])))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    right = {1, 5, 6, 7}
    return "\n".join("  ".join(cell.rjust(width) if column in right else cell.ljust(width)
                               for column, (cell, width) in enumerate(zip(line, widths))).rstrip()
                     for line in lines)


def kept_rows(results, replaced):
    """The rows of the last run whose names were not measured anew."""
    try:
        rows = json.loads(results.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [row for row in rows if not row_complaint(row) and row["name"] not in replaced]


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()
    words = sys.argv[2:]
    rows, failed = [], False
    for path in programs(build, words):
        print(f"{path.name} …", file=sys.stderr, flush=True)
        got, complaints = run_program(path, build)
        rows += got
        for complaint in complaints:
            failed = True
            print(f"{path.name}: {complaint}", file=sys.stderr)
    if not rows and not failed:
        print("no benchmark was built", file=sys.stderr)
        return 1
    results = build / "bench" / "results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    if words:
        rows += kept_rows(results, {row["name"] for row in rows})
    fresh = results.with_suffix(".json.new")
    fresh.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(results)
    print(table(rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
