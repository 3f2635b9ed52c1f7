"""Every figure on the pages, read from their HTML, against the recorded bodies read by other means.

What is expected here is computed from the bodies' own words by none of the product's code.
"""

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from bs4 import BeautifulSoup, Tag

from dashboard import pages, publishing
from results.feed.counties import BY_NAME
from results.models import Candidate, Contest
from tests.recorded_nights import listed_election, march_2024, read_independently, sweep

BEGIN = datetime(2024, 3, 6, 4, 32, tzinfo=UTC)
MIDDLE = datetime(2024, 3, 6, 6, 40, tzinfo=UTC)
END = datetime(2024, 3, 6, 11, 10, tzinfo=UTC)
TOP_TWO = ("us-senate", "us-rep", "state-senate", "state-assembly")
EVERY = 9
"""Of the contests and counties, every ninth has its page read at each moment."""


def number(text: str) -> int:
    return int(text.replace(",", ""))


def percent(part: int, whole: int) -> str:
    """One decimal, halves up."""
    if not whole:
        return "0.0%"
    share = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share}%"


def flat(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())


def by_name(fact: dict) -> dict[str, int]:
    return {name: votes for (name, _), votes in fact["votes"].items()}


class Night:
    """What the bodies of a moment say, by contest and county."""

    def __init__(self, facts: dict) -> None:
        on_ballot = set(
            Contest.objects.filter(on_ballot=True, is_published=True).values_list("slug", flat=True)
        )
        self.whole = {slug: f for (slug, c, d), f in facts.items() if not c and not d}
        self.whole = {slug: f for slug, f in self.whole.items() if slug in on_ballot}
        self.county = {(slug, c): f for (slug, c, d), f in facts.items() if c and not d}

    def counties_of(self, slug: str) -> dict[int, dict]:
        return {c: f for (of, c), f in self.county.items() if of == slug}

    def past_threshold(self, slug: str) -> bool:
        reporting, total = map(number, self.whole[slug]["precincts"][1:-1].split(" of "))
        return 20 * reporting >= total > 0 or any(
            self.all_in(fact) and sum(fact["votes"].values())
            for fact in self.counties_of(slug).values()
        )

    @staticmethod
    def all_in(fact: dict) -> bool:
        reporting, total = map(number, fact["precincts"][1:-1].split(" of "))
        return 0 < total == reporting

    def margin(self, slug: str) -> tuple[int, float] | None:
        """Votes and points between the places that decide a contest."""
        votes = sorted(self.whole[slug]["votes"].values(), reverse=True)
        place = 2 if slug.startswith(TOP_TWO) else 1
        if not sum(votes) or len(votes) <= place:
            return None
        gap = votes[place - 1] - votes[place]
        return gap, 100 * gap / sum(votes)


@pytest.fixture
def show(db, client):
    """Has the service take up the feed of a moment; the night as the bodies tell it."""
    recording = march_2024()
    election = listed_election(recording)
    publishing.publish_election_choice()

    def at(moment: datetime) -> Night:
        # Twice: the first answer about measures tells which counties to ask for.
        sweep(election, recording, moment)
        sweep(election, recording, moment)
        publishing.publish(election)
        pages.forget_state()
        return Night(read_independently(recording, moment))

    return at


@pytest.mark.one_database
@pytest.mark.parametrize("moment", [BEGIN, MIDDLE, END], ids=["begin", "middle", "end"])
def test_every_figure_on_the_pages_is_that_of_the_feed(client, show, moment):
    night = show(moment)

    def soup(path: str) -> BeautifulSoup:
        response = client.get(path)
        assert response.status_code == 200, path
        return BeautifulSoup(response.content.decode(), "html.parser")

    overview = soup("/")
    cards = {card["id"].removeprefix("card-"): card for card in overview.select("article.card")}
    assert cards.keys() == night.whole.keys()
    for slug, card in cards.items():
        check_card(card, night.whole[slug])
    check_summary(overview, night)
    check_delegations(overview, night)
    check_closest(overview, night)
    lines = soup("/contests/").select(".line")
    assert len(lines) == len(night.whole)
    for line in lines:
        check_line(line, night.whole[line["id"].removeprefix("item-")])
    check_counties(soup("/counties/"), night)
    offset = moment.minute % EVERY
    counties = list(BY_NAME.values())
    for county in counties[offset::EVERY]:
        for card in soup(f"/counties/{county.slug}/").select(".county-card"):
            slug = card["id"].removeprefix(f"in-{county.slug}--")
            check_county_card(card, night.county[slug, county.number], night.whole[slug])
    statewide = [slug for slug in night.whole if "-district-" not in slug]
    for slug in [*statewide, *[s for s in night.whole if "-district-" in s][offset::EVERY]]:
        check_contest_page(soup(f"/contests/{slug}/"), slug, night)


