"""Plate designs as data: sizes, colours, series, bands, seals and what else stands on a plate.

A series is written with A (letter), 0 (digit), ? (either), other letters as themselves after a backslash; ' ' a gap, '-' a dash, '.' a dot,
'#' a seal or coat of arms, '|' a small drawing, '[AA]' stacked characters, '/' begins the second line.
`held` designs are seen by validation only. Sizes are width over height; `cap` is the characters' height over the plate's (or the line's).
"""

ALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_IO = "ABCDEFGHJKLMNPQRSTUVWXYZ"
NO_IOQ = "ABCDEFGHJKLMNPRSTUVWXYZ"
NO_VOWELS = "BCDFGHJKLMNPRSTVWXYZ"

WHITE = [((238, 240, 240), (18, 18, 20))]
YELLOW = [((245, 200, 30), (20, 20, 20))]
BLACK = [((22, 22, 24), (225, 225, 225))]


def european(name, series, codes, **more):
    return dict(name=name, ratio=(4.3, 4.8), series=series, colours=WHITE, cap=(0.62, 0.76), band="eu", codes=codes) | more


def american(name, series, colours, top, bottom, **more):
    return dict(
        name=name, ratio=(1.9, 2.1), series=series, colours=colours, cap=(0.38, 0.52), top=top, bottom=bottom,
        stickers=0.5, drawing=0.45, letters=ALL,
    ) | more


def colours(*pairs):
    return [(tuple(bytes.fromhex(b)), tuple(bytes.fromhex(f))) for b, f in pairs]


