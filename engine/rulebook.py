# SPDX-License-Identifier: EUPL-1.2
"""The rulebook: all law that is loaded, checked and compiled; immutable, and known by one content hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import engine
from engine.language import checks
from engine.language.amounts import amounts_of
from engine.language.assembly import Parts, assemble, used_sets
from engine.language.facts import facts_of
from engine.language.fillings import FilledTerm, fillings_of
from engine.language.library import GENERAL, Library, read_files, read_folder
from engine.language.order import outcomes_read, owners
from engine.language.reading import Source
from engine.language.reversed_test import Reversed
from engine.language.versions import RuleSet, rule_sets
from engine.language.weights import PriceItem, Stars, price_items, stars_of
from engine.logic.evaluator import CompiledOutcome, compile_program, compile_test
from engine.logic.state import Test
from engine.model import documents as doc, tree
from engine.model.calendar import Calendar, LeapBirthday
from engine.model.problems import Problem, RulesError, Severity
from engine.model.program import Fact, Law, Program
from engine.model.values import CauseKind, Unknown, Value

GIVEN = "gegeven_uitkomst"
"""The claim under which a rule outcome of law without rules is tested."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A program with its closures: traced for the explanation, quick for everything that is tried out."""

    program: Program

    @cached_property
    def traced(self) -> tuple[CompiledOutcome, ...]:
        """The steps that record every criterion."""
        return compile_program(self.program, traced=True)

    @cached_property
    def quick(self) -> tuple[CompiledOutcome, ...]:
        """The steps that stop as soon as they know."""
        return compile_program(self.program, traced=False)

    @cached_property
    def ladder(self) -> tuple[Test, ...]:
        """The criterion of each rung."""
        return tuple(compile_test(rung.criterion, self.program) for rung in self.program.ladder)

    @cached_property
    def ladder_reads(self) -> tuple[tuple[str, ...], ...]:
        """The outcomes that the criterion of each rung reads."""
        owner = owners(self.program.outcomes)
        return tuple(outcomes_read(rung.criterion, owner) for rung in self.program.ladder)

    @cached_property
    def members(self) -> dict[str, dict[str, Fact]]:
        """Per group of the case the facts of whoever it is about, by their own name."""
        facts = self.program.facts.items()
        return {
            name: {path.removeprefix(f"{name}."): fact for path, fact in facts if path.startswith(f"{name}.")}
            for name in self.program.groups
        }

    @cached_property
    def tests(self) -> dict[int, Test]:
        """Closures of criteria outside the rules, by the identity of the node, made on first use."""
        return {}

    def warm(self) -> None:
        """Compile everything now, instead of on first use."""
        _ = self.traced, self.quick, self.ladder, self.ladder_reads, self.members

    def test(self, criterion: tree.Criterion) -> Test:
        """A criterion outside the rules as a closure."""
        found = self.tests.get(id(criterion))
        if found is None:
            found = self.tests[id(criterion)] = compile_test(criterion, self.program)
        return found


@dataclass(frozen=True)
class Rulebook:
    """See the module. ``programs`` maps a claim to its programs in order of time; ``hash`` covers everything loaded.

    ``given`` holds for a law without a claim (and for all other law, under ``algemeen``) a program without rules: what a
    rule outcome from elsewhere is tested with.
    """

    programs: Mapping[str, tuple[Compiled, ...]]
    laws: Mapping[str, Law]
    sets: Mapping[str, tuple[RuleSet, ...]]
    calendar: Calendar
    fillings: Mapping[str, tuple[FilledTerm, ...]]
    municipalities: Mapping[str, str]
    hash: str
    hashes: Mapping[str, str]
    warnings: tuple[Problem, ...] = ()
    tests: tuple[tuple[str, tuple[doc.TestDecl, ...]], ...] = ()
    bases: Mapping[str, Mapping[str, doc.BaseCaseDecl]] = field(default_factory=dict)
    given: Mapping[str, Compiled] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, PriceItem]] = field(default_factory=dict)
    stars: Mapping[str, tuple[Stars, ...]] = field(default_factory=dict)

    @property
    def compiled(self) -> tuple[Compiled, ...]:
        """Every program, with those of law without rules."""
        return (*(found for versions in self.programs.values() for found in versions), *self.given.values())

    def given_claim(self, law: str) -> str | None:
        """The claim whose program tests a rule outcome from elsewhere under a law: its first, or the one without rules."""
        claims = sorted(name for name in self.programs if name.partition("/")[0] == law)
        return claims[0] if claims else f"{law}/{GIVEN}" if law in self.given else None

    def versions(self, claim: str) -> tuple[Compiled, ...]:
        """The programs of a claim in order of time (none for a claim that is not known); for law without rules the one there is."""
        law, _, name = claim.partition("/")
        if name == GIVEN and claim not in self.programs and law in self.given:
            return (self.given[law],)
        return self.programs.get(claim, ())

    def price_items(self, municipality: str | None) -> dict[str, PriceItem]:
        """The price items that a claim can use; what its municipality entered goes before what comes with the law."""
        return {**self.prices.get("", {}), **self.prices.get(municipality or "", {})}

    def stars_on(self, municipality: str | None, day: date) -> dict[str, Stars]:
        """The stars that the ordinances of a municipality give on a day, by value; the latest ordinance where two speak."""
        found = sorted(self.stars.get(municipality or "", ()), key=lambda star: star.valid_from)
        return {star.value: star for star in found if star.valid_from <= day}

    def program(self, claim: str, day: date) -> Compiled | None:
        """The program of a claim on a day; None before its first version."""
        found = None
        for compiled in self.versions(claim):
            if compiled.program.valid_from <= day:
                found = compiled
        return found

    def amounts(self, program: Program, day: date) -> dict[str, Value]:
        """Every amount of a program on a day; an amount that is not entered is unknown, never the last one known."""
        values: dict[str, Value] = {}
        for name, amount in program.amounts.items():
            entry = amount.at(day)
            values[name] = entry.value if entry is not None and entry.value is not None else Unknown.because(CauseKind.AMOUNT, name)
        return values

    def filled(self, municipality: str | None, day: date) -> dict[str, Value]:
        """What a municipality filled in on a day, by rule id."""
        return {rule: term.value for rule, term in self.filled_terms(municipality, day).items()}

    def filled_terms(self, municipality: str | None, day: date) -> dict[str, FilledTerm]:
        """The same with the document that each value stands in."""
        return {
            term.rule: term
            for term in self.fillings.get(municipality or "", ())
            if term.valid_from <= day and (term.valid_until is None or day < term.valid_until)
        }


