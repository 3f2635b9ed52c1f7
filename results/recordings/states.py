"""The returns of one area at one moment, without what can be worked out from the rest."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from results.feed.facts import Area, Choice, ContestKey, Report
from results.feed.offices import OFFICES
from results.feed.represent import (
    candidate_percent,
    computed_percents,
    reporting_percent,
    yes_no_percents,
)
from results.feed.times import CALIFORNIA


@dataclass(frozen=True, slots=True)
class Lineup:
    """What of a contest stays as the count goes on: its title and who or what is voted on.

    choices are (name, party, incumbent), in the feed's order.
    """

    contest: ContestKey
    title: str
    subject: str
    choices: tuple[tuple[str, str, bool], ...]

    @classmethod
    def of(cls, report: Report) -> "Lineup":
        """A report's lineup."""
        return cls(
            report.contest,
            report.title,
            report.subject,
            tuple((c.name, c.party, c.incumbent) for c in report.choices),
        )


@dataclass(frozen=True, slots=True)
class State:
    """The figures of one area at one moment.

    minute     of the report, Pacific wall clock, since midnight at the start of election day
    votes      by choice, in the lineup's order
    reporting_percent, percents
               the feed's own texts, only where they are not the percentages of these figures
    """

    minute: int
    reporting: int
    precincts: int
    votes: tuple[int, ...]
    reporting_percent: str | None = None
    percents: tuple[str, ...] | None = None

    @classmethod
    def of(cls, report: Report, election_day: date) -> "State":
        """What a report tells beyond its lineup."""
        votes = tuple(choice.votes for choice in report.choices)
        given = tuple(choice.percent for choice in report.choices)
        computed = reporting_percent(report.precincts_reporting, report.precincts_total)
        # Wall clocks are subtracted: the feed's times have no zone, and an hour that comes
        # twice in November must give the same text again.
        wall = report.reported_at.astimezone(CALIFORNIA).replace(tzinfo=None)
        since = wall - datetime.combine(election_day, time())
        return cls(
            since // timedelta(minutes=1),
            report.precincts_reporting,
            report.precincts_total,
            votes,
            None if report.reporting_percent == computed else report.reporting_percent,
            None if given == computed_percents(report) else given,
        )

    def report(self, lineup: Lineup, area: Area, election_day: date) -> Report:
        """The report these figures stand for."""
        percents = self.percents or vote_percents(lineup, self.votes)
        wall = datetime.combine(election_day, time()) + timedelta(minutes=self.minute)
        return Report(
            lineup.contest,
            area,
            lineup.title,
            lineup.subject,
            self.reporting,
            self.precincts,
            self.reporting_percent or reporting_percent(self.reporting, self.precincts),
            wall.replace(tzinfo=CALIFORNIA),
            tuple(
                Choice(name, party, votes, percent, incumbent)
                for (name, party, incumbent), votes, percent in zip(
                    lineup.choices, self.votes, percents, strict=True
                )
            ),
        )


def vote_percents(lineup: Lineup, votes: tuple[int, ...]) -> tuple[str, ...]:
    """The feed's percentages of these votes."""
    if OFFICES[lineup.contest.office].body == "candidates":
        total = sum(votes)
        return tuple(candidate_percent(count, total) for count in votes)
    yes, no = votes
    return yes_no_percents(yes, no)
