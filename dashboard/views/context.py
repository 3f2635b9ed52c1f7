"""What the pages' templates are given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix, translate_url
from django.utils import translation
from django.utils.translation import gettext
from redis.exceptions import RedisError

from dashboard import boards, cards, fragments, live, publishing, wording
from dashboard.board_pages import page_id
from dashboard.county_pages import county_contest_id, estimate_text
from dashboard.live_pages import HIGHLIGHTS
from dashboard.pages import State
from dashboard.tasks import request_publication
from results.feed.counties import BY_SLUG, CountyFact
from results.feed.times import CALIFORNIA
from results.models import Board, Contest, Election
from results.selectors import (
    ContestReturns,
    contest_areas,
    contest_returns,
    county_counts,
    election_summary,
    most_votes,
    public_contests,
)
from results.unprocessed import left_to_count, newest_estimates


@dataclass(frozen=True, slots=True)
class LiveContext:
    """What a page needs to keep itself current.

    url         where it asks what changed since the version it was rendered at
    feed_age    seconds since the feed last answered, or None
    quiet       whether figures have stayed the same for longer than they should
    """

    url: str
    poll_seconds: float
    feed_age: int | None
    late: bool
    quiet: bool
    late_after: float


def live_context(now: State, page: str, language: str, version: int | None = None) -> LiveContext:
    prefix = "" if language == settings.LANGUAGE_CODE else f"{language}/"
    since = now.version if version is None else version
    return LiveContext(
        url=f"{get_script_prefix()}{prefix}live/{page}/{since}",
        poll_seconds=settings.LIVE_POLL_SECONDS,
        feed_age=now.feed_age,
        late=now.late,
        quiet=now.quiet,
        late_after=settings.FEED_LATE_SECONDS,
    )


def language_links(path: str) -> list[dict[str, object]]:
    """This page in each language: code, name in that language, address, and which it is now."""
    active = translation.get_language()
    links = []
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            name = translation.get_language_info(code)["name_local"]
        links.append(
            {
                "code": code,
                "name": name,
                "url": translate_url(path, code),
                "is_current": code == active,
            }
        )
    return links


def page_context(now: State, page: str, request: HttpRequest) -> dict[str, object]:
    """What every page that keeps itself current is given."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "live": live_context(now, page, language),
        "languages": language_links(request.get_full_path()),
        "checked_at": wording.clock_time(now.check.checked_at) if now.check else "",
    }


def overview_parts(now: State, language: str) -> dict[str, object]:
    """Sections of the overview with their cards, and the state of the count.

    From what workers rendered; what is not there is rendered from the database, once, and stored.
    """
    election = Election.objects.filter(pk=now.election_id).first()
    if election is None:
        return {
            "election": None,
            "election_title": "",
            "sections": [],
            "summary_html": "",
            "highlights": {},
        }
    sections = _sections(election, language)
    cards_of = [publishing.card_id(slug) for section in sections for slug in section.slugs]
    ids = ["summary", *HIGHLIGHTS, *cards_of]
    html = _stored_or_rendered(election, language, ids)
    return {
        "election": election,
        "election_title": wording.election_name(election),
        "summary_html": html["summary"],
        "highlights": {name: html[name] for name in HIGHLIGHTS} if sections else {},
        "sections": sections_with(sections, html, publishing.card_id),
    }


def sections_with(
    sections: Sequence[cards.Section], html: Mapping[str, str], name_of: Callable[[str], str]
) -> list[dict[str, object]]:
    """Sections as templates take them; name_of names a contest's fragment by its slug."""
    return [
        {
            "key": section.key,
            "heading": section.heading,
            "cards": [html[name] for slug in section.slugs if (name := name_of(slug)) in html],
        }
        for section in sections
    ]


def _sections(election: Election, language: str) -> list[cards.Section]:
    """What stands where, as it was published; from the database where nothing has been yet."""
    try:
        held = live.fragments(election.pk, language, [live.LAYOUT])
    except RedisError:
        held = {}
    if held:
        return publishing.read_layout(held[live.LAYOUT])
    return cards.sections(list(public_contests(election)))


