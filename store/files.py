# SPDX-License-Identifier: EUPL-1.2
"""Files that are written whole or not at all, those with secrets for their owner alone; and one who changes them at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def fresh(folder: Path, text: str) -> Path:
    """A new file in a folder (rights 0600) that is on disk. Raises :class:`OSError`."""
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        made = Path(file.name)
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:  # half of a secret stays nowhere
            made.unlink(missing_ok=True)
            raise
    return made


def put(path: Path, text: str, *, secret: bool = True) -> None:
    """Put a text in a file in place of what it held, whole or not at all; a link stays one. Raises :class:`OSError`.

    A file that was there keeps its owner, its group and its rights: the service that reads it may be another user than who
    writes it. One that holds no ``secret`` is written all the same where we may not give it to its owner, and gets the rights of
    any new file where it was not there.
    """
    target = path.resolve()
    made = fresh(target.parent, text)
    try:
        if not secret:
            made.chmod(_usual())
        with contextlib.suppress(FileNotFoundError):
            was = target.stat()
            if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
                with contextlib.nullcontext() if secret else contextlib.suppress(PermissionError):
                    os.chown(made, was.st_uid, was.st_gid)
            made.chmod(stat.S_IMODE(was.st_mode))
        made.replace(target)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _usual() -> int:
    """The rights that this process gives to a new file."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Wait until no other process changes a file: what is read within stays so until it is put back.

    The lock is on its folder, as the file itself is replaced. Raises :class:`OSError`.
    """
    handle = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
