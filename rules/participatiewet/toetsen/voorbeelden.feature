# language: nl
# SPDX-License-Identifier: EUPL-1.2
Functionaliteit: Algemene bijstand in zinnen

  Scenario: Een alleenstaande zonder inkomen krijgt de volle norm
    Bron: art. 21 onder a: 1419.46 vanaf 2026-07-01
    Gegeven het uitgangspunt alleenstaande_zonder_bijzonderheden
    En de peildatum is 15-07-2026
    En de melding_datum is 15-07-2026
    Als algemene bijstand wordt beoordeeld
    Dan is de uitkomst toekennen
    En is het bedrag € 1.419,46
    En is de regel pw.21.a waar

  Scenario: Wie vastzit heeft geen recht, en de deur van artikel 16 wordt genoemd
    Bron: art. 13 lid 1 onder a en art. 16 lid 1
    Gegeven het uitgangspunt alleenstaande_zonder_bijzonderheden
    En de peildatum is 15-07-2026
    En de melding_datum is 15-07-2026
    En vrijheid ontnomen van aanvrager is ja
    En titel vrijheidsontneming van aanvrager is andere
    En straf buiten inrichting van aanvrager is nee
    Als algemene bijstand wordt beoordeeld
    Dan is de uitkomst afwijzen
    En is de grond pw.13.1.a
    En is deur pw.deur.16.1 te onderzoeken
    En is het advies professional_beslist

  Scenario: Een huisgenoot van dertig deelt de kosten
    Bron: art. 22a lid 1: (40% + 2 x 30%) / 2 x 2027.79 = 1013.895, op de cent 1013.90
    Gegeven het uitgangspunt alleenstaande_zonder_bijzonderheden
    En de peildatum is 15-07-2026
    En de melding_datum is 15-07-2026
    En tijdelijk elders voor mantelzorg van aanvrager is nee
    En de huisgenoten zijn
      | geboortedatum | verwantschap | contract        | volgt onderwijs |
      | 1-2-1996      | eerste_graad | zonder_contract | niet_of_ander   |
    Als algemene bijstand wordt beoordeeld
    Dan is de uitkomst toekennen
    En is norm € 1.013,90

  Scenario: Zonder nationaliteit kan niet worden beslist
    Bron: art. 11 lid 1
    Gegeven het uitgangspunt alleenstaande_zonder_bijzonderheden
    En de peildatum is 15-07-2026
    En de melding_datum is 15-07-2026
    En aanvrager nationaliteit is onbekend
    Als algemene bijstand wordt beoordeeld
    Dan is de uitkomst onvolledig
    En zijn de mogelijke uitkomsten afwijzen, toekennen
    En wordt gevraagd naar nationaliteit van aanvrager
    En wordt niet gevraagd naar vrijheid ontnomen van aanvrager

  Abstract Scenario: De norm gaat mee met de datum
    Bron: art. 21 onder a, zoals gedrukt per die datum
    Gegeven het uitgangspunt alleenstaande_zonder_bijzonderheden
    En de peildatum is <dag>
    En de melding_datum is <dag>
    Als algemene bijstand wordt beoordeeld
    Dan is het bedrag <bedrag>

    Voorbeelden:
      | dag        | bedrag     |
      | 30-06-2026 | € 1.401,50 |
      | 01-07-2026 | € 1.419,46 |
