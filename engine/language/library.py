# SPDX-License-Identifier: EUPL-1.2
"""The library: every file under ``rules/`` read as a document, before anything is checked against anything else.

Which document a file holds follows from its name and folder; the content says the rest.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from pydantic import BaseModel

from engine.language.reading import Source, read_document, read_list
from engine.model.documents import (
    AmountsDoc,
    BaseCasesDoc,
    CalendarDoc,
    CostsDoc,
    FactsDoc,
    LawDoc,
    MunicipalityDoc,
    ReversedTestDoc,
    RuleSetDoc,
    TestDecl,
)
from engine.model.problems import Place, Problem, RulesError

GENERAL = "algemeen"
MUNICIPALITIES = "gemeenten"
TESTS = "toetsen"
BESIDE = "dekking.yaml"
"""Stands beside the law and is no part of it: what its tests must reach (:mod:`engine.authoring.coverage`)."""
MAX_LAW = 100
"""How long the name of a law can be: under it the store keeps what it keeps."""
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}\.yaml")

_BY_NAME: Mapping[str, type[BaseModel]] = {
    "regeling.yaml": LawDoc,
    "gegevens.yaml": FactsDoc,
    "bedragen.yaml": AmountsDoc,
    "omgekeerde_toets.yaml": ReversedTestDoc,
    "kosten.yaml": CostsDoc,
    "kalender.yaml": CalendarDoc,
    "uitgangspunten.yaml": BaseCasesDoc,
}


@dataclass(frozen=True)
class Entry:
    """One file: which law's folder it stands in, its document, its source, the hash of its bytes."""

    file: str
    law: str
    document: BaseModel
    source: Source
    sha256: str


@dataclass(frozen=True)
class Library:
    """All files that were read. ``tests`` hold the tests of policy staff, which are no part of the rulebook's hash."""

    entries: tuple[Entry, ...]
    tests: tuple[tuple[str, tuple[TestDecl, ...], Source], ...] = ()
    documents: Mapping[type, tuple[Entry, ...]] = field(default_factory=dict)

    def of(self, model: type[BaseModel], law: str | None = None) -> Iterator[Entry]:
        """The entries that hold a kind of document, in one law or in all."""
        return (entry for entry in self.documents.get(model, ()) if law is None or entry.law == law)

    @property
    def laws(self) -> tuple[str, ...]:
        """The folders that hold a law, in order."""
        return tuple(sorted({entry.law for entry in self.entries} - {GENERAL, MUNICIPALITIES}))


def read_folder(root: Path) -> Library:
    """Read everything under a rules folder. Raises :class:`RulesError` with every problem of every file."""
    return read_files(file_bytes(root))


def file_bytes(root: Path) -> dict[str, bytes]:
    """The files of a rules folder by relative path.

    Raises :class:`RulesError` when the folder is not there, or a part of it cannot be read.
    """
    found = {}
    for path in files_under(root, "*.y*ml"):
        if path.name != BESIDE:
            with _readable(path):
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def files_under(root: Path, pattern: str) -> list[Path]:
    """The files below a folder with such a name, in order; also behind links, and without what has a name that begins with a point.

    Raises :class:`RulesError` where the folder is not there, something in it cannot be read, a link leads nowhere, or a folder
    leads back into itself: the law without a part of it is another law.
    """
    with _readable(root):
        top = root.stat() if root.exists() else None
    if top is None or not S_ISDIR(top.st_mode):
        raise _unread(root, "Deze map met regels bestaat niet.", "Geef de map met `--regels`, of zet TOETSSTEEN_REGELS.")
    found = []
    folders = [(root, {(top.st_dev, top.st_ino)})]
    while folders:
        folder, around = folders.pop()
        with _readable(folder):
            names = os.listdir(folder)
        for path in (folder / name for name in names if not name.startswith(".")):
            with _readable(path):
                info = path.stat()
            this = (info.st_dev, info.st_ino)
            if S_ISDIR(info.st_mode):
                if this in around:
                    raise _unread(path, "Deze map verwijst naar een map waar zij zelf in ligt.", "Haal de verwijzing weg.")
                folders.append((path, {*around, this}))
            elif S_ISREG(info.st_mode) and fnmatchcase(path.name, pattern):
                found.append(path)
    return sorted(found)


