# SPDX-License-Identifier: EUPL-1.2
"""YAML without traps: text to a tree of text scalars, each with its line and column.

Reads libyaml's *events* and checks size, depth and number of nodes before anything is composed. Every scalar is
text; the declaration of a fact types it, never YAML. What makes YAML surprising is refused with a remedy: anchors,
aliases, merge keys, tags, duplicate keys, tabs, comments behind a value, a sentence cut by a comma inside braces. All of
it is told at once; what is no YAML, too large or too deep is refused alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from engine.model.problems import MAX_PROBLEMS, Place, Problem, RulesError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000

try:
    _LOADER = yaml.CSafeLoader
except AttributeError as error:  # pragma: no cover - depends on the build of PyYAML
    raise ImportError("PyYAML is built without libyaml; install a wheel of PyYAML, or libyaml and its headers") from error


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text value; ``column`` is where its first character stands (after a quote). ``plain`` is unquoted, one line."""

    text: str
    place: Place
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Yaml, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their nodes, in the order of the file; keys are unique."""

    entries: tuple[tuple[Scalar, Yaml], ...]
    place: Place

    def get(self, key: str) -> Yaml | None:
        """The node under a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Yaml: TypeAlias = Scalar | Sequence | Mapping
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A document as far as it can be read, and everything that is wrong in it.

    Each problem stands with the path of what it is about (None: only its line and column are known). Under the paths in
    ``unread`` something stands in ``root`` that means nothing, or nothing at all.
    """

    root: Yaml | None
    text: str
    problems: tuple[tuple[Path | None, Problem], ...] = ()
    unread: frozenset[Path] = frozenset()


def read_yaml(data: bytes | str, file: str) -> tuple[Yaml | None, str]:
    """Read one YAML document.

    Returns the node tree (None for an empty file) and the text with plain line ends.
    Raises :class:`RulesError` with file, line, column, cause and remedy for everything that is refused.
    """
    found = parse_yaml(data, file)
    if found.problems:
        raise _all(found.problems)
    return found.root, found.text


def parse_yaml(data: bytes | str, file: str) -> Read:
    """The same, with what is refused beside the rest. Raises :class:`RulesError` for what cannot be read at all."""
    found = _Found()
    text = _mended(_decode(data, file), file, found)
    signs = tuple(found.problems)
    reader = _Reader(text, file, found)
    try:
        root = reader.document()
    except RulesError:
        if signs:  # what stands in their place may be what is wrong
            raise _all(signs) from None
        raise
    return Read(root, text, tuple(found.problems), frozenset(reader.unread))


def _all(problems: Iterable[tuple[Path | None, Problem]]) -> RulesError:
    """All problems, in the order of the file."""
    return RulesError(sorted((problem for _, problem in problems), key=lambda problem: problem.place))


class _Found:
    """What is wrong so far, each problem with the path of what it is about."""

    def __init__(self) -> None:
        self.problems: list[tuple[Path | None, Problem]] = []

    def tell(self, path: Path | None, problem: Problem) -> None:
        """Note a problem. Raises :class:`RulesError` when there are too many to go on."""
        if len(self.problems) == MAX_PROBLEMS:
            cause = f"Dit bestand heeft meer dan {MAX_PROBLEMS} fouten; de rest is niet bekeken."
            end = Problem("TS-Y16", Place(problem.place.file), cause, "Verbeter eerst deze.")
            raise RulesError([*_all(self.problems).problems, end])
        self.problems.append((path, problem))


_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")


def _decode(data: bytes | str, file: str) -> str:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise _refuse(
            "TS-Y01",
            Place(file),
            f"Het bestand is {len(raw):,} bytes groot; hoogstens {MAX_BYTES:,} mag.",
            "Verdeel het over meer bestanden.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refuse(
            "TS-Y02",
            Place(file, line, 1),
            "Het bestand is geen geldige UTF-8.",
            "Sla het op als UTF-8 (in de editor: 'Opslaan met codering').",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mended(text: str, file: str, found: _Found) -> str:
    """The text without tabs and signs that nobody sees, each told. A tab that indents ends it: nobody knows how far."""
    lines = text.split("\n")
    indented = False
    for number, shown in enumerate(lines, 1):
        if "\t" in shown:
            lines[number - 1] = spaced = shown.replace("\t", " ")
            place = Place(file, number, shown.index("\t") + 1)
            found.tell(None, Problem("TS-Y03", place, "Hier staat een tab.", "Gebruik spaties om in te springen.", shown=spaced))
            indented = indented or not shown[: place.column].strip(" -\t")
        if sign := _INVISIBLE.search(shown):
            lines[number - 1] = _INVISIBLE.sub("", lines[number - 1])
            cause = f"Hier staat een onzichtbaar teken (U+{ord(sign.group()):04X})."
            remedy = "Verwijder het: het verandert wat er staat zonder dat iemand het ziet."
            place = Place(file, number, sign.start() + 1)
            found.tell(None, Problem("TS-Y15", place, cause, remedy, shown=_INVISIBLE.sub(" ", shown).replace("\t", " ")))
    if indented:
        raise _all(found.problems)
    return "\n".join(lines)


def _refuse(code: str, place: Place, cause: str, remedy: str = "", shown: str = "") -> RulesError:
    return RulesError([Problem(code, place, cause, remedy, shown=shown)])


_CURLY = ("\u201c", "\u201d", "\u201e", "\u2018", "\u2019")


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    assert mark is not None
    return mark.line, mark.column


def _end(event: yaml.Event) -> tuple[int, int]:
    mark = event.end_mark
    assert mark is not None
    return mark.line, mark.column


def _is_empty(node: Yaml) -> bool:
    """Nothing was written: no text, no quotes."""
    return isinstance(node, Scalar) and node.plain and not node.text


class _Reader:
    """Composes nodes from events, one document, with all limits checked on the way."""

    def __init__(self, text: str, file: str, found: _Found) -> None:
        self.text = text
        self.file = file
        self.found = found
        self.lines = text.split("\n")
        self.nodes = 0
        self.unread: set[Path] = set()

    def document(self) -> Yaml | None:
        events = self._events()
        next(events)  # StreamStart
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        root = self._node(next(events), events, (), flow=False)
        next(events)  # DocumentEnd
        extra = next(events)
        if not isinstance(extra, yaml.StreamEndEvent):
            self._tell("TS-Y04", extra, (), "Dit bestand bevat een tweede YAML-document (`---`).", "Maak er een eigen bestand van.")
        return None if isinstance(root, Scalar) and root.plain and not root.text else root

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            if any(words in str(error.problem) for words in _UNCLOSED):
                mark = error.context_mark or mark
            place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
            raise RulesError([Problem("TS-Y05", place, _dutch(error), _remedy(error), shown=self._line(place.line))]) from error
        except yaml.YAMLError as error:
            raise RulesError(
                [
                    Problem(
                        "TS-Y05",
                        Place(self.file),
                        "Het bestand bevat een teken dat YAML niet toestaat.",
                        "Verwijder onzichtbare stuurtekens.",
                    )
                ]
            ) from error

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _place(self, event: yaml.Event) -> Place:
        line, column = _start(event)
        return Place(self.file, line + 1, column + 1)

    def _problem(self, code: str, place: Place, cause: str, remedy: str) -> Problem:
        return Problem(code, place, cause, remedy, shown=self._line(place.line))

    def _tell(self, code: str, event: yaml.Event, path: Path, cause: str, remedy: str) -> None:
        self.found.tell(path, self._problem(code, self._place(event), cause, remedy))

    def _error(self, code: str, event: yaml.Event, cause: str, remedy: str) -> RulesError:
        return RulesError([self._problem(code, self._place(event), cause, remedy)])

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, *, flow: bool) -> Yaml:
        self.nodes += 1
        if len(path) >= MAX_DEPTH:
            raise self._error("TS-Y06", event, f"Dit is dieper genest dan {MAX_DEPTH} niveaus.", "Maak de structuur platter.")
        if self.nodes > MAX_NODES:
            raise self._error("TS-Y07", event, f"Dit bestand heeft meer dan {MAX_NODES:,} onderdelen.", "Verdeel het over meer bestanden.")
        if isinstance(event, yaml.AliasEvent):
            self._tell("TS-Y08", event, path, "Verwijzingen (`*naam`) mogen niet.", "Schrijf de waarde voluit.")
            return self._nothing(event, path)
        if anchor := getattr(event, "anchor", None):
            self._tell("TS-Y08", event, path, "Ankers (`&naam`) mogen niet.", "Schrijf de waarde op elke plaats voluit.")
        if tag := getattr(event, "tag", None):
            remedy = "Laat de tag weg: het soort van een waarde staat bij het gegeven."
            self._tell("TS-Y09", event, path, f"Tags (`{tag}`) mogen niet.", remedy)
        if isinstance(event, yaml.ScalarEvent):
            scalar = self._scalar(event, path, flow=flow)
            return self._nothing(event, path) if (anchor or tag) and _is_empty(scalar) else scalar
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, events, path, flow=flow)
        assert isinstance(event, yaml.MappingStartEvent)
        return self._mapping(event, events, path, flow=flow)

    def _nothing(self, event: yaml.Event, path: Path) -> Scalar:
        """What stands where a value cannot be used."""
        self.unread.add(path)
        return Scalar("", self._place(event), plain=False)

    def _refuse_comment(self, event: yaml.Event, path: Path, *, flow: bool) -> None:
        """Refuse a comment on the line on which a value ends (inside brackets, behind its comma too)."""
        line, column = _end(event)
        rest = self._line(line + 1)[column:]
        text = rest.lstrip(", " if flow else " ")
        if text.startswith("#"):
            cause = "Achter een waarde staat een opmerking (`#`); wat erachter staat gaat stil verloren."
            remedy = "Zet de opmerking op een eigen regel erboven, of de hele waarde tussen aanhalingstekens."
            place = Place(self.file, line + 1, column + 1 + len(rest) - len(text))
            self.found.tell(path, self._problem("TS-Y10", place, cause, remedy))

    def _scalar(self, event: yaml.ScalarEvent, path: Path, *, flow: bool) -> Scalar:
        quoted = event.style in ("'", '"')
        block = event.style in ("|", ">")
        if not block and (event.value or quoted):
            self._refuse_comment(event, path, flow=flow)
        if event.value.startswith(_CURLY):
            cause = "Deze waarde begint met een gekruld aanhalingsteken (uit een tekstverwerker)."
            self._tell("TS-Y11", event, path, cause, 'Gebruik een recht aanhalingsteken: ".')
            return self._nothing(event, path)
        line, column = _start(event)
        return Scalar(event.value, Place(self.file, line + 1, column + 1 + quoted), plain=not quoted and not block)

    def _sequence(self, event: yaml.SequenceStartEvent, events: Iterator[yaml.Event], path: Path, *, flow: bool) -> Sequence:
        items: list[Yaml] = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            place = (*path, len(items))
            item = self._node(inner, events, place, flow=bool(event.flow_style))
            if _is_empty(item):
                self._tell("TS-Y14", inner, place, "Achter dit streepje staat niets.", "Vul het in, of laat het streepje weg.")
                item = self._nothing(inner, place)
            items.append(item)
        if event.flow_style:
            self._refuse_comment(inner, path, flow=flow)
        return Sequence(tuple(items), self._place(event))

    def _mapping(self, event: yaml.MappingStartEvent, events: Iterator[yaml.Event], path: Path, *, flow: bool) -> Mapping:
        entries: list[tuple[Scalar, Yaml]] = []
        seen: dict[str, Place] = {}
        braces = bool(event.flow_style)
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            place = (*path, inner.value if isinstance(inner, yaml.ScalarEvent) else "")
            key = self._key(inner, events, place, seen, flow=braces)
            if key is None:
                unread = set(self.unread)
                self._node(next(events), events, place, flow=braces)
                self.unread = unread
                continue
            value = self._node(next(events), events, place, flow=braces)
            if _is_empty(value):
                self._tell("TS-Y14", inner, place, *_empty(key.text, braces=braces))
                value = self._nothing(inner, place)
                if braces:
                    continue
            entries.append((key, value))
        if braces:
            self._refuse_comment(inner, path, flow=flow)
        return Mapping(tuple(entries), self._place(event))

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, seen: dict[str, Place], *, flow: bool) -> Scalar | None:
        """A key that is new here; None, and told, where what stands behind it does not count."""
        before = len(self.found.problems)
        key = self._node(event, events, path, flow=flow)
        if not isinstance(key, Scalar):
            self._tell("TS-Y12", event, path[:-1], "Een sleutel moet een naam zijn.", "Zet hier een naam voor de dubbele punt.")
            return None
        if key.text == "<<" and key.plain:
            self._tell("TS-Y08", event, path, "Samenvoegen met `<<` mag niet.", "Schrijf de sleutels voluit.")
            return None
        if len(self.found.problems) > before:
            self.unread.add(path)
            return None
        if key.text in seen:
            cause = f"De sleutel `{key.text}` staat hier voor de tweede keer; de eerste staat op regel {seen[key.text].line}."
            self._tell("TS-Y13", event, path, cause, "Laat er een weg.")
            return None
        seen[key.text] = key.place
        return key


def _empty(key: str, *, braces: bool) -> tuple[str, str]:
    """What is wrong with a key without a value, and what to do about it."""
    if braces:
        cause = f"Tussen `{{ }}` heeft `{key}` geen waarde: een komma knipt hier een zin in stukken."
        return cause, "Schrijf het onder elkaar, of zet de zin tussen aanhalingstekens."
    return f"De sleutel `{key}` heeft geen waarde.", "Vul hem in, of laat de sleutel weg."


_UNCLOSED = ("found unexpected end of stream", "did not find expected ',' or")
_TRANSLATIONS = {
    "mapping values are not allowed": "Hier staat een tweede dubbele punt in dezelfde waarde.",
    "did not find expected key": "Hier wordt een sleutel verwacht (naam, dubbele punt, spatie).",
    "could not find expected ':'": "Hier ontbreekt een dubbele punt achter een sleutel.",
    "did not find expected '-' indicator": "Hier wordt een streepje van een lijst verwacht.",
    "found unexpected end of stream": "Dit aanhalingsteken wordt nergens gesloten.",
    "exceeded maximum nesting depth": "Dit is te diep genest.",
    "did not find expected ',' or ']'": "Een lijst tussen `[ ]` is niet goed afgesloten.",
    "did not find expected ',' or '}'": "Een opsomming tussen `{ }` is niet goed afgesloten.",
    "found character that cannot start any token": "Een waarde kan niet met dit teken beginnen.",
    "block sequence entries are not allowed": "Een streepje van een lijst mag hier niet staan.",
    "found unknown escape character": "Na een `\\` staat een teken dat YAML niet kent.",
    "found undefined tag handle": "Hier staat een `!` waar YAML een tag verwacht.",
    "found undefined alias": "Hier staat een `*` waar YAML een verwijzing verwacht.",
}
_REMEDIES = {
    "mapping values are not allowed": "Zet de hele waarde tussen aanhalingstekens, of controleer het inspringen.",
    "found character that cannot start any token": "Zet de waarde tussen aanhalingstekens.",
    "found unexpected end of stream": "Sluit het aanhalingsteken.",
    "exceeded maximum nesting depth": "Maak de structuur platter.",
    "did not find expected ',' or ']'": "Sluit de lijst met `]`, of zet een waarde met een leesteken tussen aanhalingstekens.",
    "did not find expected ',' or '}'": "Sluit de opsomming met `}`, of zet een waarde met een leesteken tussen aanhalingstekens.",
}


def _find(table: dict[str, str], error: yaml.MarkedYAMLError) -> str | None:
    problem = str(error.problem or "")
    return next((dutch for english, dutch in table.items() if english in problem), None)


def _dutch(error: yaml.MarkedYAMLError) -> str:
    return _find(_TRANSLATIONS, error) or "Dit is geen geldige YAML."


def _remedy(error: yaml.MarkedYAMLError) -> str:
    return _find(_REMEDIES, error) or "Controleer het inspringen en de tekens op deze regel en de regel erboven."
