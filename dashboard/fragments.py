"""The pieces of pages that change through the night, rendered in the active language."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from django.template import Template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.translation import gettext, ngettext

from dashboard import county_pages, highlights, listing, update_list, wording
from dashboard.cards import in_canvass, race_card
from dashboard.contest_detail import contest_detail as detail_of
from dashboard.county_map import county_map as map_of
from dashboard.course_chart import course_chart
from dashboard.live import at_rest
from dashboard.remaining import left_sentence
from results import history
from results.models import Contest, Election, UnprocessedBallots
from results.selectors import ContestReturns, CountyCount, ElectionSummary
from results.unprocessed import Left


def card_and_as_of(returns: ContestReturns) -> tuple[str, str]:
    """The race card, root id `card-<slug>`, and its as-of line alone, root id `asof-<slug>`.

    The card holds the line at rest, so that a new time alone can be swapped without the card.
    """
    shown = race_card(returns)
    as_of = _render("cards/as_of.html", card=shown)
    return _render("cards/card.html", card=shown, as_of_html=at_rest(as_of)), as_of


def contest_detail(returns: ContestReturns, left: Left | None = None) -> str:
    """All candidates and the tables of areas, root id `contest-<slug>`."""
    return _render("contests/detail.html", detail=detail_of(returns, left))


def line(returns: ContestReturns) -> str:
    """The contest's line in the list of all contests, root id `item-<slug>`."""
    return _render("contests/line.html", line=listing.line(returns))


def county_contests(
    returns: ContestReturns, wanted: Container[str] | None = None
) -> dict[str, str]:
    """The contest in each of its counties, by root id (`in-<county>--<slug>`); or in the wanted."""
    shown = [
        county_pages.county_contest(returns, area)
        for area in returns.counties
        if area.county
        and (
            wanted is None
            or county_pages.county_contest_id(area.county.slug, returns.contest.slug) in wanted
        )
    ]
    return {one.id: _render("counties/contest.html", one=one) for one in shown}


def counties(
    counts: Sequence[CountyCount],
    election: Election,
    estimates: Mapping[int, UnprocessedBallots] | None = None,
) -> str:
    """The table of all counties, root id `counties`."""
    lines = county_pages.county_lines(counts, election, estimates or {})
    return _render(
        "counties/table.html",
        lines=lines,
        has_turnout=any(one.turnout for one in lines),
        has_types=any(one.report_type for one in lines),
        has_estimates=any(one.left for one in lines),
    )


def course(contest: Contest, election: Election, at: datetime | None = None) -> str:
    """The chart of a contest's night, root id `course-of-<slug>`."""
    candidates = list(contest.candidates.order_by("position"))
    return _render(
        "contests/course.html",
        slug=contest.slug,
        chart=course_chart(contest, election, candidates, history.course(contest, at)),
    )


def updates(contest: Contest, election: Election, at: datetime | None = None) -> str:
    """The list of a contest's updates, root id `updates-of-<slug>`."""
    candidates = list(contest.candidates.order_by("position"))
    found = history.updates(contest, at)
    left_out = len(found) - update_list.LISTED
    return _render(
        "contests/updates.html",
        slug=contest.slug,
        updates=update_list.items(contest, election, candidates, found[: update_list.LISTED]),
        updates_left_out=ngettext(
            "%(n)d earlier update is in the download.",
            "%(n)d earlier updates are in the download.",
            left_out,
        )
        % {"n": left_out}
        if left_out > 0
        else "",
    )


def county_map(returns: ContestReturns) -> str:
    """The map of a contest's counties, root id `map-of-<slug>`."""
    return _render(
        "contests/map.html",
        slug=returns.contest.slug,
        map=map_of(returns),
        reporting_keys=[
            (0, gettext("No precincts yet")),
            (1, gettext("Up to a quarter")),
            (2, gettext("Up to half")),
            (3, gettext("Over half")),
            (4, gettext("All precincts")),
        ],
    )


def delegations(contests: Sequence[ContestReturns]) -> str:
    """Who is ahead in the districts of each chamber, root id `delegations`."""
    return _render("overview/delegations.html", chambers=highlights.chambers(contests))


def closest(contests: Sequence[ContestReturns]) -> str:
    """The closest contests, root id `closest`."""
    return _render("overview/closest.html", contests=highlights.closest(contests))


def newest(contests: Sequence[ContestReturns]) -> str:
    """The contests that changed last, root id `newest`."""
    return _render("overview/newest.html", contests=highlights.newest(contests))


def summary(state: ElectionSummary, left: Left | None = None, ballots: int = 0) -> str:
    """The state of the count in one sentence, and what is left; root id `summary`.

    At least so many ballots are counted; 0 where that is not known.
    """
    return _render(
        "partials/summary.html",
        **_summary_words(state),
        counted=_counted(state, ballots),
        left=left_sentence(left),
    )


def _counted(state: ElectionSummary, ballots: int) -> str:
    """Beside precincts, which say little of how much is counted."""
    if not ballots or state.reported_at is None:
        return ""
    if in_canvass(state.election, state.reported_at):
        words = gettext("At least %(n)s ballots are counted; more are to come.")
    else:
        words = gettext("At least %(n)s ballots are counted.")
    return words % {"n": f"{ballots:,}"}


def _summary_words(state: ElectionSummary) -> dict[str, str]:
    if state.reported_at is None or state.changed_at is None:
        return {
            "sentence": gettext("No results have been received yet."),
            "detail": gettext("Polls close at %(time)s on %(day)s.")
            % {
                "time": wording.clock_time(state.election.polls_close),
                "day": wording.day(state.election.date),
            },
            "as_of": "",
        }
    percent = 100 * state.precincts_reporting / max(1, state.precincts_total)
    detail = gettext(
        "%(percent)s of precincts (%(reporting)s of %(all)s) report, in part or whole."
    )
    return {
        "sentence": _counties_reporting(state),
        "detail": detail
        % {
            "percent": wording.precincts_percent(
                f"{percent:.1f}".removesuffix(".0"),
                state.precincts_reporting,
                state.precincts_total,
            ),
            "reporting": f"{state.precincts_reporting:,}",
            "all": f"{state.precincts_total:,}",
        },
        "as_of": gettext("Figures last changed: %(time)s")
        % {"time": wording.night_time(state.changed_at, state.election)},
    }


def _counties_reporting(state: ElectionSummary) -> str:
    if not state.counties_reporting:
        # The feed may list no counties, or none whose own first report has come.
        return gettext("The first results are in.")
    return ngettext(
        "%(n)d of %(total)d counties has reported.",
        "%(n)d of %(total)d counties have reported.",
        state.counties_reporting,
    ) % {"n": state.counties_reporting, "total": state.counties_total}


def _render(template: str, **context: object) -> str:
    # The template below Django's wrapper: a fragment has no request for processors to look at.
    inner: Template = get_template(template).template  # type: ignore[attr-defined]
    return inner.render(Context(context))
