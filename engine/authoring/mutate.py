# SPDX-License-Identifier: EUPL-1.2
"""Mutations: would the tests of the law notice a mistake in it?

Each mutant is one small wrong in one file (:mod:`engine.authoring.mutations`). Only what it changes is read and
assembled again, one stretch of time at a time, and its tests run until the first that fails, those that reach the
changed rule first. What no test notices is tried on made-up cases: a case that comes out differently is the witness of
a missing test; without one the mutant is suspected to mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from random import Random
from typing import Any

from engine.authoring.coverage import AMOUNT, reached
from engine.authoring.mutations import File, Mutant, Words, of_amounts, of_reversed_test, of_rules
from engine.authoring.tests import Case, asks_second_pass, differences, listed, run_test
from engine.language.amounts import amounts_of
from engine.language.assembly import Parts, assemble, used_sets
from engine.language.facts import facts_of
from engine.language.library import GENERAL, TESTS, Entry, Library, read_files
from engine.language.order import depends_on, owners
from engine.language.reading import read_document
from engine.language.reversed_test import Reversed
from engine.language.versions import RuleSet, rule_sets
from engine.logic.evaluator import CompiledOutcome, compile_program
from engine.logic.state import RuleTrace, State
from engine.model import documents as doc, tree
from engine.model.problems import EngineError, Problem, RulesError, Severity
from engine.model.values import Unknown, Value
from engine.passes.explore import explorer
from engine.passes.first import run
from engine.rulebook import Compiled, Rulebook, build

TRIALS = 120


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "gedood"
    REFUSED = "geweigerd"
    SAME = "gelijk"
    SUSPECTED = "vermoedelijk gelijk"
    SURVIVED = "overleefd"
    CRASHED = "omgevallen"


@dataclass(frozen=True, slots=True)
class Result:
    """A mutant with its fate; ``by`` is the test that noticed it, the checker's words, or the witness."""

    mutant: Mutant
    fate: Fate
    by: str = ""


@dataclass(frozen=True)
class Score:
    """The results together."""

    results: tuple[Result, ...]

    def of(self, fate: Fate) -> list[Result]:
        """The results with one fate."""
        return [result for result in self.results if result.fate is fate]

    @property
    def loaded(self) -> int:
        """The mutants that load and change the meaning, as far as is certain."""
        return sum(result.fate not in (Fate.REFUSED, Fate.SAME) for result in self.results)

    @property
    def percentage(self) -> float:
        """The share of those that a test noticed, of a hundred; what is only suspected to be the same counts as missed."""
        return 100 * len(self.of(Fate.KILLED)) / self.loaded if self.loaded else 100.0

    @property
    def without_suspects(self) -> float:
        """The same share where what is suspected to be the same does not count."""
        counted = self.loaded - len(self.of(Fate.SUSPECTED))
        return 100 * len(self.of(Fate.KILLED)) / counted if counted else 100.0


class _Stop(Exception):
    """The checker refuses the mutant."""


@dataclass(frozen=True)
class _Mutated(Rulebook):
    """A rulebook whose programs are replaced one by one, when a test first asks for one."""

    make: Callable[[Compiled], Compiled] = field(default=lambda compiled: compiled)

    def program(self, claim: str, day: Any) -> Compiled | None:
        """The program of a claim on a day, with the wrong in it."""
        found = super().program(claim, day)
        return None if found is None else self.make(found)


@dataclass(frozen=True)
class _Known:
    """What one test does in the unchanged law: its program and state, the truth of each rule, and the amounts it reads."""

    program: int
    state: State
    truths: Mapping[str, str]
    amounts: frozenset[tuple[str, str]]
    second: bool
    day: date
    municipality: str | None

    @property
    def facts(self) -> Mapping[str, Value]:
        """The facts of the claim."""
        return self.state.facts


