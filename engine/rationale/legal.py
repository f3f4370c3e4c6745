# SPDX-License-Identifier: EUPL-1.2
"""The rationale for who judges it: every step with its article, level, version and proof, and nothing left out.

Each statement carries the id under which it stands in the data, so that a judge or lawyer finds it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.rationale import document as doc
from engine.rationale.decided import decision_head, decision_lines
from engine.rationale.document import Block, Document, Said, listed, part, sentences, sources_of
from engine.rationale.phrases import (
    CORNERS,
    WHO,
    People,
    cited,
    cost_line_words,
    cost_words,
    decided,
    decision_fields,
    effect_words,
    evidence_words,
    filling_words,
    named_words,
    present,
    proof_words,
    result_words,
    stars_words,
)
from engine.rationale.values import iso_day
from engine.rationale.wording import CARRYING, carrying, condition_words, line, whose, words

_STANDING = {"gegeven": "opgegeven", "aanname": "aangenomen", "oordeel": "oordeel"}
_SECOND = {
    "gelijk": "Een tweede motor vond hetzelfde.",
    "geen": "De tweede motor gaf geen mening.",
    "uit": "De tweede motor staat uit.",
}


def document(data: Mapping[str, Any]) -> Document:
    """The legal rendering of a rationale."""
    parts = [
        part("vraag", "De vraag en het beoogde effect", *_question(data)),
        part("gegevens", "De feiten en hun bewijs", *_facts(data)),
        part("regels", "De regels, stap voor stap", *_rules(data)),
        part("betekenis", "De gevolgen, voor wie, nu en later", *_meaning(data)),
        part("waarden", "Het doel van de wet", *_purpose(data)),
        part("opties", "De onderzochte opties", *_options(data)),
        part("deuren", "De deuren, voorwaarde voor voorwaarde", *_doors(data)),
        part("argumenten", "Argumenten, evenredigheid en ethiek", *_arguments(data)),
        part("precedenten", "Eerdere besluiten en het verschil", *_precedents(data)),
        part("onbekend", "Wat onbekend is, en of dat de uitkomst kan veranderen", *_unknown(data)),
        part("advies", "Het advies, en de plaats voor het besluit", *_advice(data)),
        part("hoe-verder", "Vervolg, termijn en rechtsbescherming", *_next(data)),
        part("verantwoording", "Verantwoording", *_account(data)),
    ]
    return doc.document(f"{data['titel']}: beoordeling in concept, juridische weergave", _top(data), parts, data["woorden"], "Begrippen")


def _top(data: Mapping[str, Any]) -> Iterator[Block]:
    law, place = data["regeling"], f", gemeente {data['gemeente']}" if data["gemeente"] else ""
    number = f" ({law['bwb']})" if law["bwb"] else ""
    origin = "van elders" if data["regeluitkomst"] else "van de regels"
    yield sentences(
        f"Dit is een concept en geen besluit. {law['naam']}{number}, peildatum {iso_day(data['peildatum'])}{place}; {data['soort']}.",
        f"Uitkomst {origin}: {result_words(data['uitkomst'])}. {data['uitkomstTekst']}",
        _possible("Nog mogelijk volgens de regels", data["mogelijkeUitkomsten"]) if len(data["mogelijkeUitkomsten"]) > 1 else "",
        data["toelichting"],
    )


def _possible(title: str, results: Iterable[str]) -> str:
    found = ", ".join(map(result_words, results))
    return f"{title}: {found}." if found else ""


# --- 1, 2: the question and the facts --------------------------------------------------------------------------------


def _question(data: Mapping[str, Any]) -> Iterator[Block]:
    people = People(data)
    yield sentences(Said(f"Gevraagd: {data['titel'].lower()} ({data['soort']}).", ids=(data["aanspraak"],)))
    effects = [
        Said(
            f"{people.name(effect['persoon']).capitalize()}, {effect['leefgebied']}, {effect['termijn']}e termijn: "
            f"“{effect['omschrijving']}” Gesteld door {effect['gesteldDoor']} op {iso_day(effect['gesteldOp'])}, "
            f"{'na' if effect['naUitkomst'] else 'voor'} de uitkomst.",
            ids=_value(effect),
        )
        for effect in data["beoogdeEffecten"]
    ]
    yield listed("Beoogd effect, in de woorden van de betrokkene", effects)
    if not effects:
        yield sentences("Er is geen beoogd effect vastgelegd.")


def _value(effect: Mapping[str, Any]) -> tuple[str, ...]:
    """The value of the law that an effect is about."""
    return (effect["waarde"],) if effect["waarde"] else ()


def _facts(data: Mapping[str, Any]) -> Iterator[Block]:
    people = People(data)
    yield listed("Feiten waarop de beoordeling rust", [_fact(fact) for fact in data["gegevens"] if fact["teltMee"]])
    yield listed("Feiten die voor deze uitkomst niet uitmaken", [_fact(fact) for fact in data["gegevens"] if not fact["teltMee"]])
    judged = [Said(f"{_asked(fact)} {fact['getoond'].capitalize()}.", ids=(*_id(fact), *fact["draagtGronden"])) for fact in carrying(data)]
    yield listed(CARRYING, judged)
    for title, carries in (("Aannames waarop de uitkomst rust", True), ("Aannames zonder gevolg voor de uitkomst", False)):
        yield listed(title, [_assumed(found) for found in data["aannames"] if found["draagtUitkomst"] is carries])
    evidence = [Said(evidence_words(item, people)) for item in data["instrumenten"]]
    yield listed("Bewijs van wat iemand nodig heeft; het opent of sluit geen deur", evidence)


def _fact(fact: Mapping[str, Any]) -> Said:
    if fact["stand"] == "oordeel":
        proof = f"Oordeel van {fact['door']} ({fact['rol']}) van {iso_day(fact['datum'])}, met als reden: “{fact['reden']}”"
    else:
        day = f", {iso_day(fact['datum'])}" if fact["datum"] else ""
        proof = f"{_STANDING[fact['stand']].capitalize()}, herkomst: {fact['herkomst'] or 'niet genoemd'}{day}."
    return Said(f"{_asked(fact)} {fact['getoond'].capitalize()}. {proof}", None, sources_of(fact), _id(fact))


def _assumed(found: Mapping[str, Any]) -> Said:
    return Said(f"{_asked(found)} Aangenomen: {found['getoond']}.", None, sources_of(found), _id(found))


def _asked(named: Mapping[str, Any]) -> str:
    """The question of a fact, with whom it is about; a fact without one by its name."""
    owner = whose(named["naam"])
    about = f"{owner}: " if owner else ""
    question = named["vraag"]
    return f"{about}{question}" if question else f"{about}{words(named['naam'].rpartition('.')[2])}:"


def _id(named: Mapping[str, Any]) -> tuple[str, ...]:
    return (named["naam"],)


# --- 3: the rules ----------------------------------------------------------------------------------------------------


def _rules(data: Mapping[str, Any]) -> Iterator[Block]:
    given = data["regeluitkomst"]
    if given is not None:
        day = f" van {iso_day(given['datum'])}" if given["datum"] else ""
        burden = "belastend" if given["belastend"] else "niet belastend"
        yield sentences(
            f"Uitkomst van elders{day}: {result_words(given['uitkomst'])}, {burden}. Bron: {given['bron']}.", given["toelichting"]
        )
        yield listed("De gronden van die uitkomst", map(_given_ground, given["gronden"]))
    yield listed("Gronden die de aanspraak blokkeren of kunnen blokkeren", map(_ground, data["gronden"]))
    yield listed("Alle regels die de uitkomst verklaren", map(_rule, data["regels"]))
    yield listed("Bedragen uit de wet", map(_amount, data["bedragen"]))


def _given_ground(ground: Mapping[str, Any]) -> Said:
    examined = "zijn deuren zijn nagegaan" if ground["inRegels"] else "staat niet in regels; zijn deuren zijn niet nagegaan"
    title = f"{ground['titel']}: " if ground["titel"] else ""
    return Said(f"{title}{cited(ground['bron'])} ({ground['niveau']}); {examined}.", None, (ground["bron"],), (ground["id"],))


def _ground(ground: Mapping[str, Any]) -> Said:
    who = f" ({ground['persoon']})" if ground["persoon"] else f" (per onderdeel van {ground['lijst']})" if ground["lijst"] else ""
    decides = f": {line(ground['bepaalt'].rpartition('.')[2])}" if ground["bepaalt"] else ""
    said = f" {' '.join(ground['teksten'])}" if ground["uitkomst"] == "waar" and ground["teksten"] else ""
    head = f"{ground['soort'].capitalize()}{who}{decides}."
    return Said(head + said, ground["uitkomst"], tuple(ground["bronnen"]), tuple(ground["regels"]))


def _rule(rule: Mapping[str, Any]) -> Said:
    role = f"{rule['rol']}; " if rule["rol"] else ""
    modality = "een bevoegdheid (kan)" if rule["modaliteit"] == "kan" else "gebonden"
    version = f"versie {iso_day(rule['versie'])} van {rule['regelset']}"
    under = [Said(f"{cited(rule['bron'])}; {rule['niveau']}; {role}{modality}; {version}; {rule['status']}.", sources=(rule["bron"],))]
    if rule["invulling"]:
        under.append(Said(f"Ingevuld door {filling_words(rule['invulling'])}.", sources=(_place(rule["invulling"]),)))
    if "voorElke" in rule:
        under += map(_each, rule["voorElke"])
        under += [] if rule["voorElke"] else [Said("Er zijn geen onderdelen om na te gaan.")]
    elif "uitkomst" in rule:
        under += _trace(rule)
    if rule["nietGedekt"]:
        under.append(Said(f"Niet gedekt: {rule['nietGedekt']}"))
    who = f" ({rule['persoon']})" if rule["persoon"] else ""
    title = (rule["titel"] or words(rule["bepaalt"])) + who
    return Said(_valued(title, rule), rule.get("uitkomst"), (), (rule["id"],), tuple(under))


def _place(filling: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document of a municipality as a source."""
    return {**filling, "tekst": filling["titel"]}


