# SPDX-License-Identifier: EUPL-1.2
"""Conditions and values as they stand in a file, typed: a mistake becomes a problem at its place, and the work goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from engine.language.checker import Checker, guards_of
from engine.language.kinds import LiteralError
from engine.language.lines import LineError, parse_line
from engine.language.reading import Path, Source
from engine.language.scope import Context, KindError
from engine.model import tree
from engine.model.problems import Problem

T = TypeVar("T")


class Circle(Exception):
    """Outcomes whose kinds depend on each other in a circle."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(" -> ".join(names))
        self.names = names


class Untyped(Exception):
    """The kind of an outcome is not known because its rules are wrong; that is already noted at their place."""


@dataclass(frozen=True)
class Conditions:
    """Types the conditions and values of files with one checker; ``problems`` gathers what is wrong."""

    checker: Checker
    problems: list[Problem]

    def attempt(self, source: Source, path: Path, work: Callable[[], T]) -> T | None:
        """Run a check; a mistake becomes a problem at its place, and None."""
        try:
            return work()
        except (LineError, KindError) as error:
            problem = source.problem(error.code, path, error.cause, error.remedy, error.column)
        except Untyped:
            return None
        except Circle as error:
            problem = source.problem(
                "TS-C09",
                path,
                f"Deze uitkomsten hangen in een kring van elkaar af: {' -> '.join(name.rsplit('.', 1)[-1] for name in error.names)}.",
                "Verbreek de kring: een uitkomst kan niet van zichzelf afhangen.",
            )
        except LiteralError as error:
            problem = source.problem("TS-C10", path, error.cause, error.remedy)
        if problem not in self.problems:
            self.problems.append(problem)
        return None

    def condition(self, condition: Any, source: Source, path: Path, context: Context) -> tree.Criterion:
        """A condition tree; without a condition it always holds."""
        if condition is None:
            return tree.Const(True)
        if isinstance(condition, str):
            found = self.attempt(source, path, lambda: self.checker.criterion(parse_line(condition), context))
            return tree.Line(condition, found if found is not None else tree.Const(False), source.place(path).line)
        if isinstance(condition, Mapping) and len(condition) == 1:
            word, parts = next(iter(condition.items()))
            if word in ("alle", "een van", "geen van") and isinstance(parts, list) and parts:
                inner = replace(context, guards=context.guards | _sibling_guards(parts, context, "is niet" if word == "alle" else "is"))
                children = tuple(self.condition(part, source, (*path, word, index), inner) for index, part in enumerate(parts))
                if word == "alle":
                    return tree.And(children)
                return tree.Or(children) if word == "een van" else tree.Not(tree.Or(children))
        self.problems.append(
            source.problem(
                "TS-C11",
                path,
                "Dit is geen voorwaarde.",
                "Schrijf een regel, of `alle:`, `een van:` of `geen van:` met streepjes eronder (een van deze drie).",
            )
        )
        return tree.Const(False)

    def exceptions(self, condition: Any, source: Source, path: Path, context: Context) -> tuple[tree.Criterion, ...]:
        """The exceptions of a rule: a list of conditions, or one."""
        if condition is None:
            return ()
        if isinstance(condition, list):
            return tuple(self.condition(part, source, (*path, index), context) for index, part in enumerate(condition))
        return (self.condition(condition, source, path, context),)

    def value(self, text: str, source: Source, path: Path, context: Context) -> tree.Expr | None:
        """A line that computes a value; None when it is wrong."""
        return self.attempt(source, path, lambda: self.checker.value(parse_line(text), context))


def _sibling_guards(parts: list[Any], context: Context, wanted: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for part in parts:
        if isinstance(part, str):
            try:
                found |= guards_of((parse_line(part),), context, wanted)
            except LineError:
                continue
    return found


def condition_guards(condition: Any, context: Context, wanted: str = "is niet") -> frozenset[str]:
    """The groups that a condition, once true (or, with ``is``, once false), shows to exist."""
    if isinstance(condition, str):
        return _sibling_guards([condition], context, wanted)
    if isinstance(condition, Mapping) and len(condition) == 1:
        word, parts = next(iter(condition.items()))
        if word == ("alle" if wanted == "is niet" else "een van") and isinstance(parts, list):
            found: frozenset[str] = frozenset()
            for part in parts:
                found |= condition_guards(part, context, wanted)
            return found
    return frozenset()