class Workshop:
    """The law, read once, in which mutants are tried.

    ``prefix`` names the files of the tests that must notice. Raises :class:`RulesError` where the law does not load.
    """

    def __init__(self, files: Mapping[str, bytes | str], tests: Sequence[tuple[str, tuple[doc.TestDecl, ...]]] = ()) -> None:
        self.texts = {name: data if isinstance(data, str) else data.decode("utf-8") for name, data in files.items()}
        self.library = read_files(files)
        self.book = build(self.library)
        self.book = replace(self.book, tests=(*self.book.tests, *tests))
        self.sets, _ = rule_sets(self.library)
        self.parts: dict[tuple[str, ...], Parts] = {}
        self.tests: list[tuple[str, doc.TestDecl]] = []
        self.known: list[_Known] = []
        self.compiled = [compiled for compileds in self.book.programs.values() for compiled in compileds]
        self.numbers = {id(compiled): number for number, compiled in enumerate(self.compiled)}

    # --- mutants -------------------------------------------------------------------------------------------------

    def files_of(self, ruleset: str) -> list[str]:
        """The files that a regelset (or a law) is made of: its versions, what it uses, and the amounts and doors of its law."""
        law = ruleset.split("/", 1)[0]
        names = {name for name in self.sets if name == ruleset or name.startswith(f"{ruleset}/")}
        queue = list(names)
        while queue:
            for version in self.sets[queue.pop()]:
                new = [name for name in version.uses if name not in names and name.split("/", 1)[0] == law]
                names |= set(new)
                queue += new
        beside = {f"{law}/bedragen.yaml", f"{law}/omgekeerde_toets.yaml"} if names or ruleset == law else set()
        if ruleset == GENERAL:
            beside = {f"{GENERAL}/omgekeerde_toets.yaml"}
        return sorted(name for name in self.texts if (name.rsplit("/", 1)[0] in names or name in beside) and TESTS not in name.split("/"))

    def mutants(self, names: Iterable[str]) -> list[Mutant]:
        """Every wrong that can be made in these files."""
        found: list[Mutant] = []
        for name in names:
            file = File(name, self.texts[name])
            words = self._words(name.split("/", 1)[0])
            if "regelset" in file.plain:
                found += of_rules(file, words)
            elif "bedragen" in file.plain:
                found += of_amounts(file)
            elif {"deuren", "aanleidingen", "signalen"} & set(file.plain):
                found += of_reversed_test(file, words)
        return list(dict.fromkeys(found))

    def _words(self, law: str) -> Words:
        units: dict[str, str] = {}
        choices: dict[str, str] = {}
        persons: list[str] = []
        for folder in (GENERAL, law):
            for entry in self.library.of(doc.AmountsDoc, folder):
                assert isinstance(entry.document, doc.AmountsDoc)
                units |= {name: decl.unit for name, decl in entry.document.amounts.items()}
            for entry in self.library.of(doc.FactsDoc, folder):
                assert isinstance(entry.document, doc.FactsDoc)
                declared = [*entry.document.facts.values(), *(decl for group in entry.document.groups.values() for decl in group.values())]
                for decl in declared:
                    choices |= {choice: decl.choices[number - 1] for number, choice in enumerate(decl.choices)}
                persons += [line.split()[0] for lines in entry.document.composed.values() for line in lines]
        return Words(units, choices, tuple(dict.fromkeys(persons)))

    # --- the tests -----------------------------------------------------------------------------------------------

    def study(self, prefix: str) -> list[str]:
        """Run the tests of the unchanged law; gives the names of those that fail (they cannot notice anything)."""
        failed = []
        for file, test in listed(self.book, prefix):
            seen: list[Case] = []
            result = run_test(self.book, file, test, seen.append)
            if not result.passed:
                failed.append(f"{file}: {test.test}")
            elif seen:
                self.tests.append((file, test))
                self.known.append(self._known(seen[0], test))
        return failed

    def _known(self, case: Case, test: doc.TestDecl) -> _Known:
        truths: dict[str, str] = {}
        for key, traces in case.state.traces.items():
            rule = key.split("@")[0]
            for trace in traces:
                word = "waar" if trace.holds is True else "onwaar" if trace.holds is False else "onbekend"
                if _RANK[word] < _RANK[truths.get(rule, "onwaar")] or rule not in truths:
                    truths[rule] = word
        amounts = frozenset((point.name, point.part) for point, _ in reached(case) if point.sort == AMOUNT)
        claim = case.claim
        number = self.numbers[id(case.compiled)]
        state = State(dict(claim.facts), case.state.amounts, case.state.fillings, case.state.calendar)
        run(case.compiled.traced, state)
        return _Known(number, state, truths, amounts, asks_second_pass(test.expected), claim.version_day, claim.municipality)

    def order(self, mutant: Mutant) -> list[int]:
        """The tests that can notice a mutant, the likeliest first; those of one stretch of time stay together."""
        kind = self._kind(mutant)
        touched = self._touched(mutant)
        scored = []
        for number, known in enumerate(self.known):
            if known.program not in touched:
                continue
            if kind is doc.AmountsDoc:
                if (mutant.owner, mutant.part) not in known.amounts:
                    continue
                rank = 0
            elif kind is doc.ReversedTestDoc:
                expected = self.tests[number][1].expected
                if not known.second:
                    continue
                rank = 0 if mutant.owner in {*expected.doors, *expected.triggers, *(expected.signals or ())} else 1
            else:
                expected = self.tests[number][1].expected
                named = mutant.owner in expected.rules or mutant.owner in (expected.grounds or ())
                rank = 0 if named else _RANK.get(known.truths.get(mutant.owner, "onwaar"), 2) + 1
            scored.append((rank, known.second, known.program, number))
        return [number for *_, number in sorted(scored)]

    def _touched(self, mutant: Mutant) -> set[int]:
        """The programs that a mutant changes."""
        if self._kind(mutant) is not doc.RuleSetDoc:
            law = mutant.file.split("/", 1)[0]
            return {number for number, compiled in enumerate(self.compiled) if law in (compiled.program.law, GENERAL)}
        found = set()
        for number, compiled in enumerate(self.compiled):
            info = compiled.program.rules.get(mutant.owner)
            if info is not None and mutant.sort != "vervalt niet":
                here = info.place.file == mutant.file
            else:
                here = any(other.place.file == mutant.file for other in compiled.program.rules.values())
            if here:
                found.add(number)
        return found

    def _kind(self, mutant: Mutant) -> type[Any]:
        return type(self._entry(mutant.file).document)

    def _entry(self, name: str) -> Entry:
        return next(entry for entry in self.library.entries if entry.file == name)

    # --- one mutant ----------------------------------------------------------------------------------------------

    def attempt(self, mutant: Mutant, seed: int = 0) -> Result:
        """What becomes of one mutant."""
        try:
            change = _Change(self, mutant)
            book = _Mutated(**{part.name: getattr(self.book, part.name) for part in fields(Rulebook)}, make=change.program)
            for number in self.order(mutant):
                file, test = self.tests[number]
                if change.unseen(number):
                    continue
                if next(differences(book, file, test), None) is not None:
                    return Result(mutant, Fate.KILLED, f"{file}: {test.test}")
            return self._unnoticed(mutant, change, Random(seed))
        except _Stop as stop:
            return Result(mutant, Fate.REFUSED, str(stop))
        except Exception as error:
            return Result(mutant, Fate.CRASHED, f"{type(error).__name__}: {error}")

    def _unnoticed(self, mutant: Mutant, change: _Change, random: Random) -> Result:
        pairs = [(self.compiled[number], change.program(self.compiled[number])) for number in sorted(self._touched(mutant))]
        if all(_alike(a, b) for a, b in pairs):
            return Result(mutant, Fate.SAME)
        if self._kind(mutant) is not doc.RuleSetDoc:
            return Result(mutant, Fate.SURVIVED)
        for a, b in pairs:
            if found := self._witness(a, b, mutant.owner, random):
                return Result(mutant, Fate.SURVIVED, found)
        return Result(mutant, Fate.SUSPECTED)

    def _witness(self, a: Compiled, b: Compiled, owner: str, random: Random) -> str | None:
        """A made-up case in which something that rules decide comes out differently; None where none was found."""
        own = [known for known in self.known if known.program == self.numbers[id(a)]]
        if not own:
            return f"geen enkele toets in de tijd van {a.program.valid_from}"
        changed = _changed(a, b, owner)
        if changed is None:
            return f"de opbouw is anders in de tijd van {a.program.valid_from}"
        steps = tuple(_cone(compiled, changed) for compiled in (a, b))
        behind = frozenset().union(*(explorer(a).reached[key] for key in changed))
        pool = {path: values for path, values in _pool(own).items() if path in behind or path.partition(".")[0] in behind}
        for _ in range(TRIALS):
            known, other = random.choice(own), random.choice(own)
            facts = dict(known.facts)
            for path in random.sample(list(pool), min(len(pool), random.randint(1, 12))):
                facts[path] = random.choice((*pool[path], other.facts.get(path, pool[path][0])))
            left, right = (self._decided(compiled, part, facts, known) for compiled, part in zip((a, b), steps, strict=True))
            if left != right:
                key = next((key for key in changed if left.get(key) != right.get(key)), "de uitkomst")
                return f"`{a.program.short(key)}` op {known.day}"
        return None

    def _decided(self, compiled: Compiled, steps: Sequence[CompiledOutcome], facts: Mapping[str, Value], known: _Known) -> dict[str, Any]:
        state = State(dict(facts), known.state.amounts, known.state.fillings, known.state.calendar)
        try:
            run(steps, state)
        except EngineError as error:
            return {"": str(error)}
        return {**state.out, **state.items, **state.holds}


