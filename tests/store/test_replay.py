# SPDX-License-Identifier: EUPL-1.2
"""A stored assessment made again: equal with the rules of then, told apart with those of today."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import make_url

from api.reader import write_json
from engine.language.library import file_bytes
from engine.model.precedent import Precedent
from engine.passes.assess import assess
from engine.passes.precedents import Earlier, as_json, laid_together
from engine.rationale.build import rationale
from engine.rulebook import Rulebook, load_files
from store.bundle import pack
from store.errors import Erased, NotFound, Tampered
from store.model import ANSWER, CLAIM, PRECEDENTS, Draft, Ground, Kind
from store.replay import Replayer, canonical_result, compared
from store.store import Store
from tests.helpers import CLAIM as TINY, DAY, law as tiny_law
from tests.law import RULES, example, example_names, law
from tests.store.conftest import opened
from tests.store.drafts import TOWN, assessment

RULE = "- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  rol: voorwaarde\n  als: a of b\n"
LADDER = "- weigeren: blokkerende_grond\n- gereed: anders\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))
    yield found
    found.close()


def plain(data: Any) -> bytes:
    return json.dumps(data, default=str).encode()


def kept(store: Store, data: Any, book: Rulebook, files: dict[str, bytes], earlier: Earlier | None = None, **options: bool) -> str:
    """The id of an assessment that was made and kept, as the service does."""
    assessment = assess(data, book, earlier)
    found = {**rationale(assessment, **options), "tweedeMening": "uit"}
    payloads = {CLAIM: plain(data), ANSWER: write_json(found)}
    if assessment.second.kept is not None:
        payloads[PRECEDENTS] = as_json(assessment.second.kept)
    bundle = store.put_bundle(pack(files, book))
    return store.append(Draft(TOWN, Kind.ASSESSMENT, payloads=payloads, law="wet", bundle=bundle)).id


def tiny(rule: str = RULE) -> tuple[Rulebook, dict[str, bytes]]:
    files = {name: content.encode() for name, content in tiny_law(rule, ladder=LADDER).items()}
    return load_files(files), files


def tiny_claim(**facts: Any) -> dict[str, Any]:
    return {"aanspraak": TINY, "peildatum": DAY, "gegevens": facts}


@pytest.mark.parametrize("name", example_names())
def test_every_example_comes_out_the_same_from_its_own_rule_files(store: Store, name: str) -> None:
    record = kept(store, example(name), law(), file_bytes(RULES), steps=True)
    found = Replayer(store).replay(record)
    assert found.equal
    assert found.identical
    assert (found.rules_then, found.engine_then) == (found.rules_now, found.engine_now)


def test_the_answer_of_years_ago_comes_back_byte_for_byte(store: Store) -> None:
    answer = write_json({**rationale(assess(example("1-"), law())), "tweedeMening": "gelijk"})
    record = store.append(assessment(payloads={ANSWER: answer}))
    assert store.payload(record.id, ANSWER) == answer


def test_a_later_version_of_the_program_is_told_and_may_word_things_otherwise(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True), book, files)
    monkeypatch.setattr("engine.__version__", "9.0.0")
    found = Replayer(store).replay(record)
    assert found.equal
    assert not found.identical
    assert found.engine_now == "toetssteen 9.0.0"


def test_other_rules_say_what_differs_and_which_rule_does_it(store: Store) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True, b=False), book, files)
    today, _ = tiny(RULE.replace("a of b", "a en b"))
    found = Replayer(store).replay(record, today)
    assert not found.equal
    assert ("uitkomst", "uitkomst", "gereed", "weigeren") in [(d.part, d.name, d.before, d.after) for d in found.differences]
    assert [(cause.rule, cause.source) for cause in found.causes] == [("wet.1", "art. 1")]
    assert any("wet.1" in change.sentence for change in found.changes)
    assert found.rules_then != found.rules_now
    assert found.differences[0].plain() == {"onderdeel": "uitkomst", "naam": "uitkomst", "toen": "gereed", "nu": "weigeren"}


def test_rules_that_changed_elsewhere_make_no_difference_here(store: Store) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True, b=True), book, files)
    today, _ = tiny(RULE.replace("a of b", "a en b"))
    found = Replayer(store).replay(record, today)
    assert found.equal
    assert found.changes
    assert found.causes == ()


def test_rules_that_do_not_take_the_claim_any_more_say_why(store: Store) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True, c=True), book, files)
    facts = files["wet/gegevens.yaml"].decode().replace("  c: {soort: ja/nee}\n", "")
    found = Replayer(store).replay(record, load_files({**files, "wet/gegevens.yaml": facts.encode()}))
    assert not found.equal
    assert [problem.place.pointer for problem in found.refused] == ["/gegevens/c"]


def test_a_given_outcome_is_made_again_too(store: Store) -> None:
    data = {
        "regeling": "participatiewet",
        "peildatum": "2026-07-15",
        "regeluitkomst": {"uitkomst": "afwijzen", "belastend": True, "gronden": ["pw.15.1"], "bron": "besluit van 1 juli 2026"},
    }
    record = kept(store, data, law(), file_bytes(RULES))
    assert Replayer(store).replay(record).identical
    assert Replayer(store).replay(record, law()).equal


def test_the_decisions_that_it_was_compared_with_are_taken_along(store: Store) -> None:
    data = example("2-")
    answer = rationale(assess(data, law()))
    grounds = [rule for ground in answer["gronden"] for rule in ground["regels"]]
    earlier = Precedent.model_validate(
        {"id": "p1", "datum": "2026-01-01", "regeling": "participatiewet", "gronden": grounds, "deur": answer["deuren"][0]["id"]}
        | {"afgeweken": "ja", "motief": "Geen ander inkomen."}
    )
    record = kept(store, data, law(), file_bytes(RULES), laid_together([earlier]))
    assert orjson.loads(store.payload(record, ANSWER))["precedenten"] is not None
    assert Replayer(store).replay(record).identical


def test_what_was_erased_or_kept_without_rules_is_not_made_again(store: Store) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True), book, files)
    store.erase(record, ground=Ground.REQUEST, by="a", reason="b")
    with pytest.raises(Erased):
        Replayer(store).replay(record)
    with pytest.raises(NotFound, match="regelbestand"):
        Replayer(store).replay(store.append(assessment()).id)


def test_the_canonical_result_leaves_out_words_and_holds_what_decides() -> None:
    answer = rationale(assess(example("2-"), law()))
    other = json.loads(write_json(answer))
    for part in ("gronden", "deuren", "opties", "toetsen"):
        for item in other[part]:
            for key in ("tekst", "teksten", "titel", "vraag", "bron", "bronnen"):
                item.pop(key, None)
    assert compared(answer, other) == ()
    other["deuren"][0]["stand"] = "dicht"
    other["advies"]["resultaat"] = "afwijken"
    assert {(found.part, found.name) for found in compared(answer, other)} == {
        ("deuren", answer["deuren"][0]["id"]),
        ("advies", "resultaat"),
    }
    assert canonical_result(answer)["deuren"].keys() == {door["id"] for door in answer["deuren"]}


def test_rulebooks_are_built_once(store: Store) -> None:
    book, files = tiny()
    address = store.put_bundle(pack(files, book))
    replayer = Replayer(store)
    assert replayer.rulebook(address) is replayer.rulebook(address)
    assert dataclasses.is_dataclass(replayer.rulebook(address))


def test_rules_that_serve_already_are_not_built_again_and_their_archive_is_still_looked_at(store: Store) -> None:
    book, files = tiny()
    address = store.put_bundle(pack(files, book))
    replayer = Replayer(store)
    replayer.serves(address, book)
    assert replayer.rulebook(address) is book
    replayer.serves("0" * 64, book)
    with pytest.raises(Tampered):
        replayer.rulebook("0" * 64)