def check_card(card: Tag, fact: dict) -> None:
    votes, total = by_name(fact), sum(fact["votes"].values())
    if not total and fact["precincts"].startswith("(0 of"):
        assert "Not yet received" in card.get_text()
        return
    rows = card.select(".row")
    shown = {name_of(row.select_one(".name")): row for row in rows}
    assert shown.keys() == votes.keys()
    for name, row in shown.items():
        assert number(row.select_one(".votes").get_text()) == votes[name]
        assert row.select_one(".percent").get_text() == percent(votes[name], total)
        assert row.select_one(".bar-fill")["width"] + "%" == percent(votes[name], total)
    assert f"({card.select_one('.precincts-counts').get_text()})" == fact["precincts"].replace(
        ")", " precincts)"
    )
    assert number(flat(card.select_one(".card-counted")).split()[0]) == total


def name_of(tag: Tag) -> str:
    text = "".join(part for part in tag.strings if part.parent is tag)
    return " ".join(text.split())


def check_summary(page: BeautifulSoup, night: Night) -> None:
    heard = {c for (_, c), f in night.county.items() if sum(f["votes"].values())}
    reported = {
        c for (_, c), f in night.county.items() if not f["precincts"].startswith("(0 of")
    } | heard
    summary = flat(page.select_one("#summary"))
    assert f"{len(reported)} of 58 counties" in summary
    widest = max(night.whole.values(), key=lambda f: number(f["precincts"][1:-1].split(" of ")[1]))
    assert widest["precincts"] in summary
    statewide = [f for slug, f in night.whole.items() if "-district-" not in slug]
    ballots = max(sum(f["votes"].values()) for f in statewide)
    assert f"At least {ballots:,} ballots are counted; more are to come." in summary


def check_delegations(page: BeautifulSoup, night: Night) -> None:
    parties = {
        (c.contest.slug, c.name): c.party for c in Candidate.objects.select_related("contest")
    }
    for chamber, office in zip(
        page.select(".chamber"), ("us-rep", "state-senate", "state-assembly"), strict=True
    ):
        ahead: dict[str, int] = {}
        for slug in night.whole:
            if slug.startswith(f"{office}-"):
                votes = by_name(night.whole[slug])
                ranked = sorted(votes, key=lambda name: -votes[name])
                party = ""
                if sum(votes.values()) and night.past_threshold(slug):
                    party = parties[slug, ranked[0]]
                ahead[party] = ahead.get(party, 0) + 1
        told = {
            (part.abbr["title"] if part.abbr else ""): int(
                part.select_one(".chamber-seats").get_text()
            )
            for part in chamber.select(".chamber-parts li")
        }
        names = {"Dem": "Democratic", "Rep": "Republican", "": "", "NPP": "No party preference"}
        assert told == {names[party]: n for party, n in ahead.items()}


def check_closest(page: BeautifulSoup, night: Night) -> None:
    found = {
        slug: margin
        for slug in night.whole
        if (margin := night.margin(slug)) and margin[1] < 2 and night.past_threshold(slug)
    }
    expected = sorted(found, key=lambda slug: found[slug][1])[:6]
    listed = page.select("#closest li")
    assert [one.a["href"].split("/")[2] for one in listed] == expected
    for one, slug in zip(listed, expected, strict=True):
        assert number(flat(one.select_one(".short-detail")).split()[0]) == found[slug][0]


def check_line(line: Tag, fact: dict) -> None:
    votes, total = by_name(fact), sum(fact["votes"].values())
    for row in line.select(".line-row"):
        name = flat(row.select_one(".name"))
        assert row.select_one(".percent").get_text() == percent(votes[name], total)
    told = line.select_one(".line-precincts")["title"]
    assert f"({told.removesuffix(' precincts')})" == fact["precincts"]


def check_counties(page: BeautifulSoup, night: Night) -> None:
    whole = {slug: sum(fact["votes"].values()) for slug, fact in night.whole.items()}
    statewide = [slug for slug in whole if len(night.counties_of(slug)) == 58]
    contest = max(statewide, key=lambda slug: whole[slug])
    rows = page.select("table.counties tbody tr")
    assert len(rows) == 58
    for row in rows:
        fact = night.county[contest, BY_NAME[row.th.get_text()].number]
        total = sum(fact["votes"].values())
        if row.select_one(".waiting"):
            assert not total
            continue
        _, counted, votes, *_ = row.select("td")
        assert f"({flat(counted).removesuffix(' precincts')})" == fact["precincts"]
        assert number(flat(votes)) == total


