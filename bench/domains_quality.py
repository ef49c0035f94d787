#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""bench/domains_quality.py: how well lookalikes are told from names of their own right.

Recall: names made by dnstwist (Debian's package, a generator that is not ours) of protected names: own examples, brands of
data/brands, a seeded sample of public bodies. False alarms: popular names and hosts of French public bodies, each judged as if it,
and whoever it belongs to, were in no list. Themes: names that a list of 2020 had on 15 April and not on 30 March.

Rows go to stdout, one JSON object a line; the counts with their Wilson intervals (95 %) to stderr. Names fall into two halves by a
hash: one that was looked at while the weights were chosen, and one that was only measured.

GARDE_DOMAINS is the folder of the lists (../shared/data/domains), which are not part of Garde. GARDE_DOMAINS_HALF=looked narrows
everything down to the first half.
"""
import collections
import hashlib
import json
import math
import os
import pathlib
import random
import subprocess
import sys

import dnstwist
import yaml

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("GARDE_BUILD", SOURCE / "build"))
DOMAINS = pathlib.Path(os.environ.get("GARDE_DOMAINS", SOURCE.parent / "shared/data/domains"))
HALVES = ["looked", "unseen"] if not os.environ.get("GARDE_DOMAINS_HALF") else [os.environ["GARDE_DOMAINS_HALF"]]
DICTIONARIES = pathlib.Path("/usr/share/dnstwist/dictionaries")
OWN = ["chu-exemple.fr", "hopital-valmont.fr", "ght-bellerive.org"]
BODIES = 300            # public bodies in the sample
MUTANTS = 60            # of one class and one name, seeded
HOMOGLYPH_LETTERS = 14  # dnstwist's homoglyphs grow with the fourth power of the length
SHORT = 4               # letters: one edit is no evidence there; counted apart
CLASSES = ["addition", "bitsquatting", "cyrillic", "homoglyph", "hyphenation", "insertion", "omission", "repetition",
           "replacement", "subdomain", "transposition", "vowel-swap", "dictionary", "tld-swap", "various"]
THEMED = ("covid", "corona", "vaccin", "pandemi", "quarantin", "lockdown")


def half(name):
    return ("looked", "unseen")[hashlib.sha256(name.encode()).digest()[0] & 1]


def wilson(hits, total):
    """The 95 % interval of a share, in per cent."""
    if not total:
        return 0.0, 100.0
    z, share = 1.96, hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, 100 * (middle - spread) / scale), min(100.0, 100 * (middle + spread) / scale)


def told(hits, total):
    low, high = wilson(hits, total)
    share = 100 * hits / total if total else 0
    return f"{hits} of {total} ({share:.3g} %, {low:.3g} to {high:.3g} %)"


def row(name, value, better, unit="%"):
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "better": better, "peer": None,
                      "peer_value": None, "ratio": None, "runs": 1}), flush=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def lines(name):
    return [line.strip() for line in (DOMAINS / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def judge(names, absent=False):
    """What the program says of each: name to (verdict, class, score, imitates)."""
    command = [str(BUILD / "src/domains/domains_judge_bench"), "--judge", "--public", str(DOMAINS / "fr-public-hosts.txt")]
    command += ["--absent"] if absent else []
    for own in OWN:
        command += ["--own", own]
    done = subprocess.run(command, input="\n".join(names) + "\n", stdout=subprocess.PIPE, text=True, check=True,
                          env={**os.environ, "GARDE_DATA": str(SOURCE / "data")})
    return {fields[0]: fields[1:] for fields in (line.split("\t") for line in done.stdout.splitlines())}


def brands():
    """Domain to all domains of its brand, and whether the brand holds its name everywhere."""
    found = {}
    for path in sorted((SOURCE / "data/brands").glob("*.yaml")):
        for brand in yaml.safe_load(path.read_text(encoding="utf-8"))["brands"]:
            for domain in brand["domains"]:
                found[domain] = (set(brand["domains"]), brand.get("everywhere", False))
    return found


def words(name):
    text = (DICTIONARIES / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("//")]


def mutants(domain, seed):
    """Class to names, as dnstwist makes them."""
    found = collections.defaultdict(list)
    core = domain.split(".")[0]
    for kind in CLASSES:
        if kind == "homoglyph" and len(core) > HOMOGLYPH_LETTERS:
            continue
        fuzzer = dnstwist.Fuzzer(domain, words("french.dict") + words("english.dict"),
                                 words("abused_tlds.dict") + words("common_tlds.dict"))
        fuzzer.generate([kind])
        made = sorted({item["domain"] for item in fuzzer.domains if item["domain"] != domain})
        found[kind] = random.Random(f"{seed}/{domain}/{kind}").sample(made, min(MUTANTS, len(made)))
    return found


def bodies(brand_domains):
    hosts = [name for name in lines("fr-public-hosts.txt")
             if name.count(".") == 1 and name not in brand_domains and len(name.split(".")[0]) >= 3]
    return random.Random(20201130).sample(sorted(hosts), BODIES)


def recall_of(group, domains, family, protected, is_theirs=lambda domain, name: False):
    """Counts by half and class: of all, at least watched, at least suspect, with the right name."""
    made = {domain: mutants(domain, 1) for domain in domains}
    asked = sorted({name for classes in made.values() for names in classes.values() for name in names})
    said = judge(asked)
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for domain, classes in made.items():
        short = "short " if len(domain.split(".")[0]) <= SHORT else ""
        for kind, names in classes.items():
            for name in names:
                if name in protected or said[name][0] == "refused" or kind == "tld-swap" and is_theirs(domain, name):
                    continue
                verdict, _, _, imitates = said[name]
                count = counts[group, short, half(domain), kind]
                count[0] += 1
                count[1] += verdict != "clean"
                count[2] += verdict in ("suspect", "block")
                count[3] += verdict != "clean" and imitates in family(domain)
    return counts


def tell_recall(counts):
    for (group, short, which, kind), (total, watched, suspect, right) in sorted(counts.items()):
        if which in HALVES:
            say(f"recall {short}{group} [{which}] {kind}: at least watch {told(watched, total)}; at least suspect "
                f"{told(suspect, total)}; the right name {told(right, total)}")
    for group in ("own", "brand", "body"):
        for which in HALVES:
            shares = [100 * count[1] / count[0] for (name, short, in_half, _), count in counts.items()
                      if name == group and in_half == which and not short and count[0]]
            if shares:
                row(f"domains.recall_{group}_worst_class_{which}", min(shares), "more")


def measure_recall():
    known = brands()
    protected = set(lines("fr-public-hosts.txt")) | set(known) | set(OWN)
    # Under a brand's own suffix nobody else can register, and below a registered name neither.
    registered = [name for name in sorted(known) if (name.count(".") == 1 or name.endswith(".gouv.fr") and name.count(".") == 2)
                  and not name.endswith((".bnpparibas", ".dhl"))]
    counts = recall_of("own", OWN, lambda domain: {domain}, protected)
    counts.update(recall_of("brand", registered, lambda domain: known[domain][0], protected,
                            lambda domain, name: known[domain][1] and len(name.split(".")[-1]) == 2))
    counts.update(recall_of("body", bodies(known), lambda domain: {domain}, protected))
    tell_recall(counts)


def measure_alarms():
    for file, label in (("tranco-50k.txt", "popular"), ("fr-public-hosts.txt", "french_public")):
        names = lines(file)
        said = judge(names, absent=True)
        groups = {which: [name for name in names if half(name) == which] for which in HALVES}
        if label == "popular":
            groups |= {f"{which}, .fr": [name for name in group if name.endswith(".fr")] for which, group in groups.items()}
        for which, group in groups.items():
            levels = collections.Counter(said[name][0] for name in group)
            blocked, suspect = levels["block"], levels["suspect"] + levels["block"]
            say(f"false alarms {label} [{which}]: block {told(blocked, len(group))}; suspect or block "
                f"{told(suspect, len(group))}; watch {told(levels['watch'], len(group))}")
            if "," not in which:
                row(f"domains.false_block_{label}_{which}", 100 * blocked / len(group), "less")
                row(f"domains.false_suspect_{label}_{which}", 100 * suspect / len(group), "less")


def measure_themes():
    new = sorted(set(lines("ctc-2020-04-15.txt")) - set(lines("ctc-2020-03-30.txt")))
    themed = [name for name in new if any(theme in name.replace("-", "") for theme in THEMED)]
    said = judge(new)
    for label, group in (("themed", themed), ("all", new)):
        for which in HALVES:
            names = [name for name in group if half(name) == which]
            watched = sum(said[name][0] != "clean" for name in names)
            say(f"new on the list of 2020-04-15, {label} [{which}]: at least watch {told(watched, len(names))}")
            if label == "themed":
                row(f"domains.themed_watched_{which}", 100 * watched / max(1, len(names)), "more")


def main():
    if not DOMAINS.is_dir():
        say(f"domains_quality.py: no lists of names in {DOMAINS}: name their folder with GARDE_DOMAINS")
        return 1
    measure_alarms()
    measure_themes()
    measure_recall()
    return 0


if __name__ == "__main__":
    sys.exit(main())