_RANK = {"waar": 0, "onbekend": 1, "onwaar": 2}


def _changed(a: Compiled, b: Compiled, owner: str) -> tuple[str, ...] | None:
    """The outcomes that a changed rule decides; None where more than its outcomes changes."""
    left, right = a.program, b.program
    if owner not in left.rules or set(left.facts) != set(right.facts) or left.grounds != right.grounds:
        return None
    keys = [{o.key for o in program.outcomes} for program in (left, right)]
    if keys[0] != keys[1]:
        return None
    return tuple(o.key for o in left.outcomes if any(rule.id == owner for rule in o.rules))


def _recompiled(a: Compiled, b: Compiled, changed: tuple[str, ...] | None) -> Compiled:
    """The changed program with the closures of the original where nothing changed."""
    if changed is not None:
        part = replace(b.program, outcomes=tuple(o for o in b.program.outcomes if o.key in changed))
        for name, traced in (("traced", True), ("quick", False)):
            known = {step.outcome.key: step for step in getattr(a, name)}
            known |= {step.outcome.key: step for step in compile_program(part, traced=traced)}
            b.__dict__[name] = tuple(known[o.key] for o in b.program.outcomes)
        b.__dict__["ladder"] = a.ladder
    return b


def _cone(compiled: Compiled, keys: Iterable[str]) -> tuple[CompiledOutcome, ...]:
    """The steps that decide these outcomes, and those that they rest on."""
    outcomes = {outcome.key: outcome for outcome in compiled.program.outcomes}
    owner = owners(outcomes.values())
    needed: set[str] = set()
    queue = list(keys)
    while queue:
        key = queue.pop()
        if key not in needed:
            needed.add(key)
            queue += depends_on(outcomes[key], owner)
    return tuple(step for step in compiled.quick if step.outcome.key in needed)