def _each(found: Mapping[str, Any]) -> Said:
    """A rule on one item of its list."""
    return Said(_valued(whose(found["onderdeel"]) or found["onderdeel"], found), found["uitkomst"], under=_trace(found))


def _valued(title: str, found: Mapping[str, Any]) -> str:
    """A rule with the value that it gave."""
    value = found.get("getoond")
    return f"{title}: {value}." if value is not None and found["uitkomst"] == "waar" else f"{title}."


def _trace(found: Mapping[str, Any]) -> tuple[Said, ...]:
    """Text, sum, conditions, exceptions and everything that was used."""
    said = [Said(found["tekst"])] if found["tekst"] else []
    if found.get("berekening"):
        said.append(Said(f"Berekening: {line(found['berekening'])}."))
    if found.get("keuze") is not None:
        said.append(Said("De bevoegdheid is er.", found["keuze"]))
    if found["voorwaarden"]:
        said.append(Said("Voorwaarden:", under=(_condition(found["voorwaarden"]),)))
    exceptions = tuple(_condition(node) for node in found["uitzonderingen"] if node)
    if exceptions:
        said.append(Said("Uitzonderingen; de regel geldt alleen als zij alle onwaar zijn:", under=exceptions))
    if facts := [_used(entry) for entry in present(found["gegevens"])]:
        said.append(Said(f"Gebruikte feiten: {'; '.join(facts)}."))
    if found["uitkomsten"]:
        outcomes = (f"{entry['naam']} = {entry['getoond']}" for entry in found["uitkomsten"])
        said.append(Said(f"Gebruikte tussenuitkomsten: {'; '.join(outcomes)}."))
    if found["bedragen"]:
        said.append(Said(f"Gebruikte bedragen: {', '.join(found['bedragen'])}."))
    if found.get("rustOp"):
        said.append(Said(_rests(found["rustOp"])))
    return tuple(said)


