# SPDX-License-Identifier: EUPL-1.2
"""Checks over the whole library that no single line can fail: sources, statuses, facts that nobody uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.language.facts import FactTable
from engine.language.library import GENERAL, Library
from engine.language.order import rule_nodes
from engine.language.reading import Path, Source
from engine.language.sources import is_statutory, parse_reference
from engine.language.versions import RuleSet, in_force
from engine.model import documents as doc, tree
from engine.model.problems import Problem, Severity
from engine.model.program import Amount, Law, Program


def sources(library: Library, laws: Mapping[str, Law], citable: Mapping[str, Law]) -> list[Problem]:
    """Every rule, amount, fact, word and door cites an article that can be read as one."""
    problems = []
    for law, source, path, text in _cited(library):
        if not text.strip():
            problems.append(source.problem("TS-S03", path, "De bron is leeg.", "Noem het artikel, of waar het anders vandaan komt."))
        elif re.match(r"(?i)art(ikel)?\b", text) and not is_statutory(text):
            problems.append(
                source.problem(
                    "TS-S01", path, f"`{text}` is geen verwijzing die te volgen is.", "Schrijf een artikel als `art. 31 lid 2 onder n`."
                )
            )
        elif is_statutory(text) and parse_reference(text, laws.get(law), citable) is None:
            problems.append(
                source.problem(
                    "TS-S01",
                    path,
                    f"`{text}` is geen verwijzing die te volgen is.",
                    "Schrijf bijvoorbeeld `art. 31 lid 2 onder n`; "
                    "een andere wet erachter moet bij `aanhaalbaar` in algemeen/regeling.yaml staan.",
                )
            )
    return problems


def _cited(library: Library) -> Iterator[tuple[str, Source, Path, str]]:
    for entry in library.entries:
        document = entry.document
        if isinstance(document, doc.RuleSetDoc):
            for index, rule in enumerate(document.rules):
                yield entry.law, entry.source, ("regels", index, "bron"), rule.source
        elif isinstance(document, doc.AmountsDoc):
            for name, amount in document.amounts.items():
                yield entry.law, entry.source, ("bedragen", name, "bron"), amount.source
        elif isinstance(document, doc.FactsDoc):
            for path, fact in _declared(document):
                if fact.source is not None:
                    yield entry.law, entry.source, (*path, "bron"), fact.source
        elif isinstance(document, doc.LawDoc):
            for index, word in enumerate(document.words):
                if word.source is not None:
                    yield entry.law, entry.source, ("woorden", index, "bron"), word.source
        elif isinstance(document, doc.ReversedTestDoc):
            for key, cited in _reversed_sources(document).items():
                for index, text in enumerate(cited):
                    yield entry.law, entry.source, (key, index, "bron"), text


def _declared(document: doc.FactsDoc) -> Iterator[tuple[Path, doc.FactDecl]]:
    """Every fact of a file with its place."""
    for name, decl in document.facts.items():
        yield ("gegevens", name), decl
    for group, members in document.groups.items():
        for name, decl in members.items():
            yield ("groepen", group, name), decl


def _reversed_sources(document: doc.ReversedTestDoc) -> dict[str, list[str]]:
    return {
        "waarden": [item.source for item in document.values],
        "deuren": [item.source for item in document.doors],
        "aanleidingen": [item.source for item in document.triggers],
        "toetsen": [item.source for item in document.checks],
        "opties": [item.source for item in document.options],
        "argumenten": [item.source for item in document.arguments],
        "signalen": [item.source for item in document.signals],
        "gronden": [item.source for item in document.grounds],
        "intensiteit": [item.source for item in document.intensity],
    }


def words(library: Library) -> list[Problem]:
    """No form of a word has two meanings in one law on one day."""
    problems = []
    for entry in library.of(doc.LawDoc):
        assert isinstance(entry.document, doc.LawDoc)
        seen: dict[str, list[doc.WordDecl]] = {}
        for index, word in enumerate(entry.document.words):
            for number, form in enumerate((word.word, *word.forms)):
                path: Path = ("woorden", index, "woord") if number == 0 else ("woorden", index, "vormen", number - 1)
                others = seen.setdefault(form.casefold(), [])
                if any(other is word or other.meets(word) for other in others):
                    problems.append(entry.source.problem("TS-D04", path, f"Het woord `{form}` staat er al.", "Laat er een weg."))
                others.append(word)
    return problems


def statuses(library: Library, sets: Mapping[str, tuple[RuleSet, ...]]) -> list[Problem]:
    """A regelset is not `vastgesteld` while anything in it is `te verifieren`."""
    problems = []
    for versions in sets.values():
        for version in versions:
            if version.document.status != "vastgesteld":
                continue
            for rule in version.rules.values():
                if rule.decl.status == "te verifieren":
                    problems.append(
                        version.source.problem(
                            "TS-S02",
                            ("status",),
                            f"Deze versie is `vastgesteld`, maar de regel {rule.decl.id} ({rule.source.file}) is `te verifieren`.",
                            "Lees het artikel in de tekst van die datum en zet `status: gelezen`, of maak de versie `concept`.",
                        )
                    )
    return problems


def settled(programs: Iterable[Program], sets: Mapping[str, tuple[RuleSet, ...]]) -> list[Problem]:
    """Nor while a rule that it uses from elsewhere, or an amount that it reads, is `te verifieren`."""
    problems = []
    for program in programs:
        claim = in_force(sets[program.claim], program.valid_from)
        if claim is None or claim.document.status != "vastgesteld":
            continue
        open_items = [f"de regel {rule} ({version.ruleset})" for version in program.versions[1:] for rule in version.unverified]
        read = {node.amount for node in all_nodes(program) if isinstance(node, tree.AmountRef)}
        open_items += [f"het bedrag {name}" for name in sorted(read) if _unverified(program, name)]
        problems += [
            claim.source.problem(
                "TS-S02",
                ("status",),
                f"Deze versie is `vastgesteld`, maar {item} is `te verifieren`.",
                "Lees de bron en zet `status: gelezen`, of maak de versie `concept`.",
            )
            for item in open_items
        ]
    return problems


def _unverified(program: Program, amount: str) -> bool:
    """Whether a value of an amount that can hold during a program is still to be verified."""
    series = program.amounts[amount].series
    later = [entry.valid_from for entry in series[1:]]
    return any(
        entry.status == "te verifieren"
        and (program.valid_until is None or entry.valid_from < program.valid_until)
        and (following is None or following > program.valid_from)
        for entry, following in zip(series, [*later, None], strict=True)
    )


def doubles(facts: FactTable, amounts: Mapping[str, Amount]) -> list[Problem]:
    """No amount has the name of a fact: a line could not tell them apart."""
    return [
        Problem("TS-A05", amount.place, f"`{name}` is ook een gegeven.", "Geef het bedrag of het gegeven een andere naam.")
        for name, amount in amounts.items()
        if name in facts.facts or name in facts.composed or name in facts.groups
    ]


def unused(library: Library, programs: Iterable[Program]) -> list[Problem]:
    """Facts that no rule, door, trigger or check of any version reads: a warning, since a law to come may ask them."""
    used: set[str] = set()
    for program in programs:
        used |= names_used(program)
    problems = []
    for entry in library.of(doc.FactsDoc):
        if entry.law == GENERAL:
            continue
        assert isinstance(entry.document, doc.FactsDoc)
        declared: list[tuple[str, Path]] = [(name, ("gegevens", name)) for name in entry.document.facts]
        declared += [(f"{group}/{name}", ("groepen", group, name)) for group, members in entry.document.groups.items() for name in members]
        for name, path in declared:
            if name not in used:
                problem = entry.source.problem(
                    "TS-N01",
                    path,
                    f"Het gegeven `{name.replace('/', '.')}` wordt door geen enkele regel gebruikt.",
                    "Verwijder het, of gebruik het in een regel.",
                )
                problems.append(Problem(problem.code, problem.place, problem.cause, problem.remedy, Severity.WARNING, problem.shown))
    return problems


def names_used(program: Program) -> set[str]:
    """Names of facts that a program reads: a fact by its path, a member of a group as ``group/member``."""
    used: set[str] = set()
    for node in all_nodes(program):
        if isinstance(node, tree.FactRef | tree.Present):
            first, _, rest = node.path.partition(".")
            used.add(first)
            if rest and first in program.groups:
                used.add(f"{program.groups[first]}/{rest}")
        elif isinstance(node, tree.MemberRef):
            used.add(node.list)
            used.add(f"{program.lists[node.list].group}/{node.name}")
        elif isinstance(node, tree.Exists | tree.ForAll | tree.Count | tree.Sum):
            used.add(node.list)
    used |= {check.decl.fact for check in program.second.checks}
    used |= {outcome.list for outcome in program.outcomes if outcome.list}
    return used


def all_nodes(program: Program) -> Iterator[tree.Node]:
    """Every node of every rule, rung and item of the reversed test."""
    for outcome in program.outcomes:
        for rule in outcome.rules:
            yield from rule_nodes(rule)
    criteria = [rung.criterion for rung in program.ladder]
    second = program.second
    criteria += [criterion for door in second.doors for criterion in (door.excluded, door.when)]
    criteria += [
        item.when
        for items in (second.triggers, second.options, second.arguments, second.advice, second.signals, second.intensity)
        for item in items
    ]
    criteria += [check.applies for check in second.checks]
    criteria += [criterion for persons in program.composed.values() for _, criterion in persons]
    for criterion in criteria:
        yield from tree.walk(criterion)
