# SPDX-License-Identifier: EUPL-1.2
"""What changed between two states of the law, in Dutch sentences: amounts, rules, ladder, doors, facts.

A state is a rulebook, or one regelset of it on one day. Two rulebooks are compared on every day on which something of
either begins to hold; a change is told once, with the first day on which it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from engine.authoring.differences import differences
from engine.language.assembly import used_sets
from engine.language.checks import all_nodes, names_used
from engine.language.order import rule_nodes
from engine.language.versions import RuleSet, in_force
from engine.model import documents as doc, tree
from engine.model.kinds import Base, Kind
from engine.model.problems import Place, Problem, RulesError, meant
from engine.model.program import Amount, Program
from engine.model.values import Value
from engine.rationale.values import show
from engine.rulebook import Rulebook

AMOUNT, RULE, LADDER, DOOR, SECOND, FACT, SET = "bedrag", "regel", "uitkomsten", "deur", "omgekeerde toets", "gegeven", "regelset"
SORTS = (SET, AMOUNT, RULE, LADDER, DOOR, SECOND, FACT)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``sort`` is one of :data:`SORTS`, ``subject`` the name in the rules, ``sentence`` says it in full.

    ``before`` and ``after`` hold what stood and what stands (None: nothing); ``day`` is the first day on which it shows.
    """

    sort: str
    subject: str
    sentence: str
    before: str | None = None
    after: str | None = None
    day: date | None = None

    def plain(self) -> dict[str, Any]:
        """The change as JSON carries it."""
        return {
            "soort": self.sort,
            "onderwerp": self.subject,
            "zin": self.sentence,
            "voor": self.before,
            "na": self.after,
            "vanaf": self.day.isoformat() if self.day else None,
        }


@dataclass(frozen=True, slots=True)
class Side:
    """One of two states of the law: a rulebook, or (``ruleset`` and ``day``) one regelset of it on one day."""

    book: Rulebook
    ruleset: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class _View:
    """What holds for one regelset on one day; ``program`` where it is something that can be claimed."""

    day: date
    rules: Mapping[tuple[str, str], doc.RuleDecl]
    assessment: doc.AssessmentDecl | None
    program: Program | None
    amounts: Mapping[str, Amount]
    facts: Mapping[str, doc.FactDecl]


def compare(a: Side, b: Side) -> tuple[Change, ...]:
    """Everything that differs, ordered by sort and then by day and name.

    Both sides name a regelset and a day, or neither does. Raises :class:`RulesError` for a regelset or a day that is not
    there.
    """
    if (a.ruleset is None) is not (b.ruleset is None):
        raise RulesError(
            [Problem("TS-W01", Place(), "Een regelset op een dag is niet te vergelijken met een hele map.", "Noem twee keer hetzelfde.")]
        )
    if a.ruleset is not None and b.ruleset is not None and a.day is not None and b.day is not None:
        before, after = view(a.book, a.ruleset, a.day), view(b.book, b.ruleset, b.day)
        found = list(_between(before, after))
        return _ordered(Change(c.sort, c.subject, c.sentence, c.before, c.after, None) for c in found)
    return _ordered(_between_books(a.book, b.book))


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(dict.fromkeys(changes), key=lambda c: (SORTS.index(c.sort), c.day or date.min, c.subject, c.sentence)))


def _between_books(a: Rulebook, b: Rulebook) -> Iterator[Change]:
    """Set by set, day by day; what was told for an earlier day or another set is not told again."""
    for name in sorted(a.sets.keys() - b.sets.keys()):
        yield Change(SET, name, f"De regelset `{name}` is verdwenen.", name, None)
    for name in sorted(b.sets.keys() - a.sets.keys()):
        yield Change(SET, name, f"De regelset `{name}` is nieuw.", None, name)
    told: set[tuple[str, str, str | None, str | None, str]] = set()
    for name in sorted(a.sets.keys() & b.sets.keys()):
        yield from _versions(name, a.sets[name], b.sets[name])
        for day in _days(name, a, b):
            if in_force(a.sets[name], day) is None or in_force(b.sets[name], day) is None:
                continue
            for change in _between(view(a, name, day), view(b, name, day)):
                key = (change.sort, change.subject, change.before, change.after, change.sentence)
                if key not in told:
                    told.add(key)
                    yield Change(change.sort, change.subject, change.sentence, change.before, change.after, change.day or day)


