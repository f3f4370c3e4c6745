# SPDX-License-Identifier: EUPL-1.2
"""The rule files behind an assessment as one archive, the same bytes for the same files, found by their SHA-256."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping

from engine.rulebook import Rulebook
from store.errors import StoreError


def pack(files: Mapping[str, bytes], book: Rulebook) -> bytes:
    """The files that a loaded rulebook consists of (of those of its folder) as a tar archive.

    Tests and base households are no part of it. Raises :class:`StoreError` where a file changed after it was loaded.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(book.hashes):
            data = files.get(name)
            if data is None or hashlib.sha256(data).hexdigest() != book.hashes[name]:
                raise StoreError(f"Het regelbestand {name} is veranderd sinds het is geladen. Start de dienst opnieuw.")
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files in an archive that :func:`pack` made, by relative path; nothing is written to disk."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return {member.name: found.read() for member in archive if (found := archive.extractfile(member)) is not None}


def address(data: bytes) -> str:
    """Under what an archive is kept."""
    return hashlib.sha256(data).hexdigest()
