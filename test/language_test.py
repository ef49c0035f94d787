# SPDX-License-Identifier: EUPL-1.2
"""Every sentence of an error is written in French and in English, as docs/decisions/0005 wants it."""
import re

import pytest

LITERAL = re.compile(r'(?:"(?:[^"\\]|\\.)*"\s*|PRI[a-z]\d+\s*|[A-Z][A-Z0-9_]+\s*(?="))+')
CALL = re.compile(r"\b(error_say|error_context|yaml_fault|fields_fault|act_refuse)\(")
CONVERSION = re.compile(r"%(?:\d+\$)?[-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j|t)?([a-zA-Z])")
ONE_SIDE = re.compile(r"\berror_v?say_in\([^;]*?LANGUAGE_(FR|EN),", re.DOTALL)


def arguments(text, start):
    """The arguments of the call whose parenthesis opens before `start`."""
    depth, quoted, at, first, found = 1, False, start, start, []
    while depth:
        letter = text[at]
        if quoted:
            at += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 1:
            found.append(text[first:at].strip())
            first = at + 1
        at += 1
    return found + [text[first:at - 1].strip()]


def sentence(argument):
    """The text of a literal; None for anything else."""
    if not argument or not LITERAL.fullmatch(argument):
        return None
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r"\bPRI([a-z])\d+", r'"\1"', argument)))


def faults_of(name, text):
    """What is wrong with the sentences of one file."""
    found = []
    for call in CALL.finditer(text):
        given = arguments(text, call.end())
        line = text.count("\n", 0, call.start()) + 1
        if any("const char *" in argument for argument in given):
            continue  # a declaration
        given = given[2:]  # where to, which code, whose fault: no sentences
        pairs = [(sentence(a), sentence(b)) for a, b in zip(given, given[1:])]
        pair = next(((fr, en) for fr, en in pairs if fr is not None and en is not None), None)
        if pair is None:
            found.append(f"{name}:{line}: {call.group(1)} without two sentences")
        else:
            found += [f"{name}:{line}: {fault}: {pair[0]}" for fault in faults_of_pair(*pair)]
        if any(re.search(r"\bstrerror\(", argument) for argument in given):
            found.append(f"{name}:{line}: strerror() speaks one language; %m speaks both")
    sides = ONE_SIDE.findall(text)
    if sides.count("FR") != sides.count("EN"):
        found.append(f"{name}: a side of error_say_in() stands alone")
    return found


def faults_of_pair(french, english):
    plain = re.sub(CONVERSION, "", french)
    if sorted(CONVERSION.findall(french)) != sorted(CONVERSION.findall(english)):
        yield "other arguments than the English"
    if french == english and re.search(r"[a-z]{3}", re.sub(r"\b[a-z]+\.[a-z]+\b", "", plain)):
        yield "not translated"
    if re.search(r"\w[;!?](?:\s|$)", plain):
        yield "no space before ; ! ?"
    if re.search(r"\b(?:the|cannot|and|of)\b", plain):
        yield "English words in the French"
    if re.search(r"[éèàêçù«]", english):
        yield "French letters in the English"
    if re.search(r"\b[cdjlmnst]'", plain):
        yield "a straight apostrophe"


def test_errors_speak_both_languages(source):
    found = []
    for path in sorted((source / "src").rglob("*.c")):
        name = str(path.relative_to(source / "src"))
        if not name.endswith(("_test.c", ".bpf.c")) and name != "base/error.c":
            found += faults_of(name, path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


def test_sentences_are_seen_at_all(source):
    text = (source / "src/base/file.c").read_text(encoding="utf-8")
    assert len(CALL.findall(text)) > 5 and not faults_of("base/file.c", text)


@pytest.mark.parametrize(("text", "said"), [
    ('error_say(error, -EINVAL, "un", sizeof(x));', "without two sentences"),
    ('error_say(error, -EINVAL, what(error), "one");', "without two sentences"),
    ('error_say(error, -EINVAL, "un %s", "one %d", x);', "other arguments"),
    ('error_say(error, -EINVAL, "cannot open %s", "cannot open %s", x);', "not translated"),
    ('error_say(error, -EINVAL, "quoi; rien", "what; nothing");', "no space before"),
    ('error_say(error, -EINVAL, "the fichier", "the file");', "English words"),
    ('error_say(error, -EINVAL, "un fait", "le fait « un »");', "French letters"),
    ("error_say(error, -EINVAL, \"l'un\", \"one\");", "straight apostrophe"),
    ('error_say_in(error, -EINVAL, LANGUAGE_FR, "un");', "stands alone"),
    ('error_say(error, -errno, "%s : %s", "%s: %s", path, strerror(errno));', "%m speaks both"),
])
def test_wrong_sentences_are_found(text, said):
    assert any(said in fault for fault in faults_of("x/y.c", text))


@pytest.mark.parametrize("text", [
    'error_say(error, -EINVAL, "%s : %m", "%s: %m", path);',
    'error_context(error, r, "%s", "%s", path);',
    'error_say(error, -EINVAL, "il n’y a pas de « %.64s » : %" PRIu64, "there is no \\"%.64s\\": %" PRIu64, a, b);',
    'error_say(error, -EINVAL, "%2$d au plus : %1$s", "%1$s: at most %2$d", a, b);',
    'error_say_in(error, 0, LANGUAGE_FR, "un"); error_say_in(error, 0, LANGUAGE_EN, "one");',
])
def test_good_sentences_pass(text):
    assert not faults_of("x/y.c", text)
