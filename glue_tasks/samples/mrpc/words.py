"""Invented people, companies and places that fill the sample's sentences."""

Value = dict[str, str]  # form -> text; the plain form is named ""

_WOMEN = """
Adele Agnes Alma Beatrice Carla Celia Clara Dora Edith Elena Fiona Gloria Greta
Helen Ines Irene Joan Judith Laura Lena Linda Louise Mabel Margaret Marta Nadia
Nora Olga Paula Rosa Ruth Sylvia Teresa Vera Wanda
""".split()

_MEN = """
Aaron Albert Anton Bernard Boris Calvin Carlos Daniel Dennis Edgar Emil Felix
Frank Gerald Gordon Hugo Ivan Jonas Julian Karl Leon Lloyd Marcus Martin Nigel
Oscar Pablo Philip Ralph Roland Samuel Stefan Theo Victor Walter
""".split()

_SURNAMES = """
Ambler Arkell Balfour Bannock Barlow Bexton Branning Calloway Castellan Corbin
Dalca Darrow Delmar Dunning Eastlake Ellery Fairlie Farrant Fenner Gallow
Garrick Greer Haldane Hartnell Hask Hollis Ibarra Jessop Kaplow Kerrigan Lambeth
Landry Lowell Maddox Marchetti Merrow Nakano Norling Oakes Okoro Orland Paxton
Pellman Quillen Rainey Renwick Rosell Sandrell Sellers Sorley Tamblyn Tarrant
Thorne Ullman Vance Verrill Voss Wexler Whitlow Yelland
""".split()

_COMPANIES = """
Aldery Electronics, Ashcombe Paper, Bramwell Glass, Brightmoor Foods, Carraway
Chemicals, Dunmore Steel, Fernhill Textiles, Galeforth Energy, Havenport Marine,
Ironbridge Tools, Tarbock Cycles, Larkfield Motors, Linnet Bakeries, Marram
Plastics, Nimbrell Systems, Orrin Electric, Pinecrest Timber, Quillon Devices,
Redfern Optics, Stannard Tractors, Tessler Engines, Umber Ceramics, Vantry
Batteries, Wolsten Furniture
"""

_APPLIANCE_MAKERS = """
Bellhaven Products, Corbridge Devices, Hearthglow Home, Orrin Electric,
Pellworth Brands, Summerlee Appliances
"""

_CAR_MAKERS = """
Galeforth Autos, Larkfield Motors, Stannard Cars, Tessler Vehicles, Umberline
Electric
"""

_RETAILERS = """
Applegarth Books, Barnstock Shoes, Cobble Lane Toys, Copperly Hardware,
Goodacre Markets, Hobbin Stores, Merriday Pharmacies, Penhallow Outfitters
"""

_AIRLINES = """
Aerolind, Coralline Air, Halcyon Airways, Meridale Airlines, Norvane Airways,
Skerry Air
"""

_DRUG_MAKERS = """
Belisar Biotech, Corvell Laboratories, Immunell, Ostrander Pharma,
Sanderling Therapeutics, Velmara Medicines
"""

_CITIES = """
Arlenport, Brackwater, Carrowby, Corvane, Dunhaven, Eastholme, Fallbridge,
Glenorrin, Hollin Bay, Kingsarrow, Larchwell, Ostermouth, Penmarrow, Port
Ellison, Ravensford, Silverbeck, Stonewick, Tamarin, Westmere, Whitcastle
"""

_COUNTIES = """
Aldermere County, Crossfell County, Lindale County, Marrin County, Sorrel
County, Tarrow County, Wending County, Yarrowby County
"""

_RIVERS = "Arven, Brindle, Corrin, Lodden, Tamsel, Wenlow"

_LAKES = "Amery, Castor, Hesper, Mirren, Oswin, Tolva"

_CLUBS = """
Arlenport Athletic, Carrowby Town, Corvane United, Dunhaven Rangers, Eastholme
City, Kingsarrow Albion, Ostermouth Wanderers, Penmarrow Rovers
"""

_TEAMS = """
Brackwater Bears, Fallbridge Foxes, Glenorrin Giants, Larchwell Lions, Port
Ellison Pilots, Ravensford Rams, Stonewick Storks, Westmere Wolves
"""

_TITLES = """
A Quiet Ledger, Nine Lanterns, Paper Kingdoms, Sparrows in the Attic, The Brass
Garden, The Glass Orchard, The Lighthouse Brothers, The Longest Ferry, The Salt
Road, Two Doors Down, Under a Tin Sky, Winter at Low Tide
"""

_BANDS = """
the Copper Pigeons, the Midnight Gardeners, the Paper Admirals, the Tin Sailors,
the Velvet Mules, the Wandering Clerks
"""

_STORMS = "Agatha, Bertram, Cosima, Desmond, Elspeth, Fergus, Greta, Horace"

_PRIZES = "Aldwych, Birchwood, Hartley, Marlin, Sandpiper, Winterbourne"

_PROBES = "Curlew, Heron, Lantern, Pathseeker, Plover, Wayfarer"

_DAYS = "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"

_MONTHS = """
January, February, March, April, May, June, July, August, September, October,
November, December
"""


def _listed(names: str) -> list[Value]:
    return [{"": " ".join(name.split())} for name in names.split(",")]


def _people(first_names: list[str], pronouns: Value) -> list[Value]:
    return [
        {"": f"{first} {last}", **pronouns}
        for first in first_names
        for last in _SURNAMES
    ]


_women = _people(_WOMEN, {"he": "she", "his": "her"})
_men = _people(_MEN, {"he": "he", "his": "his"})

# A slot such as `{city}` or `{city2}` is filled from the list of that name.
POOLS: dict[str, list[Value]] = {
    "airline": _listed(_AIRLINES),
    "appliance_maker": _listed(_APPLIANCE_MAKERS),
    "band": _listed(_BANDS),
    "car_maker": _listed(_CAR_MAKERS),
    "city": _listed(_CITIES),
    "club": _listed(_CLUBS),
    "company": _listed(_COMPANIES),
    "county": _listed(_COUNTIES),
    "day": _listed(_DAYS),
    "drug_maker": _listed(_DRUG_MAKERS),
    "lake": _listed(_LAKES),
    "man": _men,
    "month": _listed(_MONTHS),
    "person": _women + _men,
    "prize": _listed(_PRIZES),
    "probe": _listed(_PROBES),
    "retailer": _listed(_RETAILERS),
    "river": _listed(_RIVERS),
    "storm": _listed(_STORMS),
    "team": _listed(_TEAMS),
    "title": _listed(_TITLES),
    "weekday": _listed(_DAYS)[:5],
    "woman": _women,
    "year": [{"": str(year)} for year in range(1924, 1996, 3)],
    "recent_year": [{"": str(year)} for year in range(1998, 2020)],
    "coming_year": [{"": str(year)} for year in range(2028, 2041)],
}