def _pool(known: Sequence[_Known]) -> dict[str, tuple[Value, ...]]:
    """Per fact the values that the tests give it, and some beside them; unknown is among them."""
    values: dict[str, list[Value]] = {}
    for one in known:
        for path, value in one.facts.items():
            if path != "peildatum":
                values.setdefault(path, []).append(value)
    pool: dict[str, tuple[Value, ...]] = {}
    for path, found in values.items():
        plain = {value for value in found if isinstance(value, bool | int | str)}
        if any(isinstance(value, bool) for value in plain):
            plain |= {True, False}
        elif any(isinstance(value, int) for value in plain):
            plain |= {value + step for value in list(plain) if isinstance(value, int) for step in (-1, 1, 10_000)}
        other = [value for value in found if not isinstance(value, bool | int | str)]
        pool[path] = (*sorted(plain, key=repr), *other)
    return pool


def _alike(a: Compiled, b: Compiled) -> bool:
    """Whether two programs are the same but for the words of their lines."""
    return bool(_bare(a) == _bare(b))


def _bare(compiled: Compiled) -> Any:
    program = compiled.program
    return (
        {outcome.key: (outcome.kind, _stripped(outcome.rules)) for outcome in program.outcomes},
        [(rung.result, _stripped(rung.criterion)) for rung in program.ladder],
        [(ground.role, ground.outcome, ground.rule_keys) for ground in program.grounds],
        {name: (amount.series, amount.decl.entered_until) for name, amount in program.amounts.items()},
        [(door.decl, _stripped(door.when), _stripped(door.excluded)) for door in program.second.doors],
        [(trigger.decl, _stripped(trigger.when)) for trigger in program.second.triggers],
        [(signal.decl, _stripped(signal.when)) for signal in program.second.signals],
    )


