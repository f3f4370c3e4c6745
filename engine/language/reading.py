# SPDX-License-Identifier: EUPL-1.2
"""From YAML nodes to documents: pydantic checks the shape, every mistake gets its place in the file and a Dutch remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from engine.language import yaml_reader
from engine.language.yaml_reader import Scalar, Sequence, Yaml, parse_yaml, read_yaml
from engine.model.claim import Received
from engine.model.problems import Place, Problem, RulesError, meant, no_such_key, pointer_to

Path: TypeAlias = yaml_reader.Path
D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True)
class Source:
    """A file that was read: its lines, and the place of every node by its path."""

    file: str
    lines: tuple[str, ...] = ()
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)

    def place(self, path: Path, column: int = 0) -> Place:
        """The place of a node, or of the nearest node around it; ``column`` is an offset within its text."""
        while path and path not in self.places:
            path = path[:-1]
        found = self.places.get(path, Place(self.file))
        text = self.texts.get(path, "")
        if self.shown(found)[max(found.column - 1, 0) :].startswith(text):
            return Place(found.file, found.line, found.column + column)
        return self._folded(found, text, column)

    def _folded(self, start: Place, text: str, column: int) -> Place:
        """A place in a text that runs over several lines of the file: the same word, and as far into it."""
        before = [word.start() for word in re.finditer(r"\S+", text) if word.start() <= column]
        inside = column - before[-1] if before else 0
        left = len(before)
        for offset, line in enumerate(self.lines[start.line - 1 :]):
            skip = start.column - 1 if offset == 0 else 0
            if line[skip : skip + 1] in (">", "|") and offset == 0:
                continue
            for word in re.finditer(r"\S+", line[skip:]):
                left -= 1
                if left <= 0:
                    return Place(start.file, start.line + offset, skip + word.start() + 1 + inside)
        return start

    def path_at(self, place: Place) -> Path:
        """The path of the last key or item that begins at a place or before it."""
        starts = {**self.places, **self.keys}
        before = [path for path, start in starts.items() if (start.line, start.column) <= (place.line, place.column)]
        return max(before, key=lambda path: (starts[path].line, starts[path].column, len(path)), default=())

    def problem(self, code: str, path: Path, cause: str, remedy: str = "", column: int = 0) -> Problem:
        """A problem at a node of this file, with the line shown."""
        place = self.place(path, column)
        return Problem(code, place, cause, remedy, shown=self.shown(place))

    def shown(self, place: Place) -> str:
        """The line of the file at a place."""
        return self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""


def read_document(data: bytes | str, file: str, model: type[D]) -> tuple[D, Source]:
    """Read one file as a document. Raises :class:`RulesError` with all problems of shape at once."""
    plain, source = read_plain(data, file)
    try:
        return model.model_validate(plain), source
    except ValidationError as error:
        raise RulesError(translate(error.errors(), source, model)) from error


def read_list(data: bytes | str, file: str, model: type[D]) -> tuple[tuple[D, ...], Source]:
    """Read one file that holds a list of documents (tests)."""
    plain, source = read_plain(data, file)
    try:
        return TypeAdapter(tuple[model, ...]).validate_python(plain), source  # type: ignore[valid-type]
    except ValidationError as error:
        raise RulesError(translate(error.errors(), source, model)) from error


def read_plain(data: bytes | str, file: str) -> tuple[Any, Source]:
    """Read one file as dicts, lists and text, with the place of each part."""
    node, text = read_yaml(data, file)
    source = Source(file, tuple(text.split("\n")))
    return _plain(node, (), source) if node is not None else {}, source


def receive_yaml(data: bytes | str, file: str) -> Received:
    """A claim in YAML with everything that is written wrong in it, so that the rest can be looked at as well.

    Of a key that stands twice the first value is kept. Raises :class:`RulesError` for what cannot be read at all.
    """
    found = parse_yaml(data, file)
    source = Source(file, tuple(found.text.split("\n")))
    plain = _plain(found.root, (), source, found.unread) if found.root is not None else {}
    return Received(
        plain,
        tuple(_pointing(problem, source.path_at(problem.place) if path is None else path) for path, problem in found.problems),
        frozenset(map(pointer_to, found.unread)),
        {(to := pointer_to(path)): replace(place, pointer=to) for path, place in {**source.places, **source.keys}.items()},
    )


def _pointing(problem: Problem, path: Path) -> Problem:
    return replace(problem, place=replace(problem.place, pointer=pointer_to(path)))


def _plain(node: Yaml, path: Path, source: Source, unread: Collection[Path] = ()) -> Any:
    source.places[path] = node.place
    if path in unread:
        return None
    if isinstance(node, Scalar):
        source.texts[path] = node.text
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item, (*path, index), source, unread) for index, item in enumerate(node.items)]
    result = {}
    for key, value in node.entries:
        inner = (*path, key.text)
        result[key.text] = _plain(value, inner, source, unread)
        source.keys[inner] = key.place
        if not isinstance(value, Scalar) or not value.text:
            source.places[inner] = key.place
    return result


def _keys(model: Any) -> Iterable[str]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, info in model.model_fields.items():
            yield info.alias or name


def _models_below(model: type[BaseModel], seen: set[type]) -> Iterable[type[BaseModel]]:
    if model in seen:
        return
    seen.add(model)
    yield model
    for info in model.model_fields.values():
        for part in _parts(info.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _models_below(part, seen)


def _parts(annotation: Any) -> Iterable[Any]:
    yield annotation
    for argument in getattr(annotation, "__args__", ()) or ():
        yield from _parts(argument)


_KINDS = {
    "string_type": "tekst",
    "dict_type": "sleutels met waarden",
    "mapping_type": "sleutels met waarden",
    "model_type": "sleutels met waarden",
    "model_attributes_type": "sleutels met waarden",
    "tuple_type": "een lijst (streepjes, of [a, b])",
    "list_type": "een lijst (streepjes, of [a, b])",
    "is_instance_of": "sleutels met waarden",
}


def translate(errors: Iterable[ErrorDetails], source: Source, model: type[BaseModel]) -> list[Problem]:
    """pydantic's errors as problems in Dutch, each at its place, in the order of the file."""
    problems = []
    for error in errors:
        path: Path = tuple(
            part
            for part in error["loc"]
            if isinstance(part, int) or not part.startswith(("function-", "tuple[", "str", "AmountEntry", "FillingDecl", "[key]"))
        )
        problems.append(_translate(error, path, source, model))
    return sorted(set(problems), key=lambda p: (p.place.line, p.place.column, p.cause))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _translate(error: ErrorDetails, path: Path, source: Source, model: type[BaseModel]) -> Problem:
    last = path[-1] if path else ""
    sort = error["type"]
    if error["loc"][-1:] == ("[key]",):
        place = source.keys.get(path, source.place(path))
        text = str(error["ctx"]["error"]) if sort == "value_error" else error["msg"]
        return Problem("TS-D04", place, _sentence(text), shown=source.shown(place))
    if not path and sort in _KINDS:
        return source.problem("TS-D05", path, "Dit bestand hoort sleutels met waarden te bevatten.", "Schrijf bijvoorbeeld `gegevens:`.")
    if sort == "missing":
        return source.problem("TS-D01", path[:-1], f"De sleutel `{last}` ontbreekt.", "Voeg hem toe.")
    if sort == "extra_forbidden":
        place = source.keys.get(path, source.place(path))
        known = [key for inner in _models_below(model, set()) for key in _keys(inner)]
        return Problem(
            "TS-D02",
            place,
            no_such_key(last),
            meant(str(last), known) or "Laat hem weg.",
            shown=source.shown(place),
        )
    if sort in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        return source.problem(
            "TS-D03",
            path,
            f"`{error['input']}` past niet bij `{last}`.",
            f"{meant(str(error['input']), allowed)} Kies uit: {', '.join(allowed)}.".strip(),
        )
    if sort == "value_error":
        text = str(error["ctx"]["error"])
        key = next((word for word in re.findall(r"`([^`]+)`", text) if (*path, word) in source.keys), None)
        place = source.place(path) if key is None else source.keys[(*path, key)]
        return Problem("TS-D04", place, _sentence(text), shown=source.shown(place))
    if sort in _KINDS:
        return source.problem("TS-D05", path, f"Bij `{last}` wordt {_KINDS[sort]} verwacht.", "Controleer het inspringen en de streepjes.")
    if sort in ("too_short", "string_too_short"):
        return source.problem("TS-D06", path, f"`{last}` is leeg.", "Vul het in, of laat de sleutel weg.")
    if sort == "string_pattern_mismatch":
        return source.problem(
            "TS-D07",
            path,
            f"`{error['input']}` heeft niet de vorm die bij `{last}` hoort.",
            "Schrijf GM met vier cijfers, bijvoorbeeld GM0344.",
        )
    return source.problem("TS-D05", path, f"De waarde bij `{last}` past niet: {error['msg']}.")
