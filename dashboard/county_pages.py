"""The count by county: the table of all counties, and each county's own contests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from dashboard import addresses, cards, wording
from results.feed.represent import candidate_percent
from results.models import Contest, Election, UnprocessedBallots
from results.selectors import AreaReturns, ContestReturns, CountyCount

COMPARED = 3
"""Candidates whose shares in the county stand beside those in the whole contest."""


@dataclass(frozen=True, slots=True)
class CountyLine:
    """One county in the table of counties."""

    slug: str
    url: str
    name: str
    has_report: bool
    precincts: cards.Precincts
    votes: str
    turnout: str
    first_report: str
    first_iso: str
    last_report: str
    last_iso: str
    reports: str
    report_type: str
    left: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One candidate in a county beside the whole contest. Widths are in hundredths."""

    key: str
    name: str
    party: str
    party_letter: str
    party_class: str
    votes_text: str
    percent: str
    width: str
    whole_percent: str
    difference: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class CountyContest:
    """One contest in one county."""

    id: str
    url: str
    title: str
    subtitle: str
    whole_name: str
    has_report: bool
    rows: tuple[Compared, ...]
    others: str
    votes: str
    share: str
    precincts: cards.Precincts
    as_of: str
    correction: str = ""


def county_lines(
    counts: Sequence[CountyCount],
    election: Election,
    estimates: Mapping[int, UnprocessedBallots],
) -> list[CountyLine]:
    """The lines of the table; estimates are the unprocessed ballots by county number."""
    return [_county_line(count, election, estimates.get(count.county.number)) for count in counts]


def estimate_text(estimate: UnprocessedBallots | None) -> str:
    """How many ballots a county has left, and by the estimate of which day."""
    if estimate is None:
        return ""
    return gettext("%(n)s (%(day)s)") % {
        "n": f"{estimate.total:,}",
        "day": wording.day(estimate.reported_on),
    }


def _county_line(
    count: CountyCount, election: Election, estimate: UnprocessedBallots | None
) -> CountyLine:
    status = count.status
    reporting, total = count.precincts_reporting, count.precincts_total
    turnout = ""
    if status is not None and status.turnout is not None and status.registered:
        turnout = f"{candidate_percent(status.turnout, status.registered)}%"
    return CountyLine(
        slug=count.county.slug,
        url=addresses.county(count.county.slug),
        name=count.county.name,
        has_report=count.has_report,
        precincts=cards.precincts_of(reporting, total, count.reporting_percent),
        votes=f"{count.votes:,}" if count.has_report else "",
        turnout=turnout,
        first_report=wording.night_time(count.first_report, election) if count.first_report else "",
        first_iso=count.first_report.isoformat() if count.first_report else "",
        last_iso=count.last_report.isoformat() if count.last_report else "",
        last_report=wording.night_time(count.last_report, election) if count.last_report else "",
        reports=f"{count.reports}" if count.reports else "",
        report_type=str(status.get_report_type_display()) if status and status.report_type else "",
        left=estimate_text(estimate),
    )


def county_contest_id(county_slug: str, contest_slug: str) -> str:
    return f"in-{county_slug}--{contest_slug}"


def county_contest(returns: ContestReturns, area: AreaReturns) -> CountyContest:
    """A contest in one of its counties, its candidates in the order of the county's votes."""
    contest, whole = returns.contest, returns.whole
    assert area.county is not None  # noqa: S101 - callers pass county rows
    in_order = contest.kind != Contest.Kind.CANDIDATES
    standing = area.candidates if in_order or not area.has_report else area.ranked
    most = max((one.votes for one in area.candidates), default=0)
    votes_of_whole = {one.candidate.pk: one.votes for one in whole.candidates}
    rows = []
    for one in standing[:COMPARED]:
        candidate = one.candidate
        percent = candidate_percent(one.votes, area.total_votes)
        of_whole = candidate_percent(votes_of_whole.get(candidate.pk, 0), whole.total_votes)
        rows.append(
            Compared(
                key=f"c{candidate.pk}",
                name=wording.choice_name(str(candidate), contest.kind),
                party=str(wording.PARTY_NAMES.get(candidate.party, "")),
                party_letter=wording.PARTY_LETTERS.get(candidate.party, ""),
                party_class=candidate.name.lower()
                if in_order
                else wording.party_class(candidate.party),
                votes_text=f"{one.votes:,}",
                percent=f"{percent}%",
                width=percent if area.has_report else "0",
                whole_percent=f"{of_whole}%",
                difference=_difference(percent, of_whole),
                is_first=bool(one.votes) and one.votes == most,
            )
        )
    left_out = len(standing) - len(rows)
    return CountyContest(
        id=county_contest_id(area.county.slug, contest.slug),
        url=addresses.contest(contest.slug),
        title=wording.contest_title(contest),
        subtitle=wording.contest_subtitle(contest),
        whole_name=gettext("District") if contest.district else gettext("State"),
        has_report=area.has_report,
        rows=tuple(rows),
        others=ngettext("and %(n)d more candidate", "and %(n)d more candidates", left_out)
        % {"n": left_out}
        if left_out
        else "",
        votes=cards.votes_counted_text(area),
        share=_share(area, returns) if area.has_report and whole.total_votes else "",
        precincts=cards.precincts(area),
        as_of=wording.night_time(area.reported_at, returns.election)
        if area.reported_at and area.has_report
        else "",
        correction=" ".join(cards.county_corrections(returns, area.county.number)),
    )


def _difference(here: str, whole: str) -> str:
    """Points more or less than in the whole contest, with a sign."""
    tenths = round(10 * float(here)) - round(10 * float(whole))
    return f"{tenths / 10:+.1f}".replace("-", "\N{MINUS SIGN}") if tenths else "0.0"


def _share(area: AreaReturns, returns: ContestReturns) -> str:
    percent = candidate_percent(area.total_votes, returns.whole.total_votes)
    if percent == "0.0" and area.total_votes:
        percent = "<0.1"
    words = (
        gettext("%(percent)s%% of the district’s votes")
        if returns.contest.district
        else gettext("%(percent)s%% of the state’s votes")
    )
    return words % {"percent": percent}
