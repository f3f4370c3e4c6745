# SPDX-License-Identifier: EUPL-1.2
"""Examples: claims that the page offers to fill in, and the examples of the OpenAPI description."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.reader import read_json
from engine.authoring.tests import claim_of
from engine.language.reading import read_plain
from engine.model.problems import ClaimError, EngineError, InvalidInput
from engine.passes.assess import assess
from engine.passes.intake import read_claim
from engine.rationale.build import rationale
from engine.rulebook import Rulebook

log = logging.getLogger("toetssteen.api")

TITLE_KEYS = ("titel", "omschrijving")


@dataclass(frozen=True, slots=True)
class Example:
    """A claim with a name for its link and a title to show."""

    name: str
    title: str
    claim: Mapping[str, Any]


def read_examples(folder: Path | None, rulebook: Rulebook) -> tuple[Example, ...]:
    """The claims of a folder (``*.json``, ``*.yaml``) that today's rules accept; what is refused is logged and left out."""
    if folder is None or not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".yaml"))
    return tuple(example for path in files if (example := _example(path, rulebook)) is not None)


def _example(path: Path, rulebook: Rulebook) -> Example | None:
    try:
        data = read_json(path.read_bytes()) if path.suffix == ".json" else read_plain(path.read_bytes(), path.name)[0]
        if not isinstance(data, dict) or "aanspraak" not in data:
            return None
        title = next((str(data[key]) for key in TITLE_KEYS if key in data), path.stem.replace("_", " ").replace("-", " "))
        claim = {key: value for key, value in data.items() if key not in TITLE_KEYS}
        read_claim(claim, rulebook)
    except InvalidInput as error:
        log.warning("voorbeeld %s overgeslagen: %s", path.name, error.problems[0])
        return None
    return Example(path.stem, title, claim)


def examples_of(rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """Examples for the description, by operation id: the first test of the rules that is assessed, and its answer cut short."""
    claim = next(_accepted(rulebook), None)
    if claim is None:
        return {}
    answer = {**rationale(assess(claim, rulebook)), "tweedeMening": "uit"}
    return {"berekenBeoordeling": {"verzoek": claim, "antwoord": shortened(answer)}}


def _accepted(rulebook: Rulebook) -> Iterator[dict[str, Any]]:
    for file, tests in rulebook.tests:
        for test in tests:
            try:
                claim = _as_json(claim_of(rulebook, file, test))
                assess(claim, rulebook)
            except (ClaimError, EngineError, KeyError):
                continue
            yield claim


def _as_json(value: Any) -> Any:
    """A claim of a test as JSON writes it: `true` for `ja`. (`ja` and `nee` are words of the language, so no choice is called that.)"""
    match value:
        case "ja":
            return True
        case "nee":
            return False
        case Mapping():
            return {key: _as_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_as_json(inner) for inner in value]
    return value


def shortened(value: Any) -> Any:
    """Data with the first item of each list only."""
    match value:
        case dict():
            return {key: shortened(inner) for key, inner in value.items()}
        case list():
            return [shortened(inner) for inner in value[:1]]
    return value
