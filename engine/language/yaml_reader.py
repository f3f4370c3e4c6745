# SPDX-License-Identifier: EUPL-1.2
"""YAML without traps: text to a tree of text scalars, each with its line and column.

Reads libyaml's *events* and checks size, depth and number of nodes before anything is composed. Every scalar is
text; the declaration of a fact types it, never YAML. What makes YAML surprising is refused with a remedy: anchors,
aliases, merge keys, tags, duplicate keys, tabs, comments behind a value, a sentence cut by a comma inside braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from engine.model.problems import Place, Problem, RulesError

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


def read_yaml(data: bytes | str, file: str) -> tuple[Yaml | None, str]:
    """Read one YAML document.

    Returns the node tree (None for an empty file) and the text with plain line ends.
    Raises :class:`RulesError` with file, line, column, cause and remedy for anything that is refused.
    """
    text = _decode(data, file)
    reader = _Reader(text, file)
    return reader.document(), text


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
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, shown in enumerate(text.split("\n"), 1):
        if "\t" in shown:
            raise _refuse(
                "TS-Y03",
                Place(file, number, shown.index("\t") + 1),
                "Hier staat een tab.",
                "Gebruik spaties om in te springen.",
                shown.replace("\t", " "),
            )
        if found := _INVISIBLE.search(shown):
            raise _refuse(
                "TS-Y15",
                Place(file, number, found.start() + 1),
                f"Hier staat een onzichtbaar teken (U+{ord(found.group()):04X}).",
                "Verwijder het: het verandert wat er staat zonder dat iemand het ziet.",
                _INVISIBLE.sub(" ", shown),
            )
    return text


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

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = text.split("\n")
        self.nodes = 0

    def document(self) -> Yaml | None:
        events = self._events()
        next(events)  # StreamStart
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        root = self._node(next(events), events, depth=1, flow=False)
        next(events)  # DocumentEnd
        extra = next(events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise self._error("TS-Y04", extra, "Dit bestand bevat een tweede YAML-document (`---`).", "Maak er een eigen bestand van.")
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

    def _error(self, code: str, event: yaml.Event, cause: str, remedy: str) -> RulesError:
        place = self._place(event)
        return _refuse(code, place, cause, remedy, self._line(place.line))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int, *, flow: bool) -> Yaml:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise self._error("TS-Y06", event, f"Dit is dieper genest dan {MAX_DEPTH} niveaus.", "Maak de structuur platter.")
        if self.nodes > MAX_NODES:
            raise self._error("TS-Y07", event, f"Dit bestand heeft meer dan {MAX_NODES:,} onderdelen.", "Verdeel het over meer bestanden.")
        if isinstance(event, yaml.AliasEvent):
            raise self._error("TS-Y08", event, "Verwijzingen (`*naam`) mogen niet.", "Schrijf de waarde voluit.")
        if getattr(event, "anchor", None):
            raise self._error("TS-Y08", event, "Ankers (`&naam`) mogen niet.", "Schrijf de waarde op elke plaats voluit.")
        if tag := getattr(event, "tag", None):
            raise self._error(
                "TS-Y09", event, f"Tags (`{tag}`) mogen niet.", "Laat de tag weg: het soort van een waarde staat bij het gegeven."
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, flow=flow)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            for inner in iter(lambda: next(events), None):
                if isinstance(inner, yaml.SequenceEndEvent):
                    if event.flow_style:
                        self._refuse_comment(inner, flow=flow)
                    break
                item = self._node(inner, events, depth + 1, flow=bool(event.flow_style))
                if _is_empty(item):
                    raise self._error("TS-Y14", inner, "Achter dit streepje staat niets.", "Vul het in, of laat het streepje weg.")
                items.append(item)
            return Sequence(tuple(items), self._place(event))
        assert isinstance(event, yaml.MappingStartEvent)
        return self._mapping(event, events, depth, flow=flow)

    def _refuse_comment(self, event: yaml.Event, *, flow: bool) -> None:
        """Refuse a comment on the line on which a value ends (inside brackets, behind its comma too)."""
        line, column = _end(event)
        rest = self._line(line + 1)[column:]
        text = rest.lstrip(", " if flow else " ")
        if text.startswith("#"):
            place = Place(self.file, line + 1, column + 1 + len(rest) - len(text))
            raise _refuse(
                "TS-Y10",
                place,
                "Achter een waarde staat een opmerking (`#`); wat erachter staat gaat stil verloren.",
                "Zet de opmerking op een eigen regel erboven, of de hele waarde tussen aanhalingstekens.",
                self._line(place.line),
            )

    def _scalar(self, event: yaml.ScalarEvent, *, flow: bool) -> Scalar:
        quoted = event.style in ("'", '"')
        block = event.style in ("|", ">")
        if not block and (event.value or quoted):
            self._refuse_comment(event, flow=flow)
        if event.value.startswith(_CURLY):
            place = self._place(event)
            raise _refuse(
                "TS-Y11",
                place,
                "Deze waarde begint met een gekruld aanhalingsteken (uit een tekstverwerker).",
                'Gebruik een recht aanhalingsteken: ".',
                self._line(place.line),
            )
        line, column = _start(event)
        return Scalar(event.value, Place(self.file, line + 1, column + 1 + quoted), plain=not quoted and not block)

    def _mapping(self, event: yaml.MappingStartEvent, events: Iterator[yaml.Event], depth: int, *, flow: bool) -> Mapping:
        entries: list[tuple[Scalar, Yaml]] = []
        seen: dict[str, Place] = {}
        while True:
            inner = next(events)
            if isinstance(inner, yaml.MappingEndEvent):
                if event.flow_style:
                    self._refuse_comment(inner, flow=flow)
                return Mapping(tuple(entries), self._place(event))
            key = self._node(inner, events, depth + 1, flow=bool(event.flow_style))
            if not isinstance(key, Scalar):
                raise self._error("TS-Y12", inner, "Een sleutel moet een naam zijn.", "Zet hier een naam voor de dubbele punt.")
            if key.text == "<<" and key.plain:
                raise self._error("TS-Y08", inner, "Samenvoegen met `<<` mag niet.", "Schrijf de sleutels voluit.")
            if key.text in seen:
                raise self._error(
                    "TS-Y13",
                    inner,
                    f"De sleutel `{key.text}` staat hier voor de tweede keer; de eerste staat op regel {seen[key.text].line}.",
                    "Laat er een weg.",
                )
            seen[key.text] = key.place
            value_event = next(events)
            value = self._node(value_event, events, depth + 1, flow=bool(event.flow_style))
            if event.flow_style and _is_empty(value):
                raise self._error(
                    "TS-Y14",
                    inner,
                    f"Tussen `{{ }}` heeft `{key.text}` geen waarde: een komma knipt hier een zin in stukken.",
                    "Schrijf het onder elkaar, of zet de zin tussen aanhalingstekens.",
                )
            if _is_empty(value):
                raise self._error("TS-Y14", inner, f"De sleutel `{key.text}` heeft geen waarde.", "Vul hem in, of laat de sleutel weg.")
            entries.append((key, value))


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
