"""What is held of an election, as reports: now, or as it stood at an earlier moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from results.feed.facts import WHOLE, Area, AreaKind, Choice, ContestKey, Report
from results.feed.offices import OFFICES
from results.feed.represent import candidate_percent, yes_no_percents
from results.models import Candidate, Contest, Election, Return
from results.selectors import rows_shown


@dataclass(frozen=True, slots=True)
class Figures:
    """What one area of a contest stood at."""

    votes: dict[str, int]
    precincts_reporting: int
    precincts_total: int
    reporting_percent: str
    reported_at: datetime


class Holdings:
    """The public contests of one election and what is held of them.

    at   the moment whose returns are wanted (aware); None for those of now
    """

    def __init__(self, election: Election, at: datetime | None = None) -> None:
        self.election = election
        self.at = at
        self._by_office: dict[str, dict[ContestKey, Contest]] = {}

    def of_office(self, office: str) -> dict[ContestKey, Contest]:
        """The published contests of an office, those that are not on this ballot among them."""
        if office not in self._by_office:
            published = self.published().filter(office=office)
            self._by_office[office] = {contest.key: contest for contest in published}
        return self._by_office[office]

    def published(self) -> QuerySet[Contest]:
        return Contest.objects.filter(election=self.election, is_published=True)

    def on_ballot(self, office: str, party: str = "") -> list[Contest]:
        """The contests of an office that are on this ballot, in the feed's order."""
        found = [
            contest
            for contest in self.of_office(office).values()
            if contest.on_ballot and contest.party == party
        ]
        return sorted(found, key=lambda c: (c.district, c.measure.zfill(5), c.position, c.slug))

    def reports(
        self, contests: Sequence[Contest], areas: Iterable[Area] | None = None
    ) -> dict[tuple[int, Area], Report]:
        """What stands in these areas (all that the contests have, if None), by contest id and area.

        An area from which nothing has come stands at zero, as the feed has it before its first
        report, with the time of the whole contest's report or of the polls' close. A contest whose
        candidates are not known yet is left out.
        """
        by_id = {contest.pk: contest for contest in contests}
        candidates: dict[int, list[Candidate]] = {pk: [] for pk in by_id}
        for one in Candidate.objects.filter(contest__in=by_id).order_by("contest_id", "position"):
            candidates[one.contest_id].append(one)
        wanted = None if areas is None else set(areas)
        rows = [
            row
            for row in Return.objects.filter(contest__in=by_id).order_by(
                "contest_id", "county_id", "district"
            )
            if candidates[row.contest_id]
            and (wanted is None or row.area in wanted or row.area == WHOLE)
        ]
        figures = self._figures(rows)
        since = {
            row.contest_id: figures[row.pk].reported_at
            for row in rows
            if row.area == WHOLE and row.pk in figures
        }
        found = {}
        for row in rows:
            if wanted is not None and row.area not in wanted:
                continue
            nothing_yet = Figures(
                votes=dict.fromkeys((str(one.pk) for one in candidates[row.contest_id]), 0),
                precincts_reporting=0,
                precincts_total=0,
                reporting_percent="0",
                reported_at=since.get(row.contest_id, self.election.polls_close),
            )
            found[row.contest_id, row.area] = _report(
                by_id[row.contest_id],
                row.area,
                candidates[row.contest_id],
                figures.get(row.pk, nothing_yet),
            )
        return found

    def _figures(self, rows: Sequence[Return]) -> dict[int, Figures]:
        """What each of these returns stood at, those without a report left out."""
        stood = rows_shown(rows, self.at)
        return {row.pk: _figures(row, row.reported_at) for row in stood if row.reported_at}


def _figures(held: Return, reported_at: datetime) -> Figures:
    return Figures(
        held.votes,
        held.precincts_reporting,
        held.precincts_total,
        held.reporting_percent,
        reported_at,
    )


def _report(contest: Contest, area: Area, candidates: Sequence[Candidate], held: Figures) -> Report:
    # A candidate whom the feed has dropped is not among the votes.
    standing = [one for one in candidates if str(one.pk) in held.votes]
    votes = [held.votes[str(one.pk)] for one in standing]
    if OFFICES[contest.office].body == "candidates":
        total = sum(votes)
        percents = [candidate_percent(count, total) for count in votes]
    else:
        percents = list(yes_no_percents(votes[0], votes[1]))
    return Report(
        contest=contest.key,
        area=area,
        title=f"{contest.title} District {area.number}"
        if area.kind == AreaKind.DISTRICT
        else contest.title,
        subject=contest.subject,
        precincts_reporting=held.precincts_reporting,
        precincts_total=held.precincts_total,
        reporting_percent=held.reporting_percent,
        reported_at=held.reported_at,
        choices=tuple(
            Choice(one.name, one.party, count, percent, one.incumbent)
            for one, count, percent in zip(standing, votes, percents, strict=True)
        ),
    )
