"""California's 58 counties, numbered alphabetically as the Secretary of State numbers them."""

from dataclasses import dataclass

STATEWIDE_NUMBER = 59
"""What stands for the whole contest where a county's number is expected."""

_NAMES = (
    "Alameda|Alpine|Amador|Butte|Calaveras|Colusa|Contra Costa|Del Norte|El Dorado|Fresno"
    "|Glenn|Humboldt|Imperial|Inyo|Kern|Kings|Lake|Lassen|Los Angeles|Madera|Marin|Mariposa"
    "|Mendocino|Merced|Modoc|Mono|Monterey|Napa|Nevada|Orange|Placer|Plumas|Riverside"
    "|Sacramento|San Benito|San Bernardino|San Diego|San Francisco|San Joaquin"
    "|San Luis Obispo|San Mateo|Santa Barbara|Santa Clara|Santa Cruz|Shasta|Sierra|Siskiyou"
    "|Solano|Sonoma|Stanislaus|Sutter|Tehama|Trinity|Tulare|Tuolumne|Ventura|Yolo|Yuba"
).split("|")


@dataclass(frozen=True, slots=True)
class CountyFact:
    """One county: its number in contest ids, name, address slug and Census FIPS code."""

    number: int
    name: str
    slug: str
    fips: str


COUNTIES = tuple(
    # California's counties have the odd Census codes 001 to 115 in alphabetical order.
    CountyFact(number, name, name.lower().replace(" ", "-"), f"06{number * 2 - 1:03d}")
    for number, name in enumerate(_NAMES, start=1)
)
BY_NUMBER = {county.number: county for county in COUNTIES}
BY_NAME = {county.name: county for county in COUNTIES}
BY_SLUG = {county.slug: county for county in COUNTIES}