def check_county_card(card: Tag, fact: dict, whole: dict) -> None:
    votes, total = by_name(fact), sum(fact["votes"].values())
    everywhere, all_votes = by_name(whole), sum(whole["votes"].values())
    if not total and fact["precincts"].startswith("(0 of"):
        assert "Not yet received" in card.get_text()
        return
    for row in card.select("tbody tr"):
        name = flat(row.select_one(".name"))
        told_votes, here, there, difference = (flat(cell) for cell in row.select("td"))
        assert number(told_votes) == votes[name]
        assert (here, there) == (percent(votes[name], total), percent(everywhere[name], all_votes))
        tenths = Decimal(here[:-1]) - Decimal(there[:-1])
        assert Decimal(difference.replace("\N{MINUS SIGN}", "-")) == tenths
    counted = flat(card.select_one(".card-counted"))
    assert number(counted.split()[0]) == total
    share = percent(total, all_votes)
    assert (share if share != "0.0%" or not total else "<0.1%") in counted
    told = flat(card.select_one(".precincts-counts"))
    assert f"({told.removesuffix(' precincts')})" == fact["precincts"]


def check_contest_page(page: BeautifulSoup, slug: str, night: Night) -> None:
    check_card(page.select_one("article.card"), night.whole[slug])
    whole, counties = night.whole[slug], night.counties_of(slug)
    all_votes = sum(whole["votes"].values())
    for row in page.select(".candidates tbody tr"):
        if row.select_one(".waiting"):
            continue
        name = name_of(row.th)
        votes, share = (flat(cell) for cell in row.select("td"))
        assert number(votes) == by_name(whole)[name]
        assert share == percent(by_name(whole)[name], all_votes)
    table = page.select_one(".areas table")
    if counties:
        names = [flat(head) for head in table.select("thead .column-name")]
        rows = [row for row in table.select("tbody tr") if row.th.get_text() in BY_NAME]
        assert len(rows) == len(counties)
        for row in rows:
            check_area_row(row, names, counties[BY_NAME[row.th.get_text()].number], all_votes)
    for link in page.select(".map a"):
        check_map_county(link, counties[int(link["id"].removeprefix("map-"))])
    check_course_ends(page, whole)


def check_area_row(row: Tag, names: list[str], fact: dict, all_votes: int) -> None:
    votes, total = by_name(fact), sum(fact["votes"].values())
    if row.select_one(".waiting"):
        assert not total
        return
    cells = row.select("td")
    for name, cell in zip(names, cells, strict=False):
        assert number(cell.select_one(".votes").get_text()) == votes[name]
        assert cell.select_one(".percent").get_text() == percent(votes[name], total)
    told_total, lead, share, precincts, _ = cells[len(names) :]
    assert number(flat(told_total)) == total
    ranked = sorted(votes.values(), reverse=True)
    if len(ranked) > 1 and total and ranked[0] > ranked[1]:
        points = 100 * (ranked[0] - ranked[1]) / total
        assert float(lead["data-sort"]) == pytest.approx(points, abs=1e-4)
        assert flat(lead).endswith("+<0.1" if points < 0.05 else f"+{points:.1f}")
    expected = percent(total, all_votes)
    assert flat(share) == (expected if expected != "0.0%" or not total else "<0.1%")
    assert f"({precincts['title'].removesuffix(' precincts')})" == fact["precincts"]


def check_map_county(link: Tag, fact: dict) -> None:
    votes, total = by_name(fact), sum(fact["votes"].values())
    told = link["aria-label"]
    if "not yet received" in told:
        assert not total
        return
    first, second = [*sorted(votes.values(), reverse=True), 0][:2]
    shares = re.findall(r"(\d+\.\d%)(?=[,;])", told)
    assert shares == [percent(first, total), percent(second, total)][: len(votes)]


def check_course_ends(page: BeautifulSoup, whole: dict) -> None:
    """The chart's last points are the returns of now."""
    votes, total = by_name(whole), sum(whole["votes"].values())
    for line in page.select(".course-line"):
        name = line.title.get_text()
        assert line.select_one(".course-percent").get_text() == percent(votes[name], total)
    counted = page.select_one(".course-votes .course-percent")
    if counted:
        assert number(counted.get_text()) == total
    for text in page.select(".course-line text"):
        assert re.search(r"\d%", text.get_text())