def load(root: Path) -> Rulebook:
    """Load, check and compile a rules folder. Raises :class:`RulesError` with every problem found; nothing is half loaded."""
    return build(read_folder(root))


def load_files(files: Mapping[str, bytes | str]) -> Rulebook:
    """The same from files given as relative path and content."""
    return build(read_files(files))


def build(library: Library) -> Rulebook:
    """A rulebook from a library that was read."""
    problems: list[Problem] = []
    sets, found = rule_sets(library)
    problems += found
    laws, citable = _laws(library)
    calendar = _calendar(library)
    shelf = _Shelf(library, laws | citable, sets)
    for law in dict.fromkeys((*library.laws, GENERAL)):
        problems += [problem for problem in shelf.problems((law,)) if problem not in problems]
    problems += checks.sources(library, laws, citable)
    problems += checks.statuses(library, sets)
    problems += checks.words(library)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise RulesError(sorted(set(problems), key=_order))
    programs: dict[str, tuple[Compiled, ...]] = {}
    for name, versions in sets.items():
        if versions and any(version.assessment for version in versions):
            built, found = _programs(versions, shelf)
            problems += [problem for problem in found if problem not in problems]
            programs[name] = tuple(Compiled(program) for program in built)
    bare, found = _bare_programs(library, shelf, {name.partition("/")[0] for name in sets})
    problems += [problem for problem in found if problem not in problems]
    built_programs = [compiled.program for compileds in programs.values() for compiled in compileds]
    problems += checks.settled(built_programs, sets)
    fillings, found = fillings_of(library, sets)
    problems += found
    prices, found = price_items(library)
    problems += found
    stars, found = stars_of(library, _value_ids(library))
    problems += found
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise RulesError(sorted(set(problems), key=_order))
    problems += checks.unused(library, [*built_programs, *bare.values()])
    hashes = {entry.file: entry.sha256 for entry in library.entries if not isinstance(entry.document, doc.BaseCasesDoc)}
    return Rulebook(
        programs=programs,
        laws=laws,
        sets=sets,
        calendar=calendar,
        fillings=fillings,
        municipalities={
            entry.document.municipality: entry.document.name or entry.document.municipality
            for entry in library.of(doc.MunicipalityDoc)
            if isinstance(entry.document, doc.MunicipalityDoc)
        },
        hash=_hash(hashes),
        hashes=hashes,
        warnings=tuple(sorted(set(problems), key=_order)),
        tests=tuple((file, tests) for file, tests, _ in library.tests),
        given={law: Compiled(program) for law, program in bare.items()},
        prices=prices,
        stars=stars,
        bases={entry.law: entry.document.bases for entry in library.of(doc.BaseCasesDoc) if isinstance(entry.document, doc.BaseCasesDoc)},
    )


def _value_ids(library: Library) -> set[str]:
    documents = (entry.document for entry in library.of(doc.ReversedTestDoc))
    return {value.id for document in documents if isinstance(document, doc.ReversedTestDoc) for value in document.values}


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.place.file, problem.place.line, problem.place.column, problem.code, problem.cause


def _hash(hashes: Mapping[str, str]) -> str:
    """One hash over every file, the version of the engine and the grammar."""
    digest = hashlib.sha256()
    grammar = (Path(__file__).parent / "language" / "grammar.lark").read_bytes()
    digest.update(f"toetssteen {engine.__version__}\n{hashlib.sha256(grammar).hexdigest()}\n".encode())
    for file in sorted(hashes):
        digest.update(f"{file} {hashes[file]}\n".encode())
    return digest.hexdigest()


