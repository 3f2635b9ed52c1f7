"""What a race card shows: every word and figure of it, ready for a template to place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dashboard import addresses, wording
from dashboard.call_words import CallWords, call_words
from results.corrections import SetFigure
from results.feed.counties import BY_NUMBER
from results.feed.represent import candidate_percent
from results.feed.times import CALIFORNIA
from results.models import Contest, Election
from results.selectors import AreaReturns, CandidateReturns, ContestReturns

CANVASS = timedelta(days=30)
LONG_NAME = 22
"""Characters."""
SHOWN_ROWS = 4
"""Candidates a card lists before it folds the others away."""


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate's line. width is the bar's length in hundredths of the card."""

    key: str
    name: str
    party: str
    party_letter: str
    party_class: str
    incumbent: bool
    votes: int
    votes_text: str
    percent: str
    width: str
    leads: bool
    is_called: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the name needs two lines where others need one."""
        return len(self.name) > LONG_NAME


@dataclass(frozen=True, slots=True)
class Precincts:
    """How much has reported: words, and the bar's length in hundredths."""

    percent: str
    counts: str
    width: str
    all_reported: bool
    total: int = 0


@dataclass(frozen=True, slots=True)
class RaceCard:
    """One contest as a card. Texts are in the active language."""

    slug: str
    url: str
    title: str
    subtitle: str
    rule: str
    has_report: bool
    is_yes_no: bool
    shows_leader: bool
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    more_label: str
    status: str
    call: CallWords | None
    votes_counted: str
    change: str
    correction: str
    precincts: Precincts
    canvass_goes_on: bool
    as_of: str
    as_of_iso: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the overview."""

    key: str
    heading: str
    slugs: tuple[str, ...]


SECTIONS = (
    ("president", _("President"), ("president",)),
    (
        "statewide",
        _("Statewide offices"),
        (
            "us-senate",
            "us-senate-unexpired-term",
            "governor",
            "lieutenant-governor",
            "secretary-of-state",
            "controller",
            "treasurer",
            "attorney-general",
            "insurance-commissioner",
            "superintendent-of-public-instruction",
        ),
    ),
    ("measures", _("Ballot measures"), ("ballot-measures",)),
    ("us-house", _("U.S. House of Representatives"), ("us-rep",)),
    ("state-senate", _("State Senate"), ("state-senate",)),
    ("state-assembly", _("State Assembly"), ("state-assembly",)),
    ("equalization", _("Board of Equalization"), ("board-of-equalization",)),
    ("courts", _("Justices"), ("supreme-court", "courts-of-appeal")),
)


def all_sections() -> list[Section]:
    """The kinds of office; slugs are those of their offices."""
    return [Section(key, str(heading), offices) for key, heading, offices in SECTIONS]


def sections(contests: Sequence[Contest], *, featured: bool = True) -> list[Section]:
    """The contests of a page by kind of office, in their order; featured ones first of all.

    A contest stands in exactly one section. Without featured, no section is made of those.
    """
    watched = [c for c in contests if c.is_featured and featured]
    found = []
    if watched:
        slugs = tuple(contest.slug for contest in watched)
        found.append(Section("featured", gettext("Races we are watching"), slugs))
    for key, heading, offices in SECTIONS:
        chosen = [c for c in contests if c.office in offices and c not in watched]
        if chosen:
            found.append(Section(key, str(heading), tuple(c.slug for c in chosen)))
    return found


def race_card(returns: ContestReturns) -> RaceCard:
    """The card of a contest as its returns now stand."""
    contest, whole = returns.contest, returns.whole
    leaders = leading(returns)
    call = call_words(returns)
    called = call.winners if call else frozenset()
    rows = candidate_rows(whole, contest, {c.candidate.pk for c in leaders}, called)
    shown = rows if len(rows) <= SHOWN_ROWS + 1 else rows[:SHOWN_ROWS]
    more = rows[len(shown) :]
    return RaceCard(
        slug=contest.slug,
        url=addresses.contest(contest.slug),
        title=wording.contest_title(contest),
        subtitle=wording.contest_subtitle(contest),
        rule=wording.contest_rule(contest),
        has_report=whole.has_report,
        is_yes_no=contest.kind != Contest.Kind.CANDIDATES,
        shows_leader=bool(leaders),
        rows=shown,
        more=more,
        more_label=ngettext("%(n)d more candidate", "%(n)d more candidates", len(more))
        % {"n": len(more)},
        status=status_text(returns, leaders),
        call=call,
        votes_counted=votes_counted_text(whole),
        change=change_text(returns),
        correction=correction_text(returns),
        precincts=precincts(whole),
        canvass_goes_on=canvass_goes_on(returns),
        as_of=as_of_text(returns),
        as_of_iso=whole.reported_at.isoformat() if whole.reported_at else "",
    )


def candidate_rows(
    whole: AreaReturns,
    contest: Contest,
    leading: set[int],
    called: Collection[int] = (),
) -> tuple[Row, ...]:
    """A line for each candidate: by votes once there are any, before that in the feed's order.

    Yes and No keep their places.
    """
    in_order = contest.kind != Contest.Kind.CANDIDATES or not whole.has_report
    standing = whole.candidates if in_order else whole.ranked
    return tuple(
        _row(one, whole, contest, one.candidate.pk in leading, one.candidate.pk in called)
        for one in standing
    )


def _row(
    one: CandidateReturns, whole: AreaReturns, contest: Contest, leads: bool, is_called: bool
) -> Row:
    candidate = one.candidate
    percent = candidate_percent(one.votes, whole.total_votes)
    yes_no = contest.kind != Contest.Kind.CANDIDATES
    return Row(
        key=f"v{candidate.pk}",
        name=wording.choice_name(str(candidate), contest.kind),
        party=str(wording.PARTY_NAMES.get(candidate.party, "")),
        party_letter=wording.PARTY_LETTERS.get(candidate.party, ""),
        party_class=candidate.name.lower() if yes_no else wording.party_class(candidate.party),
        incumbent=candidate.incumbent,
        votes=one.votes,
        votes_text=f"{one.votes:,}",
        percent=f"{percent}%",
        width=percent if whole.has_report else "0",
        leads=leads,
        is_called=is_called,
    )


def leading(returns: ContestReturns) -> list[CandidateReturns]:
    """Who may be marked as leading: nobody under the election's threshold of precincts.

    The first two where two advance, else the first; nobody where the place that matters is tied.
    """
    whole = returns.whole
    if not whole.total_votes or not past_threshold(returns):
        return []
    ranked = list(whole.ranked)
    places = 2 if returns.contest.rule == Contest.Rule.TOP_TWO else 1
    if len(ranked) <= places:
        # Nobody is left to be ahead of; of two who both go on, both are marked.
        return ranked if places == 2 or len(ranked) == 1 else ranked[:1]
    if ranked[places - 1].votes == ranked[places].votes:
        ahead = [c for c in ranked[:places] if c.votes > ranked[places].votes]
        return ahead
    return ranked[:places]


def past_threshold(returns: ContestReturns) -> bool:
    """Whether enough has reported to mark who leads: the editor's share, or one whole county."""
    whole = returns.whole
    if not whole.precincts_total:
        return False
    share = 100 * whole.precincts_reporting / whole.precincts_total
    return share >= float(returns.election.lead_threshold) or returns.has_whole_county