def overview_region(now: State, language: str) -> str:
    return render_to_string("overview/region.html", overview_parts(now, language))


def contest_parts(election: Election, slug: str, language: str) -> dict[str, object]:
    """The card and the detail of one contest's page."""
    ids = ["summary", publishing.card_id(slug), publishing.detail_id(slug)]
    html = _stored_or_rendered(election, language, ids)
    (returns,) = contest_returns(
        election, [public_contests(election).get(slug=slug).pk], areas=True
    )
    return {
        "summary_html": html["summary"],
        "card_html": html[publishing.card_id(slug)],
        "detail_html": html[publishing.detail_id(slug)],
        "card": cards.race_card(returns),
        **pictures_of(returns),
    }


def picture_parts(election: Election, slug: str, at: datetime | None = None) -> dict[str, str]:
    """The map and the night of a contest, root ids `map-of-<slug>` and `course-of-<slug>`.

    Not stored: only who looks at a contest has them made, once a version and web process.
    """
    contest = public_contests(election).filter(slug=slug).first()
    if contest is None:
        return {"map_html": "", "course_html": "", "updates_html": ""}
    (returns,) = contest_returns(election, [contest.pk], areas=True, at=at)
    return pictures_of(returns, at)


def pictures_of(returns: ContestReturns, at: datetime | None = None) -> dict[str, str]:
    """The map and the night of a contest as its returns stand, or stood at a moment."""
    return {
        "map_html": fragments.county_map(returns),
        "course_html": fragments.course(returns.contest, returns.election, at),
        "updates_html": fragments.updates(returns.contest, returns.election, at),
    }


def card_parts(contest: Contest, language: str) -> dict[str, str]:
    """A contest's card alone."""
    name = publishing.card_id(contest.slug)
    return {"card_html": _stored_or_rendered(contest.election, language, [name])[name]}


def board_parts(board: Board, election: Election | None) -> dict[str, str]:
    """All fragments of a board and the state of the count, in the active language.

    Without an election, only what was ordered of its screens.
    """
    if election is None:
        return boards.orders(board)
    pages = [page_id(board.slug, pk) for pk in board.pages.values_list("pk", flat=True)]
    ids = [boards.control_id(board.slug), boards.breaking_id(board.slug), *pages]
    try:
        html = live.fragments(election.pk, board.language, ids)
    except RedisError:
        html = {}
    if any(name not in html for name in ids):
        html = boards.board_fragments(board, election, contest_returns(election))
        request_publication(election.pk, [publishing.BOARDS])
    return {**html, **_stored_or_rendered(election, board.language, ["summary"])}


def my_parts(
    election: Election, counties: Sequence[str], districts: Sequence[str], language: str
) -> dict[str, object]:
    """The cards of chosen districts, and the statewide contests in chosen counties."""
    areas = contest_areas(election)
    statewide = [c for c in public_contests(election) if not c.district and c.pk in areas]
    watched = cards.sections(statewide, featured=False)
    slugs = [slug for section in watched for slug in section.slugs]
    ids = [county_contest_id(county, slug) for county in counties for slug in slugs]
    # A district that does not vote has no card; nor does everyone's request have one made.
    known = set(public_contests(election).filter(slug__in=districts).values_list("slug", flat=True))
    card_ids = [publishing.card_id(slug) for slug in districts if slug in known]
    html = _stored_or_rendered(election, language, [*card_ids, *ids])
    return {
        "cards": [html[name] for name in card_ids if name in html],
        "county_parts": [
            {
                "slug": county,
                "name": wording.county_name(BY_SLUG[county].name),
                "cards": [
                    html[name]
                    for slug in slugs
                    if (name := county_contest_id(county, slug)) in html
                ],
            }
            for county in counties
        ],
    }


def lines_of(election: Election, slugs: list[str], language: str) -> list[str]:
    """The lines of these contests in the list of all."""
    html = _stored_or_rendered(election, language, [publishing.line_id(slug) for slug in slugs])
    return [html[name] for slug in slugs if (name := publishing.line_id(slug)) in html]