def _laws(library: Library) -> tuple[dict[str, Law], dict[str, Law]]:
    laws: dict[str, Law] = {}
    citable: dict[str, Law] = {}
    for entry in library.of(doc.LawDoc):
        document = entry.document
        assert isinstance(document, doc.LawDoc)
        laws[entry.law] = Law(entry.law, document.name, document.bwb, document.body, words=document.words, within=document.within)
        for short, law in document.citable.items():
            citable[short] = Law(short, law.name, law.bwb, None, law.books)
    return laws, citable


def _calendar(library: Library) -> Calendar:
    for entry in library.of(doc.CalendarDoc):
        document = entry.document
        assert isinstance(document, doc.CalendarDoc)
        return Calendar(LeapBirthday(document.leap_birthday), dict(document.holidays), document.first, document.last)
    return Calendar()


def _reversed(library: Library, law: str) -> Reversed:
    found = []
    for folder in dict.fromkeys((GENERAL, law)):
        for entry in library.of(doc.ReversedTestDoc, folder):
            assert isinstance(entry.document, doc.ReversedTestDoc)
            found.append((folder, entry.document, entry.source))
    return Reversed(tuple(found))


@dataclass
class _Shelf:
    """What assembly needs of the library for the laws that meet in one program, made once for each such company."""

    library: Library
    laws: Mapping[str, Law]
    sets: Mapping[str, tuple[RuleSet, ...]]
    made: dict[tuple[str, ...], tuple[Parts, list[Problem]]] = field(default_factory=dict)

    def parts(self, laws: tuple[str, ...]) -> Parts:
        """Facts and amounts of these laws (the law of the claim first), and the reversed test of the first."""
        return self._make(laws)[0]

    def problems(self, laws: tuple[str, ...]) -> list[Problem]:
        """What is wrong in those facts and amounts."""
        return self._make(laws)[1]

    def _make(self, laws: tuple[str, ...]) -> tuple[Parts, list[Problem]]:
        if laws not in self.made:
            facts = facts_of(self.library, laws)
            amounts, found = amounts_of(self.library, laws)
            parts = Parts(facts, amounts, self.laws, _reversed(self.library, laws[0]), self.sets)
            self.made[laws] = parts, [*facts.problems, *found, *checks.doubles(facts, amounts)]
        return self.made[laws]


_FIRST_DAY = date(1850, 1, 1)


def _bare_programs(library: Library, shelf: _Shelf, encoded: set[str]) -> tuple[dict[str, Program], list[Problem]]:
    """A program without rules for every law that has none, and for `algemeen`: its facts and its reversed test."""
    programs: dict[str, Program] = {}
    problems: list[Problem] = []
    for law in dict.fromkeys((*library.laws, GENERAL)):
        if law in encoded or shelf.problems((law,)):
            continue
        name = f"{law}/{GIVEN}"
        document = doc.RuleSetDoc.model_validate(
            {
                "regelset": name,
                "titel": "Gegeven regeluitkomst",
                "geldig vanaf": _FIRST_DAY,
                "status": "vastgesteld",
                "beoordeling": {"soort": "advies", "uitkomsten": [{"niet_te_bepalen": "anders"}]},
            }
        )
        source = Source(name)
        bare = RuleSet(name, law, document, source, None, str(document.title), (), None, document.assessment, source, {})
        program, found = assemble(bare, _FIRST_DAY, _FIRST_DAY, None, shelf.parts((law,)))
        problems += found
        if program is not None:
            programs[law] = program
    return programs, problems


def _programs(versions: tuple[RuleSet, ...], shelf: _Shelf) -> tuple[list[Program], list[Problem]]:
    """One program for every stretch of time in which no regelset that takes part changes."""
    problems: list[Problem] = []
    sets, law = shelf.sets, versions[0].law
    documents = shelf.parts((law,)).reversed
    days = {version.document.valid_from for version in versions}
    first = min(days)
    for day in sorted({version.document.valid_from for found in sets.values() for version in found}):
        if day >= first:
            current = next(version for version in reversed(versions) if version.document.valid_from <= day)
            visible, dotted = used_sets(current, sets, day, documents)
            if any(ruleset.document.valid_from == day for ruleset in (*visible, *dotted)):
                days.add(day)
    ordered = sorted(days)
    programs = []
    for index, day in enumerate(ordered):
        until = ordered[index + 1] if index + 1 < len(ordered) else None
        current = next(version for version in reversed(versions) if version.document.valid_from <= day)
        visible, dotted = used_sets(current, sets, day, documents)
        others = sorted({ruleset.law for ruleset in (*visible, *dotted)} - {law})
        company = (law, *others)
        if wrong := shelf.problems(company):
            problems += [problem for problem in wrong if problem not in problems]
            continue
        program, found = assemble(current, day, day, until, shelf.parts(company))
        problems += [problem for problem in found if problem not in problems]
        if program is not None:
            programs.append(program)
    return programs, problems