def _used(fact: Mapping[str, Any]) -> str:
    """A fact that a rule read, with where it comes from."""
    origin = "" if fact["stand"] == "ontbreekt" else f" ({fact['herkomst'] or _STANDING[fact['stand']]})"
    return f"{fact['naam']} = {fact['getoond']}{origin}"


def _condition(node: Mapping[str, Any]) -> Said:
    truth, text = condition_words(node)
    return Said(text, truth, under=tuple(_condition(inner) for inner in node.get("delen") or ()))


def _rests(causes: Iterable[Mapping[str, Any]]) -> str:
    names = ", ".join(f"{cause['soort']} {cause['naam']}" for cause in causes)
    return f"Staat niet vast door: {names}."


def _amount(amount: Mapping[str, Any]) -> Said:
    since = f", geldt vanaf {iso_day(amount['geldigVanaf'])}" if amount["geldigVanaf"] else ""
    note = f" {amount['opmerking']}" if amount["opmerking"] else ""
    text = f"{amount['omschrijving'] or words(amount['id'])}: {amount['getoond']}{since}; {amount['status']}.{note}"
    return Said(text, None, (amount["verwijzing"],), (amount["id"],))


# --- 4, 5, 6: what it means, the purpose, the options -----------------------------------------------------------------


def _meaning(data: Mapping[str, Any]) -> Iterator[Block]:
    values = [
        Said(
            f"{words(value['naam'])}: {value['getoond']}{' (ter indicatie)' if value['terIndicatie'] else ''}.",
            ids=(value["regel"],) if value["regel"] else (),
        )
        for value in data["waarden"]
    ]
    yield listed("Waarden die bij de uitkomst horen, met de regel die ze gaf", values)
    for name, effects in People(data).in_order(data["effecten"]):
        said = [Said(f"Bij {effect['optie']}: {effect_words(effect)}", ids=_value(effect)) for effect in effects]
        yield listed(f"Gestelde gevolgen voor {name}", said)
    open_questions = [Said(question["vraag"], ids=(question["optie"], question["wie"])) for question in data["effectVragen"]]
    yield listed("Gevolgen die nog door niemand zijn gesteld, kinderen eerst", open_questions)


