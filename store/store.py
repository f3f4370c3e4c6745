# SPDX-License-Identifier: EUPL-1.2
"""The store: everything that is kept goes in and out here.

Every method that writes has committed, to disk, when it returns. One that raises has kept nothing, except that after
:class:`store.errors.StoreDown` it is not known whether the last commit arrived: ask again with the same Idempotency-Key.
Safe to use from several threads, and from several processes over one database.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, bindparam, func, select

from store import adding, audit, database, erasure, finding, idempotency
from store.adding import Clock, utc_now
from store.bsn import Bsn
from store.chain import Record, Seal, commitment
from store.erasure import Retention
from store.errors import Erased, NotFound, RetentionStopped, StoreDown, StoreError, Tampered
from store.keys import Keys
from store.model import ACCOUNT, Destroyed, Draft, DueFile, FailedFile, Ground, KeyClaim, KeyDone, Kind, Listed, News, Page, Rhythm
from store.packing import packed, unpacked
from store.schema import bundles, checkpoints, heads, payloads, records
from store.together import one_at_a_time

USUAL = Rhythm()
MOST_FORGOTTEN = 10_000
"""So many pseudonyms of nobody are forgotten at a time."""
UNSURE = "De opslag viel weg: of dit dossier is vernietigd, is niet zeker."
_PAYLOAD = select(payloads.c.salt, payloads.c.data).where(payloads.c.record_id == bindparam("id"), payloads.c.name == bindparam("named"))


def in_use(engine: Engine) -> bool:
    """Whether something is sealed in a database, which may not be there or have no tables yet: then only the keys that sealed it fit.

    Raises :class:`StoreDown`.
    """
    file = database.sqlite_file(engine)
    if file is not None and not file.is_file():
        return False
    with database.reachable(), engine.connect() as connection:
        return database.revision(connection) is not None and connection.scalar(select(heads.c.municipality).limit(1)) is not None


def _destroyed(found: Sequence[DueFile | FailedFile], without: Mapping[str, int]) -> Destroyed:
    """What a retention run did, from what became of each file."""
    files = tuple(file for file in found if isinstance(file, DueFile))
    gone = Counter(file.law for file in files if not file.held)
    failed = tuple(file for file in found if isinstance(file, FailedFile))
    return Destroyed(dict(gone), len(files) - gone.total(), without, files, failed)


class Store:
    """What is kept, in the database at ``url``: ``sqlite:///path`` or ``postgresql://...``.

    Connects to nothing until it is used; call :meth:`prepare` once at the start. ``lease`` is how long a request may run
    before another one takes over its Idempotency-Key, ``password`` a file with the password of PostgreSQL. Every method
    raises :class:`store.errors.StoreDown` when the database cannot be reached or cannot write.
    """

    def __init__(
        self,
        url: str | URL,
        keys: Keys,
        *,
        rhythm: Rhythm = USUAL,
        lease: timedelta = timedelta(seconds=60),
        now: Clock = utc_now,
        password: Path | None = None,
    ) -> None:
        self.engine = database.connect(url, password)
        self.keys, self.rhythm, self.lease, self.now = keys, rhythm, lease, now
        self._of_nobody: set[str] = set()
        self._overwritten: int | None = 0

    def prepare(self) -> None:
        """Bring a SQLite database up to date; of PostgreSQL ask that somebody did. Raises :class:`StoreOutdated`."""
        if database.sqlite_file(self.engine) is not None:
            database.upgrade(self.engine)
        self.ready()

    def ready(self) -> None:
        """Raises :class:`StoreDown` or :class:`StoreOutdated` unless the store can be used."""
        with self._reading() as connection:
            database.require_current(connection)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with database.reachable(), self.engine.connect() as connection:
            yield connection.execution_options(**database.reads(self.engine))

    @contextmanager
    def _writing(self, *, begun: bool = True) -> Iterator[Connection]:
        with (
            database.reachable(),
            database.turn(self.engine),
            self.engine.connect() as connection,
            connection.execution_options(**database.writes(self.engine, begun=begun)).begin(),
        ):
            yield connection

    # --- records -----------------------------------------------------------------------------------------------------

    def append(self, draft: Draft, key: KeyClaim | None = None, status: int = 201) -> Record:
        """Keep a record, and with it the answer to its Idempotency-Key, or nothing at all.

        Raises :class:`NotFound` (what it is about, or its bundle, is not there), :class:`Erased` (what it is about was
        destroyed), :class:`AlreadyThere` (``once``), :class:`KeyLost`, and :class:`TypeError` for data without a canonical
        form. Raises :class:`Tampered` where the end of the chain is not what was signed.
        """
        draft = packed(draft)
        with self._writing(begun=False) as connection:
            return adding.add(connection, self.keys, draft, self.now, self.rhythm, key=key, status=status, last=True)

    def record(self, record_id: str, municipality: str | None = None) -> Record:
        """A record (of this municipality). Raises :class:`NotFound`, and :class:`Tampered` where it does not fit its hash."""
        with self._reading() as connection:
            return adding.find(connection, record_id, municipality)

    def payload(self, record_id: str, name: str, municipality: str | None = None) -> bytes:
        """A payload, byte for byte as it was kept.

        Raises :class:`NotFound`, :class:`Erased` where it was lawfully destroyed, and :class:`Tampered` where it is not
        what was recorded.
        """
        with self._reading() as connection:
            expected = adding.find(connection, record_id, municipality).commitments.get(name)
            if expected is None:
                raise NotFound
            row = connection.execute(_PAYLOAD, {"id": record_id, "named": name}).one_or_none()
            if row is None:
                destroyed = select(records.c.id).where(records.c.about == record_id, records.c.kind == Kind.DESTRUCTION)
                raise Tampered if connection.execute(destroyed.limit(1)).first() is None else Erased
        if commitment(row.salt, row.data) != expected:
            raise Tampered
        return unpacked(name, row.data)

    def search(
        self,
        municipality: str,
        terms: Mapping[str, str] | None = None,
        *,
        kind: Kind | None = None,
        law: str | None = None,
        about: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> Page:
        """The records of a municipality that fit everything asked, newest first, ``limit`` at a time.

        ``since`` is included, ``until`` is not. ``before`` is the :attr:`Page.next` of the page before.
        """
        kinds = () if kind is None else (kind,)
        query = select(records).where(*finding.fitting(municipality, terms or {}, kinds, law, about, since, until))
        if before is not None:
            query = query.where(records.c.sequence < before)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(records.c.sequence.desc()).limit(limit + 1)).all()
        found = tuple(adding.read(row) for row in rows[:limit])
        return Page(found, found[-1].sequence if len(rows) > limit else None)

    def listed(
        self,
        municipality: str,
        terms: Mapping[str, str] | None = None,
        *,
        kinds: tuple[Kind, ...] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Listed:
        """The records of a municipality that fit everything asked, newest first, from ``offset`` on, with their number in all."""
        fits = finding.fitting(municipality, terms or {}, kinds, None, None, since, until)
        with self._reading() as connection:
            return finding.listed(connection, fits, limit, offset)

    def about(self, record_ids: Collection[str], kinds: tuple[Kind, ...]) -> tuple[Record, ...]:
        """The records of these kinds about any of these records, oldest first; without what was destroyed as kept by mistake."""
        with self._reading() as connection:
            return adding.about(connection, record_ids, kinds)

    def terms_of(self, record_ids: Collection[str]) -> dict[str, dict[str, list[str]]]:
        """What each of these records is found by: record id -> name -> values; what was erased is not there."""
        with self._reading() as connection:
            return finding.terms_of(connection, record_ids)

    def news(self, municipality: str, kinds: tuple[Kind, ...], after: int = 0) -> News:
        """The records of these kinds that came after a place in the chain of a municipality, and where the chain ends now.

        Takes no longer as the chain grows, where ``after`` is what was the end a moment ago.
        """
        with self._reading() as connection:
            return finding.news(connection, municipality, kinds, after)

    def payloads(self, municipality: str, kinds: tuple[Kind, ...], name: str, *, after: int, upto: int) -> list[tuple[Record, bytes]]:
        """A payload of every record of these kinds after a place in the chain, up to and including another, that has it; oldest first.

        Raises :class:`Tampered` as :meth:`payload` does.
        """
        with self._reading() as connection:
            return finding.with_payload(connection, municipality, kinds, name, after, upto)

    def subject(self, municipality: str, bsn: Bsn) -> str | None:
        """The pseudonym of a person in a municipality, to search by (term :data:`SUBJECT`); None where nothing is kept."""
        with self._reading() as connection:
            return adding.known_subject(connection, self.keys, municipality, bsn)

    def made_subject(self, municipality: str, bsn: Bsn) -> str:
        """The same, made and committed where there is none yet: to be told before anything is kept of the person."""
        with self._writing(begun=False) as connection:
            return adding.subject_of(connection, self.keys, municipality, bsn)

    def recognized(self, municipality: str, subject: str, among: Iterable[Bsn]) -> Bsn | None:
        """Which of some BSNs is that of a person in a municipality, by the pseudonym; None where none is."""
        with self._reading() as connection:
            return adding.recognized(connection, self.keys, municipality, subject, among)

    # --- Idempotency-Key -----------------------------------------------------------------------------------------------

    def claim_key(self, client: str, key: str, request: bytes) -> KeyClaim | KeyDone:
        """Claim the key of a request before carrying it out.

        ``request`` is everything that makes it this request: method, path and body; only a keyed hash of it is kept.
        A :class:`KeyDone` says that it was carried out: give the same answer. Raises :class:`KeyBusy` while the first one
        runs, and :class:`KeyReused` when the key was used for another request. A key is kept for 30 days.
        """
        fingerprint = self.keys.hmac("verzoek", request)
        with self._writing(begun=False) as connection:
            ours = idempotency.claim(connection, client, key, fingerprint, self.now())
        if ours is not None:
            return ours
        with self._writing() as connection:
            return idempotency.take_over(connection, client, key, fingerprint, self.now(), self.lease)

    def release_key(self, claim: KeyClaim) -> None:
        """Give a key back after a request that was refused, so that it can be used again."""
        with self._writing() as connection:
            idempotency.release(connection, claim)

    def forget(self) -> bool:
        """Forget Idempotency-Keys that were kept for 30 days, and pseudonyms of whom nothing was kept the time before either.

        Call it from time to time. False where pseudonyms stayed, as others were busy: the next time is early enough.
        """
        with self._writing() as connection:
            idempotency.purge(connection, self.now())
        with self._reading() as connection:
            found = erasure.of_nobody(connection)
        # One that is of nobody now may be of a request that is under way; one that was so the time before is not.
        left, self._of_nobody = self._of_nobody & found, found
        if left:
            try:
                with self._writing() as connection:
                    erasure.forget_nobody(connection, sorted(left)[:MOST_FORGOTTEN])
            except StoreDown:
                return False
            self._overwritten = None
        return True

    # --- rule files ----------------------------------------------------------------------------------------------------

    def put_bundle(self, data: bytes) -> str:
        """Keep an archive of rule files (:func:`store.bundle.pack`) and give its address; the same one is kept once."""
        address = hashlib.sha256(data).hexdigest()
        with self._writing() as connection:
            database.insert_new(connection, bundles, sha256=address, data=data)
        return address

    def bundle(self, address: str) -> bytes:
        """An archive of rule files by its address. Raises :class:`NotFound` and :class:`Tampered`."""
        with self._reading() as connection:
            data: bytes | None = connection.scalar(select(bundles.c.data).where(bundles.c.sha256 == address))
        if data is None:
            raise NotFound
        if hashlib.sha256(data).hexdigest() != address:
            raise Tampered
        return data

    # --- destruction and holds -----------------------------------------------------------------------------------------

    def erase(self, record_id: str, *, ground: Ground, by: str, reason: str) -> list[Record]:
        """Destroy the payloads and terms of a record and of everything about it; the records of destruction.

        The chain stays whole: it holds commitments only. Call :meth:`overwrite` afterwards. Raises :class:`NotFound`,
        :class:`Held` and :class:`Erased`, and :class:`NoMistake` where what was kept by mistake was destroyed in part as what was not.
        """
        with self._writing() as connection:
            return erasure.destroy(connection, self.keys, record_id, ground, by, reason, self.now, self.rhythm)

    def erasable(self, record_id: str, ground: Ground) -> list[tuple[Record, list[str]]]:
        """What :meth:`erase` would destroy: each record that it touches, with the names of its payloads. Raises as it does."""
        with self._reading() as connection:
            return erasure.doomed(connection, adding.find(connection, record_id), ground)

    def hold(self, record_id: str, *, by: str, reason: str) -> Record:
        """Lay a hold on the file that a record belongs to: until it is lifted nothing of it is destroyed.

        Raises :class:`NotFound`, and :class:`Erased` where nothing of the file is left.
        """
        return self._about(Kind.HOLD, record_id, by, reason)

    def lift_hold(self, record_id: str, *, by: str, reason: str) -> Record:
        """Lift a hold that was laid on this record; each that was must be. Raises :class:`NotFound` where there is none."""
        return self._about(Kind.LIFTED, record_id, by, reason)

    def _about(self, kind: Kind, record_id: str, by: str, reason: str) -> Record:
        with self._writing() as connection:
            record = adding.find(connection, record_id)
            one_at_a_time(connection, record.municipality)
            here = [found for found in erasure.below(connection, record) if found.about == record_id]
            if kind is Kind.LIFTED and not erasure.held(here):
                raise NotFound
            if kind is Kind.HOLD:
                erasure.left(connection, erasure.file_of(connection, record), record_id)
            draft = Draft(record.municipality, kind, payloads={ACCOUNT: erasure.account(by, reason)}, about=record_id)
            return adding.add(connection, self.keys, draft, self.now, self.rhythm)

    def held(self, record_id: str) -> bool:
        """Whether a hold lies on the file that a record belongs to."""
        with self._reading() as connection:
            return erasure.held(erasure.file_of(connection, adding.find(connection, record_id)))

    def retain(self, retention: Retention, *, by: str, dry: bool = False) -> Destroyed:
        """Destroy every file whose term has passed, each in a transaction of its own; ``dry`` only tells which.

        A file that the store refuses to destroy stays, is told among the failed, and holds up no other. Forgets
        Idempotency-Keys that are older than 30 days too. Call :meth:`overwrite` afterwards. Raises :class:`RetentionStopped`
        where the database goes away.
        """
        found: list[DueFile | FailedFile] = []
        try:
            for each in self._each_due(retention, by, dry=dry):
                found.append(each)
            with self._reading() as connection:
                without = erasure.without_term(connection, retention.years)
            if not dry:
                self.forget()
        except StoreDown as error:
            raise RetentionStopped(_destroyed(found, {})) from error.__cause__
        return _destroyed(found, without)

    def _each_due(self, retention: Retention, by: str, *, dry: bool) -> Iterator[DueFile | FailedFile]:
        """What became of each file whose term has passed, one after the other."""
        for law, years in sorted(retention.years.items()):
            before = retention.before(law, self.now())
            with self._reading() as connection:
                due = erasure.due(connection, law, before)
            for root in due:
                try:
                    found: DueFile | FailedFile | None = self._destroy_due(root, before, law, years, by, dry=dry)
                except StoreDown:
                    if not dry:
                        yield FailedFile(root, law, UNSURE)
                    raise
                except Erased:  # by another run, since we looked
                    continue
                except StoreError as error:
                    found = FailedFile(root, law, str(error))
                if found is not None:
                    yield found

    def _destroy_due(self, root: str, before: str, law: str, years: int, by: str, *, dry: bool) -> DueFile | None:
        """Destroy one file, unless a hold lies on it or (None) the case went on after all."""
        with self._reading() if dry else self._writing() as connection:
            record = adding.find(connection, root)
            if not dry:
                one_at_a_time(connection, record.municipality)
            file = erasure.file_of(connection, record)
            last = erasure.last_of_case(file)
            if last >= before:
                return None
            reason = f"Bewaartermijn van {years} jaar."
            found = DueFile(root, record.municipality, law, last, reason, erasure.held(file))
            if not dry and not found.held:
                erasure.destroy(connection, self.keys, root, Ground.TERM, by, reason, self.now, self.rhythm)
        return found

    def overwrite(self) -> bool:
        """Take away what the database still has of what was destroyed; whether nothing is left of it within our reach.

        Call it after a destruction, which is done whatever this gives, and from time to time. It waits some seconds for who
        still reads. False also where PostgreSQL did not let us, and where the database cannot be reached. What a file system,
        a copy or a backup holds is out of reach, and so is what PostgreSQL leaves in the free space of its files.
        """
        try:
            count = self._destructions()
            with database.reachable():
                done = database.overwritten(self.engine)
        except StoreDown:
            return False
        if done:
            self._overwritten = count
        return done

    def overwrite_rest(self) -> bool:
        """The same, where something was destroyed since this process last did it."""
        return self._destructions() == self._overwritten or self.overwrite()

    def _destructions(self) -> int:
        """How many records of destruction there are: no clock tells as surely whether there are new ones."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).where(records.c.kind == Kind.DESTRUCTION)) or 0

    # --- checkpoints and checks ----------------------------------------------------------------------------------------

    def checkpoint(self) -> list[Seal]:
        """Keep a checkpoint of every chain that grew since its last one. Call it from time to time, and before an export.

        Raises :class:`Tampered` where the end of a chain is not what was signed; every other chain has its checkpoint then.
        """
        with self._reading() as connection:
            names = list(connection.scalars(select(heads.c.municipality).order_by(heads.c.municipality)))
        made: list[Seal] = []
        wrong: list[str] = []
        for name in names:
            try:
                seal = self._checkpoint(name)
            except Tampered:
                wrong.append(name)
                continue
            made += [seal] if seal is not None else []
        if wrong:
            raise Tampered(adding.UNSIGNED.format(", ".join(wrong)))
        return made

    def survey(self) -> None:
        """Let the database see how its tables are filled, so that it finds things by the shortest way. Call it from time to time."""
        with database.reachable():
            database.survey(self.engine)

    def _checkpoint(self, municipality: str) -> Seal | None:
        with self._writing(begun=False) as connection:
            return adding.checkpoint(connection, self.keys, municipality, self.now)

    def checkpoints(self) -> Iterator[Seal]:
        """Every checkpoint, by municipality and number."""
        with self._reading() as connection:
            for row in connection.execute(select(checkpoints).order_by(checkpoints.c.municipality, checkpoints.c.number)):
                yield Seal(*row)

    def audit(self, exported: audit.Exported | None = None) -> audit.Audit:
        """Check everything that is stored (:func:`store.audit.audit`)."""
        return audit.audit(self.engine, self.keys.trusted, exported)