def status_text(returns: ContestReturns, leaders: Sequence[CandidateReturns]) -> str:
    """Where the contest stands, in one calm sentence. Never calls a winner."""
    whole, contest = returns.whole, returns.contest
    if not whole.has_report:
        return gettext("Not yet received")
    if not whole.total_votes:
        return gettext("No votes counted yet")
    ranked = whole.ranked
    if not leaders:
        if not past_threshold(returns):
            return gettext("Early returns: too soon to say who leads")
        return gettext("Tied")
    if contest.rule == Contest.Rule.TOP_TWO:
        if len(leaders) == 1:
            return gettext("%(name)s leads for November; second place is tied") % {
                "name": leaders[0].candidate
            }
        if len(ranked) == 2:
            return gettext("Both go on to November")
        return gettext("%(first)s and %(second)s lead for November") % {
            "first": leaders[0].candidate,
            "second": leaders[1].candidate,
        }
    name = wording.choice_name(str(leaders[0].candidate), contest.kind)
    if len(ranked) == 1:
        return gettext("%(name)s is unopposed") % {"name": name}
    margin = ranked[0].votes - ranked[1].votes
    return ngettext(
        "%(name)s leads by %(margin)s vote", "%(name)s leads by %(margin)s votes", margin
    ) % {"name": name, "margin": f"{margin:,}"}


def votes_counted_text(whole: AreaReturns) -> str:
    if not whole.has_report:
        return ""
    return ngettext("%(n)s vote counted", "%(n)s votes counted", whole.total_votes) % {
        "n": f"{whole.total_votes:,}"
    }


