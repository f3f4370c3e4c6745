# SPDX-License-Identifier: EUPL-1.2
"""The rationale for the person it is about, in plain Dutch (B1): short sentences, no ids and no articles in running text.

What people said stands between quotes, as they said it. Articles and ids stand in a list at the end. Nothing is decided
here: it is a concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.rationale import document as doc
from engine.rationale.document import Block, Document, Said, listed, part, sentences
from engine.rationale.phrases import People, cost_words, decided, result_words
from engine.rationale.values import iso_day
from engine.rationale.wording import STEPS, capital, carrying, condition_words, how_many, line, words

_DECIDES: Mapping[str, tuple[str, str]] = {
    "beschikking": (
        "Een medewerker van de gemeente kijkt naar alles wat hier staat. Daarna komt er een besluit.",
        "U krijgt het besluit op papier. Bent u het er niet mee eens? Dan kunt u bezwaar maken. "
        "In de brief met het besluit staat hoe dat moet, en tot welke dag.",
    ),
    "advies aan rechtbank": (
        "De rechter beslist. Dit is alleen een advies.",
        "U krijgt de beslissing van de rechter op papier. Bent u het er niet mee eens? Vraag dan meteen hulp. "
        "In de beslissing staat wat u kunt doen, en tot welke dag.",
    ),
    "advies": (
        "Wie erover gaat, beslist. Dit is alleen een advies.",
        "Wie beslist, laat u weten wat u kunt doen als u het er niet mee eens bent.",
    ),
}
_CORNERS: Mapping[str, str] = {
    "rechtmatig": "wat de wet vraagt",
    "betrokken": "wat het met mensen doet",
    "rendement": "wat het oplevert en kost",
}
_DOORS: Mapping[str, str] = {
    "open": "Deze mogelijkheid is er. Wie beslist, kan haar gebruiken, maar hoeft dat niet.",
    "te onderzoeken": "Of dit kan, weten wij nog niet.",
    "dicht": "Dit kan op dit moment niet.",
    "uitgesloten": "Voor u geldt deze mogelijkheid niet.",
}
_PROVES: Mapping[str, str] = {"belanghebbende": "Dat bent u", "college": "Dat is de gemeente"}
_TERMS: Mapping[str, str] = {"kort": "op korte termijn", "lang": "op lange termijn"}
_WAYS: Mapping[str, str] = {"bevordert": "Dit helpt", "schaadt": "Dit is een nadeel"}
_GRAVE: Mapping[str, str] = {"licht": "licht", "ernstig": "ernstig", "onomkeerbaar": "niet terug te draaien"}
_CERTAIN: Mapping[str, str] = {"vastgesteld": "Dit staat vast.", "aannemelijk": "Dit is aannemelijk.", "vermoed": "Dit is een vermoeden."}
_ARTICLES = re.compile(r" \((?:art\.|artikel)[^()]*\)")
_SUM = re.compile(r"[a-z_]+(?: [-+] [a-z_]+)+")


def document(data: Mapping[str, Any]) -> Document:
    """The rendering of a rationale in plain Dutch."""
    parts = [
        part("vraag", "Waar het over gaat", *_question(data)),
        part("gegevens", "Wat wij weten", *_facts(data)),
        part("regels", "Wat de regels zeggen", *_rules(data)),
        part("betekenis", "Wat dit voor u betekent", *_meaning(data)),
        part("waarden", "Waar de wet voor is", *_purpose(data)),
        part("opties", "Wat er kan", *_options(data)),
        part("deuren", "Of van de regels kan worden afgeweken", *_doors(data)),
        part("argumenten", "Wat ervoor en ertegen is", *_arguments(data)),
        part("precedenten", "Wat eerder is besloten", *_precedents(data)),
        part("onbekend", "Wat wij nog niet weten", *_unknown(data)),
        part("advies", "Wat het advies is", *_advice(data)),
        part("hoe-verder", "Hoe het verder gaat", *_next(data)),
        part("verantwoording", "Hoe deze uitleg is gemaakt", *_account(data)),
    ]
    return doc.document(f"{data['titel']}: uitleg voor u", _top(data), parts, data["woorden"], "Moeilijke woorden")


def _top(data: Mapping[str, Any]) -> Iterator[Block]:
    more = "" if decided(data) else f"De uitkomst kan nog worden: {_or(map(result_words, data['mogelijkeUitkomsten']))}."
    outcome = _plain(data["uitkomstTekst"])
    if data["regeluitkomst"]:
        outcome = (
            f"De uitkomst is: {result_words(data['uitkomst'])}. Die uitkomst komt van een ander: {_quoted(data['regeluitkomst']['bron'])}."
        )
    yield sentences(
        "Dit is een concept. Er is nog niets besloten.",
        outcome,
        more if len(data["mogelijkeUitkomsten"]) > 1 else "",
        _main_value(data),
        _DECIDES[data["soort"]][0],
        "Staat er “de aanvrager”, “de betrokkene”, “de cliënt” of “deze persoon”? Dan gaat het meestal om u.",
        "Achter deel 12 staat wat moeilijke woorden betekenen." if data["woorden"] else "",
    )


def _main_value(data: Mapping[str, Any]) -> str:
    value = next((value for value in data["waarden"] if value["waarde"] is not None and not value["terIndicatie"]), None)
    return f"{words(value['naam'])}: {value['getoond']}." if value is not None and decided(data) else ""


# --- small words -----------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """A text of the rules without the articles that it names: they stand at the end."""
    return _ARTICLES.sub("", text)


def _quoted(text: str) -> str:
    """What somebody said or wrote, as it is."""
    return f"“{text.rstrip('.')}”"


def _or(names: Iterable[str]) -> str:
    found = list(names)
    return f"{', '.join(found[:-1])} of {found[-1]}" if len(found) > 1 else "".join(found)


def _and(names: Iterable[str]) -> str:
    found = list(names)
    return f"{', '.join(found[:-1])} en {found[-1]}" if len(found) > 1 else "".join(found)


def _person(people: People, whom: str) -> str:
    """A person as this text speaks of them: the applicant is `u`."""
    return {"aanvrager": "u", "partner": "uw partner"}.get(whom) or people.name(whom)


def _about(people: People, name: str) -> str:
    """Under which title a fact or question stands."""
    owner = name.rpartition(".")[0]
    return f"Over {_person(people, owner)}" if owner and "(" not in owner else "Over de situatie"


def _grouped(people: People, items: Iterable[tuple[str, Said]]) -> Iterator[Block]:
    """Statements under whom they are about."""
    groups: dict[str, list[Said]] = {}
    for name, said in items:
        groups.setdefault(_about(people, name), []).append(said)
    for title, found in groups.items():
        yield listed(title, found)


def _answer(shown: str) -> str:
    """A value as an answer of its own."""
    return "Geen." if shown == "een lege lijst" else f"{capital(shown)}."


def _asked(named: Mapping[str, Any]) -> str:
    """The question of a fact; a fact without one by its name in words."""
    return _plain(named["vraag"]) if named["vraag"] else f"{words(named['naam'].rpartition('.')[2])}?"


# --- 1, 2: what it is about, and what is known ------------------------------------------------------------------------


def _question(data: Mapping[str, Any]) -> Iterator[Block]:
    people = People(data)
    yield sentences(f"Dit gaat over: {data['titel'].lower()}. Wij kijken naar {iso_day(data['peildatum'])}: wat op die dag gold, telt.")
    effects = [
        Said(
            f"Voor {_person(people, effect['persoon'])}, {_TERMS[effect['termijn']]}: {_quoted(effect['omschrijving'])}."
            f"{' Dit is later toegevoegd, toen de uitkomst al bekend was.' if effect['naUitkomst'] else ''}"
        )
        for effect in data["beoogdeEffecten"]
    ]
    yield listed("Dit wilt u bereiken", effects)
    if not effects:
        yield sentences("Wij hebben nog niet opgeschreven wat u wilt bereiken. Vertel het ons.")


def _facts(data: Mapping[str, Any]) -> Iterator[Block]:
    people = People(data)
    yield from _grouped(people, ((fact["naam"], _fact(fact)) for fact in data["gegevens"] if fact["teltMee"]))
    if not data["gegevens"]:
        yield sentences("Er zijn nog geen gegevens opgegeven.")
    others = sum(not fact["teltMee"] for fact in data["gegevens"])
    if others:
        makes = "Dat maakt" if others == 1 else "Die maken"
        yield sentences(f"Wij weten nog {how_many(others, 'ander ding', 'andere dingen')}. {makes} voor deze uitkomst geen verschil.")
    judged = [Said(f"{_asked(fact)} {_answer(fact['getoond'])}") for fact in carrying(data)]
    yield listed("Dit heeft iemand van ons beoordeeld, en de uitkomst rust erop; zeg het als het voor u niet klopt", judged)
    assumed = [Said(f"{_asked(found)} {_answer(found['getoond'])}") for found in data["aannames"] if found["draagtUitkomst"]]
    yield listed("Dit hebben wij aangenomen; de uitkomst rust erop", assumed)
    yield listed("Dit is ook opgeschreven over wat u nodig heeft", [Said(_evidence(item, people)) for item in data["instrumenten"]])
    if data["gegevens"] or assumed:
        yield sentences("Klopt er iets niet? Laat het ons weten.")


def _fact(fact: Mapping[str, Any]) -> Said:
    answer = f"{_asked(fact)} {_answer(fact['getoond'])}"
    if fact["stand"] == "oordeel":
        return Said(f"{answer} Dat vindt een {line(fact['rol'])}. De reden: {_quoted(fact['reden'])}.")
    return Said(f"{answer} Bron: {_quoted(fact['herkomst'])}." if fact["herkomst"] else answer)


def _evidence(item: Mapping[str, Any], people: People) -> str:
    who = _person(people, item["persoon"])
    if item["soort"] == "zelfredzaamheid":
        domain = f"{_quoted(item['instrument'])}, onderdeel {_quoted(item['domein'])}"
        return f"Hoe {who} zich redt: niveau {item['niveau']} van 5. Gemeten met {domain}."
    if item["soort"] == "loonwaarde":
        percentage = item["percentage"].replace(".", ",")
        return f"Verdienen met werk: {percentage}% van wat anderen verdienen. Dit gaat over {who}. Bron: {_quoted(item['rapport'])}."
    kind = "Wat zwaar is" if item["soort"] == "last" else "Wat helpt"
    return f"{kind} voor {who}: {_quoted(item['omschrijving'])}."


# --- 3, 4: what the rules say, and what it means ------------------------------------------------------------------------


def _rules(data: Mapping[str, Any]) -> Iterator[Block]:
    if data["regeluitkomst"] is not None:
        yield sentences("Wij hebben de regels hier niet zelf toegepast. De uitkomst en de redenen komen van een ander.")
        if not data["gronden"]:
            rests = [ground["titel"] for ground in data["regeluitkomst"]["gronden"] if ground["titel"]]
            yield listed("Daarop rust de uitkomst", [Said(f"{title}.") for title in rests])
    titles = _titles(data)
    blocking = [ground for ground in data["gronden"] if ground["uitkomst"] == "waar"]
    yield listed("Dit staat in de weg", [Said(_ground(ground, titles)) for ground in blocking])
    open_grounds = [_ground_name(ground, titles) for ground in data["gronden"] if ground["uitkomst"] == "onbekend"]
    yield listed("Dit is nog niet zeker, en kan in de weg staan", [Said(name) for name in dict.fromkeys(open_grounds)])
    told = {text for ground in blocking for text in ground["teksten"]}
    named = {rule for ground in data["gronden"] for rule in ground["regels"]}
    texts: dict[str, bool] = {}
    for rule in data["regels"]:
        text = rule.get("tekst") or _applied(rule)
        if text and text not in told and (rule.get("tekst") or rule["id"] not in named):
            texts.setdefault(_plain(text), rule["persoon"] == "partner")
    also = "ook " if blocking else ""
    yield listed(f"Dit hebben wij {also}nagekeken", [Said(text) for text, partner in texts.items() if not partner])
    for_partner = [Said(text) for text, partner in texts.items() if partner]
    yield listed(f"Dit hebben wij {also}nagekeken voor uw partner; “u” is hier uw partner", for_partner)


def _applied(rule: Mapping[str, Any]) -> str:
    """A condition or duty that holds or not, where the rules have no sentence for it."""
    answer = {"waar": "dat klopt", "onwaar": "dat klopt niet"}.get(rule.get("uitkomst", ""))
    return f"{rule['titel'] or words(rule['bepaalt'])}: {answer}." if rule["rol"] not in STEPS and answer else ""


def _titles(data: Mapping[str, Any]) -> dict[str, str]:
    """The titles of rules and of the grounds of an outcome from elsewhere, by id."""
    given = data["regeluitkomst"]["gronden"] if data["regeluitkomst"] else ()
    return {item["id"]: item["titel"] for item in (*given, *data["regels"]) if item["titel"]}


def _ground(ground: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    said = " ".join(_plain(text) for text in ground["teksten"])
    about = "Voor uw partner: " if ground["persoon"] == "partner" else ""
    unmet = "Aan deze voorwaarde is niet voldaan: " if ground["soort"] == "voorwaarde" else ""
    return about + (said or unmet + _ground_name(ground, titles))


def _ground_name(ground: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A ground by its title, or what it decides, or the article that it stands in."""
    named = [title[:1].lower() + title[1:] for rule in ground["regels"] if (title := titles.get(rule))]
    decides = line(ground["bepaalt"].rpartition(".")[2])
    text = _or(named) or decides or _and(_quoted(source["tekst"]) for source in ground["bronnen"])
    return f"{capital(text)}."