@contextmanager
def _readable(place: Path) -> Iterator[None]:
    """Raises :class:`RulesError` where the system does not let us read it."""
    try:
        yield
    except OSError as error:
        cause = f"Dit is niet te lezen: {error.strerror or type(error).__name__}."
        raise _unread(place, cause, "Kijk naar de rechten van de map en het bestand.") from error


def _unread(place: Path, cause: str, remedy: str) -> RulesError:
    return RulesError([Problem("TS-B01", Place(str(place)), cause, remedy)])


def read_files(files: Mapping[str, bytes | str]) -> Library:
    """Read files given as relative path and content; the order does not matter."""
    entries: list[Entry] = []
    tests: list[tuple[str, tuple[TestDecl, ...], Source]] = []
    problems: list[Problem] = []
    for file in sorted(files):
        data = files[file]
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        parts = file.split("/")
        try:
            if TESTS in parts[:-1]:
                found, source = read_list(raw, file, TestDecl)
                tests.append((file, found, source))
                continue
            model = _model_for(parts)
            document, source = read_document(raw, file, model)
            problems += _misplaced(document, parts, source)
            entries.append(Entry(file, parts[0], document, source, hashlib.sha256(raw).hexdigest()))
        except RulesError as error:
            problems += error.problems
    if problems:
        raise RulesError(problems)
    documents: dict[type, tuple[Entry, ...]] = {}
    for entry in entries:
        documents[type(entry.document)] = (*documents.get(type(entry.document), ()), entry)
    return Library(tuple(entries), tuple(tests), documents)


def _model_for(parts: list[str]) -> type[BaseModel]:
    name = parts[-1]
    if len(parts[0]) > MAX_LAW:
        cause = f"De naam van een map met een wet is hoogstens {MAX_LAW} tekens lang, en deze telt er {len(parts[0])}."
        raise RulesError([Problem("TS-B02", Place("/".join(parts)), cause, "Kort hem in.")])
    if parts[0] == MUNICIPALITIES:
        return MunicipalityDoc
    if name in _BY_NAME and len(parts) == 2:
        return _BY_NAME[name]
    if VERSION.fullmatch(name) and len(parts) == 3:
        return RuleSetDoc
    file = "/".join(parts)
    raise RulesError(
        [
            Problem(
                "TS-B02",
                Place(file),
                "Dit bestand staat op een plaats of heeft een naam die niets betekent.",
                f"Kies uit: <wet>/{', <wet>/'.join(_BY_NAME)}, "
                "<wet>/<aanspraak>/<jjjj-mm-dd>.yaml, <wet>/toetsen/*.yaml, gemeenten/<code>/*.yaml.",
            )
        ]
    )


def _misplaced(document: BaseModel, parts: list[str], source: Source) -> Iterator[Problem]:
    if isinstance(document, RuleSetDoc):
        expected = "/".join(parts[:-1])
        if document.ruleset != expected:
            yield source.problem(
                "TS-B03",
                ("regelset",),
                f"Dit bestand staat in `{expected}` maar noemt zich `{document.ruleset}`.",
                f"Schrijf `regelset: {expected}`.",
            )
        if f"{document.valid_from}.yaml" != parts[-1]:
            yield source.problem(
                "TS-B03", ("geldig vanaf",), f"Het bestand heet `{parts[-1]}` maar geldt vanaf {document.valid_from}.", "Maak ze gelijk."
            )
    if isinstance(document, MunicipalityDoc) and document.municipality != parts[1]:
        yield source.problem(
            "TS-B03", ("gemeente",), f"Dit bestand staat in `{parts[1]}` maar is van {document.municipality}.", "Maak ze gelijk."
        )