DESIGNS = [
    # Europe
    european("germany", ["A#AA 000", "AA#AA 000", "A#AA 0000", "AA#A 000", "AAA#AA 00", "AAA#A 000", "AA#A 0000", "AA#AA 0000", "A#A 00", r"AA#AA 00\E", r"A#AA 000\E"], ["D"], seal="two"),
    european("germany-old", ["A-AA 000", "AA-AA 000", "AAA-A 000", "AA-A 000"], ["D"], band=None, seal="two"),
    european("austria", ["A#000AA", "AA#000A", "AA 00AAA", "A#00000A", "AA#000AA"], ["A"], seal="one", stripes=True),
    european("switzerland", ["AA#000000", "AA.000000", "AA 00000"], ["CH"], band=None, seal="one"),
    european("slovakia", ["AA#000AA", "AA#000AA", "AA-000AA"], ["SK"], seal="one", weight=3),
    european("slovakia-old", ["AAA 00-00", "AA# 000AA"], ["SK"], band=None),
    european("czechia", ["0A0 0000", "0A0#0000", "0AA 0000"], ["CZ"], seal="one", letters=NO_IO, weight=2),
    european("czechia-old", ["AAA 00-00", "AA 00-00"], ["CZ"], band=None),
    european("poland", ["AA#00000", "AA#0000A", "AAA#?000", "AAA 0AA0", "AA#000AA", "AAA#00AA"], ["PL"], seal="one", weight=2),
    european("poland-old", ["AAA 0000", "AAA 000A"], ["PL"], colours=BLACK, band=None),
    european("netherlands", ["00-AA-AA", "00-AAA-0", "0-AAA-00", "AA-000-A", "AA-AA-00", "00-00-AA", "A-000-AA"], ["NL"], colours=YELLOW, letters=NO_VOWELS, weight=2),
    european("belgium", ["0-AAA-000", "AAA-000"], ["B"], colours=colours(("eef0f0", "8a1a2a"))),
    european("luxembourg", ["AA 0000", "00 000"], ["L"], colours=YELLOW),
    european("france", ["AA-000-AA", "AA-000-AA"], ["F"], letters=NO_IO, right="fr", weight=2),
    european("france-old", ["000 AAA 00", "0000 AA 00", "00 AA 00"], ["F"], colours=WHITE + YELLOW),
    european("italy", ["AA 000AA", "AA#000AA"], ["I"], right="it", letters=NO_IOQ, weight=2),
    european("spain", ["0000 AAA", "0000AAA"], ["E"], letters=NO_VOWELS, weight=2),
    european("spain-old", ["A-0000-AA", "AA-0000-A", "A-0000-A"], ["E"]),
    european("portugal", ["00-AA-00", "AA-00-00", "00-00-AA", "AA 00 AA"], ["P"], right="pt", weight=2),
    european("sweden", ["AAA 000", "AAA 00A", "AAA#000"], ["S"], weight=2),
    european("finland", ["AAA-000", "AA-000", "AAA-00"], ["FIN"], weight=2),
    european("denmark", ["AA 00 000"], ["DK"], frame=(190, 30, 40), weight=2),
    european("estonia", ["000 AAA"], ["EST"]),
    european("latvia", ["AA-0000", "AA-000"], ["LV"]),
    european("romania", ["A 000 AAA", "AA 00 AAA", "AA#00 AAA"], ["RO"]),
    european("bulgaria", ["AA 0000 AA", "A 0000 AA"], ["BG"], letters="ABEKMHOPCTYX"),
    european("slovenia", ["AA#A0-00A", "AA#AA-000", "AA#000-AA"], ["SLO"], frame=(20, 90, 40), seal="one"),
    european("serbia", ["AA#000-AA", "AA#0000-AA"], ["SRB"], band="plain", seal="one"),
    european("greece", ["AAA-0000", "AAA 0000"], ["GR"], letters="ABEZHIKMNOPTYX"),
    european("malta", ["AAA 000"], ["M"]),
    european("ukraine", ["AA 0000 AA", "AA0000AA"], ["UA"], band="ukraine", letters="ABEIKMHOPCTX"),
    european("uk-front", ["AA00 AAA"], ["GB", "UK"], band="uk", maybe_band=0.5, letters=NO_IOQ, cap=(0.68, 0.8), weight=3),
    european("uk-rear", ["AA00 AAA"], ["GB", "UK"], band="uk", maybe_band=0.5, letters=NO_IOQ, cap=(0.68, 0.8), colours=YELLOW, weight=2),
    european("uk-older", ["A000 AAA", "A00 AAA", "AAA 000A", "AAA 00A"], ["GB"], band="uk", maybe_band=0.2, colours=WHITE + YELLOW, letters=NO_IOQ, cap=(0.68, 0.8)),
    european("uk-black", ["AAA 000", "AAA 000A", "000 AAA"], [], band=None, colours=BLACK),
    european("norway-green", ["AA 00000"], ["N"], band=None, colours=colours(("20a040", "101010"))),
    european("russia", ["A000AA 00", "A000AA 000"], [], band=None, letters="ABEKMHOPCTYX"),
    european("turkey", ["00 AA 000", "00 AAA 00", "00 A 0000", "00 AA 0000", "00 AAA 000"], ["TR"], band="plain", letters=NO_IO),
    european("israel", ["00-000-00", "000-00-000"], ["IL"], band="plain", colours=YELLOW),
    european("australia-white", ["AAA 000", "AAA-000", "0AA 0AA", "000 AAA", "AA 00 AA"], [], band=None, ratio=(2.6, 3.0), top=0.3, bottom=0.5, texts="plain", cap=(0.5, 0.66), colours=colours(("eef0f0", "102040"), ("f5e060", "101010"), ("eef0f0", "104a20"), ("151515", "e8e040"))),
    # South America
    dict(name="brazil-old", ratio=(2.9, 3.2), series=["AAA-0000", "AAA.0000", "AAA 0000"], colours=colours(("b8bcc0", "181818"), ("c8ccd0", "101010"), ("a01818", "f0f0f0"), ("a8adb2", "202024")), cap=(0.46, 0.6), top=0.95, texts="brazil", letters=ALL, weight=5),
    dict(name="mercosur", ratio=(2.9, 3.2), series=["AAA0A00", "AAA 0A00", "AA 000 AA"], colours=WHITE + colours(("eef0f0", "b01818")), cap=(0.5, 0.62), strip=True, texts="mercosur", letters=ALL, weight=3),
    dict(name="chile", ratio=(2.6, 3.1), series=["AAAA.00", "AA.00.00", "AA#00.00", "AA-AA-00"], colours=WHITE, cap=(0.5, 0.62), bottom=0.9, texts="plain", letters=NO_VOWELS),
    dict(name="colombia", ratio=(1.9, 2.2), series=["AAA-000", "AAA 000"], colours=YELLOW + WHITE, cap=(0.45, 0.55), bottom=0.9, texts="plain", letters=ALL),
    dict(name="mexico", ratio=(1.9, 2.1), series=["AAA-00-00", "AAA-000-A", "A00-AAA"], colours=colours(("eeeeee", "101010"), ("f0e8e0", "703020")), cap=(0.35, 0.48), top=0.9, bottom=0.8, texts="us", letters=NO_IOQ, drawing=0.4),
    # North America
    american("us-blue-on-white", ["AAA 0000", "AAA-0000", "000 AAA", "AAA 000", "000-AAA", "0AAA000", "AAA0000"], colours(("eeeef2", "1c2c74"), ("e8ecf4", "20306a")), 0.95, 0.7, texts="us", weight=4),
    american("us-black-on-white", ["AAA 000", "AAA 0000", "AA 00000", "000 AAA", "000000", "AA00000", "AA0000", "?00 ???"], colours(("ececec", "141414"), ("f2efe6", "1a1a1a")), 0.95, 0.7, texts="us", weight=4),
    american("us-red", ["AAA 0000", "AAA 000", "000 0AA", "AAA0000", "000 AAA"], colours(("f0eeec", "a01420"), ("f4f0e4", "8a1c28")), 0.95, 0.7, texts="us", weight=2),
    american("us-green", ["AAA 000", "000 AAA", "AAA-000", "AA0 00A", "000-AAA"], colours(("eef2ee", "12502e"), ("dceadf", "143c28"), ("175a3a", "f0f0f0")), 0.95, 0.6, texts="us", drawing=0.7, weight=2),
    american("us-drawing-middle", ["AAA|000", "000|AAA", "AA|0A0|0A", "AA0|A0A", "AA0 A0A", "AA|0 A 0|A", "AAA|0000", "A00|0AA", "000|000"], colours(("eceef0", "182858"), ("f0ead8", "22306a"), ("e8f0f4", "1c1c1c"), ("dfe9f2", "7a1c20")), 0.95, 0.8, texts="us", drawing=0.8, weight=4),
    american("us-sunset", ["AAA 0000", "000 AAA", "AAA 000", "AA0 0AA", "0000 AA"], colours(("f0c890", "182040"), ("f4d8b0", "502018"), ("b8d8f0", "142a5c"), ("c8e0f0", "101838")), 0.95, 0.7, texts="us", drawing=0.95, shade=0.9, weight=3),
    american("us-dark", ["AAA-0000", "AAA 000", "AAA0000", "000 AAA"], colours(("1c2a6c", "f2d040"), ("182050", "f0f0f0"), ("0f5030", "f4f4f4"), ("801820", "f4f0e0")), 0.95, 0.5, texts="us", weight=2),
    american("us-yellow", ["AAA 0000", "AAA-0000", "AAA 000"], colours(("f0c030", "1c2460"), ("e8b828", "101010"), ("f0d868", "a01820")), 0.95, 0.6, texts="us"),
    american("us-county", ["0-00000", "00-0000", "0A 00000", "00A 0000", "00 A000", "0 000AA", "000AAA", "00AA000", "AAA000"], colours(("eceff2", "1a2450"), ("e4ecf4", "181818")), 0.95, 0.9, texts="us", drawing=0.6, weight=2),
    american("us-stacked", ["[AA]0000", "0000[AA]", "000[AA]0", "[AA]000A", "[AA] 00000", "AA[00]000", "00000[AA]", "[AAA]0000"], colours(("eceef0", "182858"), ("f0f0f0", "151515"), ("f2ece0", "801a20"), ("dfeae0", "12402a")), 0.95, 0.7, texts="us", drawing=0.6, weight=3),
    american("us-truck", ["0A00000", "000000A", "A000000", "00 00000", "000000", "0000AA", "A00-00A", "AA0000A"], colours(("eef0f2", "16245c"), ("ececec", "161616"), ("eef2ee", "0f4426")), 0.9, 0.8, texts="us"),
    american("us-vanity", ["??????", "?????", "AAAAAAA", "AAAAA", "AAAA 0", "AAA AAA", "???", "????", "???????"], colours(("eef0f2", "16245c"), ("ececec", "161616"), ("f0d8b0", "402018")), 0.95, 0.7, texts="us", drawing=0.6),
    american("canada", ["AAAA 000", "AAA 000", "AA0 00A", "000 AAA", "A00 AAA"], colours(("eef0f4", "1c3078"), ("eeeeee", "a01c24"), ("eef2ee", "14502c")), 0.95, 0.8, texts="us"),
    # Two lines: motorbikes, short rears
    european("two-german", ["AA#/AA 00", "A#/AA 000", "AAA/AA 00", "AA/A 000"], ["D"], ratio=(1.1, 1.5), cap=(0.6, 0.78), seal="two", weight=2),
    european("two-uk", ["AA00/AAA"], ["GB"], band=None, ratio=(1.2, 1.6), cap=(0.66, 0.82), colours=WHITE + YELLOW, letters=NO_IOQ, weight=2),
    european("two-nordic", ["AA/000 00", "AAA/000", "AA/0000"], ["S", "DK"], band=None, ratio=(1.2, 1.6), cap=(0.62, 0.78), weight=2),
    european("two-eastern", ["AA#000/AA", "AA 0/0000", "0A/0000", "0A0/0000", "AAA/0000", "AA/00000"], ["CZ", "PL", "SK"], ratio=(1.2, 1.6), cap=(0.6, 0.76), weight=2),
    european("two-south", ["0000/AAA", "AA 00/000", "AA/00000", "AA-00/00"], ["E", "I", "P"], ratio=(1.2, 1.6), cap=(0.6, 0.76), maybe_band=0.6, weight=2),
    dict(name="two-brazil", ratio=(1.1, 1.3), series=["AAA/0000", "AAA/0A00"], colours=colours(("c0c4c8", "181818"), ("f0f0f0", "181818"), ("a01818", "f0f0f0")), cap=(0.62, 0.76), top=0.8, texts="brazil", letters=ALL, weight=2),
    # Seen by validation only
    european("held-hungary", ["AAA-000", "AAA#000", "AA AA-000"], ["H"], held=True),
    european("held-croatia", ["AA#000-AA", "AA#0000-A", "AA#000-A"], ["HR"], band="plain", seal="one", held=True),
    european("held-norway", ["AA 00000"], ["N"], band="norway", held=True),
    european("held-ireland", ["00-A-0000", "000-A-000", "000-AA-0000"], ["IRL"], held=True),
    european("held-lithuania", ["AAA 000", "AAA:000"], ["LT"], held=True, seal="one"),
    dict(name="held-argentina-old", ratio=(2.1, 2.4), series=["AAA 000", "AAA-000"], colours=BLACK, cap=(0.5, 0.6), top=0.8, texts="plain", letters=ALL, held=True),
    dict(name="held-uruguay", ratio=(2.9, 3.2), series=["AAA 0000", "AAA|0000"], colours=colours(("eef0f0", "1a2a6a")), cap=(0.5, 0.62), strip=True, texts="mercosur", letters=ALL, held=True),
    american("held-us-teal", ["AAA 0000", "AAA|000", "000|AAA", "AA0 A0A"], colours(("dff0f0", "0d4a52"), ("e8e0f0", "40185a")), 0.95, 0.8, texts="held", drawing=0.7, held=True, weight=2),
    american("held-us-brown", ["000-AAA", "AAA 000", "[AA]0000", "AA 00000", "?00 ???"], colours(("efe6d6", "4a2a18"), ("f4f0f0", "30343c")), 0.95, 0.8, texts="held", drawing=0.5, held=True, weight=2),
    european("held-two-line", ["AAA/000", "AA/00 00", "AA 00/AA 00"], ["H", "HR"], ratio=(1.2, 1.6), cap=(0.6, 0.76), held=True),
]

