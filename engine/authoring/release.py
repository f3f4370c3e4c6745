# SPDX-License-Identifier: EUPL-1.2
"""Releasing a regelset version: frozen by its hash, with two names and the tests that passed, and watched ever after.

A release is one file in ``rules/vrijgaven/``. The version file, and each earlier version that it changes, may not change
after that; what comes later is a new version.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.authoring import gherkin
from engine.authoring.tests import run_tests
from engine.language.checks import all_nodes
from engine.language.library import GENERAL, VERSION, file_bytes, read_files
from engine.language.order import rule_nodes
from engine.model import documents as doc, tree
from engine.model.problems import Place, Problem, RulesError, choose, meant
from engine.model.program import Program
from engine.rulebook import Rulebook, load_files

FOLDER = "vrijgaven"
SETTLED = "vastgesteld"
UNVERIFIED = "te verifieren"
_STATUS = re.compile(rb"^status:[^\r\n]*", re.MULTILINE)
_SINCE = re.compile(rb"^geldig vanaf:[^\r\n]*(\r?\n)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """What a release came to: the file that records it, and the content of both files."""

    record: str
    content: Mapping[str, Any]
    version_file: str
    version_bytes: bytes


def release(root: Path, ruleset: str, version: date, by: str, second: str, day: date) -> Release:
    """Release a version and write the record (and, where it says otherwise, the one line `status: vastgesteld`).

    Raises :class:`RulesError` with everything that stands in the way; then nothing is written.
    """
    found = prepare(file_bytes(root), ruleset, version, by, second, day, gherkin.feature_files(root))
    record = root / found.record
    if record.exists():
        raise RulesError(
            [Problem("TS-U03", Place(found.record), "Deze versie is al vrijgegeven.", "Maak een nieuwe versie voor een wijziging.")]
        )
    path = root / found.version_file
    if path.read_bytes() != found.version_bytes:
        path.write_bytes(found.version_bytes)
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps(found.content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return found


def prepare(
    files: Mapping[str, bytes],
    ruleset: str,
    version: date,
    by: str,
    second: str,
    day: date,
    features: Mapping[str, str] = MappingProxyType({}),
) -> Release:
    """The release that these files allow, ``features`` being the tests in sentences by their path.

    Raises :class:`RulesError` with everything that stands in the way.
    """
    by, second = " ".join(by.split()), " ".join(second.split())
    problems = list(_persons(by, second))
    file = f"{ruleset}/{version}.yaml"
    if file not in files:
        versions = [name for name in files if name.startswith(f"{ruleset}/") and VERSION.fullmatch(name.rsplit("/", 1)[-1])]
        remedy = choose([Path(name).stem for name in versions]) if versions else meant(file, files)
        raise RulesError([*problems, Problem("TS-U02", Place(file), "Deze versie bestaat niet.", remedy)])
    settled = with_status(files[file])
    changed = {**files, file: settled}
    open_items = [*unverified(load_files(files), ruleset, version), *_calendar(files)]
    problems += [
        Problem("TS-S02", Place(file), f"{item} is `{UNVERIFIED}`.", "Lees de bron en zet `status: gelezen`.") for item in open_items
    ]
    if problems:
        raise RulesError(problems)
    book = _with_features(load_files(changed), features)
    passed, total, failures = _tested(book, ruleset)
    if failures:
        raise RulesError(failures)
    content = {
        "regelset": ruleset,
        "geldigVanaf": version.isoformat(),
        "regelbestand": file,
        "sha256": _sha256(settled),
        "rustOp": {name: _sha256(changed[name]) for name in _below(book, ruleset, version)},
        "regelboek": book.hash,
        "toetsen": {"aantal": total, "geslaagd": passed},
        "vrijgegevenDoor": by,
        "tweedePersoon": second,
        "datum": day.isoformat(),
    }
    return Release(f"{FOLDER}/{ruleset.replace('/', '.')}.{version}.json", content, file, settled)


def _with_features(book: Rulebook, features: Mapping[str, str]) -> Rulebook:
    if features and not gherkin.available():
        cause = "De toetsen in zinnen kunnen hier niet worden gedraaid."
        raise RulesError([Problem("TS-U05", Place(min(features)), cause, "Installeer `toetssteen[toetsen]`.")])
    return replace(book, tests=(*book.tests, *gherkin.read_features(features, book)))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _persons(by: str, second: str) -> Iterator[Problem]:
    for option, name in (("--door", by), ("--tweede", second)):
        if not name:
            yield Problem("TS-U01", Place(option), "Hier hoort de naam van een mens.", "Noem wie vrijgeeft en wie meekeek.")
    if by and by.casefold() == second.casefold():
        yield Problem("TS-U01", Place("--tweede"), f"`{second}` is dezelfde als wie vrijgeeft.", "Een tweede mens kijkt mee.")


def with_status(data: bytes) -> bytes:
    """A version file that says `status: vastgesteld`; every other byte stays."""
    line = f"status: {SETTLED}".encode()
    found = _STATUS.search(data)
    if found is not None:
        if found[0].split(b":", 1)[1].strip() == SETTLED.encode():
            return data
        return data[: found.start()] + line + data[found.end() :]
    return _SINCE.sub(lambda since: since[0] + line + since[1], data, count=1)


def _tested(book: Rulebook, ruleset: str) -> tuple[int, int, list[Problem]]:
    """How many tests of the law passed, how many there are, and why that is not enough."""
    folder = f"{ruleset.split('/', 1)[0]}/"
    results = list(run_tests(book, folder))
    failures = [
        Problem("TS-U05", Place(result.file), f"De toets `{result.test.test}` mislukt: {'; '.join(map(str, result.differences))}.")
        for result in results
        if not result.passed
    ]
    if not results:
        failures = [Problem("TS-U05", Place(folder), "Er is geen enkele toets bij deze wet.", "Schrijf toetsen voordat u vrijgeeft.")]
    return sum(result.passed for result in results), len(results), failures


def _below(book: Rulebook, ruleset: str, version: date) -> list[str]:
    """The earlier version files whose rules still stand in a version."""
    whole = next(found for found in book.sets[ruleset] if found.document.valid_from == version)
    files = {rule.source.file for rule in whole.rules.values()}
    if whole.assessment_source is not None:
        files.add(whole.assessment_source.file)
    return sorted(files - {whole.source.file})


# --- what is still to be verified ------------------------------------------------------------------------------------


def unverified(book: Rulebook, ruleset: str, version: date) -> Iterator[str]:
    """Everything that a version rests on and that nobody has read at the source: rules, amounts, doors and what belongs to them."""
    whole = next((found for found in book.sets.get(ruleset, ()) if found.document.valid_from == version), None)
    if whole is None:
        raise RulesError(
            [
                Problem(
                    "TS-U02", Place(f"{ruleset}/{version}.yaml"), "Deze versie geldt niet: zij is ingetrokken.", "Kies een andere versie."
                )
            ]
        )
    items = [f"De regel {rule.decl.id} ({rule.source.file})" for rule in whole.rules.values() if rule.decl.status == UNVERIFIED]
    for name in sorted(book.programs):
        for compiled in book.programs[name]:
            program = compiled.program
            if any(taken.ruleset == ruleset and taken.valid_from == version for taken in program.versions):
                items += _of_program(program, ruleset)
    yield from dict.fromkeys(items)


def _of_program(program: Program, ruleset: str) -> Iterator[str]:
    """What a program reads: of the claim itself everything, of a shared regelset the amounts of its own rules."""
    own = program.claim == ruleset
    if own:
        for version in program.versions[1:]:
            yield from (f"De regel {rule} ({version.ruleset} {version.valid_from})" for rule in version.unverified)
    read = {node.amount for node in all_nodes(program) if isinstance(node, tree.AmountRef)} if own else _amounts_of(program, ruleset)
    for name in sorted(read):
        if any(_in_time(program, name, index) for index in range(len(program.amounts[name].series))):
            yield f"Het bedrag {name}"
    if own:
        yield from (f"{word} {decl.id}" for word, decl in _second(program) if decl.status == UNVERIFIED)
        for door in program.second.doors:
            rulings = [*door.decl.case_law, *([door.decl.widened_from] if door.decl.widened_from else [])]
            yield from (f"De uitspraak {found.ecli} bij deur {door.decl.id}" for found in rulings if found.status == UNVERIFIED)
        for law in (program.law, GENERAL):
            words = program.laws[law].words if law in program.laws else ()
            yield from (f"Het woord {found.word} ({law})" for found in words if found.source is not None and found.status == UNVERIFIED)


def _amounts_of(program: Program, ruleset: str) -> set[str]:
    rules = [rule for outcome in program.outcomes for rule in outcome.rules if rule.id in program.rules]
    own = [rule for rule in rules if program.rules[rule.id].ruleset == ruleset]
    return {node.amount for rule in own for node in rule_nodes(rule) if isinstance(node, tree.AmountRef)}


def _in_time(program: Program, name: str, index: int) -> bool:
    """Whether a value that is to be verified can hold during a program."""
    series = program.amounts[name].series
    following = series[index + 1].valid_from if index + 1 < len(series) else None
    begun = program.valid_until is None or series[index].valid_from < program.valid_until
    return series[index].status == UNVERIFIED and begun and (following is None or following > program.valid_from)


def _calendar(files: Mapping[str, bytes]) -> Iterator[str]:
    """Ages and terms rest on the calendar, whatever is claimed."""
    for entry in read_files(files).of(doc.CalendarDoc):
        if isinstance(entry.document, doc.CalendarDoc) and entry.document.status == UNVERIFIED:
            yield f"De kalender ({entry.file})"


def _second(program: Program) -> Iterator[tuple[str, doc.DoorDecl | doc.OptionDecl | doc.SignalDecl | doc.ValueDecl]]:
    yield from (("De deur", item.decl) for item in program.second.doors)
    yield from (("De optie", item.decl) for item in program.second.options)
    yield from (("Het signaal", item.decl) for item in program.second.signals)
    yield from (("De waarde", decl) for _, decl in program.second.values)


# --- what is frozen --------------------------------------------------------------------------------------------------


def frozen(root: Path) -> list[Problem]:
    """Every released version that changed since: a version file, one that it rests on, or a record that cannot be read."""
    return [problem for record in sorted((root / FOLDER).glob("*.json")) for problem in _changed(root, record)]


def _changed(root: Path, record: Path) -> Iterator[Problem]:
    name = record.relative_to(root).as_posix()
    content = _record(record)
    if content is None:
        yield Problem("TS-U04", Place(name), "Deze vrijgave is niet te lezen.", "Zet het bestand terug zoals `vrijgeven` het schreef.")
        return
    expected = f"{content['regelset'].replace('/', '.')}.{content['geldigVanaf']}.json"
    if expected != record.name:
        yield Problem("TS-U04", Place(name), f"Deze vrijgave hoort `{expected}` te heten.", "Zet het bestand terug.")
    for file, sha256 in {content["regelbestand"]: content["sha256"], **content["rustOp"]}.items():
        path = root / file
        if not path.is_file():
            yield Problem("TS-U06", Place(file), f"Dit bestand is vrijgegeven ({name}) en bestaat niet meer.", "Zet het terug.")
        elif _sha256(path.read_bytes()) != sha256:
            yield Problem(
                "TS-U06",
                Place(file),
                f"Dit bestand is vrijgegeven op {content['datum']} door {content['vrijgegevenDoor']} ({name}) en daarna veranderd.",
                "Zet het terug, en maak voor de wijziging een nieuwe versie.",
            )


def _record(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    words = ("regelset", "geldigVanaf", "regelbestand", "sha256", "vrijgegevenDoor", "tweedePersoon", "datum")
    if not isinstance(content, dict) or not all(isinstance(content.get(key), str) for key in words):
        return None
    below = content.get("rustOp")
    inside = isinstance(below, dict) and all(_inside(file) and isinstance(sha256, str) for file, sha256 in below.items())
    own = content["regelbestand"] == f"{content['regelset']}/{content['geldigVanaf']}.yaml"
    return content if inside and own and _inside(content["regelbestand"]) else None


def _inside(file: str) -> bool:
    return not file.startswith("/") and ".." not in file.split("/")
