# SPDX-License-Identifier: EUPL-1.2
"""Reading what is kept: only of the caller's own municipalities, and nothing told about the rest."""

from __future__ import annotations

from uuid import UUID

from api.auth.principal import Principal
from api.context import Context
from api.kinds import DECIDED, KEEPS_NOTHING, SUPPLEMENTED
from api.problems import ApiProblem
from api.stored.archive import Archive
from store.chain import Record
from store.errors import Erased, NotFound
from store.model import Kind
from store.store import Store

ASSESSMENTS = (Kind.ASSESSMENT, Kind.EFFECTS)
"""What `/beoordelingen/{id}` names: an assessment, or one worked out anew with what was stated about it."""


def archive_of(context: Context) -> Archive:
    """What is kept. Raises 503 in a service that keeps nothing."""
    if context.archive is None:
        raise ApiProblem(KEEPS_NOTHING)
    return context.archive


def assessment_record(store: Store, principal: Principal, record_id: UUID) -> Record:
    """The record of an assessment. Raises :class:`NotFound`, for one of another municipality too."""
    try:
        record = store.record(str(record_id))
    except NotFound:
        raise NotFound("Er is geen beoordeling met dit nummer.") from None
    if record.kind not in ASSESSMENTS or not principal.may_see(record.municipality):
        raise NotFound("Er is geen beoordeling met dit nummer.")
    return record


def last_decision(store: Store, assessment: Record) -> Record | None:
    """The decision on an assessment, or its last correction; None where nobody decided."""
    found = next(iter(store.about([assessment.id], (Kind.DECISION,))), None)
    while found is not None:
        later = store.about([found.id], (Kind.CORRECTION,))
        if not later:
            return found
        found = later[-1]
    return None


def require_there(store: Store, assessment: Record) -> None:
    """Raises :class:`Erased` where what is kept of an assessment was destroyed."""
    if store.about([assessment.id], (Kind.DESTRUCTION,)):
        raise Erased


def what_stands(store: Store, assessment: Record) -> ApiProblem | None:
    """Why an assessment cannot be gone on with: what was made of it already; None where it can. Raises :class:`Erased` where it is gone."""
    require_there(store, assessment)
    for record in store.about([assessment.id], (Kind.EFFECTS,)):
        detail = f"Deze beoordeling is aangevuld. Ga verder met de aanvulling: `{record.id}`."
        return ApiProblem(SUPPLEMENTED, detail, about=record.id)
    last = last_decision(store, assessment)
    if last is not None:
        detail = f"Op deze beoordeling is al besloten. Een correctie noemt dat besluit: `corrigeert`: `{last.id}`."
        return ApiProblem(DECIDED, detail, about=last.id)
    return None


def overtaken(store: Store, assessment: Record) -> ApiProblem:
    """The same where something is known to stand in the way."""
    return what_stands(store, assessment) or ApiProblem(409)