def _purpose(data: Mapping[str, Any]) -> Iterator[Block]:
    yield listed(
        "",
        [
            Said(
                f"{value['tekst']} {value['soort'].capitalize()}; {cited(value['bron'])}; {value['status']}"
                f"{'; ' + stars_words(value['sterren']) if value['sterren'] else ''}.",
                None,
                (value["bron"],),
                (value["id"],),
            )
            for value in data["waardenVanDeWet"]
        ],
    )


def _options(data: Mapping[str, Any]) -> Iterator[Block]:
    triggers = [Said(found["tekst"], found["uitkomst"], (found["bron"],), (found["id"],)) for found in data["aanleidingen"]]
    yield listed("Aanleidingen om verder te kijken, voor iedereen dezelfde", triggers)
    yield listed("Opties, in neutrale volgorde", map(_option, data["opties"]))
    yield listed("Kosten, van laag tot hoog; een argument dat niets beslist", map(_cost, data["kosten"]))


def _option(option: Mapping[str, Any]) -> Said:
    kind = "binnen de regels" if option["binnenRegels"] else "een afwijking van de regels"
    via = f" Deur: {option['deur']}." if option["deur"] else f" Bevoegdheid: {option['regel']}." if option["regel"] else ""
    added = f" Toegevoegd door {option['toegevoegdDoor']}." if option["toegevoegdDoor"] else ""
    text = f"{option['tekst']} Soort: {option['soort']}, {kind}; {option['stand']}.{via}{added}"
    return Said(text, None, (option["bron"],), (option["id"],))


def _cost(one: Mapping[str, Any]) -> Said:
    lines = [Said(cost_line_words(found), ids=(found["post"],)) for found in one["regels"]]
    payers = [Said(f"{payer['betaler'].capitalize()}: {cost_words(payer)}.") for payer in one["perBetaler"]]
    cheaper = f" De bedragen raken elkaar niet: goedkoper dan {', '.join(one['goedkoperDan'])}." if one["goedkoperDan"] else ""
    return Said(f"In totaal: {cost_words(one)}.{cheaper}", ids=(one["optie"],), under=(*payers, *lines))


