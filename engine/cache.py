# SPDX-License-Identifier: EUPL-1.2
"""A loaded rulebook kept on disk, found again by the hash of the rules and of the engine itself.

The file is a pickle: it is read only from a folder that belongs to the user alone, and a file that does not fit is made
anew. Closures are not kept; each program compiles on first use.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine import rulebook
from engine.language.library import file_bytes

VARIABLE = "TOETSSTEEN_CACHE"
"""The environment variable that names the folder of the cache."""
KEEP = 4
_ENGINE = Path(__file__).resolve().parent


def load(root: Path, folder: Path, *, tests: bool = True) -> rulebook.Rulebook:
    """The rulebook of a rules folder, from ``folder`` when it is there, otherwise loaded and put there.

    ``tests`` off leaves out the tests that stand next to the rules: they take as long to read as the law itself.

    Raises :class:`engine.model.problems.RulesError` as :func:`engine.rulebook.load` does. A cache that cannot be used
    (not writable, not ours) is passed over.
    """
    files = file_bytes(root)
    path = folder / f"{_key(files)}{'' if tests else '.zonder-toetsen'}.pickle"
    found = _read(path)
    if found is not None:
        return found
    book = rulebook.load_files(files)
    if not tests:
        book = replace(book, tests=())
    _write(path, book)
    return book


def _key(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256(f"{sys.version}\n".encode())
    for name in sorted(files):
        digest.update(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n".encode())
    for source in sorted((*_ENGINE.rglob("*.py"), *_ENGINE.rglob("*.lark"))):
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def _ours(folder: Path) -> bool:
    """Whether a folder belongs to this user and nobody else can write in it."""
    if os.name != "posix":
        return False
    state = folder.stat()
    return state.st_uid == os.getuid() and not state.st_mode & 0o022


def _read(path: Path) -> rulebook.Rulebook | None:
    try:
        if not _ours(path.parent):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    with suppress(OSError):  # what is used stays, where it can be marked; of the others the oldest goes first
        os.utime(path)
    gc.disable()
    try:
        found = pickle.loads(data)
    except Exception:
        return None
    finally:
        gc.enable()
    return found if isinstance(found, rulebook.Rulebook) else None


def _write(path: Path, book: rulebook.Rulebook) -> None:
    try:
        if os.name != "posix":
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(path.parent):
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(book, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        kept = sorted(path.parent.glob("*.pickle"), key=lambda found: found.stat().st_mtime, reverse=True)
        for old in kept[KEEP:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
