# SPDX-License-Identifier: EUPL-1.2
"""``/beoordelingen`` that are kept: assess and keep, read back, state effects, make again, find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import contract_stored as contract
from api.answers import HTML, JSON, answer, kept, revisited
from api.auth.gate import principal_of
from api.context import Context, Given
from api.openapi import TEXT, described, header
from api.requests import Query, agreed, json_body, no_query, told_with
from api.routes.beoordelingen import RENDERING, page_headers, rendering_of
from api.stored import searching
from api.stored.accounting import looked_at
from api.stored.archive import Archive
from api.stored.assessing import keep_assessment, steps_of
from api.stored.effects import keep_effects
from api.stored.envelope import opened
from api.stored.once import NAME, Kept, once
from api.stored.reading import archive_of, assessment_record
from api.stored.replaying import replay, which
from engine.rationale import html
from store.chain import Record
from store.model import ANSWER

router = APIRouter(tags=["Bewaarde beoordelingen"])

ONCE = header(NAME, "Een nieuwe UUID bij elk nieuw verzoek; dezelfde bij een herhaling, die dan hetzelfde antwoord geeft.")


@router.post(
    "/beoordelingen",
    operation_id="bewaarBeoordeling",
    summary="Beoordeel een zaak en bewaar de beoordeling",
    description=(
        "Als `_bereken`, en bewaard: met de aanvraag, het antwoord, het spoor en de regels. Het antwoord gaat pas weg als alles op schijf "
        "staat. Vergelijkt met wat mensen in deze gemeente eerder hebben besloten. Een burgerservicenummer hoort alleen in `betrokkene`; "
        "bewaard wordt een pseudoniem."
    ),
    status_code=201,
    response_model=contract.BewaardeBeoordeling,
    openapi_extra=described(parameters=[ONCE], body={JSON: contract.BewaardeAanvraagIn}),
)
async def keep(request: Request, context: Given) -> Response:
    """Assess and keep."""
    agreed(request, (JSON,))
    archive = archive_of(context)
    this, received = await once(request)

    def work() -> Kept:
        envelope = opened(request, received)
        return this.carry_out(context, archive.store, lambda key: keep_assessment(archive, context, envelope, key))

    found = await context.turns.work(work)
    return kept(found.body, f"/v1/beoordelingen/{found.record_id}")


@router.get(
    "/beoordelingen/{id:uuid}",
    operation_id="haalBeoordeling",
    summary="Een bewaarde beoordeling",
    description="Byte voor byte wat is gegeven. Met `Accept: text/html` komt dezelfde uitleg als pagina, in een van drie weergaven.",
    response_model=contract.BewaardeBeoordeling,
    openapi_extra=described(parameters=[RENDERING], answers={HTML: TEXT}),
)
async def read(request: Request, context: Given, id: UUID) -> Response:
    """What was answered."""
    query = Query(request, ("weergave",))
    kind, rendering = rendering_of(query, request)
    query.done()
    body = await context.turns.work(lambda: _looked_at(request, context, id, "beoordeling raadplegen", _answer))
    if kind == JSON:
        return revisited(request, body)
    page = await context.turns.work(lambda: html.render(orjson.loads(body), rendering))
    return revisited(request, page.encode(), HTML, page_headers())


@router.get(
    "/beoordelingen/{id:uuid}/stappen",
    operation_id="haalStappen",
    summary="Het hele spoor van een bewaarde beoordeling",
    response_model=contract.Stappen,
)
async def steps(request: Request, context: Given, id: UUID) -> Response:
    """The trace of every rule, as it was made."""
    no_query(request)
    agreed(request, (JSON,))
    return revisited(request, await context.turns.work(lambda: _looked_at(request, context, id, "stappen raadplegen", steps_of)))


def _answer(archive: Archive, record: Record) -> bytes:
    return archive.store.payload(record.id, ANSWER)


def _looked_at(request: Request, context: Context, record_id: UUID, action: str, read: Callable[[Archive, Record], bytes]) -> bytes:
    start, archive = datetime.now(UTC), archive_of(context)
    record = assessment_record(archive.store, principal_of(request), record_id)
    body = read(archive, record)
    looked_at(context, archive.store, record, action, start)
    return body


@router.post(
    "/beoordelingen/{id:uuid}/effecten",
    operation_id="voegEffectenToe",
    summary="Leg effecten vast die mensen noemen, en werk de beoordeling opnieuw uit",
    description=(
        "Met dezelfde regels en dezelfde eerdere besluiten. Het antwoord is een nieuwe beoordeling, die de eerste aanvult; op haar wordt "
        "verdergegaan. Na een besluit kan dit niet meer."
    ),
    status_code=201,
    response_model=contract.BewaardeBeoordeling,
    openapi_extra=described(parameters=[ONCE], body={JSON: contract.EffectenIn}),
)
async def effects(request: Request, context: Given, id: UUID) -> Response:
    """State effects."""
    agreed(request, (JSON,))
    archive = archive_of(context)
    this, received = await once(request)

    def work() -> tuple[str, bytes]:
        record = assessment_record(archive.store, this.principal, id)
        found = this.carry_out(context, archive.store, lambda key: keep_effects(archive, context, record, received, key))
        return found.record_id, found.body

    number, body = await context.turns.work(work)
    return kept(body, f"/v1/beoordelingen/{number}")


@router.post(
    "/beoordelingen/{id:uuid}/_herbereken",
    operation_id="herberekenBeoordeling",
    summary="Maak een bewaarde beoordeling opnieuw en vergelijk",
    description=(
        "Met de regels van `toen` hoort zij gelijk te zijn; met die van `nu` staat er wat anders uitkomt en welke regel of welk bedrag dat "
        "doet. Bewaart niets."
    ),
    response_model=contract.Herberekening,
    openapi_extra=described(body={JSON: contract.HerberekenIn}),
)
async def again(request: Request, context: Given, id: UUID) -> Response:
    """Make it again."""
    query = Query(request, ())
    agreed(request, (JSON,))
    archive = archive_of(context)
    with told_with(query.mistakes):
        rules = which(await json_body(request))

    def work() -> dict[str, Any]:
        start = datetime.now(UTC)
        record = assessment_record(archive.store, principal_of(request), id)
        found = replay(archive, context, record, rules)
        looked_at(context, archive.store, record, "beoordeling herberekenen", start)
        return found

    return answer(await context.turns.work(work))


@router.post(
    "/beoordelingen/_zoek",
    operation_id="zoekBeoordelingen",
    summary="Zoek bewaarde beoordelingen",
    description=(
        "Op zaak, persoon, grond, deur en dag van vastleggen (in UTC), in een gemeente. Wat wordt gezocht staat in het bericht, zodat er "
        "nooit een burgerservicenummer in een adres staat. Wat is vernietigd, is alleen nog op dag te vinden. De nieuwste staat vooraan: "
        "komt er een bij terwijl u bladert, dan staat er een nog eens op de volgende bladzijde. Tot en met een dag die voorbij is "
        "(`totEnMet`) komt er geen meer bij."
    ),
    response_model=contract.GevondenBeoordelingen,
    openapi_extra=described(body={JSON: contract.ZoekIn}),
)
async def search(request: Request, context: Given) -> Response:
    """A page of what fits."""
    query = Query(request, ())
    agreed(request, (JSON,))
    archive = archive_of(context)
    with told_with(query.mistakes):
        sought = searching.read_search(await json_body(request), principal_of(request))
    return answer(await context.turns.work(lambda: searching.search_and_tell(archive.store, context, sought)))