def _versions(name: str, a: tuple[RuleSet, ...], b: tuple[RuleSet, ...]) -> Iterator[Change]:
    before, after = ({version.document.valid_from: version.document for version in versions} for versions in (a, b))
    for day in sorted(before.keys() - after.keys()):
        yield Change(SET, name, f"De versie {day} van `{name}` is verdwenen.", day.isoformat(), None, day)
    for day in sorted(after.keys() - before.keys()):
        yield Change(SET, name, f"De regelset `{name}` heeft een nieuwe versie, vanaf {day}.", None, day.isoformat(), day)
    for day in sorted(before.keys() & after.keys()):
        if before[day].status != after[day].status:
            old, new = before[day].status, after[day].status
            yield Change(SET, name, f"De versie {day} van `{name}` was `{old}` en is nu `{new}`.", old, new, day)


def _days(name: str, a: Rulebook, b: Rulebook) -> list[date]:
    """The days on which a version, a program or an amount of either side begins to hold."""
    days = {version.document.valid_from for book in (a, b) for version in book.sets[name]}
    for book in (a, b):
        for compiled in book.programs.get(name, ()):
            days.add(compiled.program.valid_from)
            for amount in compiled.program.amounts.values():
                days |= {entry.valid_from for entry in amount.series}
                if amount.decl.entered_until is not None:
                    days.add(amount.decl.entered_until + timedelta(days=1))
            days |= {door.decl.valid_from for door in compiled.program.second.doors}
            days |= {door.decl.valid_until for door in compiled.program.second.doors if door.decl.valid_until}
    return sorted(days)


def view(book: Rulebook, name: str, day: date) -> _View:
    """What holds for a regelset on a day. Raises :class:`RulesError` for an unknown regelset or a day before its first version."""
    versions = book.sets.get(name)
    if versions is None:
        raise RulesError([Problem("TS-B04", Place(name), f"De regelset `{name}` bestaat niet.", meant(name, book.sets))])
    version = in_force(versions, day)
    if version is None:
        first = versions[0].document.valid_from
        raise RulesError(
            [Problem("TS-B05", Place(name), f"Op {day} geldt nog geen versie van `{name}`.", f"De eerste geldt vanaf {first}.")]
        )
    compiled = book.program(name, day)
    program = compiled.program if compiled is not None else None
    used = [version] if program is None else [found for part in used_sets(version, book.sets, day) for found in part]
    rules = {(found.name, rule.decl.id): rule.decl for found in used for rule in found.rules.values()}
    return _View(day, rules, version.assessment, program, _amounts(book, version, program, day), _facts(program) if program else {})


def _amounts(book: Rulebook, version: RuleSet, program: Program | None, day: date) -> dict[str, Amount]:
    """The amounts that the rules read; of a shared regelset those that its rules read in a program that uses it."""
    if program is not None:
        read = {node.amount for node in all_nodes(program) if isinstance(node, tree.AmountRef)}
        return {name: program.amounts[name] for name in sorted(read)}
    found: dict[str, Amount] = {}
    for name in sorted(book.programs):
        compiled = book.program(name, day)
        if compiled is None:
            continue
        user = compiled.program
        for outcome in user.outcomes:
            for rule in outcome.rules:
                if user.rules.get(rule.id) is not None and user.rules[rule.id].ruleset == version.name:
                    read = {node.amount for node in rule_nodes(rule) if isinstance(node, tree.AmountRef)}
                    found |= {amount: user.amounts[amount] for amount in read}
    return dict(sorted(found.items()))


def _facts(program: Program) -> dict[str, doc.FactDecl]:
    """The facts that a program reads, by group and name; the choice of a `kan` belongs to its rule and is left out."""
    found: dict[str, doc.FactDecl] = {}
    used = names_used(program)
    for path, fact in program.facts.items():
        first, _, rest = path.partition(".")
        group = program.groups.get(first)
        name = f"{group}.{rest}" if rest and group else path
        if fact.power_of is None and (f"{group}/{rest}" if rest and group else path) in used:
            found[name] = fact.decl
    for name, described in program.lists.items():
        if name in used:
            members = {f"{described.group}.{member}": fact.decl for member, fact in described.members.items()}
            found |= {path: decl for path, decl in members.items() if path.replace(".", "/", 1) in used}
    return found