def _stripped(node: Any) -> Any:
    if isinstance(node, tree.Line):
        return _stripped(node.child)
    if isinstance(node, tuple):
        return tuple(_stripped(part) for part in node)
    if hasattr(node, "__dataclass_fields__") and type(node).__module__ == tree.__name__:
        return (type(node).__name__, *(_stripped(getattr(node, part.name)) for part in fields(node)))
    return node


def _told(trace: RuleTrace) -> tuple[Any, ...]:
    """What other rules, tests and the second pass see of a trace."""
    return trace.holds, trace.applies, trace.power, trace.exceptions, trace.value


class _Change:
    """A mutant at work: what it changes is read at once, its programs are assembled when they are asked for."""

    def __init__(self, shop: Workshop, mutant: Mutant) -> None:
        self.shop, self.mutant = shop, mutant
        entry = shop._entry(mutant.file)
        try:
            document, source = read_document(mutant.apply(shop.texts[mutant.file]), mutant.file, type(entry.document))
        except RulesError as error:
            raise _Stop(error.problems[0].cause) from None
        self.document = document
        changed = replace(entry, document=document, source=source)
        self.library = _replaced(shop.library, entry, changed)
        self.sets: Mapping[str, tuple[RuleSet, ...]] = shop.sets
        if isinstance(document, doc.RuleSetDoc):
            self.sets, problems = rule_sets(self.library)
            _refuse(problems)
        self.touched = shop._touched(mutant)
        self.made: dict[int, Compiled] = {}
        self.steps: dict[int, tuple[CompiledOutcome, ...] | None] = {}
        self.parts = shop.parts if isinstance(document, doc.RuleSetDoc) else {}

    def program(self, original: Compiled) -> Compiled:
        """A program with the wrong in it. Raises :class:`_Stop` where the checker refuses it."""
        number = self.shop.numbers[id(original)]
        if number not in self.touched:
            return original
        if number not in self.made:
            amounts = isinstance(self.document, doc.AmountsDoc)
            self.made[number] = self._with_amounts(original) if amounts else self._assembled(original)
        return self.made[number]

    def unseen(self, test: int) -> bool:
        """Whether nothing of the change can show in a test: what its rules decide, and how, stays the same and is certain."""
        known = self.shop.known[test]
        if not isinstance(self.document, doc.RuleSetDoc):
            return False
        if known.program not in self.steps:
            original = self.shop.compiled[known.program]
            made = self.program(original)
            changed = _changed(original, made, self.mutant.owner)
            self.steps[known.program] = None if changed is None else tuple(s for s in made.traced if s.outcome.key in changed)
        steps = self.steps[known.program]
        if steps is None or self._gone(test):
            return False
        before = known.state
        after = before.changed({})
        for step in steps:
            try:
                step.run(after)
            except EngineError:
                return False
            key = step.outcome.key
            if before.out.get(key) != after.out.get(key) or before.items.get(key) != after.items.get(key):
                return False
            for rule in step.rules:
                left, right = before.traces.get(rule.rule.key, []), after.traces[rule.rule.key]
                if [_told(trace) for trace in left] != [_told(trace) for trace in right]:
                    return False
                if known.second and any(isinstance(trace.holds, Unknown) for trace in right):
                    return False
        return True

    def _gone(self, test: int) -> bool:
        """Whether a rule that a test names is no longer there."""
        owner, made = self.mutant.owner, self.made.get(self.shop.known[test].program)
        named = any(rule.split("@")[0] == owner for rule in self.shop.tests[test][1].expected.rules)
        return named and made is not None and owner not in made.program.rules

    def _with_amounts(self, original: Compiled) -> Compiled:
        """Amounts are read by name while a case runs: only their values change, no rule."""
        amounts, problems = amounts_of(self.library, _company(original))
        _refuse(problems)
        compiled = Compiled(replace(original.program, amounts=amounts))
        compiled.__dict__.update({name: getattr(original, name) for name in ("traced", "quick", "ladder", "tests")})
        return compiled

    def _assembled(self, original: Compiled) -> Compiled:
        program = original.program
        day, versions = program.valid_from, self.sets[program.claim]
        current = next(version for version in reversed(versions) if version.document.valid_from <= day)
        reversed_test = _reversed(self.library, program.law)
        visible, dotted = used_sets(current, self.sets, day, reversed_test)
        company = (program.law, *sorted({ruleset.law for ruleset in (*visible, *dotted)} - {program.law}))
        if company not in self.parts:
            amounts, _ = amounts_of(self.library, company)
            self.parts[company] = Parts(facts_of(self.library, company), amounts, self.shop.book.laws, reversed_test, self.sets)
        made, problems = assemble(current, day, day, program.valid_until, replace(self.parts[company], sets=self.sets))
        _refuse(problems)
        assert made is not None
        compiled = Compiled(made)
        return _recompiled(original, compiled, _changed(original, compiled, self.mutant.owner))


