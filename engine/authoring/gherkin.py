# SPDX-License-Identifier: EUPL-1.2
"""Tests in sentences: Gherkin in Dutch (``# language: nl``) as the same tests that stand in YAML.

The sentences are a closed set, made from what a test can say; none belongs to one law. Names are those of the rules,
with spaces where they have underscores. Dates may be written 15-07-2026 and amounts € 1.419,46.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

from pydantic import ValidationError

from engine.language.library import files_under
from engine.model import documents as doc
from engine.model.problems import Place, Problem, RulesError, choose, meant
from engine.model.program import Program
from engine.rulebook import Rulebook

SUFFIX = ".feature"
CODE = "TS-G01"
_TRUTHS = ("waar", "onwaar", "onbekend")


class Sentence(NamedTuple):
    """A sentence that a step can be: where it belongs, how it reads, and what it does to the test."""

    kind: str
    text: str
    act: Callable[[_Test, Mapping[str, str], _Step], None]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The sentence with its slots as groups."""
        parts = re.split(r"(<[a-z]+>)", self.text)
        return re.compile("".join(f"(?P<{part[1:-1]}>.+?)" if part.startswith("<") else re.escape(part) for part in parts))


@dataclass(frozen=True)
class _Step:
    text: str
    kind: str
    place: Place
    table: tuple[tuple[str, ...], ...]


@dataclass
class _Test:
    """A test while its sentences are read."""

    rulebook: Rulebook
    facts: dict[str, Any] = field(default_factory=dict)
    given: list[tuple[str, str, _Step]] = field(default_factory=list)
    lists: list[tuple[str, _Step]] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)

    def add(self, key: str, value: str) -> None:
        """One more of an expected list."""
        self.expected.setdefault(key, []).append(value)

    def put(self, key: str, name: str, value: str) -> None:
        """One more of an expected map."""
        self.expected.setdefault(key, {})[name] = value