# --- 7: the doors ----------------------------------------------------------------------------------------------------


def _doors(data: Mapping[str, Any]) -> Iterator[Block]:
    yield listed("", map(_door, data["deuren"]))


def _door(door: Mapping[str, Any]) -> Said:
    until = f" tot {iso_day(door['geldigTot'])}" if door["geldigTot"] else ""
    since = f"geldig vanaf {iso_day(door['geldigVanaf'])}{until}"
    under = [Said(f"{cited(door['bron'])}; {door['niveau']}; {door['soort']}; {since}; {door['status']}.", sources=(door["bron"],))]
    if door["heftOp"]:
        under.append(Said(f"Heft deze gronden op, en geen andere: {', '.join(door['heftOp'])}."))
    if door["steltBij"]:
        under.append(Said(f"Past de waarde aan waar deze gronden op rusten: {', '.join(door['steltBij'])}."))
    if door["genoemdDoor"]:
        under.append(Said(f"{named_words(door['genoemdDoor'])} De deur staat niet in regels."))
    if door["uitgesloten"]:
        under.append(Said("Uitgesloten als dit waar is:", under=(_condition(door["uitgesloten"]),)))
    if door["voorwaarden"]:
        under.append(Said("Voorwaarden:", under=(_condition(door["voorwaarden"]),)))
    if door["bewijs"]:
        under.append(Said(proof_words(door["bewijs"])))
    direction = "alleen in het voordeel van de betrokkene" if door["richting"] == "gunstig" else "in het voordeel of in het nadeel"
    weighing = "de weging zit in de bepaling zelf" if door["wegingIngebouwd"] else "naast de bepaling wordt apart gewogen"
    under.append(Said(f"Werkt {direction}; {weighing}; in handen van {line(door['gehoudenDoor'])}."))
    if door["bevoegd"]:
        under.append(Said(f"Bevoegd om te beslissen: {line(', '.join(door['bevoegd']))}."))
    if door["rechtspraak"]:
        under.append(Said("Rechtspraak tot en met de peildatum:", under=tuple(map(_ruling, door["rechtspraak"]))))
    if door["nietGedekt"]:
        under.append(Said(f"Niet gedekt: {door['nietGedekt']}"))
    return Said(f"{door['titel']}: {door['stand']}.", None, (), (door["id"],), tuple(under))


def _ruling(case: Mapping[str, Any]) -> Said:
    meaning = f": {case['strekking']}" if case["strekking"] else "."
    return Said(f"{case['ecli']}, {iso_day(case['datum'])} ({case['status']}){meaning}", sources=({**case, "tekst": case["ecli"]},))


# --- 8, 9: arguments and earlier decisions ---------------------------------------------------------------------------


def _arguments(data: Mapping[str, Any]) -> Iterator[Block]:
    if data["intensiteit"] is not None:
        yield sentences(*_intensity(data["intensiteit"]), title="Hoe indringend te wegen")
    for sort, title in (("evenredigheid", "Evenredigheid van de uitkomst"), ("ethiek", "Ethiek")):
        yield listed(title, [_check(check) for check in data["toetsen"] if check["soort"] == sort])
    for way, title in (("voor", "Argumenten voor"), ("tegen", "Argumenten tegen")):
        yield listed(title, [_argument(found) for found in data["argumenten"] if found["richting"] == way])
    empty = [CORNERS[corner] for corner in data["legeHoeken"]]
    yield listed("Hoeken zonder argument", [Said(f"{corner.capitalize()}.") for corner in empty])


def _intensity(found: Mapping[str, Any]) -> Iterator[Said | str]:
    if found["uitkomst"]:
        yield Said(f"{found['uitkomst'].capitalize()}: {found['tekst']}", sources=(found["bron"],))
    else:
        yield _possible("Staat niet vast; nog mogelijk", found["mogelijk"])
        yield _rests(found["rustOp"])


