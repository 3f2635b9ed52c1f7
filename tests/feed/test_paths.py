import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.feed.counties import COUNTIES
from results.feed.facts import ContestKey
from results.feed.offices import OFFICES
from results.feed.paths import (
    Endpoint,
    UnknownEndpoint,
    contest_path,
    contest_slug,
    parse_path,
    query_path,
)
from tests.feed.strategies import (
    PRIMARY_PARTIES,
    measure_numbers,
    numbered_contests,
    retentions,
)

DIVIDED = tuple(office.slug for office in OFFICES.values() if office.districts)
county_slugs = st.sampled_from([county.slug for county in COUNTIES])


@st.composite
def endpoints(draw) -> Endpoint:
    office = draw(st.sampled_from([*OFFICES, "status", "maps", "query"]))
    if office == "status":
        return Endpoint(office, rest=draw(st.sampled_from(["", "general", "state-special"])))
    if office == "maps":
        inside = draw(st.sampled_from(["governor", "ballot-measures/prop/1", "voter-turnout"]))
        return Endpoint(office, rest=inside)
    if office == "query":
        ids = st.lists(st.text(min_size=1, max_size=14), min_size=1, max_size=11)
        return Endpoint(office, ids=tuple(draw(ids)))
    county = draw(st.none() | st.just("all") | county_slugs)
    if office == "ballot-measures":
        return Endpoint(office, county=county, measure=draw(st.just("") | measure_numbers))
    if office == "president":
        party = draw(st.sampled_from(["", *PRIMARY_PARTIES]))
        if party and draw(st.booleans()):
            return Endpoint(office, party, district="all")
        return Endpoint(office, party, county=county)
    if office in DIVIDED:
        district = draw(st.just("all") | st.integers(1, OFFICES[office].districts))
        return Endpoint(office, district=district, county=None if district == "all" else county)
    return Endpoint(office, county=county)


@given(endpoints())
def test_an_address_is_found_again_by_its_canonical_spelling(endpoint):
    assert parse_path(endpoint.path) == endpoint


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("governor", Endpoint("governor")),
        ("governor/county/all", Endpoint("governor", county="all")),
        ("us-senate/county/del-norte", Endpoint("us-senate", county="del-norte")),
        ("president/party/green/county/yolo", Endpoint("president", "green", county="yolo")),
        ("president/party/democratic/district/all", Endpoint("president", "democratic", "all")),
        ("us-rep/district/40", Endpoint("us-rep", district=40)),
        ("us-rep/district/all", Endpoint("us-rep", district="all")),
        ("us-rep/district/4/county/lake", Endpoint("us-rep", district=4, county="lake")),
        ("ballot-measures", Endpoint("ballot-measures")),
        ("ballot-measures/county/lake", Endpoint("ballot-measures", county="lake")),
        ("ballot-measures/prop/50", Endpoint("ballot-measures", measure="50")),
        (
            "ballot-measures/prop/1/county/all",
            Endpoint("ballot-measures", county="all", measure="1"),
        ),
        ("supreme-court", Endpoint("supreme-court")),
        ("supreme-court/county/lake", Endpoint("supreme-court", county="lake")),
        ("courts-of-appeal/district/1", Endpoint("courts-of-appeal", district=1)),
        ("courts-of-appeal/district/all", Endpoint("courts-of-appeal", district="all")),
        ("status", Endpoint("status")),
        ("status/primary", Endpoint("status", rest="primary")),
        ("maps/ballot-measures/prop/1", Endpoint("maps", rest="ballot-measures/prop/1")),
        ('query?r=["02000000000059"]', Endpoint("query", ids=("02000000000059",))),
    ],
)
def test_the_addresses_of_the_api(path, endpoint):
    assert parse_path(path) == endpoint


@pytest.mark.parametrize(
    "spelling",
    [
        "us-rep/district/4/county/lake",
        "/us-rep/district/4/county/lake/",
        "/returns/us-rep/district/4/county/lake",
        "returns/us-rep/district/4/county/lake?f=csv",
        " us-rep//district/04/county/lake\n",
        "https://results.example/returns/us-rep/district/4/county/lake",
        "HTTP://localhost:8100/mirror/returns/us-rep/district/4/county/lake/?f=csv",
    ],
)
def test_one_address_in_many_spellings(spelling):
    assert parse_path(spelling).path == "us-rep/district/4/county/lake"


@pytest.mark.parametrize("number", ["1", "01", "001"])
def test_a_measure_is_asked_with_or_without_zeros(number):
    assert parse_path(f"ballot-measures/prop/{number}").measure == "1"


def test_the_letter_of_a_measure_is_a_capital():
    assert parse_path("ballot-measures/prop/01a") == parse_path("ballot-measures/prop/1A")


@pytest.mark.parametrize(
    "r",
    [
        '["01000300000059","19000000001A17"]',
        '["01000300000059", "19000000001A17"]',
        "%5B%2201000300000059%22%2C%20%2219000000001A17%22%5D",
        '["01000300000059",+"19000000001A17"]&f=csv',
        "[01000300000059,19000000001A17]",
        "01000300000059,19000000001A17",
    ],
)
def test_ids_of_a_query_in_many_spellings(r):
    assert parse_path(f"query?r={r}").ids == ("01000300000059", "19000000001A17")