def standing_text(area: AreaReturns, kind: str, *, gap: str = " ") -> str:
    """The first two of an area with their shares of its votes; gap parts a name from its share."""
    return ", ".join(
        f"{wording.choice_name(str(one.candidate), kind)}{gap}"
        f"{candidate_percent(one.votes, area.total_votes)}%"
        for one in area.ranked[:2]
    )


def change_text(returns: ContestReturns) -> str:
    """What the last change of votes brought, and when; "" before a first one."""
    update = returns.last_update
    if update is None or not returns.whole.has_report:
        return ""
    reported_at = returns.whole.reported_at
    same_day = reported_at and wording.day(update.reported_at) == wording.day(reported_at)
    # The day stands in the as-of line below; it is repeated only where it is another one.
    at = (
        wording.clock_time(update.reported_at)
        if same_day
        else wording.night_time(update.reported_at, returns.election)
    )
    if update.is_first:
        return gettext("First votes at %(time)s") % {"time": at}
    if update.votes_added == 0:
        return gettext("Figures changed at %(time)s") % {"time": at}
    return gettext("%(change)s votes at %(time)s") % {
        "change": f"{update.votes_added:+,}".replace("-", "\N{MINUS SIGN}"),
        "time": at,
    }


def correction_text(returns: ContestReturns) -> str:
    """What a reader is told of figures that are held, set by an editor, or fell; "" of others."""
    said = []
    if returns.held:
        said.append(
            gettext("Held since %(time)s: %(reason)s")
            % {
                "time": wording.night_time(returns.held.since, returns.election),
                "reason": returns.held.reason,
            }
        )
    for one in returns.set_by_editor:
        if one.county is None:
            said.append(set_figure_text(returns, one))
    return " ".join([*said, *([_fell_text(returns)] if not said else [])])


def county_corrections(returns: ContestReturns, county: int | None = None) -> tuple[str, ...]:
    """The figures that an editor has set in counties (in one, if given), in words."""
    return tuple(
        f"{wording.county_name(BY_NUMBER[one.county].name)}: {set_figure_text(returns, one)}"
        for one in returns.set_by_editor
        if one.county is not None and county in (None, one.county)
    )


def set_figure_text(returns: ContestReturns, one: SetFigure) -> str:
    """One figure that an editor has set, with the feed's own beside it."""
    names = {c.candidate.pk: c.candidate for c in returns.whole.candidates}
    return gettext("Set by the newsroom: %(name)s %(votes)s (feed: %(feed)s). %(reason)s") % {
        "name": wording.choice_name(str(names[one.candidate]), returns.contest.kind),
        "votes": f"{one.votes:,}",
        "feed": f"{one.feed_votes:,}",
        "reason": one.reason,
    }


def _fell_text(returns: ContestReturns) -> str:
    update = returns.last_update
    if update is None or not update.votes_fell:
        return ""
    return gettext("Corrected downward at %(time)s") % {
        "time": wording.night_time(update.reported_at, returns.election)
    }


def canvass_goes_on(returns: ContestReturns) -> bool:
    """Whether all precincts have reported while ballots are counted still, as far as is known."""
    whole = returns.whole
    if whole.reported_at is None or not 0 < whole.precincts_total == whole.precincts_reporting:
        return False
    return in_canvass(returns.election, whole.reported_at)


def in_canvass(election: Election, reported_at: datetime) -> bool:
    """Whether counties may have ballots left at this report, by the calendar alone.

    They have 30 days for the canvass (Elections Code 15372), in which they send no end of it.
    """
    return reported_at.astimezone(CALIFORNIA).date() <= election.date + CANVASS


def precincts(area: AreaReturns) -> Precincts:
    """How much of an area has reported."""
    return precincts_of(area.precincts_reporting, area.precincts_total, area.reporting_percent)


def precincts_of(reporting: int, total: int, percent: str) -> Precincts:
    """How many of an area's precincts have reported; percent is the feed's own text."""
    if not total:
        return Precincts("\N{EN DASH}", gettext("Precincts not known yet"), "0", False)
    width = f"{100 * reporting / total:.1f}"
    return Precincts(
        percent=wording.precincts_percent(percent, reporting, total),
        counts=gettext("%(reporting)s of %(total)s precincts")
        % {"reporting": f"{reporting:,}", "total": f"{total:,}"},
        width=width,
        all_reported=reporting == total,
        total=total,
    )


def as_of_text(returns: ContestReturns) -> str:
    if returns.whole.reported_at is None:
        return gettext("Nothing received from the Secretary of State yet")
    return gettext("As of %(time)s") % {
        "time": wording.night_time(returns.whole.reported_at, returns.election)
    }
