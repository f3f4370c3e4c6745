# SPDX-License-Identifier: EUPL-1.2
"""One assessment being told: what its rules read and did, its values as people read them, its sources with links."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from engine.language.library import GENERAL
from engine.language.order import owners, rule_nodes
from engine.language.sources import (
    RULING,
    Prose,
    Reference,
    in_force,
    link,
    parse_reference,
    regulation_link,
    ruling_link,
    timeless,
)
from engine.logic.state import RuleTrace
from engine.model import tree
from engine.model.claim import Standing
from engine.model.kinds import Base, Kind
from engine.model.program import Fact
from engine.model.values import GEEN, ListValue, Truth, Unknown, Value
from engine.passes.assess import Assessment
from engine.passes.paths import fact_at, paths_of
from engine.rationale.lexicon import Lexicon
from engine.rationale.values import plain, show
from engine.rulebook import Compiled


@dataclass(frozen=True, slots=True)
class Reads:
    """What a rule reads, found once: paths of facts, members of its own list, outcomes, rules, amounts."""

    paths: tuple[str, ...]
    members: tuple[str, ...]
    outcomes: tuple[str, ...]
    own_outcomes: tuple[str, ...]
    rules: tuple[str, ...]
    amounts: tuple[str, ...]

    def in_item(self, name: str | None, index: int | None) -> list[str]:
        """The paths of the members that a rule of the list ``name`` read of one item; none without an item."""
        return [f"{name}[{index}].{member}" for member in self.members] if index is not None else []


def _nodes(rule: tree.Rule, row: int | None) -> Iterator[tree.Node]:
    """Every node of a rule; of a table only the row that gave the value, where that is known."""
    if row is None or rule.formula is None:
        yield from rule_nodes(rule)
        return
    yield from tree.walk(rule.criterion())
    chosen = rule.formula.table[row]
    for part in (chosen.when, chosen.value, rule.formula.at_most, rule.formula.at_least):
        if part is not None:
            yield from tree.walk(part)


def _reads(rule: tree.Rule, row: int | None) -> Reads:
    paths: dict[str, None] = {}
    members: dict[str, None] = {}
    outcomes: dict[str, None] = {}
    own: dict[str, None] = {}
    rules: dict[str, None] = {}
    amounts: dict[str, None] = {}
    for node in _nodes(rule, row):
        match node:
            case tree.FactRef(path=path) | tree.Present(path=path):
                paths.setdefault(path)
            case tree.Exists(list=name) | tree.ForAll(list=name) | tree.Count(list=name) | tree.Sum(list=name):
                paths.setdefault(name)
            case tree.MemberRef(list=name, name=member) if name == rule.list:
                members.setdefault(member)
            case tree.OutcomeRef(outcome=key):
                outcomes.setdefault(key)
                own.setdefault(key)
            case tree.MemberOutcomeRef(outcome=key):
                outcomes.setdefault(key)
            case tree.RuleHolds(key=key):
                rules.setdefault(key)
            case tree.AmountRef(amount=amount):
                amounts.setdefault(amount)
    return Reads(*(tuple(found) for found in (paths, members, outcomes, own, rules, amounts)))


class Address(NamedTuple):
    """Where a source leads: the name of its law with a Juriconnect address before a day is chosen, or the link of a ruling."""

    law: str | None
    jci: str | None
    ruling: str | None


def _address(named: Reference | str) -> Address:
    """Where an article or a ruling leads."""
    if isinstance(named, Reference):
        return Address(named.law.name if named.law is not None else None, timeless(named), None)
    return Address(None, None, ruling_link(named))


class Index:
    """What does not change from case to case in one program: made once."""

    def __init__(self, compiled: Compiled) -> None:
        program = compiled.program
        self.outcomes = {outcome.key: outcome for outcome in program.outcomes}
        self.rules = {rule.key: rule for outcome in program.outcomes for rule in outcome.rules}
        self.holder = owners(program.outcomes)
        self.short = {outcome.key: _short(outcome) for outcome in program.outcomes}
        self.kinds = {rule.key: outcome.kind if rule.formula else None for outcome in program.outcomes for rule in outcome.rules}
        self._program = program
        duties = {rule for rule, info in program.rules.items() if info.decl.role == "plicht"}
        self.duties = frozenset(key for key, rule in self.rules.items() if rule.id in duties)
        self._kinds: dict[str, Kind] = {"peildatum": Kind(Base.DATE)}
        self._paths: dict[int, tuple[str, ...]] = {}
        self._read: dict[tuple[str, int | None], Reads] = {}
        written = {rule: number for number, rule in enumerate(program.rules)}
        self.order = {key: (written.get(rule.id, len(written)), rule.person or "") for key, rule in self.rules.items()}
        self.ladder = tuple(
            node.outcome for rung in program.ladder for node in tree.walk(rung.criterion) if isinstance(node, tree.OutcomeRef)
        )
        self.laws = program.laws
        at_hand = dict.fromkeys((program.law, *(version.ruleset.split("/")[0] for version in program.versions), GENERAL))
        self.lexicon = Lexicon(program.laws[law] for law in at_hand if law in program.laws)
        self._prose = Prose(program.laws)
        self._addresses: dict[tuple[str, str], Address] = {}
        self._named: dict[tuple[str, str | None, str], tuple[tuple[str, Address], ...]] = {}

    def reads(self, key: str, row: int | None = None) -> Reads:
        """What a rule reads, with only this row of its table where one gave the value."""
        found = self._read.get((key, row))
        if found is None:
            found = self._read[key, row] = _reads(self.rules[key], row)
        return found

    def kind_of(self, path: str) -> Kind:
        """The kind of a fact; found once, except for one of a list item."""
        found = self._kinds.get(path)
        if found is None:
            found = fact_at(self._program, path).kind
            if "[" not in path:
                self._kinds[path] = found
        return found

    @cached_property
    def facts_read(self) -> tuple[str, ...]:
        """Every fact that any rule reads, in the order of the alphabet."""
        return tuple(sorted({path for key in self.rules for path in self.reads(key).paths}))

    @cached_property
    def outcomes_read(self) -> tuple[str, ...]:
        """The same of outcomes."""
        return tuple(sorted({outcome for key in self.rules for outcome in self.reads(key).own_outcomes}))

    def criterion_paths(self, criterion: tree.Criterion) -> tuple[str, ...]:
        """The facts and lists that a criterion outside the rules names; found once."""
        found = self._paths.get(id(criterion))
        if found is None:
            found = self._paths[id(criterion)] = tuple(dict.fromkeys(path for node in tree.walk(criterion) for path in paths_of(node)))
        return found

    def address(self, text: str, law: str) -> Address:
        """Where a source in the rules leads; each text is read once."""
        found = self._addresses.get((text, law))
        if found is None:
            found = self._addresses[text, law] = self.stated_address(text, law)
        return found

    def stated_address(self, text: str, law: str) -> Address:
        """The same of a source that somebody wrote in a claim: it is not kept."""
        reference = parse_reference(text, self.laws.get(law), self.laws)
        if reference is not None:
            return _address(reference)
        ruling = RULING.search(text)
        return Address(None, None, ruling_link(ruling[0]) if ruling else None)

    def named(self, text: str, source: str | None, law: str) -> tuple[tuple[str, Address], ...]:
        """The articles and rulings that a text of the rules names, with where they lead; each text is searched once.

        An article without a law behind it is one of the law that ``source`` cites, otherwise of ``law``.
        """
        key = (text, source, law)
        found = self._named.get(key)
        if found is None:
            reference = parse_reference(source, self.laws.get(law), self.laws) if source is not None else None
            own = reference.law if reference is not None else self.laws.get(law)
            named = self._prose.named(text, own)
            found = self._named[key] = tuple((phrase, _address(item)) for phrase, item in named)
        return found


_STANDING = {standing: standing.value for standing in Standing}
"""As plain text; to ask a member for its value takes longer than all the rest of a line."""


@lru_cache(maxsize=64)
def _index(compiled: Compiled) -> Index:
    return Index(compiled)


class Ran(NamedTuple):
    """What a rule did in a case (for one list item, where it decides items), as it is told and kept.

    ``signs`` has a character for each of its criteria, see :func:`signs`. ``shown`` is None where it gave no value, ``row``
    is the row of its table that gave one, ``rests_on`` are the causes where it is unknown whether the rule holds.
    """

    outcome: str
    signs: str
    choice: str | None
    value: Any
    shown: str | None
    row: int | None
    rests_on: list[dict[str, str]] | None


class Telling(ABC):
    """What it takes to tell what the rules of a program did: the rules themselves, and what the case has for each."""

    def __init__(self, compiled: Compiled, day: date) -> None:
        self.compiled, self.program, self.day = compiled, compiled.program, day
        self._version = in_force(day)
        self.index = _index(compiled)
        self.outcomes, self.rules, self.short = self.index.outcomes, self.index.rules, self.index.short
        self._sources: dict[tuple[str, str], dict[str, Any]] = {}
        self._ran: dict[str, list[Ran]] = {}

    @abstractmethod
    def done(self, key: str) -> Sequence[Sequence[Any]]:
        """The fields of :class:`Ran`, per list item where a rule decides items; nothing where it did not run."""

    @abstractmethod
    def fact(self, path: str) -> Sequence[Any]:
        """A fact that a rule read: its value, as people read it, how it stands and where it comes from."""

    @abstractmethod
    def outcome(self, key: str) -> Sequence[Any]:
        """An outcome that a rule read: its value, and as people read it."""

    @abstractmethod
    def filling(self, rule: str) -> dict[str, Any] | None:
        """Where the value of an open term comes from; None where nothing is filled in, or nothing is open."""

    def ran(self, key: str) -> Sequence[Ran]:
        """What a rule did, per list item where it decides items; nothing where it did not run."""
        found = self._ran.get(key)
        if found is None:
            found = self._ran[key] = [Ran(*once) for once in self.done(key)]
        return found

    def used(self, path: str) -> dict[str, Any]:
        """A fact that a rule read, as it is told."""
        value, shown, standing, origin = self.fact(path)
        return {"naam": path, "waarde": value, "getoond": shown, "stand": standing, "herkomst": origin}

    def used_outcome(self, key: str) -> dict[str, Any]:
        """An outcome that a rule read, as it is told."""
        value, shown = self.outcome(key)
        return {"naam": self.short[key], "waarde": value, "getoond": shown}

    def read(self, key: str) -> Reads:
        """What a rule read in this case."""
        ran = self.ran(key)
        return self.index.reads(key, ran[0].row if len(ran) == 1 else None)

    def source(self, text: str, law: str) -> dict[str, Any]:
        """A source in the rules, with its Juriconnect address and link where it is an article of a known law, with its link where it names
        a ruling."""
        found = self._sources.get((text, law))
        if found is None:
            found = self._sources[text, law] = self._led(text, self.index.address(text, law))
        return dict(found)

    def stated_source(self, text: str, law: str) -> dict[str, Any]:
        """The same of a source that somebody wrote in a claim: nothing of it is kept once the case is told."""
        return self._led(text, self.index.stated_address(text, law))

    def _led(self, text: str, address: Address) -> dict[str, Any]:
        jci = address.jci + self._version if address.jci else None
        return {"tekst": text, "regeling": address.law, "jci": jci, "link": link(jci) if jci else address.ruling}

    def sources(self, text: str | None, law: str, prose: str | None) -> list[dict[str, Any]]:
        """The source of a statement, and each article or ruling with an address that its words name beside it."""
        found = [] if text is None else [self.source(text, law)]
        for phrase, address in self.index.named(prose, text, law) if prose else ():
            entry = self._led(phrase, address)
            if entry["link"] and all(entry["link"] != other["link"] for other in found):
                found.append(entry)
        return found


class Told(Telling):
    """An assessment with what the parts of its rationale share."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.compiled, assessment.claim.day)
        self.a = assessment
        self._done: dict[str, list[tuple[Any, ...]]] = {}
        self._facts: dict[str, tuple[Any, ...]] = {}
        self._outcomes: dict[str, tuple[Any, ...]] = {}

    def done(self, key: str) -> Sequence[tuple[Any, ...]]:
        """What a rule did."""
        found = self._done.get(key)
        if found is None:
            kind = self.index.kinds[key]
            found = self._done[key] = [self._once(trace, kind) for trace in self.a.state.traces.get(key, ())]
        return found

    def _once(self, trace: RuleTrace, kind: Kind | None) -> tuple[Any, ...]:
        """The fields of :class:`Ran`; ``kind`` is that of the value of the rule."""
        holds, power, value = trace.holds, trace.power, trace.value
        choice = truth_word(power) if power is not None else None
        rests_on = self.causes(holds) if type(holds) is Unknown else None
        if kind is None or value is None:
            return truth_word(holds), signs(trace.nodes), choice, None, None, trace.row, rests_on
        return truth_word(holds), signs(trace.nodes), choice, plain(value, kind), shown_with_period(value, kind), trace.row, rests_on

    def filling(self, rule: str) -> dict[str, Any] | None:
        """Where the value of an open term comes from; None where nothing is filled in, or nothing is open."""
        term = self.a.filled.get(rule)
        if term is None or self.program.rules[rule].decl.open_to is None:
            return None
        return {
            "gemeente": term.municipality,
            "rang": term.rank,
            "titel": term.title,
            "bron": term.source,
            "geldigVanaf": term.valid_from.isoformat(),
            "cvdr": term.cvdr,
            "link": regulation_link(term.cvdr),
        }

    def read_by_second_pass(self) -> frozenset[str]:
        """The facts behind what the reversed test saw: triggers, doors, checks, arguments and earlier decisions."""
        seen = self.a.second
        if seen.reason_seen is False:
            return frozenset()
        criteria = [item.trigger.when for item in seen.triggers] + [item.when for item in seen.arguments]
        criteria += [part for item in seen.doors for part in (item.door.excluded, item.door.when)]
        found = {path for criterion in criteria for path in self.index.criterion_paths(criterion)}
        found |= {item.check.decl.fact for item in seen.checks}
        if seen.compared is not None:
            found |= set(self.program.second.compared)
        return frozenset(found)

    def fact(self, path: str) -> tuple[Any, ...]:
        """A fact that a rule read."""
        found = self._facts.get(path)
        if found is None:
            value, kind = self.value_at(path), self.index.kind_of(path)
            found = self._facts[path] = plain(value, kind), show(value, kind), *self._standing(path)
        return found

    def _standing(self, path: str) -> tuple[str, str | None]:
        """How a fact comes to have its value, and where it comes from."""
        claim = self.a.claim
        given = claim.given.get(path)
        if given is None and "[" in path:
            name, _, rest = path.partition("[")
            number, _, member = rest.partition("].")
            given = claim.items[name][int(number)].get(member)
        if given is not None:
            return _STANDING[given.standing], given.by or given.origin
        if path in claim.assumed:
            return _STANDING[Standing.ASSUMED], None
        return _STANDING[Standing.GIVEN if path == "peildatum" else Standing.MISSING], None

    def value_at(self, path: str) -> Value:
        """The value at a path, also of a list item."""
        if "[" not in path:
            return self.a.state.facts[path]
        name, _, rest = path.partition("[")
        number, _, member = rest.partition("].")
        rows = self.a.state.facts[name]
        assert isinstance(rows, ListValue)
        return rows.items[int(number)][member]

    def outcome(self, key: str) -> tuple[Any, ...]:
        """An outcome that a rule read."""
        found = self._outcomes.get(key)
        if found is None:
            value, kind = self.a.state.out[key], self.outcomes[key].kind
            found = self._outcomes[key] = plain(value, kind), shown_with_period(value, kind)
        return found

    def source_of(self, fact: Fact) -> dict[str, Any] | None:
        """Where a fact comes from: the article that asks it."""
        if fact.decl.source is None:
            return None
        return self.source(fact.decl.source, self.program.rules[fact.power_of].law if fact.power_of else fact.law)

    def causes(self, unknown: Unknown) -> list[dict[str, str]]:
        """What an unknown rests on."""
        return [{"soort": cause.kind.value, "naam": self.short.get(cause.ref, cause.ref)} for cause in sorted(unknown.causes)]


def _short(outcome: tree.Outcome) -> str:
    return f"{outcome.person}.{outcome.name}" if outcome.person else outcome.name


def signs(truths: Iterable[Truth | None]) -> str:
    """A character for each criterion: `1` (it holds), `0` (it does not), `?` (unknown), `-` (nobody looked)."""
    return "".join(["1" if truth is True else "0" if truth is False else "-" if truth is None else "?" for truth in truths])


def truth_word(truth: Truth) -> str:
    """`waar`, `onwaar` or `onbekend`."""
    return "waar" if truth is True else "onwaar" if truth is False else "onbekend"


def shown_with_period(value: Value, kind: Kind) -> str:
    """A value as people read it, money with its period."""
    text = show(value, kind)
    if kind.base is Base.MONEY and kind.per not in (None, "eenmalig") and not isinstance(value, Unknown) and value is not GEEN:
        return f"{text} per {kind.per}"
    return text