def _company(original: Compiled) -> tuple[str, ...]:
    law = original.program.law
    return (law, *sorted({version.ruleset.split("/")[0] for version in original.program.versions} - {law}))


def _reversed(library: Library, law: str) -> Reversed:
    return Reversed(
        tuple(
            (folder, entry.document, entry.source)
            for folder in dict.fromkeys((GENERAL, law))
            for entry in library.of(doc.ReversedTestDoc, folder)
            if isinstance(entry.document, doc.ReversedTestDoc)
        )
    )


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        if problem.severity is Severity.ERROR:
            raise _Stop(problem.cause)


def _replaced(library: Library, old: Entry, new: Entry) -> Library:
    kind = type(old.document)
    same = tuple(new if entry is old else entry for entry in library.documents[kind])
    entries = tuple(new if entry is old else entry for entry in library.entries)
    return replace(library, entries=entries, documents={**library.documents, kind: same})


def sample(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Some of the mutants, the same for the same seed, in the order of the files."""
    return sorted(Random(seed).sample(list(mutants), min(count, len(mutants))))


def attempts(shop: Workshop, mutants: Sequence[Mutant]) -> list[Result]:
    """The fates of some mutants, for a worker."""
    return [shop.attempt(mutant) for mutant in mutants]


def survivors(results: Iterable[Result]) -> Iterator[Result]:
    """The results that ask for a test."""
    return (result for result in results if result.fate in (Fate.SURVIVED, Fate.CRASHED))


__all__ = ["Fate", "Mutant", "Result", "Score", "Workshop", "attempts", "sample", "survivors"]
