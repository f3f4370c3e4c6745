# SPDX-License-Identifier: EUPL-1.2
"""The rationale as data: one object that every rendering reads, and that a case system gets as JSON.

Keys are camelCase, names of facts and outcomes stay as the rules have them. Amounts are text in euros. The order of
the keys is the order in which an explained decision is read. Same assessment, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import engine
from engine.language.assembly import rule_nodes
from engine.language.sources import Reference, juriconnect, link, parse_reference
from engine.logic.evaluator import RuleTrace
from engine.model import tree
from engine.model.claim import Given, Standing
from engine.model.documents import RuleDecl
from engine.model.kinds import Base, Kind
from engine.model.program import Fact, Law
from engine.model.values import GEEN, CauseKind, ListValue, Truth, Unknown, Value
from engine.passes.ask import Question, fact_at
from engine.passes.assess import Assessment
from engine.passes.first import UNDECIDED
from engine.passes.second import INVESTIGATE, PROFESSIONAL, DoorSeen
from engine.rationale.values import plain, show
from engine.rulebook import Compiled

DISCLAIMER = "Dit is een beoordeling in concept. Een professional weegt en besluit."


def rationale(assessment: Assessment, *, steps: bool = False) -> dict[str, Any]:
    """The explained assessment as plain data, ready for JSON. With ``steps`` the full trace of every rule is added."""
    return _Builder(assessment).build(steps=steps)


def truth_word(truth: Truth) -> str:
    """`waar`, `onwaar` or `onbekend`."""
    return "onbekend" if isinstance(truth, Unknown) else ("waar" if truth else "onwaar")


@dataclass(frozen=True, slots=True)
class _Reads:
    """What a rule reads, found once: paths of facts, members of its own list, outcomes, rules, amounts."""

    paths: tuple[str, ...]
    members: tuple[str, ...]
    outcomes: tuple[str, ...]
    own_outcomes: tuple[str, ...]
    rules: tuple[str, ...]
    amounts: tuple[str, ...]


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


def _reads(rule: tree.Rule, row: int | None) -> _Reads:
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
    return _Reads(*(tuple(found) for found in (paths, members, outcomes, own, rules, amounts)))


class _Index:
    """What does not change from case to case in one program: made once."""

    def __init__(self, compiled: Compiled) -> None:
        program = compiled.program
        self.outcomes = {outcome.key: outcome for outcome in program.outcomes}
        self.rules = {rule.key: rule for outcome in program.outcomes for rule in outcome.rules}
        self.holder = {rule.key: outcome.key for outcome in program.outcomes for rule in outcome.rules}
        self.short = {outcome.key: _short(outcome) for outcome in program.outcomes}
        self._read: dict[tuple[str, int | None], _Reads] = {}
        written = {rule: number for number, rule in enumerate(program.rules)}
        self.order = {key: (written.get(rule.id, len(written)), rule.person or "") for key, rule in self.rules.items()}
        self.ladder = tuple(
            node.outcome for rung in program.ladder for node in tree.walk(rung.criterion) if isinstance(node, tree.OutcomeRef)
        )
        self.references: dict[tuple[str, str], Reference | None] = {}

    def reads(self, key: str, row: int | None = None) -> _Reads:
        """What a rule reads, with only this row of its table where one gave the value."""
        found = self._read.get((key, row))
        if found is None:
            found = self._read[key, row] = _reads(self.rules[key], row)
        return found

    def reference(self, text: str, law: str, laws: Mapping[str, Law]) -> Reference | None:
        """A source read as an article; each text is read once."""
        key = (text, law)
        if key not in self.references:
            self.references[key] = parse_reference(text, laws.get(law), laws)
        return self.references[key]


@lru_cache(maxsize=64)
def _index(compiled: Compiled) -> _Index:
    return _Index(compiled)


class _Builder:
    def __init__(self, assessment: Assessment) -> None:
        self.a = assessment
        self.program = assessment.program
        self.day = assessment.claim.day
        self.index = _index(assessment.compiled)
        self.outcomes, self.rules, self.short = self.index.outcomes, self.index.rules, self.index.short
        self._shown: dict[str, dict[str, Any]] = {}

    def build(self, *, steps: bool) -> dict[str, Any]:
        a, program = self.a, self.program
        relevant = self._relevant()
        amounts = self._amounts(relevant)
        law = program.laws.get(program.law)
        result: dict[str, Any] = {
            "aanspraak": program.claim,
            "titel": program.title,
            "soort": program.sort,
            "regeling": {"id": program.law, "naam": law.name if law else program.law, "bwb": law.bwb if law else None},
            "peildatum": self.day.isoformat(),
            "gemeente": a.claim.municipality,
            "status": "concept",
            "toelichting": DISCLAIMER,
            "uitkomst": a.first.result,
            "uitkomstTekst": self._result_text(),
            "mogelijkeUitkomsten": list(a.first.possible),
            "waarden": self._values(),
            "waarschuwingen": self._warnings(relevant, amounts),
            "beoogdeEffecten": self._effects(),
            "gegevens": self._facts(relevant),
            "gronden": self._grounds(),
            "regels": [self._rule(key) for key in relevant],
            "bedragen": amounts,
            "waardenVanDeWet": self._law_values(),
            "aanleidingen": self._triggers(),
            "opties": self._options(),
            "deuren": [self._door(door) for door in a.second.doors],
            "toetsen": self._checks(),
            "argumenten": self._arguments(),
            "signalen": self._signals(),
            "precedenten": [],
            "advies": self._advice(),
            "ontbrekendeGegevens": [self._question(question) for question in a.questions if not question.assumed],
            "vervolgvragen": [self._question(question) for question in a.follow_up],
            "aannames": self._assumptions(),
            "nietTeBepalen": self._not_determinable(),
            "hoeVerder": {"tekst": self.program.second.wordings.get("hoe_verder", ""), "plichten": self._duties()},
            "besluit": None,
            "verantwoording": self._account(),
        }
        if steps:
            result["stappen"] = [self._rule(key) for key in a.state.traces if not key.startswith("#")]
        return result

    # --- the result ----------------------------------------------------------------------------------------------

    def _result_text(self) -> str:
        first = self.a.first
        if first.result in UNDECIDED:
            return UNDECIDED[first.result]
        return (
            next((rung.text for rung in self.program.ladder if rung.result == first.result), "")
            or f"De uitkomst van de regels is: {first.result}."
        )

    def _values(self) -> list[dict[str, Any]]:
        indicative = {name for rung in self.program.ladder if rung.result in self.a.first.possible for name in rung.indicative}
        found = []
        for name, value in self.a.first.values.items():
            outcome = self.outcomes[name]
            applied = next((rule for rule in outcome.rules for trace in self.a.state.traces.get(rule.key, ()) if trace.holds is True), None)
            found.append(
                {
                    "naam": self.short[name],
                    "waarde": plain(value, outcome.kind),
                    "soort": str(outcome.kind),
                    "getoond": shown_with_period(value, outcome.kind),
                    "regel": applied.id if applied else None,
                    "terIndicatie": name in indicative,
                }
            )
        return found

    def _warnings(self, relevant: Iterable[str], amounts: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        grounds = {rule for item in self.a.first.grounds for rule in item.rules}
        for version in self.program.versions:
            if version.status != "vastgesteld":
                text = f"De regels `{version.ruleset}` (versie {version.valid_from}) zijn nog niet vastgesteld."
                found.append({"code": "concept", "tekst": text + (f" {version.note}" if version.note else "")})
        for key in relevant:
            rule = self.rules[key]
            info = self.program.rules[rule.id]
            if all(trace.holds is False for trace in self.a.state.traces[key]) and rule.id not in grounds:
                continue
            if info.decl.status == "te verifieren":
                found.append(
                    {
                        "code": "te verifieren",
                        "regel": rule.id,
                        "tekst": f"De regel {rule.id} ({info.decl.source}) is nog niet in de wettekst nagelezen.",
                    }
                )
            if info.decl.not_covered:
                found.append(
                    {
                        "code": "niet gedekt",
                        "regel": rule.id,
                        "tekst": f"{rule.id} ({info.decl.source}): {info.decl.not_covered}",
                    }
                )
            if info.decl.known_from is not None and self.day < info.decl.known_from:
                text = (
                    f"De regel {rule.id} ({info.decl.source}) werd pas bekend op {info.decl.known_from} en werkt terug tot {info.version}."
                )
                found.append({"code": "terugwerkend", "regel": rule.id, "tekst": text})
        for amount in amounts:
            if amount["status"] == "te verifieren":
                note = f" {amount['opmerking']}" if amount["opmerking"] else ""
                found.append(
                    {
                        "code": "te verifieren",
                        "bedrag": amount["id"],
                        "tekst": f"Het bedrag {amount['id']} ({amount['bron']}) is nog niet geverifieerd.{note}",
                    }
                )
        for version in self.program.versions:
            if version.known_from is not None and self.day < version.known_from:
                found.append(
                    {
                        "code": "terugwerkend",
                        "tekst": f"De versie {version.valid_from} van `{version.ruleset}` werd pas bekend op {version.known_from}.",
                    }
                )
        return list({tuple(sorted(item.items())): item for item in found}.values())

    def _grounds(self) -> list[dict[str, Any]]:
        return [
            {
                "regels": list(item.rules),
                "soort": item.ground.role,
                "persoon": item.ground.person,
                "lijst": item.ground.list,
                "uitkomst": truth_word(item.truth),
                "bepaalt": self.short.get(item.ground.outcome, item.ground.outcome),
                "teksten": [text for rule in item.rules if (text := self._explained(rule, item.ground.role == "weigeringsgrond"))],
                "bronnen": [
                    self._source(self.program.rules[rule].decl.source, self.program.rules[rule].law)
                    for rule in item.rules
                    if rule in self.program.rules
                ],
            }
            for item in self.a.first.grounds
        ]

    def _explained(self, rule: str, holds: bool) -> str | None:
        info = self.program.rules.get(rule)
        if info is None:
            return None
        return info.decl.explanation.true if holds else info.decl.explanation.false

    # --- rules ---------------------------------------------------------------------------------------------------

    def _relevant(self) -> list[str]:
        """The rules that explain the result: back from the ladder and the values, through what made the difference.

        A ja/nee outcome that is false, and a value of zero, are shown with the rule that reads them and not explained
        further; a person or list that is not there explains nothing.
        """
        blocking = [key for item in self.a.first.grounds for key in item.ground.rule_keys]
        queue = [self.index.holder[key] for key in blocking] + list(self.a.first.values)
        found = dict.fromkeys(blocking)
        seen: set[str] = set()
        for name in self.index.ladder:
            if name == "blokkerende_grond" and self.a.state.out[name] is True:
                continue
            queue += self._behind(name)
        while queue:
            key = queue.pop()
            if key in seen:
                continue
            seen.add(key)
            for rule in self._telling(self.outcomes[key]):
                found[rule.key] = None
                queue += [other for other in self._read(rule.key).outcomes if self._worth_explaining(other, rule)]
        return sorted((key for key in found if self._concerns(self.rules[key])), key=self.index.order.__getitem__)

    def _read(self, key: str) -> _Reads:
        """What a rule read in this case."""
        traces = self.a.state.traces.get(key, ())
        return self.index.reads(key, traces[0].row if len(traces) == 1 else None)

    def _behind(self, name: str) -> list[str]:
        """The outcomes behind a name of the ladder (`bevoegd`, `blokkerende_grond`)."""
        outcome = self.outcomes[name]
        if not outcome.rules[0].key.startswith("#"):
            return [name]
        reads = self.index.reads(outcome.rules[0].key)
        return [*reads.outcomes, *(self.index.holder[key] for key in reads.rules if self.a.state.holds.get(key) is not False)]

    def _worth_explaining(self, key: str, reader: tree.Rule) -> bool:
        if key not in self.a.state.out:
            return bool(self.a.state.items.get(key))
        value = self.a.state.out[key]
        if isinstance(value, Unknown):
            traces = self.a.state.traces[reader.key]
            return any(isinstance(trace.holds, Unknown) or isinstance(trace.value, Unknown) for trace in traces)
        return value is not False and value is not GEEN and (value is True or value != 0)

    def _concerns(self, rule: tree.Rule) -> bool:
        """Not about a person who does not count, and not about a list without items."""
        if rule.list is not None:
            return bool(self.a.state.traces[rule.key])
        if rule.person is None:
            return True
        return all(
            self.a.compiled.test(present)(self.a.state) is not False
            for persons in self.program.composed.values()
            for name, present in persons
            if name == rule.person
        )

    def _telling(self, outcome: tree.Outcome) -> Iterator[tree.Rule]:
        """Of the rules of an outcome those that made it what it is: the ones that hold; all of them when none does."""
        traces = self.a.state.traces
        truths = {rule.key: [trace.holds for trace in traces.get(rule.key, ())] for rule in outcome.rules}
        holding = [rule for rule in outcome.rules if any(truth is True for truth in truths[rule.key])]
        undecided = [rule for rule in outcome.rules if any(isinstance(truth, Unknown) for truth in truths[rule.key])]
        return iter(holding or undecided or outcome.rules)

    def _rule(self, key: str) -> dict[str, Any]:
        rule = self.rules[key]
        info = self.program.rules[rule.id]
        decl = info.decl
        traces = self.a.state.traces[key]
        outcome = self.outcomes[rule.outcome]
        entry: dict[str, Any] = {
            "id": rule.id,
            "persoon": rule.person,
            "titel": decl.title,
            "bepaalt": self.short[outcome.key],
            "rol": decl.role,
            "modaliteit": decl.modality,
            "bron": self._source(decl.source, info.law),
            "status": decl.status,
            "regelset": info.ruleset,
            "versie": info.version.isoformat(),
            "nietGedekt": decl.not_covered,
        }
        if rule.list is not None:
            entry["voorElke"] = [
                {"onderdeel": f"{rule.list}[{number}]", **self._trace(rule, trace, outcome.kind, number)}
                for number, trace in enumerate(traces)
            ]
        elif traces:
            entry |= self._trace(rule, traces[0], outcome.kind, None)
        return entry

    def _trace(self, rule: tree.Rule, trace: RuleTrace, kind: Kind, index: int | None) -> dict[str, Any]:
        decl = self.program.rules[rule.id].decl
        numbers = iter(range(len(trace.nodes)))
        explanation = decl.explanation
        text = explanation.unknown if isinstance(trace.holds, Unknown) else explanation.true if trace.holds else explanation.false
        entry: dict[str, Any] = {
            "uitkomst": truth_word(trace.holds),
            "tekst": text,
            "voorwaarden": _criterion(rule.applies, trace.nodes, numbers),
            "uitzonderingen": [_criterion(exception, trace.nodes, numbers) for exception in rule.exceptions],
        }
        if trace.power is not None:
            entry["keuze"] = truth_word(trace.power)
        if rule.formula is not None and trace.value is not None:
            entry["waarde"] = plain(trace.value, kind)
            entry["getoond"] = shown_with_period(trace.value, kind)
            entry["berekening"] = _formula_text(decl, trace.row)
        entry["gegevens"] = self._used_facts(rule, index)
        entry["uitkomsten"] = self._used_outcomes(rule)
        entry["bedragen"] = list(self._read(rule.key).amounts)
        if isinstance(trace.holds, Unknown):
            entry["rustOp"] = self._causes(trace.holds)
        return entry

    def _used_facts(self, rule: tree.Rule, index: int | None) -> list[dict[str, Any]]:
        reads = self._read(rule.key)
        members = [f"{rule.list}[{index}].{member}" for member in reads.members] if index is not None else []
        return [self._used(path) for path in (*reads.paths, *members)]

    def _used(self, path: str) -> dict[str, Any]:
        found = self._shown.get(path)
        if found is None:
            value = self._value_at(path)
            kind = Kind(Base.DATE) if path == "peildatum" else fact_at(self.program, path).kind
            found = self._shown[path] = {"naam": path, "waarde": plain(value, kind), "getoond": show(value, kind)}
        return found

    def _value_at(self, path: str) -> Value:
        if "[" not in path:
            return self.a.state.facts[path]
        name, _, rest = path.partition("[")
        number, _, member = rest.partition("].")
        rows = self.a.state.facts[name]
        assert isinstance(rows, ListValue)
        return rows.items[int(number)][member]

    def _used_outcomes(self, rule: tree.Rule) -> list[dict[str, Any]]:
        return [self._used_outcome(key) for key in self._read(rule.key).own_outcomes]

    def _used_outcome(self, key: str) -> dict[str, Any]:
        found = self._shown.get(f"={key}")
        if found is None:
            value, kind = self.a.state.out[key], self.outcomes[key].kind
            found = {"naam": self.short[key], "waarde": plain(value, kind), "getoond": shown_with_period(value, kind)}
            self._shown[f"={key}"] = found
        return found

    def _amounts(self, relevant: Iterable[str]) -> list[dict[str, Any]]:
        used = dict.fromkeys(amount for key in relevant for amount in self._read(key).amounts)
        found = []
        for name in used:
            amount = self.program.amounts[name]
            entry = amount.at(self.day)
            value = self.a.state.amounts[name]
            found.append(
                {
                    "id": name,
                    "omschrijving": amount.decl.description,
                    "waarde": plain(value, amount.kind),
                    "getoond": shown_with_period(value, amount.kind),
                    "bron": amount.decl.source,
                    "verwijzing": self._source(amount.decl.source, amount.law),
                    "geldigVanaf": entry.valid_from.isoformat() if entry else None,
                    "status": entry.status if entry else "niet ingevoerd",
                    "opmerking": entry.note if entry else None,
                }
            )
        return found

    def _source(self, text: str, law: str) -> dict[str, Any]:
        """A source with its Juriconnect address and link, where it is an article of a known law."""
        reference = self.index.reference(text, law, self.program.laws)
        address = juriconnect(reference, self.day) if reference is not None else None
        name = reference.law.name if reference is not None and reference.law is not None else None
        return {"tekst": text, "regeling": name, "jci": address, "link": link(address) if address else None}

    # --- facts ---------------------------------------------------------------------------------------------------

    def _effects(self) -> list[dict[str, Any]]:
        return [
            {
                "persoon": effect.person,
                "leefgebied": effect.domain,
                "omschrijving": effect.words,
                "termijn": effect.term,
                "gesteldDoor": effect.by,
                "gesteldOp": effect.day.isoformat(),
                "waarde": effect.value,
                "naUitkomst": effect.after_outcome,
            }
            for effect in self.a.claim.effects
        ]

    def _facts(self, relevant: Iterable[str]) -> list[dict[str, Any]]:
        read = {path for key in relevant for path in self._read(key).paths}
        lists = {path for path in read if path in self.program.lists} | {self.rules[key].list for key in relevant}
        found = []
        for path, given in self.a.claim.given.items():
            fact = fact_at(self.program, path)
            if fact.kind.base is Base.LIST and given.value is not GEEN:
                counts = path in lists
                found.append(_fact(given, fact, counts=counts))
                for row in self.a.claim.items.get(path, ()):
                    found += [_fact(item, fact_at(self.program, item.path), counts=counts) for item in row.values()]
            elif fact.kind.base is not Base.GROUP or given.value is GEEN:
                found.append(_fact(given, fact, counts=path in read))
        return found

    def _assumptions(self) -> list[dict[str, Any]]:
        decisive = {question.path for question in self.a.questions if question.assumed}
        return [
            {
                "naam": path,
                "waarde": plain(self.a.state.facts[path], self.program.facts[path].kind),
                "getoond": show(self.a.state.facts[path], self.program.facts[path].kind),
                "vraag": self.program.facts[path].decl.question,
                "draagtUitkomst": path in decisive,
            }
            for path in self.a.claim.assumed
        ]

    def _question(self, question: Question) -> dict[str, Any]:
        fact = question.fact
        name = question.path
        return {
            "naam": name,
            "soort": question.kind.value,
            "vraag": fact.decl.question or f"Wat is `{name}`?",
            "toelichting": fact.decl.explanation,
            "verwacht": str(fact.kind),
            "keuzes": list(fact.kind.choices),
            "wie": question.source,
            "rollen": list(fact.decl.judged_by),
            "herkomst": fact.decl.origin,
            "beslissend": "beslissend" if question.decisive else "samen beslissend",
            "beslissendBij": [{"antwoord": show(value, fact.kind), "uitkomst": result} for value, result in question.settling],
        }

    def _causes(self, unknown: Unknown) -> list[dict[str, str]]:
        return [{"soort": cause.kind.value, "naam": self.short.get(cause.ref, cause.ref)} for cause in sorted(unknown.causes)]

    def _not_determinable(self) -> list[dict[str, str]]:
        """What no answer can mend: amounts, rules or fillings that are not entered."""
        words = {
            CauseKind.AMOUNT: "het bedrag voor {} is niet ingevoerd voor deze datum",
            CauseKind.RULE: "geen regel bepaalt {}",
            CauseKind.FILLING: "de gemeente heeft de open term van {} niet ingevuld",
            CauseKind.CALENDAR: "de kalender gaat niet ver genoeg: {}",
            CauseKind.ARITHMETIC: "de berekening kan niet: {}",
        }
        return [
            {
                "soort": cause.kind.value,
                "naam": self.short.get(cause.ref, cause.ref),
                "tekst": "Niet te bepalen: " + words[cause.kind].format(self._named(cause.kind, cause.ref)) + ".",
            }
            for cause in sorted(self.a.first.causes)
            if cause.kind in words
        ]

    def _named(self, kind: CauseKind, ref: str) -> str:
        if kind is CauseKind.AMOUNT and ref in self.program.amounts:
            decl = self.program.amounts[ref].decl
            return f"{decl.description or ref} ({decl.source})"
        return self.short.get(ref, ref)

    # --- the reversed test ---------------------------------------------------------------------------------------

    def _law_values(self) -> list[dict[str, Any]]:
        return [
            {"id": decl.id, "soort": decl.sort, "tekst": decl.text, "bron": self._source(decl.source, law), "status": decl.status}
            for law, decl in self.program.second.values
        ]

    def _triggers(self) -> list[dict[str, Any]]:
        return [
            {
                "id": item.trigger.decl.id,
                "tekst": item.trigger.decl.text,
                "uitkomst": truth_word(item.truth),
                "bron": item.trigger.decl.source,
            }
            for item in self.a.second.triggers
        ]

    def _options(self) -> list[dict[str, Any]]:
        return [
            {
                "id": option.id,
                "soort": option.sort,
                "tekst": option.text,
                "bron": option.source,
                "stand": option.state,
                "binnenRegels": option.within_rules,
                "deur": option.door,
                "regel": option.rule,
            }
            for option in self.a.second.options
        ]

    def _door(self, door: DoorSeen) -> dict[str, Any]:
        decl = door.door.decl
        return {
            "id": decl.id,
            "titel": decl.title,
            "bron": self._source(decl.source, door.door.law),
            "status": decl.status,
            "soort": decl.sort,
            "niveau": decl.level,
            "stand": door.state,
            "heftOp": list(door.lifts),
            "uitgesloten": self._lines(door.door.excluded),
            "voorwaarden": self._lines(door.door.when),
            "bewijs": {"wie": decl.proof.who, "wat": decl.proof.what, "daarna": decl.proof.then} if decl.proof else None,
            "wegingIngebouwd": decl.weighing_built_in,
            "richting": decl.direction,
            "bevoegd": list(decl.authority),
            "gehoudenDoor": decl.held_by,
            "rechtspraak": [
                {"datum": case.date.isoformat(), "ecli": case.ecli, "strekking": case.meaning, "status": case.status}
                for case in (*((decl.widened_from,) if decl.widened_from else ()), *decl.case_law)
                if case.date <= self.day
            ],
            "nietGedekt": decl.not_covered,
        }

    def _lines(self, criterion: tree.Criterion) -> dict[str, Any] | None:
        """A criterion of the second pass line by line, each with its truth."""
        if isinstance(criterion, tree.Const):
            return None
        return self._evaluated(criterion)

    def _evaluated(self, criterion: tree.Criterion) -> dict[str, Any]:
        truth = truth_word(self.a.compiled.test(criterion)(self.a.state))
        match criterion:
            case tree.Line(text=text):
                return {"tekst": text, "uitkomst": truth}
            case tree.And(children=children):
                return {"tekst": "alle", "uitkomst": truth, "delen": [self._evaluated(child) for child in children]}
            case tree.Or(children=children):
                return {"tekst": "een van", "uitkomst": truth, "delen": [self._evaluated(child) for child in children]}
            case tree.Not(child=tree.Or(children=children)):
                return {"tekst": "geen van", "uitkomst": truth, "delen": [self._evaluated(child) for child in children]}
        return {"tekst": "", "uitkomst": truth}

    def _checks(self) -> list[dict[str, Any]]:
        return [
            {
                "id": item.check.decl.id,
                "soort": item.check.decl.sort,
                "vraag": item.check.decl.question,
                "antwoord": {"waar": "ja", "onwaar": "nee"}.get(truth_word(item.answer), "onbekend"),
                "gegeven": item.check.decl.fact,
                "bijNee": item.check.decl.if_no,
                "blokkeert": item.check.decl.blocks,
                "bron": item.check.decl.source,
            }
            for item in self.a.second.checks
        ]

    def _arguments(self) -> list[dict[str, Any]]:
        return [
            {
                "id": item.decl.id,
                "richting": item.decl.direction,
                "optie": item.decl.option,
                "tekst": item.decl.text,
                "bron": self._source(item.decl.source, item.law),
                "waarden": list(item.decl.values),
                "hoek": item.decl.corner,
            }
            for item in self.a.second.arguments
        ]

    def _signals(self) -> list[dict[str, Any]]:
        return [
            {"id": item.decl.id, "tekst": item.decl.text, "bron": self._source(item.decl.source, item.law), "status": item.decl.status}
            for item in self.a.second.signals
        ]

    def _advice(self) -> dict[str, Any]:
        second = self.a.second
        texts = {row.decl.result: row.decl.text for row in self.program.second.advice}
        texts |= {key: text for key, text in self.program.second.wordings.items() if key in (INVESTIGATE, PROFESSIONAL)}
        return {
            "resultaat": second.advice,
            "tekst": second.advice_row.text if second.advice_row is not None else texts.get(second.advice, ""),
            "mogelijk": list(second.possible),
            "redenGezien": truth_word(second.reason_seen),
            "rustOp": self._causes(Unknown(second.causes)) if second.causes else [],
            "uitzonderingenOpen": [self._open_exception(key, number) for key, number in second.open_exceptions],
        }

    def _open_exception(self, key: str, number: int) -> dict[str, str]:
        rule = self.rules[key]
        texts = [node.text for node in tree.walk(rule.exceptions[number]) if isinstance(node, tree.Line)]
        return {"regel": rule.id, "uitzondering": "; ".join(texts)}

    def _duties(self) -> list[dict[str, Any]]:
        """What somebody must still do: rules with ``rol: plicht`` that hold."""
        found = []
        for key, traces in self.a.state.traces.items():
            rule = self.rules.get(key)
            info = self.program.rules.get(rule.id) if rule is not None else None
            if rule is None or info is None or info.decl.role != "plicht" or not any(trace.holds is True for trace in traces):
                continue
            text = info.decl.explanation.true or self.short[rule.outcome].replace("_", " ")
            found.append({"regel": rule.id, "wie": info.decl.duty_of, "tekst": text, "bron": self._source(info.decl.source, info.law)})
        return found

    # --- account -------------------------------------------------------------------------------------------------

    def _account(self) -> dict[str, Any]:
        return {
            "regelmotor": f"toetssteen {engine.__version__}",
            "regelbestand": self.a.rulebook_hash,
            "versies": [
                {
                    "regelset": version.ruleset,
                    "titel": version.title,
                    "geldigVanaf": version.valid_from.isoformat(),
                    "geldigTot": version.valid_until.isoformat() if version.valid_until else None,
                    "bekendVanaf": version.known_from.isoformat() if version.known_from else None,
                    "status": version.status,
                    "waarom": _why_version(version.valid_from, version.valid_until, self.day),
                }
                for version in self.program.versions
            ],
        }


def _why_version(valid_from: date, valid_until: date | None, day: date) -> str:
    until = f" en voor {valid_until}" if valid_until else ""
    return f"de peildatum {day} ligt op of na {valid_from}{until}"


def _short(outcome: tree.Outcome) -> str:
    return f"{outcome.person}.{outcome.name}" if outcome.person else outcome.name


def _fact(given: Given, fact: Fact, *, counts: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "naam": given.path,
        "waarde": plain(given.value, fact.kind),
        "getoond": shown_with_period(given.value, fact.kind),
        "vraag": fact.decl.question,
        "stand": given.standing.value,
        "teltMee": counts,
        "herkomst": given.origin or (fact.decl.origin if given.standing is Standing.GIVEN else None),
        "datum": given.day.isoformat() if given.day else None,
    }
    if given.standing is Standing.JUDGED:
        entry |= {"door": given.by, "rol": given.role, "reden": given.reason}
    return entry


def shown_with_period(value: Value, kind: Kind) -> str:
    """A value as people read it, money with its period."""
    text = show(value, kind)
    if kind.base is Base.MONEY and kind.per not in (None, "eenmalig") and not isinstance(value, Unknown) and value is not GEEN:
        return f"{text} per {kind.per}"
    return text


def _formula_text(decl: RuleDecl, row: int | None) -> str:
    """The sum as policy staff wrote it; of a table the row that gave the value."""
    if decl.value is not None:
        text = str(decl.value)
    elif decl.table:
        text = "tabel" if row is None else decl.table[row].value
    elif decl.open_to is not None:
        text = "ingevuld door de gemeente"
    else:
        text = f"schijven over {decl.tiers.over}" if decl.tiers is not None else ""
    for word, bound in (("ten hoogste", decl.at_most), ("ten minste", decl.at_least)):
        if bound is not None:
            text += f", {word} {bound}"
    return text + (f", afgerond op {decl.rounding}" if decl.rounding else "")


def _criterion(node: tree.Criterion, truths: list[Truth | None], numbers: Iterator[int]) -> dict[str, Any] | None:
    """A criterion of a trace as nested lines; the numbers run in the order in which the compiler gave them."""
    number = next(numbers)
    truth = truths[number]
    word = "niet nagegaan" if truth is None else truth_word(truth)
    match node:
        case tree.Const():
            return None
        case tree.Line(text=text, child=child):
            if isinstance(child, tree.And | tree.Or | tree.Not):
                _skip(child, numbers)
            return {"tekst": text, "uitkomst": word}
        case tree.And(children=children) | tree.Or(children=children):
            parts = [_criterion(child, truths, numbers) for child in children]
            return {
                "tekst": "alle" if isinstance(node, tree.And) else "een van",
                "uitkomst": word,
                "delen": [part for part in parts if part],
            }
        case tree.Not(child=tree.Or(children=children)):
            next(numbers)
            parts = [_criterion(child, truths, numbers) for child in children]
            return {"tekst": "geen van", "uitkomst": word, "delen": [part for part in parts if part]}
        case tree.Not(child=child):
            _skip(child, numbers)
    return {"tekst": "", "uitkomst": word}


def _skip(node: tree.Criterion, numbers: Iterator[int]) -> None:
    """Pass over the numbers of a criterion that is shown as one line."""
    next(numbers)
    match node:
        case tree.And(children=children) | tree.Or(children=children):
            for child in children:
                _skip(child, numbers)
        case tree.Not(child=child):
            _skip(child, numbers)
        case tree.Line(child=child) if isinstance(child, tree.And | tree.Or | tree.Not):
            _skip(child, numbers)