def _between(a: _View, b: _View) -> Iterator[Change]:
    yield from _amount_changes(a, b)
    yield from _rule_changes(a, b)
    yield from _ladder_changes(a.assessment, b.assessment)
    yield from _second_changes(a, b)
    yield from _fact_changes(a.facts, b.facts)


# --- amounts ---------------------------------------------------------------------------------------------------------


def _amount_changes(a: _View, b: _View) -> Iterator[Change]:
    for name in sorted(a.amounts.keys() | b.amounts.keys()):
        old, new = a.amounts.get(name), b.amounts.get(name)
        if old is None and new is not None:
            value = _amount_on(new, b.day)
            yield Change(AMOUNT, name, f"{_named(new)} wordt voortaan gebruikt: {value or 'niet ingevoerd'}.", None, value, b.day)
        elif new is None and old is not None:
            yield Change(AMOUNT, name, f"{_named(old)} wordt niet meer gebruikt.", _amount_on(old, a.day), None, b.day)
        elif old is not None and new is not None:
            yield from _amount_change(name, old, new, a.day, b.day)


def _amount_change(name: str, old: Amount, new: Amount, before: date, after: date) -> Iterator[Change]:
    was, now = _amount_on(old, before), _amount_on(new, after)
    entry = new.at(after)
    if was == now:
        if old.decl.source != new.decl.source:
            text = f"{_named(new)} noemt nu als bron {new.decl.source} (was {old.decl.source})."
            yield Change(AMOUNT, name, text, old.decl.source, new.decl.source)
        return
    since = entry.valid_from if entry is not None else after
    if was is None:
        since = after if old.at(since) is not None and old is not new else since
        yield Change(AMOUNT, name, f"{_named(new)} is nu ingevoerd: {now}{_since(now, since)}.", None, now, since)
    elif now is None:
        yield Change(AMOUNT, name, f"{_named(new)} is niet meer ingevoerd op {after} (was {was}).", was, None, after)
    else:
        stripped = was.removesuffix(_unit(now)) if _unit(now) and was.endswith(_unit(now)) else was
        yield Change(AMOUNT, name, f"{_named(new)} gaat van {stripped} naar {now}{_since(now, since)}.", was, now, since)


def _since(text: str | None, day: date) -> str:
    return f"{',' if text and ' per ' in text else ''} per {day}"


def _unit(text: str) -> str:
    """The words behind the number: ` euro per maand`."""
    number, space, rest = text.partition(" ")
    return f"{space}{rest}" if number and rest.startswith("euro") else ""


def _named(amount: Amount) -> str:
    words = (amount.decl.description or amount.id.replace("_", " ")).split(". ")[0].rstrip(".")
    return f'{amount.decl.source}: "{words}"'


def _amount_on(amount: Amount, day: date) -> str | None:
    entry = amount.at(day)
    return None if entry is None or entry.value is None else amount_text(entry.value, amount.kind)


def amount_text(value: Value, kind: Kind) -> str:
    """An amount in a sentence: `8.000 euro`, `1.401,50 euro per maand`, `40%`."""
    if kind.base is not Base.MONEY or not isinstance(value, int | Fraction):
        return show(value, kind)
    cents = int(value)
    whole, rest = divmod(abs(cents), 100)
    number = f"{'-' if cents < 0 else ''}{whole:,}".replace(",", ".") + (f",{rest:02d}" if rest else "")
    return f"{number} euro" + (f" per {kind.per}" if kind.per and kind.per != "eenmalig" else "")


# --- rules, ladder, doors, facts -------------------------------------------------------------------------------------


