# SPDX-License-Identifier: EUPL-1.2
"""The commands over the store: what they do, what they refuse, and the way out that they tell."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from api.contract_stored import Herberekening
from api.stored.settings import StoreSettings
from cli.stored import password_file
from store.keys import Keys
from store.model import ANSWER, CLAIM, SUBJECT, Draft, Kind
from store.store import Store
from tests.cli.operator import WHO, tamper, typed
from tests.law import RULES, example, law
from tests.store.drafts import OTHER_TOWN, TOWN, assessment
from tests.store.test_replay import RULE, kept, tiny, tiny_claim

pytestmark = pytest.mark.usefixtures("place")


# --- a new store -----------------------------------------------------------------------------------------------------


def test_a_store_is_made_in_two_commands_that_may_be_given_again(place: Path) -> None:
    assert "naar versie 0001" in typed("opslag", "bijwerken").stdout
    assert "al bij (versie 0001)" in typed("opslag", "bijwerken").stdout
    assert "gemaakt" in typed("opslag", "sleutels").stdout
    before = (place / "sleutels.json").read_bytes()
    assert "is er al" in typed("opslag", "sleutels").stdout
    assert (place / "sleutels.json").read_bytes() == before
    assert "De opslag is leeg" in typed("keten", "controleer").stdout


def test_no_new_keys_are_made_for_a_store_that_is_in_use(store: Store, place: Path) -> None:
    (place / "sleutels.json").rename(place / "elders.json")
    told = typed("opslag", "sleutels", code=3).stderr
    assert "al in gebruik" in told
    assert "Zet het sleutelbestand terug" in told
    assert not (place / "sleutels.json").exists()


def test_a_renewed_key_signs_and_what_was_signed_stays_valid(store: Store, place: Path) -> None:
    typed("opslag", "sleutels", "--vernieuw")
    typed("opslag", "vasthouden", store.search(TOWN).records[0].id, *WHO)
    typed("keten", "uitvoer", place / "punten.jsonl")
    assert len({json.loads(line)["sleutel"] for line in (place / "punten.jsonl").read_text().splitlines()}) == 2
    typed("keten", "controleer", "--controlepunten", place / "punten.jsonl")


# --- what is not there or cannot be used -----------------------------------------------------------------------------

OVER_A_STORE = [
    ("keten", "controleer"),
    ("keten", "uitvoer"),
    ("opslag", "vasthouden", "x", *WHO),
    ("opslag", "vrijgeven", "x", *WHO),
    ("opslag", "wissen", "x", "--grond", "verzoek", *WHO),
    ("opslag", "herbereken", "x"),
]
each_command = pytest.mark.parametrize("words", OVER_A_STORE, ids=lambda words: " ".join(words[:2]))


@each_command
def test_a_store_that_nobody_named_is_asked_for(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOETSSTEEN_OPSLAG")
    assert "zet TOETSSTEEN_OPSLAG" in typed(*words, code=2).stderr


@each_command
def test_a_file_that_is_not_there_is_told_and_not_made(words: tuple[str, ...], place: Path) -> None:
    told = typed(*words, code=6).stderr
    assert "Er is geen opslag" in told
    assert "opslag bijwerken" in told
    assert list(place.iterdir()) == []


@each_command
def test_tables_that_were_not_made_are_told_with_the_command_that_makes_them(words: tuple[str, ...], place: Path) -> None:
    typed("opslag", "sleutels")
    (place / "opslag.sqlite").touch()
    assert "toetssteen opslag bijwerken" in typed(*words, code=6).stderr


@each_command
def test_keys_that_are_not_there_are_told_with_the_way_out(words: tuple[str, ...], store: Store, place: Path) -> None:
    (place / "sleutels.json").unlink()
    told = typed(*words, code=6).stderr
    assert "geen sleutelbestand" in told
    assert "zet dan het eigen sleutelbestand terug" in told
    assert "toetssteen opslag sleutels" in told


@pytest.mark.parametrize("words", [words for words in OVER_A_STORE if "x" in words], ids=lambda words: " ".join(words[:2]))
def test_a_record_that_is_not_there_is_told_by_its_number(store: Store, words: tuple[str, ...]) -> None:
    assert typed(*words, code=3).stderr.startswith("x: Dit staat niet in de opslag.")


@each_command
def test_a_database_that_does_not_answer_is_told_without_its_password(
    words: tuple[str, ...], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "postgresql://toets:heelgeheim@127.0.0.1:1/toets")
    told = typed(*words, code=6).stderr
    assert "niet bereikbaar" in told
    assert "127.0.0.1:1/toets" in told
    assert "heelgeheim" not in told


@pytest.mark.parametrize("url", ["mysql://x/y", "opslag.sqlite", "sqlite://"])
def test_an_address_of_no_store_is_refused(url: str) -> None:
    assert "geen adres van een opslag" in typed("opslag", "bijwerken", "--opslag", url, code=2).stderr


def test_a_file_that_is_no_database_is_told(place: Path) -> None:
    typed("opslag", "sleutels")
    (place / "opslag.sqlite").write_bytes(b"geen database" * 100)
    assert "De database zegt" in typed("keten", "controleer", code=6).stderr
    typed("opslag", "bijwerken", code=6)


def test_keys_that_everybody_can_read_or_that_nobody_named_are_told(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "sleutels.json").chmod(0o644)
    assert "0600" in typed("keten", "controleer", code=6).stderr
    monkeypatch.delenv("TOETSSTEEN_OPSLAG_SLEUTELS")
    assert "zet TOETSSTEEN_OPSLAG_SLEUTELS" in typed("keten", "controleer", code=2).stderr
    assert "zet TOETSSTEEN_OPSLAG_SLEUTELS" in typed("opslag", "sleutels", code=2).stderr


def test_keys_can_be_made_where_the_service_keeps_nothing_yet_and_a_store_must_be_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "uit")
    assert "gemaakt" in typed("opslag", "sleutels").stdout
    assert (place / "sleutels.json").is_file()
    assert "Waar is de opslag?" in typed("keten", "controleer", code=2).stderr


def test_a_key_file_that_cannot_be_written_is_told(place: Path) -> None:
    assert "niet te schrijven" in typed("opslag", "sleutels", "--sleutels", place / "weg" / "sleutels.json", code=2).stderr


def test_tables_of_a_later_version_are_told(store: Store, place: Path) -> None:
    tamper(place, "UPDATE alembic_version SET version_num = '9999'")
    assert "latere versie" in typed("opslag", "bijwerken", code=6).stderr


def test_keys_of_another_store_sign_nothing(store: Store, place: Path) -> None:
    Keys.generate().write(place / "sleutels.json")
    assert "goede bestand" in typed("opslag", "vasthouden", store.search(TOWN).records[0].id, *WHO, code=3).stderr


def test_the_home_folder_is_written_out_as_the_service_does(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(place))
    (place / "wachtwoord").write_text("geheim\n")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "sqlite:///~/opslag.sqlite")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_SLEUTELS", "~/sleutels.json")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_WACHTWOORD", "~/wachtwoord")
    assert "Heel: 2 ketens" in typed("keten", "controleer").stdout
    assert "Heel: 2 ketens" in typed("keten", "controleer", "--opslag", "sqlite:///~/opslag.sqlite", "--sleutels", "~/sleutels.json").stdout
    assert password_file() == place / "wachtwoord" == StoreSettings().password


# --- the chain -------------------------------------------------------------------------------------------------------


def test_a_whole_chain_is_told_for_each_municipality(store: Store) -> None:
    result = typed("keten", "controleer")
    assert result.stdout.splitlines() == [
        f"{TOWN}: heel; 7 records, 2 controlepunten, 0,0 MB.",
        f"{OTHER_TOWN}: heel; 1 record, 1 controlepunt, 0,0 MB.",
        "Heel: 2 ketens, 8 records.",
    ]
    assert "--controlepunten" in result.stderr


def test_a_break_is_told_at_its_record_with_its_sort(store: Store, place: Path) -> None:
    tamper(place, f"UPDATE records SET law = 'wmo' WHERE municipality = '{TOWN}' AND sequence = 3")
    lines = typed("keten", "controleer", code=7).stdout.splitlines()
    assert lines[:2] == [
        f"{TOWN}: GEBROKEN; 7 records, 2 controlepunten, 0,0 MB.",
        "  record 3: bewerkt. De inhoud past niet bij de hash.",
    ]
    assert f"{OTHER_TOWN}: heel; 1 record, 1 controlepunt, 0,0 MB." in lines
    assert "GEBROKEN: 1 breuk; 1 van de 2 ketens, 8 records." in lines


def test_the_check_as_json_holds_the_same(store: Store, place: Path) -> None:
    whole = json.loads(typed("keten", "controleer", "--json").stdout)
    assert (whole["heel"], whole["vergeleken"], [town["records"] for town in whole["gemeenten"]]) == (True, None, [7, 1])
    tamper(place, f"UPDATE records SET law = 'wmo' WHERE municipality = '{TOWN}' AND sequence = 3", "UPDATE bundles SET data = x'00'")
    found = json.loads(typed("keten", "controleer", "--json", code=7).stdout)
    assert not found["heel"]
    assert found["gemeenten"][0]["breuken"] == [{"record": 3, "soort": "bewerkt", "wat": "De inhoud past niet bij de hash."}]
    assert [town["heel"] for town in found["gemeenten"]] == [False, True]


def test_of_many_breaks_the_first_are_shown_and_the_rest_is_counted(store: Store, place: Path) -> None:
    for number in range(30):
        store.append(assessment(f"zaak-{number}"))
    tamper(place, "UPDATE records SET kind = 'x'")
    text = typed("keten", "controleer", code=7).stdout
    assert text.count("  record ") == 21  # twenty of the one, one of the other
    assert "en nog" in text


def test_a_name_that_is_no_text_is_told(store: Store, place: Path) -> None:
    tamper(place, "UPDATE records SET municipality = CAST(x'47c3' AS TEXT) WHERE sequence = 7")
    assert "opslag: bewerkt. Een rij noemt geen gemeente." in typed("keten", "controleer", code=7).stdout
    typed("keten", "controleer", "--json", code=7)


def test_a_tail_that_was_cut_off_is_told_with_the_checkpoints_of_a_second_party(store: Store, place: Path) -> None:
    """The file put back as it was: the store itself is whole, and only who kept checkpoints can tell."""
    assert store.overwrite()
    earlier = (place / "opslag.sqlite").read_bytes()
    store.append(assessment("zaak-later"))
    assert "4 controlepunten geschreven" in typed("keten", "uitvoer", place / "punten.jsonl").stderr
    compared = ("keten", "controleer", "--controlepunten", place / "punten.jsonl")
    assert "Vergeleken met 4 controlepunten" in typed(*compared).stdout
    store.close()
    for path in place.glob("opslag.sqlite*"):
        path.unlink()
    (place / "opslag.sqlite").write_bytes(earlier)
    typed("keten", "controleer")
    assert "  record 8: afgeknipt." in typed(*compared, code=7).stdout
    found = json.loads(typed(*compared, "--json", code=7).stdout)
    assert found["vergeleken"] == {"bestand": str(place / "punten.jsonl"), "controlepunten": 4}


def test_a_second_party_checks_without_the_keys_of_the_store(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("keten", "uitvoer", place / "punten.jsonl")
    monkeypatch.delenv("TOETSSTEEN_OPSLAG_SLEUTELS")
    assert "Heel" in typed("keten", "controleer", "--controlepunten", place / "punten.jsonl").stdout
    tamper(place, "DELETE FROM payloads WHERE name = 'antwoord'")
    assert "ontbreekt" in typed("keten", "controleer", "--controlepunten", place / "punten.jsonl", code=7).stdout


def test_checkpoints_signed_with_other_keys_are_told(store: Store, place: Path) -> None:
    typed("keten", "uitvoer", place / "punten.jsonl")
    Keys.generate().write(place / "sleutels.json")
    text = typed("keten", "controleer", "--controlepunten", place / "punten.jsonl", code=7).stdout
    assert "sleutels: handtekening ongeldig" in text


def test_checkpoints_go_to_standard_output_too(store: Store, place: Path) -> None:
    lines = [json.loads(line) for line in typed("keten", "uitvoer").stdout.splitlines()]
    assert [(line["gemeente"], line["volgnummer"]) for line in lines] == [(TOWN, 1), (TOWN, 5), (TOWN, 7), (OTHER_TOWN, 1)]


def test_no_checkpoint_is_put_on_an_end_that_nobody_signed(store: Store, place: Path) -> None:
    tamper(place, f"UPDATE heads SET hash = '{'0' * 64}'")
    before = len(list(store.checkpoints()))
    assert f"van {TOWN}, {OTHER_TOWN} is niet ondertekend" in typed("keten", "uitvoer", place / "punten.jsonl", code=3).stderr
    assert not (place / "punten.jsonl").exists()
    assert len(list(store.checkpoints())) == before


def test_of_a_chain_that_is_sound_a_checkpoint_is_put_and_written_though_another_one_was_spoiled(store: Store, place: Path) -> None:
    punten = place / "punten.jsonl"
    typed("keten", "uitvoer", punten)
    earlier = punten.read_text(encoding="utf-8")
    store.append(assessment(municipality=OTHER_TOWN))
    tamper(place, f"UPDATE heads SET hash = '{'0' * 64}' WHERE municipality = '{TOWN}'")
    told = typed("keten", "uitvoer", punten, code=3).stderr
    assert f"van {TOWN} is niet ondertekend" in told
    assert f"{punten} is gebleven" in told
    assert punten.read_text(encoding="utf-8") == earlier
    written = [json.loads(line) for line in (place / "punten.jsonl.nieuw").read_text(encoding="utf-8").splitlines()]
    assert len(written) == len(earlier.splitlines()) + 1
    typed("keten", "controleer", "--controlepunten", place / "punten.jsonl.nieuw", code=7)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [(None, 2, "niet te lezen"), ("\n", 3, "geen enkel controlepunt"), ("{}\n", 3, "Regel 1"), (b"\xff", 2, "geen tekst")],
)
def test_checkpoints_that_cannot_be_read_check_nothing_and_are_refused(
    store: Store, place: Path, text: str | bytes | None, code: int, told: str
) -> None:
    path = place / "punten.jsonl"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert told in typed("keten", "controleer", "--controlepunten", path, code=code).stderr


def test_an_export_goes_where_a_link_points_and_the_link_stays(store: Store, place: Path) -> None:
    (place / "elders").mkdir()
    (place / "punten.jsonl").symlink_to(place / "elders" / "echt.jsonl")
    for _ in range(2):
        typed("keten", "uitvoer", place / "punten.jsonl")
        assert (place / "punten.jsonl").is_symlink()
        assert len((place / "elders" / "echt.jsonl").read_text().splitlines()) == 4
    assert [path.name for path in (place / "elders").iterdir()] == ["echt.jsonl"]


def test_an_export_can_be_read_by_whom_the_rights_of_a_new_file_let_in_and_keeps_those_that_it_had(store: Store, place: Path) -> None:
    path, mask = place / "punten.jsonl", os.umask(0o027)
    try:
        typed("keten", "uitvoer", path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    typed("keten", "uitvoer", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_what_is_no_file_is_not_replaced_by_an_export(store: Store, place: Path) -> None:
    os.mkfifo(place / "pijp")
    (place / "map").mkdir()
    (place / "leeg").symlink_to("/dev/null")
    for name in ("pijp", "map", "leeg"):
        told = typed("keten", "uitvoer", place / name, code=2).stderr
        assert "geen gewoon bestand" in told
        assert "standaarduitvoer" in told
    assert stat.S_ISFIFO((place / "pijp").stat().st_mode)
    assert (place / "leeg").is_char_device()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("key_id = '0123456789abcdef' WHERE number = 2", ("sleutel 0123456789abcdef", "Zet het sleutelbestand terug")),
        ("hash = 'x' WHERE number = 2", (f"Controlepunt 2 van {TOWN} klopt niet", "toetssteen keten controleer")),
    ],
)
def test_a_checkpoint_that_nobody_can_check_is_not_handed_out_and_leaves_the_others_and_the_earlier_export(
    store: Store, place: Path, change: str, told: tuple[str, ...]
) -> None:
    points = place / "punten.jsonl"
    first = typed("keten", "uitvoer", points)
    assert "gebleven" not in first.stderr
    earlier = points.read_bytes()
    tamper(place, f"UPDATE checkpoints SET {change}")
    for target in ((points,), ()):
        result = typed("keten", "uitvoer", *target, code=3)
        assert all(words in result.stderr for words in told)
        assert (f"{points} is gebleven" in result.stderr) is bool(target)
        written = result.stdout if not target else (place / "punten.jsonl.nieuw").read_text(encoding="utf-8")
        seals = [(line["gemeente"], line["nummer"]) for line in map(json.loads, written.splitlines())]
        assert (TOWN, 2) not in seals
        assert {town for town, _ in seals} == {TOWN, OTHER_TOWN}
    assert points.read_bytes() == earlier
    assert sorted(path.name for path in place.glob("punten*")) == ["punten.jsonl", "punten.jsonl.nieuw"]


def test_a_file_that_cannot_be_written_is_told(store: Store, place: Path) -> None:
    assert "niet te schrijven" in typed("keten", "uitvoer", place / "weg" / "punten.jsonl", code=2).stderr


# --- replay ----------------------------------------------------------------------------------------------------------


def test_a_stored_assessment_is_made_again_and_compared(store: Store) -> None:
    files = {name: (RULES / name).read_bytes() for name in law().hashes}
    record = kept(store, example("1-"), law(), files)
    assert typed("opslag", "herbereken", record).stdout == "Gelijk, tot op de letter.\n"
    found = json.loads(typed("opslag", "herbereken", record, "--json", "--met-regels", RULES).stdout)
    assert (found["beoordeling"], found["regels"], found["gelijk"], found["verschillen"]) == (record, "andere", True, [])
    service_says = {field.alias for field in Herberekening.model_fields.values()}
    assert set(found) == service_says


def test_an_assessment_that_comes_out_otherwise_is_told(store: Store) -> None:
    files = {name: (RULES / name).read_bytes() for name in law().hashes}
    record = store.record(kept(store, example("1-"), law(), files))
    answer = json.loads(store.payload(record.id, ANSWER))
    answer["uitkomst"] = "afwijzen"
    other = store.append(
        Draft(
            TOWN,
            Kind.ASSESSMENT,
            payloads={CLAIM: store.payload(record.id, CLAIM), ANSWER: json.dumps(answer).encode()},
            bundle=record.bundle,
        )
    )
    told = typed("opslag", "herbereken", other.id, code=5).stdout
    assert told.startswith("Anders: 1 verschil.\n  uitkomst: toen ")
    assert not json.loads(typed("opslag", "herbereken", other.id, "--json", code=5).stdout)["gelijk"]


def folder(place: Path, files: Mapping[str, bytes]) -> Path:
    """Rules in a folder of their own."""
    for name, content in files.items():
        path = place / "regels" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place / "regels"


def test_other_rules_say_what_differs_and_by_which_rule_or_that_they_refuse(store: Store, place: Path) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True, b=False), book, files)
    _, today = tiny(RULE.replace("a of b", "a en b"))
    words = ("opslag", "herbereken", record, "--met-regels", folder(place, today))
    told = typed(*words).stdout
    assert '  uitkomst: toen "gereed", nu "weigeren"\n' in told
    assert "\nDoor:\n  art. 1 (wet.1)" in told
    assert json.loads(typed(*words, "--json").stdout)["oorzaken"]
    facts = files["wet/gegevens.yaml"].decode().replace("  c: {soort: ja/nee}\n", "")
    folder(place, {**files, "wet/gegevens.yaml": facts.encode()})
    other = kept(store, tiny_claim(a=True, c=True), book, files)
    words = ("opslag", "herbereken", other, "--met-regels", place / "regels")
    assert typed(*words).stdout.startswith("Met deze regels wordt de aanvraag geweigerd:\n  ")
    assert json.loads(typed(*words, "--json").stdout)["geweigerd"]


def test_a_later_program_words_otherwise_and_that_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True), book, files)
    monkeypatch.setattr("engine.__version__", "9.0.0")
    assert typed("opslag", "herbereken", record).stdout.startswith("Gelijk; alleen teksten verschillen (toen toetssteen ")


def test_rules_of_then_that_do_not_load_any_more_are_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    book, files = tiny()
    record = kept(store, tiny_claim(a=True), book, files)
    monkeypatch.setattr("store.replay.unpack", lambda _: {**files, "wet/gegevens.yaml": b"gegevens: ["})
    assert "kan de regels van toen niet laden" in typed("opslag", "herbereken", record, code=5).stderr


def test_an_erased_assessment_is_not_made_again(store: Store) -> None:
    first = store.search(TOWN).records[-1]
    assert "geen regelbestand" in typed("opslag", "herbereken", first.id, code=3).stderr
    assert SUBJECT not in typed("keten", "controleer").stdout
