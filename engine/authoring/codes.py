# SPDX-License-Identifier: EUPL-1.2
"""Every code of a problem, explained: in short, what to avoid, what to write, and why.

``codes.yaml`` beside this module is the one source. The pages under ``docs/regels/`` and `toetssteen uitleg` come from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from engine.language.reading import read_plain
from engine.model.documents import Document

Form = Literal["regel", "regels", "bestanden", "gegevens", "aanvraag", "bericht", "bewijs", "tekst"]
SOURCE = Path(__file__).with_name("codes.yaml")

CHAPTERS: Mapping[str, str] = {
    "A": "Bedragen",
    "B": "Bestanden",
    "C": "Regels samen",
    "D": "Sleutels",
    "G": "Gegevens",
    "H": "Het besluit van een mens",
    "I": "Invulling door een gemeente",
    "J": "Berichten in JSON",
    "K": "Eerdere besluiten",
    "L": "Een regel lezen",
    "M": "De motor",
    "N": "Niet gebruikt",
    "O": "Wat wordt bewaard",
    "P0": "Het formulier",
    "P1": "Wat te bewijzen is",
    "P2": "Wat te bewijzen is",
    "Q": "Parameters van de dienst",
    "R": "De omgekeerde toets",
    "S": "Bronnen",
    "T": "Soorten",
    "U": "Vrijgeven",
    "V": "Versies",
    "W": "Vergelijken en gevolgen",
    "X": "Rekenbladen",
    "Y": "YAML",
    "Z": "Een aanvraag",
}
"""How a code starts -> what the problems under it are about."""


class Code(Document):
    """One code. ``form`` says what the examples are: one line, rules, whole files, facts, a claim, a message, or text.

    Of form ``bewijs`` are rules that load, and in which something is found by proof.
    """

    short: str = Field(alias="kort")
    why: str = Field(alias="waarom")
    form: Form = Field("regel", alias="vorm")
    avoid: str = Field(alias="vermijd")
    prefer: str = Field(alias="liever")


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Code]:
    """Every code with its explanation, in the order of the source."""
    plain, _ = read_plain(SOURCE.read_bytes(), SOURCE.name)
    return {code: Code.model_validate(entry) for code, entry in plain.items()}


def chapter(code: str) -> str:
    """What a code is about."""
    return CHAPTERS.get(code[3:5]) or CHAPTERS[code[3]]


def files_in(example: str) -> dict[str, str]:
    """The files of an example of form `bestanden`: each stands under a line `--- path`."""
    files: dict[str, str] = {}
    for block in f"\n{example}".split("\n--- ")[1:]:
        path, _, text = block.partition("\n")
        files[path] = text.rstrip("\n") + "\n"
    return files


_LANGUAGE: Mapping[str, str] = {"regels": "yaml", "bewijs": "yaml", "gegevens": "json", "aanvraag": "json", "bericht": "json"}


def page(code: str) -> str:
    """The page of a code, in Markdown."""
    found = codes()[code]
    return "\n".join(
        [
            f"# {code}: {found.short.rstrip('.')}",
            "",
            f"{chapter(code)}.",
            "",
            "## Kort",
            "",
            found.short,
            "",
            "## Vermijd",
            "",
            *_shown(found, found.avoid),
            "",
            "## Liever",
            "",
            *_shown(found, found.prefer),
            "",
            "## Waarom",
            "",
            found.why,
            "",
        ]
    )


def _shown(code: Code, example: str) -> list[str]:
    if code.form == "bestanden":
        blocks = [[f"`{path}`:", "", "```yaml", text.rstrip("\n"), "```"] for path, text in files_in(example).items()]
        return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]
    return [f"```{_LANGUAGE.get(code.form, 'text')}", example.rstrip("\n"), "```"]


def index() -> str:
    """The page that lists every code, by what it is about."""
    lines = ["# Codes van problemen", "", "Gemaakt uit `engine/authoring/codes.yaml`. `toetssteen uitleg CODE` toont een pagina.", ""]
    for title in dict.fromkeys(CHAPTERS.values()):
        found = [(code, entry) for code, entry in codes().items() if chapter(code) == title]
        if found:
            lines += [f"## {title}", "", *(f"- [{code}]({code}.md): {entry.short}" for code, entry in found), ""]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Every page by file name."""
    return {"README.md": index(), **{f"{code}.md": page(code) for code in codes()}}


def write(folder: Path) -> None:
    """Write every page into a folder, and take away the page of a code that is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