def _rule_changes(a: _View, b: _View) -> Iterator[Change]:
    for key in dict.fromkeys((*a.rules, *b.rules)):
        old, new, name = a.rules.get(key), b.rules.get(key), key[1]
        if old is None and new is not None:
            yield Change(RULE, name, f"{_cited(new)}: nieuwe regel, bepaalt `{new.decides}`{_title(new)}.", None, name)
        elif new is None and old is not None:
            yield Change(RULE, name, f"{_cited(old)}: de regel vervalt; zij bepaalde `{old.decides}`{_title(old)}.", name, None)
        elif old is not None and new is not None:
            for found in differences(old, new):
                yield Change(RULE, name, f"{_cited(new)}: {found.phrase}.", found.before, found.after)


def _cited(rule: doc.RuleDecl) -> str:
    return f"{rule.source} ({rule.id})"


def _title(rule: doc.RuleDecl) -> str:
    return f" ({rule.title})" if rule.title else ""


def _ladder_changes(old: doc.AssessmentDecl | None, new: doc.AssessmentDecl | None) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            verb = "is nieuw" if old is None else "vervalt"
            yield Change(LADDER, "beoordeling", f"De beoordeling {verb}.", None if old is None else "beoordeling", None)
        return
    for found in differences(old, new):
        yield Change(LADDER, "beoordeling", f"De beoordeling: {found.phrase}.", found.before, found.after)


_Named = doc.DoorDecl | doc.OptionDecl | doc.SignalDecl | doc.TriggerDecl | doc.CheckDecl | doc.ArgumentDecl | doc.ValueDecl


def _second_changes(a: _View, b: _View) -> Iterator[Change]:
    before, after = _second_items(a), _second_items(b)
    for key in dict.fromkeys((*before, *after)):
        word, name = key
        sort = DOOR if word == "de deur" else SECOND
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            yield Change(sort, name, f"{new.source if hasattr(new, 'source') else 'Toets'} ({name}): {word} komt erbij.", None, name)
        elif new is None and old is not None:
            yield Change(sort, name, f"{old.source if hasattr(old, 'source') else 'Toets'} ({name}): {word} vervalt.", name, None)
        elif old is not None and new is not None:
            for found in differences(old, new):
                yield Change(sort, name, f"{word[0].upper()}{word[1:]} {name}: {found.phrase}.", found.before, found.after)


def _second_items(seen: _View) -> dict[tuple[str, str], _Named]:
    """What the reversed test holds on a day, by what it is called and its id."""
    if seen.program is None:
        return {}
    second = seen.program.second
    found: dict[tuple[str, str], _Named] = {}
    found |= {("de deur", item.decl.id): item.decl for item in second.doors if _holds(item.decl, seen.day)}
    found |= {("de optie", item.decl.id): item.decl for item in second.options if _holds(item.decl, seen.day)}
    found |= {("het signaal", item.decl.id): item.decl for item in second.signals if _holds(item.decl, seen.day)}
    found |= {("de aanleiding", item.decl.id): item.decl for item in second.triggers}
    found |= {("de toets", item.decl.id): item.decl for item in second.checks}
    found |= {("het argument", item.decl.id): item.decl for item in second.arguments}
    return found | {("de waarde", decl.id): decl for _, decl in second.values}


def _holds(decl: doc.DoorDecl | doc.OptionDecl | doc.SignalDecl, day: date) -> bool:
    return (decl.valid_from is None or decl.valid_from <= day) and (decl.valid_until is None or day < decl.valid_until)


def _fact_changes(a: Mapping[str, doc.FactDecl], b: Mapping[str, doc.FactDecl]) -> Iterator[Change]:
    for name in dict.fromkeys((*a, *b)):
        old, new = a.get(name), b.get(name)
        if old is None and new is not None:
            yield Change(FACT, name, f"Het gegeven `{name}` wordt voortaan gevraagd{_question(new)}.", None, name)
        elif new is None and old is not None:
            yield Change(FACT, name, f"Het gegeven `{name}` wordt niet meer gevraagd{_question(old)}.", name, None)
        elif old is not None and new is not None:
            for found in differences(old, new):
                yield Change(FACT, name, f"Het gegeven `{name}`: {found.phrase}.", found.before, found.after)


def _question(fact: doc.FactDecl) -> str:
    return f' ("{fact.question}")' if fact.question else ""