STATES = [s.replace("_", " ") for s in "ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO CONNECTICUT DELAWARE FLORIDA GEORGIA HAWAII IDAHO ILLINOIS INDIANA IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND MASSACHUSETTS MICHIGAN MINNESOTA MISSISSIPPI MISSOURI MONTANA NEBRASKA NEVADA NEW_HAMPSHIRE NEW_JERSEY NEW_MEXICO NEW_YORK NORTH_CAROLINA NORTH_DAKOTA OHIO OKLAHOMA OREGON PENNSYLVANIA RHODE_ISLAND SOUTH_CAROLINA SOUTH_DAKOTA TENNESSEE TEXAS UTAH VERMONT VIRGINIA WASHINGTON WEST_VIRGINIA WISCONSIN WYOMING ONTARIO QUEBEC MANITOBA ALBERTA".split()]
SLOGANS = [
    "The Great Lakes", "Land of Lakes", "Sunshine", "Garden", "First in Flight", "Born Free", "Famous Potatoes", "Grand Canyon State", "Show Me State", "Lone Star",
    "Land of Lincoln", "Empire State", "Wild and Wonderful", "Sports Capital", "The Last Frontier", "Vacationland", "Scenic", "Explore", "In God We Trust", "The Volunteer State",
    "visit.example.com", "mystate.gov", "Dairyland", "Ocean State", "Constitution State", "Heart of It All", "Sweet Home", "10,000 lakes", "Evergreen State", "Bluegrass",
    "ADAMS", "COUNTY", "MONROE", "TRUCK", "PASSENGER", "UNIVERSITY", "VETERAN", "Je me souviens", "Yours to Discover", "Beautiful", "Discover the Spirit", "Spirit of America",
]
HELD_WORDS = ["CASCADIA", "FRANKLIN", "Old Dominion", "Land of Pines", "Rivers and Roads", "Home of Horses", "SEQUOYAH", "The Hill State"]
BRAZIL = ["SP-SAO PAULO", "PR-CURITIBA", "RJ-RIO DE JANEIRO", "MG-BELO HORIZONTE", "RS-PORTO ALEGRE", "SC-JOINVILLE", "BA-SALVADOR", "PR-LONDRINA", "PR-S.J.PINHAIS", "GO-GOIANIA", "PE-RECIFE", "CE-FORTALEZA", "SC-BLUMENAU", "SP-CAMPINAS"]
PLAIN = ["CHILE", "BOGOTA D.C.", "VICTORIA", "QUEENSLAND", "PUERTO", "STATE OF GREEN", "MEDELLIN", "ARGENTINA", "TASMANIA", "SANTIAGO"]
MERCOSUR = ["BRASIL", "REPUBLICA ARGENTINA", "MERCOSUR", "URUGUAY", "PARAGUAY"]
DEALERS = ["AUTOHAUS MUELLER", "www.autocentrum.example", "Toyota of Springfield", "AUTO PLUS", "HONDA", "Ford 555-0199", "CITY CARS LTD", "AutoWorld", "FORMULA 1", "BMW Group Partner", "ALUMNI", "Chevrolet", "Volvo Service 020 5550", "SKODA AUTO", "Renault Garage Petit", "AUTOBAZAR 0905 555 123"]