def _check(check: Mapping[str, Any]) -> Said:
    no = f" {check['bijNee']}" if check["antwoord"] == "nee" and check["bijNee"] else ""
    blocks = " Zonder een ja kan niet worden afgeweken." if check["blokkeert"] else ""
    return Said(f"{check['vraag']} {check['antwoord'].capitalize()}.{no}{blocks}", None, (check["bron"],), (check["id"], check["gegeven"]))


def _argument(found: Mapping[str, Any]) -> Said:
    values = f"; waarden: {', '.join(found['waarden'])}" if found["waarden"] else ""
    return Said(f"{found['tekst']} Over {found['optie']}; {found['hoek']}{values}.", None, (found["bron"],), (found["id"],))


def _precedents(data: Mapping[str, Any]) -> Iterator[Block]:
    found = data["precedenten"]
    if found is None:
        if data["advies"]["redenGezien"] != "onwaar":
            yield sentences("Er zijn geen eerdere besluiten meegegeven om mee te vergelijken.")
        return
    yield sentences(f"Geldige eerdere besluiten met dezelfde gronden en dezelfde deur: {found['aantal']}.")
    often = [Said(f"{item['aantal']} keer afgeweken.", ids=(item["deur"],)) for item in found["terugkerend"]]
    yield listed("Deuren waardoor van deze gronden vaak is afgeweken", often)
    for key, title in (("afgeweken", "Het dichtst bij, en afgeweken"), ("nietAfgeweken", "Het dichtst bij, en niet afgeweken")):
        if found[key] is not None:
            yield listed(title, [_earlier(found[key])])


def _earlier(near: Mapping[str, Any]) -> Said:
    door = f", deur {near['deur']}" if near["deur"] else ""
    under = [
        Said(f"{title}: {'; '.join(map(_compared, near[key]))}.")
        for key, title in (("gelijk", "Gelijk"), ("anders", "Anders"), ("onbekend", "Hier nog niet bekend"))
        if near[key]
    ]
    if near["verschil"]:
        under.append(Said(f"Het verschil, zoals iemand het noemde: “{near['verschil']}”"))
    return Said(
        f"Besluit van {iso_day(near['datum'])}, gronden {', '.join(near['gronden'])}{door}: “{near['motief']}”",
        ids=(near["id"],),
        under=tuple(under),
    )


def _compared(compared: Mapping[str, Any]) -> str:
    then = {True: "ja", False: "nee"}.get(compared["toen"], compared["toen"])
    now = f", nu {compared['getoond']}" if compared["getoond"] else ""
    return f"{compared['naam']} (toen {then}{now})"


# --- 10 to 13 --------------------------------------------------------------------------------------------------------


def _unknown(data: Mapping[str, Any]) -> Iterator[Block]:
    yield sentences(*_could_change(data))
    yield listed(
        "Niet te bepalen: geen antwoord kan dit herstellen",
        [Said(line(f["tekst"]), None, sources_of(f), _id(f)) for f in data["nietTeBepalen"]],
    )
    yield listed(
        "Vragen voor de uitkomst van de regels, de meest beslissende eerst", map(_open, data["ontbrekendeGegevens"]), numbered=True
    )
    yield listed("Vragen voor de omgekeerde toets", map(_open, data["vervolgvragen"]), numbered=True)
    changes = [Said(change["tekst"], ids=tuple(found["naam"] for found in change["verschillen"])) for change in data["watAnders"]]
    yield listed("De kleinste verschillen die de uitkomst van de regels anders zouden maken (uitleg, geen advies)", changes)


def _could_change(data: Mapping[str, Any]) -> Iterator[str]:
    """Whether what is unknown could change the outcome."""
    if data["regeluitkomst"] is not None:
        yield "De uitkomst komt van elders. Of een onbekend feit haar kan veranderen, is hier niet na te gaan."
    elif not decided(data):
        yield _possible("Ja: wat hier onbekend is, kan de uitkomst van de regels nog veranderen. Nog mogelijk", data["mogelijkeUitkomsten"])
    elif data["ontbrekendeGegevens"] or data["nietTeBepalen"]:
        yield "De uitkomst van de regels staat vast. Een waarde die erbij hoort, staat nog niet vast."
    else:
        carried = " en aannames" if any(found["draagtUitkomst"] for found in data["aannames"]) else ""
        yield f"Nee: bij deze feiten{carried} staat de uitkomst van de regels vast, wat er verder ook onbekend is."


