# SPDX-License-Identifier: EUPL-1.2
"""Regelset versions laid over each other: which rules stand on a day, and from which file each comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.language.library import Entry, Library
from engine.language.reading import Path, Source
from engine.model import documents as doc
from engine.model.problems import Problem


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as it stands in a version, with the file and path of its text."""

    decl: doc.RuleDecl
    source: Source
    path: Path
    version: date


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A regelset version with everything that it inherits from the versions it changes."""

    name: str
    law: str
    document: doc.RuleSetDoc
    source: Source
    valid_until: date | None
    title: str
    uses: tuple[str, ...]
    version_by: str | None
    assessment: doc.AssessmentDecl | None
    assessment_source: Source | None
    rules: Mapping[str, RuleText]


def rule_sets(library: Library) -> tuple[dict[str, tuple[RuleSet, ...]], list[Problem]]:
    """Per regelset its versions in order of time, each whole; withdrawn versions are left out."""
    by_name: dict[str, list[Entry]] = {}
    for entry in library.of(doc.RuleSetDoc):
        assert isinstance(entry.document, doc.RuleSetDoc)
        by_name.setdefault(entry.document.ruleset, []).append(entry)
    problems: list[Problem] = []
    result: dict[str, tuple[RuleSet, ...]] = {}
    for name, entries in sorted(by_name.items()):
        ordered = sorted(entries, key=lambda e: e.document.valid_from)  # type: ignore[attr-defined]
        active = [entry for entry in ordered if entry.document.status != "ingetrokken"]  # type: ignore[attr-defined]
        result[name] = _overlay(name, active, problems)
    return result, problems


def _overlay(name: str, entries: list[Entry], problems: list[Problem]) -> tuple[RuleSet, ...]:
    whole: list[RuleSet] = []
    for index, entry in enumerate(entries):
        document = entry.document
        assert isinstance(document, doc.RuleSetDoc)
        before = whole[-1] if whole else None
        base = _base(document, entry.source, before, problems)
        rules: dict[str, RuleText] = dict(base.rules) if base else {}
        for number, lapsed in enumerate(document.lapses if base else ()):
            if rules.pop(lapsed, None) is None:
                problems.append(
                    entry.source.problem(
                        "TS-V02",
                        ("vervalt", number),
                        f"De regel `{lapsed}` bestaat niet in de vorige versie.",
                        "Laat hem weg bij `vervalt`.",
                    )
                )
        seen: set[str] = set()
        for position, rule in enumerate(document.rules):
            path: Path = ("regels", position)
            if rule.id in seen:
                problems.append(
                    entry.source.problem(
                        "TS-V03", (*path, "id"), f"De id `{rule.id}` staat twee keer in dit bestand.", "Geef elke regel een eigen id."
                    )
                )
            seen.add(rule.id)
            rules[rule.id] = RuleText(rule, entry.source, path, document.valid_from)
        following = entries[index + 1].document if index + 1 < len(entries) else None
        whole.append(
            RuleSet(
                name,
                entry.law,
                document,
                entry.source,
                following.valid_from if isinstance(following, doc.RuleSetDoc) else None,
                document.title or (base.title if base else name),
                document.uses or (base.uses if base else ()),
                document.version_by or (base.version_by if base else None),
                document.assessment or (base.assessment if base else None),
                entry.source if document.assessment else (base.assessment_source if base else None),
                rules,
            )
        )
    return tuple(whole)


def _base(document: doc.RuleSetDoc, source: Source, before: RuleSet | None, problems: list[Problem]) -> RuleSet | None:
    if document.amends is None:
        if document.lapses:
            problems.append(
                source.problem(
                    "TS-V02",
                    ("vervalt",),
                    "`vervalt` doet niets zonder `wijzigt`.",
                    "Zeg met `wijzigt` welke versie dit bestand verandert.",
                )
            )
        return None
    if before is None or before.document.valid_from != document.amends:
        known = f"De versie ervoor is {before.document.valid_from}." if before else "Er is geen eerdere versie."
        problems.append(source.problem("TS-V01", ("wijzigt",), f"Er is geen versie {document.amends} direct voor deze.", known))
        return None
    return before


def in_force(versions: Iterable[RuleSet], day: date) -> RuleSet | None:
    """The version in force on a day."""
    found = None
    for version in versions:
        if version.document.valid_from <= day:
            found = version
    return found