def _meaning(data: Mapping[str, Any]) -> Iterator[Block]:
    people = People(data)
    known = [value for value in data["waarden"] if value["waarde"] is not None]
    yield listed("Dit hoort bij de uitkomst", [Said(_value(value, data)) for value in known])
    if data["waarden"] and not known:
        yield sentences("De bedragen en dagen kunnen wij nog niet uitrekenen.")
    options = {option["id"]: option["tekst"] for option in data["opties"]}
    for _, effects in people.in_order(data["effecten"]):
        title = f"Wat mensen zeggen over {_person(people, effects[0]['wie'])}"
        yield listed(title, [Said(_effect(effect, options)) for effect in effects])
    asked = [_person(people, question["wie"]) for question in data["effectVragen"]]
    if asked:
        yield sentences(
            f"Wij weten nog niet wat deze uitkomst betekent voor {_and(asked)}. Vertel het ons: wat merkt u ervan, nu en later?"
        )


def _value(value: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    rule = next((rule for rule in data["regels"] if rule["id"] == value["regel"]), None)
    sum_ = _SUM.match(rule.get("berekening") or "") if rule is not None else None
    told = f" Zo is gerekend: {line(sum_[0].replace(' - ', ' min ').replace(' + ', ' plus '))}." if sum_ else ""
    return f"{words(value['naam'])}: {value['getoond']}.{' Dit is ter informatie.' if value['terIndicatie'] else ''}{told}"


def _effect(effect: Mapping[str, Any], options: Mapping[str, str]) -> str:
    option = options.get(effect["optie"])
    when = f" Dat geldt bij deze keuze: {_quoted(option)}." if option else ""
    weight = f"{_WAYS[effect['richting']]}, {_TERMS[effect['termijn']]}. Zwaarte: {_GRAVE[effect['ernst']]}."
    return f"{_quoted(effect['omschrijving'])}. {weight} {_CERTAIN[effect['zekerheid']]}{when}"


# --- 5, 6, 7: the purpose, what can be done, the doors ---------------------------------------------------------------------


def _purpose(data: Mapping[str, Any]) -> Iterator[Block]:
    if data["advies"]["redenGezien"] != "onwaar":
        yield listed("", [Said(_purpose_of(value)) for value in data["waardenVanDeWet"]])


def _purpose_of(value: Mapping[str, Any]) -> str:
    stars = value["sterren"]
    return _plain(value["tekst"]) + (f" De gemeente geeft dit {how_many(stars['aantal'], 'ster', 'sterren')} van de 3." if stars else "")


def _options(data: Mapping[str, Any]) -> Iterator[Block]:
    seen = [Said(_plain(found["tekst"])) for found in data["aanleidingen"] if found["uitkomst"] == "waar"]
    yield listed("Waarom wij verder kijken dan de regels", seen)
    if data["advies"]["redenGezien"] == "onwaar":
        yield sentences("Wij hebben gekeken of de uitkomst past bij het doel van de wet. Er is geen reden om verder te kijken.")
    options = [Said(_option(option)) for option in data["opties"]]
    yield listed("Wie beslist, kan kiezen; de volgorde zegt niets", options)
    names = {option["id"]: option["tekst"] for option in data["opties"]}
    yield listed("Wat het kost; geld alleen beslist niets", [Said(_cost(one, names)) for one in data["kosten"]])


def _option(option: Mapping[str, Any]) -> str:
    deviates = "" if option["binnenRegels"] else " Daarvoor moet worden afgeweken van de regels."
    return _plain(option["tekst"]) + deviates + ("" if option["stand"] == "mogelijk" else " Dat moet nog worden uitgezocht.")


def _cost(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    payers = " ".join(f"Voor {payer['betaler']}: {cost_words(payer)}." for payer in one["perBetaler"])
    cheaper = [names.get(option, "een andere keuze") for option in one["goedkoperDan"]]
    less = f" Dit kost zeker minder dan {_and(map(_quoted, cheaper))}." if cheaper else ""
    return f"{_quoted(names.get(one['optie'], 'Een andere keuze'))}: {cost_words(one)}. {payers}{less}"


def _doors(data: Mapping[str, Any]) -> Iterator[Block]:
    questions = {
        found["naam"]: (_asked(found), found.get("getoond") or "nog niet bekend")
        for key in ("vervolgvragen", "ontbrekendeGegevens", "aannames", "gegevens")
        for found in data[key]
        if found["vraag"]
    }
    yield listed("", [_door(door, questions) for door in data["deuren"]])


def _door(door: Mapping[str, Any], questions: Mapping[str, tuple[str, str]]) -> Said:
    node = door["uitgesloten"] if door["stand"] == "uitgesloten" else door["voorwaarden"]
    under = [Said(text) for text in dict.fromkeys(_met(node, questions))]
    if door["genoemdDoor"]:
        named = door["genoemdDoor"]
        under.append(
            Said(f"Een {line(named['rol'])} heeft dit genoemd." + (f" De reden: {_quoted(named['reden'])}." if named["reden"] else ""))
        )
        if named["vraag"]:
            under.append(Said(f"Dit moet nog worden gevraagd: {_quoted(named['vraag'])}."))
    if door["bewijs"] and door["stand"] != "uitgesloten":
        who = _PROVES.get(door["bewijs"]["wie"]) or f"Dat is de {line(door['bewijs']['wie'])}"
        what = f" Het gaat hierom: {_quoted(door['bewijs']['wat'])}." if door["bewijs"]["wat"] else ""
        under.append(Said(f"Wie moet iets laten zien? {who}.{what}"))
    if door["elders"]:
        under.append(Said(f"Hierover beslist een ander: {line(door['gehoudenDoor'])}."))
    return Said(f"{_plain(door['titel'])}. {_DOORS[door['stand']]}", under=tuple(under))


def _met(node: Mapping[str, Any] | None, questions: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """What a door asks: by the questions of the facts that its conditions name, otherwise in the words of the condition."""
    if node is None:
        return
    if "delen" in node:
        for inner in node["delen"]:
            yield from _met(inner, questions)
        return
    named = [questions[name] for name in re.findall(r"[a-z0-9_.]+", node["tekst"]) if name in questions]
    for question, answer in named:
        yield f"{question} {_answer(answer)}"
    if not named:
        truth, text = condition_words(node)
        yield f"{capital(text)}: {_ANSWERS[truth]}."


_ANSWERS: Mapping[str, str] = {"waar": "ja", "onwaar": "nee", "onbekend": "nog niet bekend", "niet nagegaan": "niet van belang"}


# --- 8, 9: arguments and earlier decisions ---------------------------------------------------------------------------


def _arguments(data: Mapping[str, Any]) -> Iterator[Block]:
    intensity = data["intensiteit"]
    if intensity is not None and intensity["uitkomst"]:
        yield sentences(_plain(intensity["tekst"]))
    elif intensity is not None:
        yield sentences("Hoe streng de uitkomst moet worden bekeken, weten wij nog niet.")
    for way, title in (("voor", "Dit pleit ervoor"), ("tegen", "Dit pleit ertegen")):
        for option in dict.fromkeys(found["optie"] for found in data["argumenten"]):
            about = "om de regels te volgen" if option == "regeluitkomst" else f"bij deze keuze: {line(option)}"
            said = [Said(_plain(f["tekst"])) for f in data["argumenten"] if (f["richting"], f["optie"]) == (way, option)]
            yield listed(f"{title} {about}", said)
    empty = [_CORNERS[corner] for corner in data["legeHoeken"]]
    if empty:
        yield sentences(f"Hierover is nog niets gezegd: {_and(empty)}.")
    answered = [Said(_check(check)) for check in data["toetsen"] if check["antwoord"] != "onbekend"]
    yield listed("Deze vragen zijn beantwoord", answered)
    open_checks = [Said(_plain(check["vraag"])) for check in data["toetsen"] if check["antwoord"] == "onbekend"]
    yield listed("Deze vragen moet wie beslist nog beantwoorden", open_checks)


def _check(check: Mapping[str, Any]) -> str:
    no = f" {_plain(check['bijNee'])}" if check["antwoord"] == "nee" and check["bijNee"] else ""
    return f"{_plain(check['vraag'])} {check['antwoord'].capitalize()}.{no}"


def _precedents(data: Mapping[str, Any]) -> Iterator[Block]:
    found = data["precedenten"]
    if found is None:
        if data["advies"]["redenGezien"] != "onwaar":
            yield sentences("Wij hadden geen eerdere besluiten om mee te vergelijken.")
        return
    number = how_many(found["aantal"], "eerder besluit", "eerdere besluiten")
    yield sentences(f"Er {'is' if found['aantal'] == 1 else 'zijn'} {number} over dezelfde reden en dezelfde mogelijkheid.")
    for key, title in (("afgeweken", "Toen is van de regels afgeweken"), ("nietAfgeweken", "Toen zijn de regels gevolgd")):
        if (near := found[key]) is not None:
            yield listed(title, [Said(text) for text in _earlier(near)])


def _earlier(near: Mapping[str, Any]) -> Iterator[str]:
    yield f"Besluit van {iso_day(near['datum'])}. De reden was: {_quoted(near['motief'])}."
    for key, title in (("gelijk", "Hetzelfde als bij u"), ("anders", "Anders dan bij u"), ("onbekend", "Weten wij van u nog niet")):
        if near[key]:
            yield f"{title}: {_and(line(compared['naam'].rpartition('.')[2]) for compared in near[key])}."
    if near["verschil"]:
        yield f"Het verschil met u: {_quoted(near['verschil'])}."


# --- 10 to 13 --------------------------------------------------------------------------------------------------------


def _unknown(data: Mapping[str, Any]) -> Iterator[Block]:
    yield listed("Dit kunnen wij nog niet bepalen", [Said(f"{_quoted(line(found['tekst']))}.") for found in data["nietTeBepalen"]])
    first = data["ontbrekendeGegevens"]
    if data["regeluitkomst"] is not None:
        yield sentences("De uitkomst komt van een ander. Wij weten niet of andere gegevens haar veranderen.")
    if not first and not data["nietTeBepalen"] and data["regeluitkomst"] is None:
        yield sentences("Voor de uitkomst van de regels weten wij genoeg.")
    elif first:
        yield sentences("De vraag bovenaan helpt het meest.")
    checked = {check["gegeven"] for check in data["toetsen"]}
    questions = list({found["naam"]: found for found in (*first, *data["vervolgvragen"]) if found["naam"] not in checked}.values())
    people = People(data)
    for sources, title in (
        (("aanvrager", "document"), "Dit kunt u ons nog vertellen of sturen"),
        (("register",), "Dit zoeken wij zelf op"),
        (("professional",), "Dit bekijkt een medewerker"),
    ):
        yield listed(title, [Said(_open(people, found)) for found in questions if found["wie"] in sources])
    for change in data["watAnders"]:
        title = f"De uitkomst was {result_words(change['uitkomst'])} geweest, als dit anders was"
        yield listed(title, [Said(_difference(found)) for found in change["verschillen"]])
    if data["watAnders"]:
        yield sentences("Dat is uitleg. Het is geen raad om iets te veranderen.")


def _open(people: People, question: Mapping[str, Any]) -> str:
    owner = _about(people, question["naam"])
    about = f"{owner}: " if owner not in ("Over de situatie", "Over u") else ""
    proof = " Stuur een bewijs mee." if question["wie"] == "document" else ""
    return f"{about}{_asked(question)}{proof}"


def _difference(found: Mapping[str, Any]) -> str:
    limit = f"{found['grens']} " if found["grens"] else ""
    return f"{_asked(found)} Nu: {found['nu']}. Anders: {limit}{found['anders']}."


def _advice(data: Mapping[str, Any]) -> Iterator[Block]:
    advice = data["advies"]
    yield sentences(f"Dit is het advies aan wie beslist: {_plain(advice['tekst'])}" if advice["tekst"] else "")
    yield listed(
        "Eerst kijken wij of deze uitzondering geldt", [Said(f"{_quoted(line(f['uitzondering']))}.") for f in advice["uitzonderingenOpen"]]
    )
    yield listed("Wij melden ook iets over de regels zelf", [Said(_plain(found["tekst"])) for found in data["signalen"]])
    yield sentences("Er is nog geen besluit. Een mens beslist, en schrijft in eigen woorden op waarom.")


def _next(data: Mapping[str, Any]) -> Iterator[Block]:
    duties = data["hoeVerder"]["plichten"]
    yield listed("Dit moet u nog doen", [Said(_plain(duty["tekst"])) for duty in duties if duty["wie"] in ("aanvrager", "belanghebbende")])
    others = [duty for duty in duties if duty["wie"] not in ("aanvrager", "belanghebbende")]
    yield listed("Dit moet een ander nog doen", [Said(_duty(duty)) for duty in others])
    yield sentences("U mag eerst vertellen wat u ervan vindt. Daarna wordt beslist.", _DECIDES[data["soort"]][1])


def _duty(duty: Mapping[str, Any]) -> str:
    who = f"{words(duty['wie'])}: " if duty["wie"] else ""
    return who + _plain(duty["tekst"])


def _account(data: Mapping[str, Any]) -> Iterator[Block]:
    account, warnings = data["verantwoording"], data["waarschuwingen"]
    unread = sum(found["code"] in ("concept", "te verifieren") for found in warnings)
    left_out = sum(found["code"] == "niet gedekt" for found in warnings)
    yield sentences(
        f"Een computerprogramma heeft de regels nagelopen: {account['regelmotor']}. Het beslist niets en geeft u geen punten.",
        f"Let op: {how_many(unread, 'deel van de regels is', 'delen van de regels zijn')} nog niet vastgesteld of nagelezen."
        if unread
        else "",
        f"{how_many(left_out, 'regel laat', 'regels laten')} iets weg. Vraag gerust wat dat is." if left_out else "",
    )
    yield listed("Waar het in de wet staat, met het nummer in ons systeem", _places(data))
    versions = [
        Said(f"{version['titel']}, vanaf {iso_day(version['geldigVanaf'])}", ids=(version["regelset"],)) for version in account["versies"]
    ]
    yield listed("Welke regels", versions)


def _places(data: Mapping[str, Any]) -> Iterator[Said]:
    """The article and id of every rule, ground, amount, door and ruling that this text rests on, each once."""
    found: dict[tuple[str, ...], Said] = {}
    if data["regeluitkomst"]:
        for ground in data["regeluitkomst"]["gronden"]:
            found[ground["id"],] = Said(ground["titel"] or "Reden van de uitkomst", None, (ground["bron"],), (ground["id"],))
    for rule in data["regels"]:
        found.setdefault((rule["id"],), Said(rule["titel"] or words(rule["bepaalt"]), None, (rule["bron"],), (rule["id"],)))
    for amount in data["bedragen"]:
        title = f"Bedrag: {amount['omschrijving'] or words(amount['id'])}"
        found[amount["id"],] = Said(title, None, (amount["verwijzing"],), (amount["id"],))
    for door in data["deuren"]:
        rulings = tuple({**case, "tekst": case["ecli"]} for case in door["rechtspraak"])
        found[door["id"],] = Said(door["titel"], None, (door["bron"], *rulings), (door["id"],))
    yield from found.values()