class _Wrong(Exception):
    """A sentence that cannot be meant; ``remedy`` in Dutch."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause, self.remedy = cause, remedy


# --- the sentences ---------------------------------------------------------------------------------------------------


def _name(text: str) -> str:
    """A name as people write it, as the rules write it."""
    return re.sub(r"\s+", "_", re.sub(r"^(de|het|een) ", "", text.strip()))


def _plain(text: str) -> str:
    """A value as people write it, as the rules write it: dates year first, amounts with a point."""
    text = text.strip().strip('"')
    if match := re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", text):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    money = re.fullmatch(r"(€\s*)?(-?[\d.]*\d)(,\d{1,2})?(\s*euro)?", text)
    if money and (money[1] or money[3] or money[4]):
        whole = money[2] if re.fullmatch(r"-?\d+\.\d{2}", money[2]) and not money[3] else money[2].replace(".", "")
        return whole + (money[3] or "").replace(",", ".")
    return text


def _names(text: str) -> list[str]:
    return [_plain(part) for part in re.split(r",\s*|\s+en\s+", text) if part.strip()]


def _rows(step: _Step) -> list[dict[str, Any]]:
    if not step.table:
        raise _Wrong(
            "Bij deze zin hoort een tabel.", "Zet eronder een rij met namen en een rij per onderdeel, tussen strepen: | soort | bedrag |."
        )
    head, *rows = step.table
    return [{_name(name): _plain(cell) for name, cell in zip(head, row, strict=True) if cell.strip()} for row in rows]


def _key(key: str) -> Callable[[_Test, Mapping[str, str], _Step], None]:
    def act(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
        test.keys[key] = _plain(next(iter(slots.values())))

    return act


def _expect(key: str) -> Callable[[_Test, Mapping[str, str], _Step], None]:
    def act(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
        test.expected[key] = _plain(next(iter(slots.values())))

    return act


def _expect_many(key: str) -> Callable[[_Test, Mapping[str, str], _Step], None]:
    def act(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
        for name in _names(next(iter(slots.values()), "")):
            test.add(key, name)
        test.expected.setdefault(key, [])

    return act


def _expect_asked(key: str) -> Callable[[_Test, Mapping[str, str], _Step], None]:
    def act(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
        test.given.append((slots["gegeven"], "", step))
        test.lists.append((key, step))

    return act


def _truth(key: str, name: str) -> Callable[[_Test, Mapping[str, str], _Step], None]:
    def act(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
        if slots["waarheid"] not in _TRUTHS:
            raise _Wrong(f"Een {name} is geen `{slots['waarheid']}`.", choose(_TRUTHS))
        test.put(key, slots[name], slots["waarheid"])

    return act


def _stands(key: str, name: str, states: tuple[str, ...]) -> Callable[[_Test, Mapping[str, str], _Step], None]:
    def act(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
        if slots["toestand"] not in states:
            raise _Wrong(f"Een {name} is niet `{slots['toestand']}`.", choose(states))
        test.put(key, slots[name], slots["toestand"])

    return act


def _value(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
    test.put("waarden", _name(slots["naam"]), _plain(slots["waarde"]))


def _fact(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
    test.given.append((slots["gegeven"], _plain(slots["waarde"]), step))


def _list(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
    test.facts[_name(slots["lijst"])] = _rows(step)


def _empty(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
    test.facts[_name(slots["lijst"])] = []


def _no_doors(test: _Test, slots: Mapping[str, str], step: _Step) -> None:
    test.expected["geen deuren"] = "ja"


GIVEN, WHEN, THEN = "Gegeven", "Als", "Dan"

SENTENCES: tuple[Sentence, ...] = (
    Sentence(GIVEN, "het uitgangspunt <naam>", _key("uitgangspunt")),
    Sentence(GIVEN, "de peildatum is <datum>", _key("peildatum")),
    Sentence(GIVEN, "de gemeente is <code>", _key("gemeente")),
    Sentence(GIVEN, "er zijn geen <lijst>", _empty),
    Sentence(GIVEN, "de <lijst> zijn", _list),
    Sentence(GIVEN, "<gegeven> is <waarde>", _fact),
    Sentence(WHEN, "<aanspraak> wordt beoordeeld", _key("aanspraak")),
    Sentence(THEN, "is de uitkomst <uitkomst>", _expect("uitkomst")),
    Sentence(THEN, "zijn de mogelijke uitkomsten <uitkomsten>", _expect_many("mogelijke uitkomsten")),
    Sentence(THEN, "is het bedrag <bedrag>", _expect("bedrag")),
    Sentence(THEN, "is de regel <regel> <waarheid>", _truth("regels", "regel")),
    Sentence(THEN, "is de grond <gronden>", _expect_many("gronden")),
    Sentence(THEN, "zijn de gronden <gronden>", _expect_many("gronden")),
    Sentence(THEN, "zijn er geen gronden", _expect_many("gronden")),
    Sentence(THEN, "wordt gevraagd naar <gegeven>", _expect_asked("vraagt")),
    Sentence(THEN, "wordt niet gevraagd naar <gegeven>", _expect_asked("vraagt niet")),
    Sentence(THEN, "rust de uitkomst op het oordeel <gegeven>", _expect_asked("rust op oordelen")),
    Sentence(THEN, "is het advies <advies>", _expect("advies")),
    Sentence(THEN, "is de aanleiding <aanleiding> <waarheid>", _truth("aanleidingen", "aanleiding")),
    Sentence(THEN, "is deur <deur> <toestand>", _stands("deuren", "deur", get_args(doc.DoorState))),
    Sentence(THEN, "zijn er geen deuren", _no_doors),
    Sentence(THEN, "is optie <optie> <toestand>", _stands("opties", "optie", get_args(doc.OptionState))),
    Sentence(THEN, "is er het signaal <signalen>", _expect_many("signalen")),
    Sentence(THEN, "wordt de aanvraag geweigerd om <reden>", _expect("geweigerd")),
    Sentence(THEN, "is <naam> <waarde>", _value),
)
"""Every sentence, the special before the general: the first that fits is meant."""


# --- reading ---------------------------------------------------------------------------------------------------------


def available() -> bool:
    """Whether the parser of Gherkin is installed."""
    return find_spec("gherkin") is not None


def feature_files(root: Path) -> dict[str, str]:
    """The text of every feature file under a rules folder, by its path there."""
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files_under(root, f"*{SUFFIX}")}


def read_features(files: Mapping[str, str], rulebook: Rulebook) -> tuple[tuple[str, tuple[doc.TestDecl, ...]], ...]:
    """The tests of feature files, by file. Raises :class:`RulesError` with every problem."""
    found = []
    problems: list[Problem] = []
    for name, text in files.items():
        try:
            found.append((name, read_feature(text, name, rulebook)))
        except RulesError as error:
            problems += error.problems
    if problems:
        raise RulesError(problems)
    return tuple(found)


def read_feature(text: str, file: str, rulebook: Rulebook) -> tuple[doc.TestDecl, ...]:
    """The tests of one feature file, an outline once for each example. Raises :class:`RulesError`."""
    if not available():
        problem = Problem(CODE, Place(file), "Toetsen in zinnen vragen het pakket gherkin-official.", "Installeer `toetssteen[toetsen]`.")
        raise RulesError([problem])
    tests: list[doc.TestDecl] = []
    problems: list[Problem] = []
    for title, source, place, steps in _pickles(text, file):
        try:
            tests.append(_test(title, source, place, steps, rulebook))
        except RulesError as error:
            problems += error.problems
    if problems:
        raise RulesError(dict.fromkeys(problems))
    return tuple(tests)


def _pickles(text: str, file: str) -> Iterator[tuple[str, str | None, Place, list[_Step]]]:
    """Every scenario with its title, source, place and steps."""
    from gherkin.errors import CompositeParserException, ParserError  # noqa: PLC0415
    from gherkin.parser import Parser  # noqa: PLC0415
    from gherkin.pickles.compiler import Compiler  # noqa: PLC0415

    try:
        document: Any = Parser().parse(text)
    except CompositeParserException as error:
        raise RulesError([_not_gherkin(str(wrong), file) for wrong in error.errors]) from None
    except ParserError as error:
        raise RulesError([_not_gherkin(str(error), file)]) from None
    document["uri"] = file
    nodes = dict(_nodes(document["feature"])) if document.get("feature") else {}
    for pickle in cast("Iterable[Any]", Compiler().compile(document)):
        scenario = nodes[pickle["astNodeIds"][0]]
        described = re.search(r"Bron:\s*(.+)", scenario.get("description", ""))
        steps = [
            _Step(
                step["text"],
                {"Context": GIVEN, "Action": WHEN, "Outcome": THEN}.get(step.get("type", ""), ""),
                _place(file, nodes[step["astNodeIds"][0]]),
                tuple(
                    tuple(cell["value"] for cell in row["cells"]) for row in step.get("argument", {}).get("dataTable", {}).get("rows", ())
                ),
            )
            for step in pickle["steps"]
        ]
        example = f" ({_place(file, nodes[pickle['astNodeIds'][1]]).line})" if len(pickle["astNodeIds"]) > 1 else ""
        yield pickle["name"] + example, described[1].strip() if described else None, _place(file, scenario), steps


def _place(file: str, node: Mapping[str, Any]) -> Place:
    return Place(file, node["location"]["line"], node["location"].get("column", 1))


def _not_gherkin(message: str, file: str) -> Problem:
    found = re.match(r"\((\d+):(\d+)\): (.*)", message)
    place = Place(file, int(found[1]), int(found[2])) if found else Place(file)
    remedy = "Begin met `# language: nl` en `Functionaliteit:`; elk `Scenario:` heeft zinnen met Gegeven, Als, Dan, En of Maar."
    return Problem(CODE, place, f"Dit is geen Gherkin: {found[3] if found else message}.", remedy)


def _nodes(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, Mapping):
        if "id" in node and "location" in node:
            yield str(node["id"]), node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)


def _test(title: str, source: str | None, place: Place, steps: Sequence[_Step], rulebook: Rulebook) -> doc.TestDecl:
    test = _Test(rulebook)
    unread = [problem for step in steps if (problem := _read(step, test)) is not None]
    problems = list(unread)
    for key, cause, remedy in (
        ("peildatum", "Dit scenario heeft geen peildatum.", "Schrijf: `En de peildatum is 15-07-2026`."),
        ("aanspraak", "Dit scenario beoordeelt niets.", "Schrijf: `Als <aanspraak> wordt beoordeeld`."),
    ):
        if key not in test.keys and not unread:
            problems.append(Problem(CODE, place, cause, remedy))
    if source is None:
        problems.append(Problem(CODE, place, "Dit scenario noemt geen bron.", "Zet onder de titel een regel `Bron: art. ...`."))
    if problems:
        raise RulesError(problems)
    program = _program(test, place)
    problems = [problem for item in test.given if (problem := _resolve(item, test, program)) is not None]
    if problems:
        raise RulesError(problems)
    data = {"toets": title, "gegevens": test.facts, "verwacht": test.expected, "bron": source, **test.keys}
    try:
        return doc.TestDecl.model_validate(data)
    except ValidationError as error:
        raise RulesError([Problem(CODE, place, f"Dit scenario klopt niet: {wrong['msg']}.") for wrong in error.errors()]) from None


def _read(step: _Step, test: _Test) -> Problem | None:
    for sentence in SENTENCES:
        if step.kind == sentence.kind and (found := sentence.pattern.fullmatch(step.text.strip())):
            try:
                sentence.act(test, found.groupdict(), step)
            except _Wrong as wrong:
                return Problem(CODE, step.place, wrong.cause, wrong.remedy, shown="")
            return None
    known = [sentence.text for sentence in SENTENCES if sentence.kind == step.kind] or [sentence.text for sentence in SENTENCES]
    near = max(known, key=lambda text: difflib.SequenceMatcher(None, step.text, text).ratio())
    return Problem(CODE, step.place, f"De zin `{step.kind} {step.text}` is niet bekend.", f"Bedoelde u `{step.kind} {near}`?")


def _program(test: _Test, place: Place) -> Program:
    """The program of the claim, which may be called by its title."""
    called, day = test.keys["aanspraak"], test.keys["peildatum"]
    titles = {found[-1].program.title.lower(): claim for claim, found in test.rulebook.programs.items()}
    claim = titles.get(called.lower().removeprefix("het recht op "), called)
    test.keys["aanspraak"] = claim
    try:
        compiled = test.rulebook.program(claim, date.fromisoformat(day))
    except ValueError:
        raise RulesError([Problem(CODE, place, f"`{day}` is geen datum.", "Schrijf 15-07-2026 of 2026-07-15.")]) from None
    if compiled is None:
        remedy = meant(called, (*test.rulebook.programs, *titles))
        raise RulesError([Problem(CODE, place, f"De aanspraak `{called}` bestaat niet op {day}.", remedy)])
    return compiled.program


def _resolve(item: tuple[str, str, _Step], test: _Test, program: Program) -> Problem | None:
    """Put a fact that a sentence names at its path, or say which was meant."""
    words, value, step = item
    path = _path(words, program)
    if path is None:
        near = meant(_name(words), (*program.facts, *program.lists, *(known.rpartition(".")[2] for known in program.facts)))
        return Problem(CODE, step.place, f"Het gegeven `{words}` bestaat niet.", near)
    asked = next((key for key, other in test.lists if other is step), None)
    if asked is not None:
        test.add(asked, path)
    elif "." in path and path not in program.decisions:
        group, _, member = path.partition(".")
        inner = test.facts.setdefault(group, {})
        if not isinstance(inner, dict):
            return Problem(CODE, step.place, f"`{group}` is al `{inner}`, en heeft dan geen `{member}`.", "Haal een van beide zinnen weg.")
        inner[member] = value
    else:
        test.facts[path] = value
    return None


def _path(words: str, program: Program) -> str | None:
    known = {*program.facts, *program.lists, *program.groups, *program.decisions}
    plain = words.strip()
    tries = [plain, _name(plain)]
    if match := re.fullmatch(r"(.+) van (\S+)", plain):
        tries.append(f"{match[2]}.{_name(match[1])}")
    group, _, rest = re.sub(r"^(de|het|een) ", "", plain).partition(" ")
    tries.append(f"{group}.{_name(rest)}")
    return next((path for path in tries if path in known), None)