def _open(question: Mapping[str, Any]) -> Said:
    roles = f" ({line(', '.join(question['rollen']))})" if question["rollen"] else ""
    settled = "; ".join(f"{found['antwoord']}: {result_words(found['uitkomst'])}" for found in question["beslissendBij"])
    alone = f" Bij dit antwoord staat het resultaat vast: {settled}." if settled else ""
    text = f"{_asked(question)} Te vragen aan {WHO[question['wie']]}{roles}; {question['soort']}; {question['beslissend']}.{alone}"
    return Said(text, None, sources_of(question), _id(question))


def _advice(data: Mapping[str, Any]) -> Iterator[Block]:
    advice = data["advies"]
    yield sentences(
        f"Advies in concept: {result_words(advice['resultaat'])}. {advice['tekst']}",
        _possible("Nog mogelijk", advice["mogelijk"]),
        _rests(advice["rustOp"]) if advice["rustOp"] else "",
    )
    exceptions = [Said(line(found["uitzondering"]), ids=(found["regel"],)) for found in advice["uitzonderingenOpen"]]
    yield listed("Uitzonderingen in de wet die eerst moeten worden nagegaan", exceptions)
    signals = [Said(f"{found['tekst']} ({found['status']})", None, (found["bron"],), (found["id"],)) for found in data["signalen"]]
    yield listed("Signalen over een regel of beleid, naast de uitkomst", signals)
    if data["besluit"] is not None:
        yield sentences(decision_head(data["besluit"]), title="Besluit")
        yield listed("", [Said(text) for text in decision_lines(data["besluit"])])
        return
    yield sentences("Er is geen besluit. Dat bestaat pas als een bevoegd persoon het in eigen woorden vastlegt.", title="Besluit")
    yield listed("In te vullen door wie besluit", [Said(f"{field}: ........................") for field in decision_fields(data)])


def _next(data: Mapping[str, Any]) -> Iterator[Block]:
    following = data["hoeVerder"]
    if following["tekst"]:
        yield sentences(Said(following["tekst"], sources=tuple(following["bronnen"])))
    yield listed("Plichten die nu gelden", map(_duty, following["plichten"]))


def _duty(duty: Mapping[str, Any]) -> Said:
    who = f"{words(duty['wie'])}: " if duty["wie"] else ""
    return Said(who + duty["tekst"], None, (duty["bron"],), (duty["regel"],))


def _account(data: Mapping[str, Any]) -> Iterator[Block]:
    account = data["verantwoording"]
    yield sentences(
        f"Deze beoordeling is gemaakt met een regelmotor: {account['regelmotor']}, regelbestand {account['regelbestand']} (SHA-256). "
        "Zij past regels toe die iemand heeft geschreven, zonder score en zonder voorspelling over een persoon.",
        _SECOND.get(data.get("tweedeMening", ""), ""),
    )
    yield listed("Versies, en waarom deze", [Said(_version(version), ids=(version["regelset"],)) for version in account["versies"]])
    yield listed("Voorbehouden bij deze regels en bedragen", map(_warning, data["waarschuwingen"]))


def _version(version: Mapping[str, Any]) -> str:
    until = f" tot {iso_day(version['geldigTot'])}" if version["geldigTot"] else ""
    known = f", bekend vanaf {iso_day(version['bekendVanaf'])}" if version["bekendVanaf"] else ""
    return f"{version['titel']}, geldig vanaf {iso_day(version['geldigVanaf'])}{until}{known}, {version['status']}: {version['waarom']}."


def _warning(warning: Mapping[str, Any]) -> Said:
    about = tuple(warning[key] for key in ("regel", "bedrag") if warning.get(key))
    return Said(f"{warning['code'].capitalize()}: {warning['tekst']}", None, tuple(warning["bronnen"]), about)
