# SPDX-License-Identifier: EUPL-1.2
"""The keys of a store: one signs the chain (Ed25519), one makes pseudonyms (HMAC-SHA-256).

They stand in a small JSON file outside the database, readable by the service alone. Who has only the database can
neither sign another history nor try which BSN belongs to a pseudonym.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from store.chain import Seal, key_id
from store.files import changing, fresh, put

_SIGNING, _PSEUDONYM, _EARLIER = "ondertekenen", "pseudoniem", "eerder"


class KeysError(Exception):
    """The keys cannot be used; the message says why in Dutch, and never what they are."""


@dataclass(frozen=True, repr=False)
class Keys:
    """The keys. ``earlier`` are public keys (by id) that signed before ``signing`` did, and are still trusted.

    ``path`` is the file that they were read from, where there is one.
    """

    signing: Ed25519PrivateKey
    pseudonym: bytes
    earlier: Mapping[str, Ed25519PublicKey] = field(default_factory=dict)
    path: Path | None = None

    @classmethod
    def generate(cls) -> Keys:
        """New keys."""
        return cls(Ed25519PrivateKey.generate(), secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> Keys:
        """Keys from the text of a key file. Raises :class:`KeysError`."""
        try:
            data = json.loads(text)
            signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(data[_SIGNING]))
            pseudonym = bytes.fromhex(data[_PSEUDONYM])
            public = [Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in data.get(_EARLIER, [])]
        except (AttributeError, KeyError, TypeError, ValueError):
            raise KeysError(
                f"Dit is geen sleutelbestand: het hoort JSON te zijn met `{_SIGNING}` en `{_PSEUDONYM}`, elk 64 hexadecimale tekens."
            ) from None
        if len(pseudonym) != 32:
            raise KeysError(f"De sleutel `{_PSEUDONYM}` is geen 32 bytes.")
        return cls(signing, pseudonym, {key_id(key): key for key in public})

    @classmethod
    def read(cls, path: Path) -> Keys:
        """Keys from a file. Raises :class:`KeysError` when it is not there, or when everybody on the machine can read it."""
        try:
            with path.open(encoding="utf-8") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o007:
                    raise KeysError(f"Iedereen kan het sleutelbestand {path} lezen. Geef het rechten 0600.")
                return replace(cls.parse(file.read()), path=path)
        except (OSError, UnicodeDecodeError) as error:
            raise KeysError(f"Het sleutelbestand {path} is niet te lezen.") from error

    @classmethod
    def make(cls, path: Path) -> Keys:
        """The keys in a file, which is made (rights 0600) where there is none yet; of two makers at once one wins."""
        if not path.exists():
            made = fresh(path.parent, cls.generate()._text())
            try:
                os.link(made, path)
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return cls.read(path)

    @classmethod
    def renew(cls, path: Path) -> Keys:
        """Put a new signing key in a file (:meth:`renewed`); of several who do it at once none loses what another put there.

        Raises :class:`KeysError` as :meth:`read` does, and :class:`OSError` where the file cannot be written.
        """
        with changing(path):
            found = cls.read(path).renewed()
            found.write(path)
        return found

    def renewed(self) -> Keys:
        """The same with a new signing key; the old one stays trusted. Pseudonyms stay what they were."""
        return replace(self, signing=Ed25519PrivateKey.generate(), earlier=dict(self.trusted))

    def again(self) -> Mapping[str, Ed25519PublicKey]:
        """Every public key whose signature counts by now: what the file holds today is trusted from here on.

        The keys that sign and make pseudonyms stay those that they are. A file that cannot be read, or that has another key for
        pseudonyms and so is that of another store, adds nothing.
        """
        with contextlib.suppress(KeysError):
            if self.path is not None and (found := Keys.read(self.path)).pseudonym == self.pseudonym:
                self.trusted.update(found.trusted)
        return self.trusted

    def write(self, path: Path) -> None:
        """Put these keys in a file in place of what it held."""
        put(path, self._text())

    def _text(self) -> str:
        data = {
            _SIGNING: self.signing.private_bytes_raw().hex(),
            _PSEUDONYM: self.pseudonym.hex(),
            _EARLIER: [key.public_bytes_raw().hex() for key in self.earlier.values()],
        }
        return json.dumps(data, indent=2)

    @cached_property
    def public(self) -> Ed25519PublicKey:
        """The key that checks what is signed now."""
        return self.signing.public_key()

    @cached_property
    def id(self) -> str:
        """The name of the key that signs now."""
        return key_id(self.public)

    @cached_property
    def trusted(self) -> dict[str, Ed25519PublicKey]:
        """Every public key whose signature counts, by id; :meth:`again` adds to them."""
        return {**self.earlier, self.id: self.public}

    def sealed(self, municipality: str, sequence: int, last: str, number: int, signed_at: str, *, kept: bool = True) -> Seal:
        """A signed seal on a chain: a checkpoint where it is ``kept``, otherwise its end alone."""
        seal = Seal(municipality, sequence, last, number, signed_at, self.id)
        return replace(seal, signature=self.signing.sign(seal.message(kept=kept)).hex())

    def hmac(self, purpose: str, *parts: bytes) -> str:
        """The keyed hash of some bytes for one purpose, in hex; different parts or purposes never give the same input."""
        digest = hmac.new(self.pseudonym, digestmod=hashlib.sha256)
        for part in (purpose.encode(), *parts):
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()