@pytest.mark.parametrize("r", ["[11000040000059,10000000000159]", "11000040000059 10000000000159"])
def test_ids_without_quotes_keep_all_their_digits(r):
    assert parse_path(f"query?r={r}").ids == ("11000040000059", "10000000000159")


@given(st.lists(st.text("0123456789", min_size=14, max_size=14), min_size=1, max_size=10))
def test_a_query_is_encoded_as_a_browser_would_read_it(ids):
    path = query_path(ids)
    assert not set('[]" ') & set(path)
    assert json.loads(parse_qs(urlsplit(path).query)["r"][0]) == ids


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "names nothing below /returns/"),
        ("/returns/", "names nothing below /returns/"),
        ("mayor", "no office 'mayor'"),
        ("superintendent", "no office 'superintendent'"),
        ("returns/returns/governor", "no office 'returns'"),
        ("governor/county", "ends after 'county'"),
        ("governor/county/Lake", "no county 'Lake'"),
        ("governor/county/orange-county", "no county 'orange-county'"),
        ("governor/district/1", "governor has no district '1'"),
        ("governor/district/all", "governor has no district 'all'"),
        ("governor/party/green", "governor has no party 'green'"),
        ("governor/prop/1", "governor has no measure '1'"),
        ("governor/city/davis", "city is not how an address goes on"),
        ("governor/county/lake/county/yolo", "not how an address goes on"),
        ("us-rep/county/lake/district/4", "not how an address goes on"),
        ("us-rep", "names no district"),
        ("us-rep/county/lake", "names no district"),
        ("us-rep/district/0", "no district '0'"),
        ("us-rep/district/54", "no district '54'"),
        ("us-rep/district/four", "no district 'four'"),
        ("us-rep/district/४", "no district"),
        ("us-rep/district/all/county/lake", "not divided by county"),
        ("president/party/whig", "president has no party 'whig'"),
        ("president/district/all", "president has no district 'all'"),
        ("president/party/green/district/1", "president has no district '1'"),
        ("ballot-measures/prop/0", "no measure '0'"),
        ("ballot-measures/prop/123456", "no measure '123456'"),
        ("status/../governor", "no such status"),
        ("maps/a b", "no such maps"),
        ("query", "r is missing"),
        ("query?f=csv", "r is missing"),
        ('query/x?r=["02000000000059"]', "r is missing"),
        ("query?r=[]", "not a list of contest ids"),
        ("query?r={}", "not a list of contest ids"),
        ('query?r=[["02000000000059"]]', "not a list of contest ids"),
        ("query?r=" + "[" * 5000, "not a list of contest ids"),
    ],
)
def test_why_an_address_is_none_is_said(path, reason):
    with pytest.raises(UnknownEndpoint, match=reason):
        parse_path(path)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from([*OFFICES, *"district all county lake party green prop 1 maps".split()]),
        max_size=8,
    ).map("/".join)
)
def test_any_text_is_an_address_or_an_unknown_endpoint(text):
    try:
        endpoint = parse_path(text)
    except UnknownEndpoint:
        return
    assert parse_path(endpoint.path) == endpoint


@pytest.mark.parametrize(
    ("key", "path", "slug"),
    [
        (ContestKey("us-senate"), "us-senate", "us-senate"),
        (ContestKey("us-rep", district=40), "us-rep/district/40", "us-rep-district-40"),
        (
            ContestKey("president", "democratic"),
            "president/party/democratic",
            "president-party-democratic",
        ),
        (
            ContestKey("ballot-measures", measure="1"),
            "ballot-measures/prop/1",
            "ballot-measures-prop-1",
        ),
        (
            ContestKey("ballot-measures", measure="1A"),
            "ballot-measures/prop/1A",
            "ballot-measures-prop-1a",
        ),
        (
            ContestKey("supreme-court", justice="Patricia Guerrero"),
            "supreme-court",
            "supreme-court-patricia-guerrero",
        ),
        (
            ContestKey("courts-of-appeal", district=1, justice="Therese M. Stewart"),
            "courts-of-appeal/district/1",
            "courts-of-appeal-district-1-therese-m-stewart",
        ),
        (
            ContestKey("supreme-court", justice='José "Pepe" Núñez, Jr.'),
            "supreme-court",
            "supreme-court-jose-pepe-nunez-jr",
        ),
    ],
)
def test_a_contest_has_the_feeds_path_and_a_slug_of_it(key, path, slug):
    assert contest_path(key) == path
    assert contest_slug(key) == slug


@given(numbered_contests() | retentions())
def test_slugs_are_made_of_letters_digits_and_hyphens(key):
    assert set(contest_slug(key)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert parse_path(contest_path(key)).office == key.office


@given(st.lists(numbered_contests(), unique=True, max_size=20))
def test_no_two_contests_share_a_slug(keys):
    assert len({contest_slug(key) for key in keys}) == len(keys)
