# SPDX-License-Identifier: EUPL-1.2
"""A regelset version whole: the rules of all versions laid over each other, in the words in which they were written."""

from __future__ import annotations

from datetime import date

from engine.language.reading import Path, Source
from engine.language.versions import RuleSet, in_force
from engine.model.problems import Place, Problem, RulesError, nearest
from engine.rulebook import Rulebook


def whole(rulebook: Rulebook, name: str, day: date) -> str:
    """A regelset as it stands on a day, as one YAML text that loads as a base version.

    Each rule says in a comment from which version its text comes. Raises :class:`RulesError` for an unknown regelset or
    a day before its first version.
    """
    versions = rulebook.sets.get(name)
    if versions is None:
        raise RulesError(
            [
                Problem(
                    "TS-B04",
                    Place(name),
                    f"De regelset `{name}` bestaat niet.",
                    nearest(name, rulebook.sets),
                )
            ]
        )
    version = in_force(versions, day)
    if version is None:
        first = versions[0].document.valid_from
        raise RulesError(
            [Problem("TS-B05", Place(name), f"Op {day} geldt nog geen versie van `{name}`.", f"De eerste geldt vanaf {first}.")]
        )
    return "\n".join(_lines(version)) + "\n"


def _lines(version: RuleSet) -> list[str]:
    document = version.document
    lines = [
        f"# {version.title}: versie {document.valid_from}, in zijn geheel.",
        f"regelset: {version.name}",
        f'titel: "{version.title}"',
        f"geldig vanaf: {document.valid_from}",
    ]
    if document.known_from:
        lines.append(f"bekend vanaf: {document.known_from}")
    lines.append(f"status: {document.status}")
    if version.uses:
        lines.append(f"gebruikt: [{', '.join(version.uses)}]")
    if version.assessment_source is not None:
        lines += _block(version.assessment_source, ("beoordeling",))
    lines.append("regels:")
    for rule in version.rules.values():
        lines.append(f"  # uit versie {rule.version} ({rule.source.file})")
        lines += _block(rule.source, rule.path)
    return lines


def _block(source: Source, path: Path) -> list[str]:
    """The lines of a part of a file: from its first line up to the next line that is indented less deep."""
    start = source.keys[path].line if path in source.keys else source.places[path].line
    first = source.lines[start - 1]
    indent = len(first) - len(first.lstrip())
    block = [first]
    for line in source.lines[start:]:
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth <= indent:
            break
        block.append(line)
    while block and not block[-1].strip():
        block.pop()
    return block
