# SPDX-License-Identifier: EUPL-1.2
"""The fact declarations of a law together with the shared ones: typed, and every mistake in them found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from engine.language.kinds import LiteralError, fact_kind, parse_literal
from engine.language.library import GENERAL, Entry, Library
from engine.language.lines import LineError, parse_line
from engine.language.reading import Path, Source
from engine.language.scope import Member, Person
from engine.model import documents as doc
from engine.model.kinds import BOOL, Base, Kind
from engine.model.problems import Problem
from engine.model.program import DERIVED, Fact, ListFact
from engine.model.stages import WORDS


@dataclass
class FactTable:
    """All facts that one law can ask, flat by path, with groups, lists, persons and composed lists."""

    facts: dict[str, Fact] = field(default_factory=dict)
    groups: dict[str, dict[str, Fact]] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    lists: dict[str, ListFact] = field(default_factory=dict)
    composed: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    composed_places: dict[str, tuple[Source, Path]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    laws: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def group_kinds(self) -> Mapping[str, Mapping[str, Kind]]:
        """Per group the kinds of its members."""
        return {group: {name: fact.kind for name, fact in members.items()} for group, members in self.groups.items()}

    def top_kinds(self) -> Mapping[str, Kind]:
        """The kinds of the facts that stand on their own."""
        return {path: fact.kind for path, fact in self.facts.items() if "." not in path and path not in self.members}

    def group_members(self) -> Mapping[str, str]:
        """Which group each fact that holds a group has."""
        return {name: member.group for name, member in self.members.items()}


def facts_of(library: Library, laws: Iterable[str]) -> FactTable:
    """The facts of ``algemeen`` and of the laws that meet in one program."""
    table = FactTable()
    entries = [entry for law in dict.fromkeys((GENERAL, *laws)) for entry in library.of(doc.FactsDoc, law)]
    documents = [(entry, entry.document) for entry in entries if isinstance(entry.document, doc.FactsDoc)]
    names = {group for _, document in documents for group in document.groups}
    for entry, document in documents:
        table.origins |= document.origins
        _add_groups(table, entry, document, names)
    for entry, document in documents:
        _add_facts(table, entry, document, names)
    for entry, document in documents:
        _add_composed(table, entry, document)
    table.facts |= {
        f"{name}.{part}": replace(fact, path=f"{name}.{part}")
        for name, member in table.members.items()
        for part, fact in table.groups[member.group].items()
    }
    _check_origins(table, documents)
    return table


def _add_groups(table: FactTable, entry: Entry, document: doc.FactsDoc, names: Iterable[str]) -> None:
    for group, members in document.groups.items():
        known = table.groups.setdefault(group, {})
        for name, decl in members.items():
            path: Path = ("groepen", group, name)
            if name in _RESERVED:
                table.problems.append(_reserved(entry, path, name))
                continue
            if name in known:
                table.problems.append(_taken(table, entry, path, f"{group}.{name}"))
                continue
            fact = _typed(table, entry, path, name, decl, names)
            if fact is None:
                continue
            if fact.kind.base in (Base.GROUP, Base.LIST):
                table.problems.append(
                    entry.source.problem("TS-G02", path, "Een groep kan geen groep of lijst bevatten.", "Zet de lijst bij `gegevens`.")
                )
                continue
            known[name] = fact
            table.laws[f"{group}.{name}"] = entry.law


def _add_facts(table: FactTable, entry: Entry, document: doc.FactsDoc, names: Iterable[str]) -> None:
    for name, decl in document.facts.items():
        path: Path = ("gegevens", name)
        if name in _RESERVED:
            table.problems.append(_reserved(entry, path, name))
            continue
        if name in table.facts or name in table.groups:
            table.problems.append(_taken(table, entry, path, name))
            continue
        fact = _typed(table, entry, path, name, decl, names)
        if fact is None:
            continue
        table.facts[name] = fact
        table.laws[name] = entry.law
        if fact.kind.base is Base.GROUP:
            table.members[name] = Member(str(fact.kind.group), fact.kind.optional)
        elif fact.kind.base is Base.LIST:
            group = str(fact.kind.group)
            table.lists[name] = ListFact(name, group, table.groups[group])


_RESERVED = frozenset((*DERIVED, *WORDS))


def _reserved(entry: Entry, path: Path, name: str) -> Problem:
    return entry.source.problem(
        "TS-G09", path, f"`{name}` is een woord van de beoordeling zelf en kan geen gegeven zijn.", "Kies een andere naam."
    )


def _taken(table: FactTable, entry: Entry, path: Path, name: str) -> Problem:
    other = table.laws.get(name, entry.law)
    if other not in (entry.law, GENERAL) and entry.law != GENERAL:
        return entry.source.problem(
            "TS-G08",
            path,
            f"`{name}` staat ook bij de wet `{other}`, en een aanspraak leest ze allebei.",
            f"Zet het gegeven in {GENERAL}/gegevens.yaml als het hetzelfde is, of kies een andere naam.",
        )
    return entry.source.problem(
        "TS-G01", path, f"`{name}` bestaat al.", "Een gegeven staat op een plaats; kies een andere naam of laat er een weg."
    )


def _typed(table: FactTable, entry: Entry, path: Path, name: str, decl: doc.FactDecl, groups: Iterable[str]) -> Fact | None:
    source = entry.source
    try:
        kind = fact_kind(decl, tuple(groups))
        parsed = {}
        for key, text in (("aanname", decl.assumed), ("ten minste", decl.minimum), ("ten hoogste", decl.maximum)):
            bare = None if _past(decl, kind) and key == "ten hoogste" else text
            try:
                parsed[key] = None if bare is None else parse_literal(bare, kind)
            except LiteralError as error:
                table.problems.append(source.problem("TS-G03", (*path, key), error.cause, error.remedy))
                parsed[key] = None
    except LiteralError as error:
        table.problems.append(source.problem("TS-G03", (*path, "soort"), error.cause, error.remedy))
        return None
    if decl.judged_by and decl.assumed is not None:
        table.problems.append(
            source.problem(
                "TS-G04", (*path, "aanname"), "Een oordeel kan geen aanname hebben: het wordt door een mens gegeven.", "Laat `aanname` weg."
            )
        )
    if decl.may_lack and decl.assumed is not None and kind.base in (Base.GROUP, Base.LIST):
        table.problems.append(
            source.problem("TS-G04", (*path, "aanname"), "Een groep of lijst kan geen aanname hebben.", "Laat `aanname` weg.")
        )
    if decl.judged_by and kind.base in (Base.GROUP, Base.LIST):
        table.problems.append(
            source.problem(
                "TS-G04",
                (*path, "oordeel van"),
                "Over een groep of lijst als geheel kan niet worden geoordeeld.",
                "Zet het oordeel bij een gegeven erin.",
            )
        )
    low, high = parsed["ten minste"], parsed["ten hoogste"]
    if isinstance(low, int | Fraction) and isinstance(high, int | Fraction) and low > high:
        table.problems.append(
            source.problem("TS-G05", (*path, "ten minste"), "`ten minste` is meer dan `ten hoogste`: geen waarde past.", "Draai ze om.")
        )
    if (decl.minimum or decl.maximum) and not (kind.numeric or kind.base in (Base.MONEY, Base.DATE)):
        table.problems.append(
            source.problem("TS-G05", path, "`ten minste` en `ten hoogste` passen alleen bij getallen, bedragen en datums.", "Laat ze weg.")
        )
    return Fact(name, kind, decl, parsed["aanname"], parsed["ten minste"], parsed["ten hoogste"], past=_past(decl, kind), law=entry.law)


def _past(decl: doc.FactDecl, kind: Kind) -> bool:
    """Whether a fact is a date that lies on the peildatum or before: what has not happened yet cannot be told."""
    return kind.base is Base.DATE and decl.maximum == "peildatum"


def _add_composed(table: FactTable, entry: Entry, document: doc.FactsDoc) -> None:
    for name, lines in document.composed.items():
        path: Path = ("samengesteld", name)
        if name in table.facts or name in table.composed or name in _RESERVED:
            table.problems.append(entry.source.problem("TS-G01", path, f"`{name}` bestaat al.", "Kies een andere naam."))
            continue
        persons = []
        for index, text in enumerate(lines):
            person, _, where = (part.strip() for part in text.partition(" waar "))
            if person not in table.members:
                table.problems.append(
                    entry.source.problem(
                        "TS-G06",
                        (*path, index),
                        f"`{person}` is geen gegeven dat een groep is.",
                        "Noem gegevens zoals `aanvrager` en `partner`.",
                    )
                )
                continue
            try:
                persons.append(Person(person, parse_line(where) if where else None))
            except LineError as error:
                table.problems.append(
                    entry.source.problem(error.code, (*path, index), error.cause, error.remedy, text.index(where) + error.column)
                )
        if len({table.members[person.name].group for person in persons}) > 1:
            table.problems.append(
                entry.source.problem(
                    "TS-G06", path, "De leden van een samengestelde lijst zijn niet van dezelfde groep.", "Kies leden van een groep."
                )
            )
        elif persons:
            table.composed[name] = tuple(persons)
            table.composed_places[name] = (entry.source, path)


def _check_origins(table: FactTable, documents: Iterable[tuple[Entry, doc.FactsDoc]]) -> None:
    for entry, document in documents:
        declared = [(("groepen", group, name), decl) for group, members in document.groups.items() for name, decl in members.items()]
        declared += [(("gegevens", name), decl) for name, decl in document.facts.items()]  # type: ignore[misc]
        for path, decl in declared:
            if decl.origin is not None and decl.origin not in table.origins:
                table.problems.append(
                    entry.source.problem(
                        "TS-G07",
                        (*path, "herkomst"),
                        f"De herkomst `{decl.origin}` is niet bekend.",
                        f"Kies uit: {', '.join(table.origins)}, of voeg haar toe bij `herkomsten`.",
                    )
                )


def power_fact(rule: doc.RuleDecl) -> Fact:
    """The judgement fact of a ``kan`` rule: whether the power is used."""
    question = rule.question or f"Wilt u gebruikmaken van de bevoegdheid van {rule.source}?"
    decl = doc.FactDecl.model_validate(
        {"soort": "ja/nee", "vraag": question, "oordeel van": rule.decided_by or ("professional",), "bron": rule.source}
    )
    path = f"keuze({rule.id})"
    return Fact(path, BOOL, decl, power_of=rule.id)


def decision_fact(path: str, kind: Kind) -> Fact:
    """An outcome of another regelset as a fact: a decision that was taken, which a claim may give."""
    return Fact(path, kind.required(), doc.FactDecl.model_validate({"soort": kind.base.value, "vraag": f"Wat is besloten over `{path}`?"}))