def counties_parts(election: Election | None, language: str) -> dict[str, object]:
    """The state of the count and the table of counties."""
    if election is None:
        return {"summary_html": "", "table_html": ""}
    html = _stored_or_rendered(election, language, ["summary", "counties"])
    return {"summary_html": html["summary"], "table_html": html["counties"]}


def county_sections(
    election: Election, county: CountyFact, language: str
) -> list[dict[str, object]]:
    """The contests on a county's ballot by kind of office, each with the county's returns."""
    areas = contest_areas(election)
    contests = [c for c in public_contests(election) if county.number in areas.get(c.pk, ())]
    found = cards.sections(contests, featured=False)
    ids = [county_contest_id(county.slug, slug) for section in found for slug in section.slugs]
    html = _stored_or_rendered(election, language, ids)
    return sections_with(found, html, lambda slug: county_contest_id(county.slug, slug))


def county_left(election: Election, county: CountyFact) -> str:
    """How many ballots a county has yet to count, by its own estimate; "" where none is known."""
    estimate = newest_estimates(election).get(county.number)
    if estimate is None:
        return ""
    return gettext("Still to count here: about %(estimate)s ballots. Source: %(source)s") % {
        "estimate": estimate_text(estimate),
        "source": estimate.source,
    }


def _stored_or_rendered(election: Election, language: str, ids: list[str]) -> dict[str, str]:
    try:
        html = live.fragments(election.pk, language, ids)
    except RedisError:
        return _rendered(election, ids)
    missing = [name for name in ids if name not in html]
    if missing:
        html |= _rendered(election, missing)
        # What was missing for one reader is missing for all: have a worker store everything.
        request_publication(election.pk, [publishing.EVERYTHING])
    return html


def _rendered(election: Election, ids: list[str]) -> dict[str, str]:
    """These fragments straight from the database, in the active language."""
    return render_fragments(election, ids)


def render_fragments(
    election: Election, ids: Iterable[str], at: datetime | None = None
) -> dict[str, str]:
    """These fragments from the database, as things stand or stood at a moment."""
    wanted = set(ids)
    html: dict[str, str] = {}
    # Estimates are of days, not of hours: a moment of the night has those told by its day.
    estimates = newest_estimates(election, at.astimezone(CALIFORNIA).date() if at else None)
    left = left_to_count(estimates)
    if "summary" in wanted:
        statewide = public_contests(election).filter(district=0).values_list("pk", flat=True)
        ballots = most_votes(contest_returns(election, statewide, at=at))
        html["summary"] = fragments.summary(election_summary(election, at), left, ballots)
    if "counties" in wanted:
        html["counties"] = fragments.counties(county_counts(election, at), election, estimates)
    if wanted & set(HIGHLIGHTS):
        everything = contest_returns(election, at=at)
        html["delegations"] = fragments.delegations(everything)
        html["closest"] = fragments.closest(everything)
        html["newest"] = fragments.newest(everything)
    in_counties = any(name.startswith("in-") for name in wanted)
    slugs = {
        name.partition("--" if name.startswith("in-") else "-")[2]
        for name in wanted - {"summary", "counties", *HIGHLIGHTS}
    }
    if not slugs:
        return html
    contests = public_contests(election).filter(slug__in=slugs)
    areas = in_counties or any(name.startswith(("card-", "contest-")) for name in wanted)
    keys = [contest.pk for contest in contests]
    for one in contest_returns(election, keys, areas=areas, at=at):
        slug = one.contest.slug
        if publishing.card_id(slug) in wanted:
            html[publishing.card_id(slug)] = fragments.card_and_as_of(one)[0]
        if publishing.detail_id(slug) in wanted:
            html[publishing.detail_id(slug)] = fragments.contest_detail(one, left)
        if publishing.line_id(slug) in wanted:
            html[publishing.line_id(slug)] = fragments.line(one)
        if in_counties:
            html |= fragments.county_contests(one, wanted)
    return html
