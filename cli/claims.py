# SPDX-License-Identifier: EUPL-1.2
"""Claims from files: JSON through the same strict reader as the service, YAML through the reader of the rules.

What is written wrong in a claim comes along with it, so that it is told together with what is wrong with the facts.
"""

from __future__ import annotations

from pathlib import Path

from api.reader import receive_json
from engine.language.reading import receive_yaml
from engine.model.claim import Received
from engine.model.problems import ClaimError, Place, Problem


def read_claim_file(path: Path, what: str = "een aanvraag") -> Received:
    """A file by its ending (``.json``, ``.yaml``, ``.yml``); ``what`` it holds is said where it cannot be read.

    Raises :class:`engine.model.problems.InvalidInput` with the place when it cannot be read at all.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ClaimError(
            [Problem("TS-Z25", Place(str(path)), f"{_unreadable(error, what)}.", "Controleer de naam en de plaats.")]
        ) from None
    if path.suffix == ".json":
        return receive_json(data)
    if path.suffix in (".yaml", ".yml"):
        return receive_yaml(data, str(path))
    raise ClaimError(
        [
            Problem(
                "TS-Z25",
                Place(str(path)),
                f"{what.capitalize()} is JSON of YAML; `{path.suffix}` is geen van beide.",
                "Noem het bestand .json of .yaml.",
            )
        ]
    )


def _unreadable(error: OSError, what: str) -> str:
    if isinstance(error, FileNotFoundError):
        return "Dit bestand bestaat niet"
    if isinstance(error, IsADirectoryError):
        return f"Dit is een map, geen bestand met {what}"
    if isinstance(error, PermissionError):
        return "Dit bestand mag niet worden gelezen"
    return f"Het bestand is niet te lezen: {error.strerror}"
