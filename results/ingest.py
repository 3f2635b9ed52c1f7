"""From fetched bodies to the returns kept: exact, idempotent, one transaction a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.utils import timezone

from results import archive
from results.ballot import Ballot, add_contests, area_fields
from results.feed.counties import BY_NUMBER
from results.feed.facts import CountyStatus as ReportedStatus
from results.feed.facts import ParsedBody, Problem, Report
from results.feed.parse import parse_body
from results.feed.paths import parse_path
from results.feed.represent import computed_percents
from results.held import AreaKey, Held, NewUpdate, add_updates, read_held, write_held
from results.models import (
    CountyStatus,
    Election,
    ReturnNotice,
)

OLDER_ACCEPTED_AFTER = timedelta(minutes=10)
"""How long the feed must insist on an older report before it replaces a newer one.

Longer than two of the feed's five-minute refreshes, so a stale cache or a sweep that straddles a
refresh never shows; short enough that a county's withdrawn report does not stay up for long.
"""

WATCHED_WITHIN = timedelta(hours=2)
"""A report taken up later than this after it was made was not watched as it came in.

Counties report at least every two hours on the night, and the service reads them every minute or
so; only one that starts late, or takes up an election long past, meets reports older than this.
"""


@dataclass(frozen=True, slots=True)
class FetchedBody:
    """A body to take up. feed_time is the feed's own clock at the fetch, if it told."""

    path: str
    body: bytes
    fetched_at: datetime
    feed_time: datetime | None = None

    @property
    def clock(self) -> datetime:
        return self.feed_time or self.fetched_at


@dataclass
class Ingested:
    """What a batch did.

    contests   ids of the contests of which anything changed
    areas      (contest id, county number, congressional district) of every new current state
    changed    how many returns have a new current state
    problems   what could not be understood, by path
    unsettled  paths whose body must be read again even if it comes unchanged: something in it was
               held back or not understood
    """

    contests: set[int] = field(default_factory=set)
    areas: set[AreaKey] = field(default_factory=set)
    changed: int = 0
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)


def stands_since(reported_at: datetime, clock: datetime) -> datetime:
    """From when on a report counts as the returns that stood.

    That is when the feed was seen to serve it; for one that was taken up only long afterwards,
    when it was made.
    """
    return clock if reported_at <= clock <= reported_at + WATCHED_WITHIN else reported_at


class Decision(Enum):
    """What to do with a report of an area of which another one is held."""

    APPLY = "apply"
    SAME = "same"
    HOLD_BACK = "hold back"
    OVERTAKEN = "overtaken"


def decide(
    held: Held, report: Report, facts_hash: str, fetched_at: datetime, clock: datetime
) -> Decision:
    """The one rule of which report stands.

    The later fetch wins, unless it brings an older reporting time: then it comes from a stale
    cache or a half-refreshed feed and is held back, with two exceptions. Before its first report a
    county carries the statewide time, so its first own time may lie before it; and a feed that
    keeps serving the older report for OLDER_ACCEPTED_AFTER means it.
    """
    if held.reported_at is None or held.fetched_at is None:
        return Decision.APPLY
    if held.facts_hash == facts_hash:
        return Decision.SAME
    if fetched_at < held.fetched_at:
        return Decision.OVERTAKEN
    if report.reported_at >= held.reported_at:
        return Decision.APPLY
    if not held.total_votes and not held.precincts_reporting:
        return Decision.APPLY
    if held.older_since is not None and clock - held.older_since >= OLDER_ACCEPTED_AFTER:
        return Decision.APPLY
    return Decision.HOLD_BACK


def ingest(election: Election, bodies: Sequence[FetchedBody]) -> Ingested:
    """Archive and take up a batch of bodies, in the order given.

    What cannot be understood is left out and told in `problems`; all else is applied in one
    transaction. The same bodies again change nothing.
    """
    parsed = [(fetched, parse_body(fetched.path, fetched.body)) for fetched in bodies]
    done = Ingested()
    for fetched, said in parsed:
        if said.problems:
            done.problems[fetched.path] = list(said.problems)
            done.unsettled.add(fetched.path)
    with transaction.atomic():
        _Batch(election, done).take_up(parsed)
    return done


_STATUS_FIELDS = [
    "precincts_reporting",
    "precincts_total",
    "report_type",
    "turnout",
    "registered",
    "reported_at",
]


class _Batch:
    """One batch inside its transaction."""

    def __init__(self, election: Election, done: Ingested) -> None:
        self.election = election
        self.done = done
        self.now = timezone.now()
        self.ballot = Ballot.load(election)
        self.rows: dict[AreaKey, Held] = {}
        self.touched: dict[int, Held] = {}
        self.updates: list[NewUpdate] = []
        self.notices: list[ReturnNotice] = self.ballot.notices

    def take_up(self, parsed: Sequence[tuple[FetchedBody, ParsedBody]]) -> None:
        names = {fetched.path: archive.digest(fetched.body) for fetched, _ in parsed}
        archive.keep({names[f.path]: f.body for f, _ in parsed}, self.now)
        timely = [
            (fetched, [r for r in said.reports if r.reported_at >= self.election.stale_before])
            for fetched, said in parsed
        ]
        self.ballot.learn([r for _, reports in timely for r in reports], self.now)
        stale_before = self.election.stale_before
        self.ballot.keep_earlier(
            [r for _, said in parsed for r in said.reports if r.reported_at < stale_before]
        )
        for (fetched, said), (_, reports) in zip(parsed, timely, strict=True):
            self._learn_list(fetched.path, said, reports)
            self._take_up_statuses(said.statuses)
        self._read_rows([r for _, reports in timely for r in reports])
        for fetched, reports in timely:
            self._take_up_reports(fetched, reports, names[fetched.path])
        self._write()

    def _learn_list(self, path: str, said: ParsedBody, reports: Sequence[Report]) -> None:
        endpoint = parse_path(path)
        # A list with a broken element says nothing about the districts it lacks.
        if endpoint.district == "all" and not endpoint.party and reports and not said.problems:
            listed = {report.contest.district for report in reports}
            self.ballot.learn_list(endpoint.office, listed, self.now)

    def _read_rows(self, reports: Sequence[Report]) -> None:
        """The held returns of the contests in this batch, locked against a parallel batch."""
        if not reports:
            return
        ids = {self.ballot.contests[report.contest].pk for report in reports}
        self.rows = read_held(ids)
        if any(self._row_key(report) not in self.rows for report in reports):
            add_contests(self.election, [(r.contest, r.area) for r in reports])
            self.rows = read_held(ids)

    def _row_key(self, report: Report) -> AreaKey:
        return (self.ballot.contests[report.contest].pk, *area_fields(report.area))

    def _take_up_reports(
        self, fetched: FetchedBody, reports: Iterable[Report], body_name: str
    ) -> None:
        polls_close = self.election.polls_close
        wrong_percent: str = ""
        for report in reports:
            if report.reported_at < polls_close:
                continue  # test data, or the zeros before the night
            if fetched.fetched_at < polls_close:
                self.done.unsettled.add(fetched.path)
                continue
            row = self.rows[self._row_key(report)]
            facts_hash = report.facts_hash()
            decision = decide(row, report, facts_hash, fetched.fetched_at, fetched.clock)
            if decision is Decision.APPLY:
                wrong_percent = wrong_percent or self._wrong_percent(report)
                row.facts_hash = facts_hash
                self._apply(row, report, fetched, body_name)
            elif decision is Decision.HOLD_BACK:
                self.done.unsettled.add(fetched.path)
                if row.older_since is None:
                    row.older_since = fetched.clock
                    self.touched[row.id] = row
                    self._notice(
                        row,
                        ReturnNotice.Kind.OLDER_HELD_BACK,
                        f"{fetched.path} serves a report of {report.reported_at:%b %d %H:%M}, "
                        f"older than the {row.reported_at:%b %d %H:%M} held",
                    )
            elif decision is Decision.SAME and row.older_since is not None:
                row.older_since = None
                self.touched[row.id] = row
        if wrong_percent:
            self.notices.append(
                ReturnNotice(
                    election=self.election,
                    kind=ReturnNotice.Kind.PERCENT_DIFFERS,
                    message=f"{fetched.path}: {wrong_percent}",
                    noticed_at=self.now,
                )
            )

    def _apply(self, row: Held, report: Report, fetched: FetchedBody, body_name: str) -> None:
        standing = self.ballot.candidates[row.contest_id]
        votes = {
            str(standing[choice.name, choice.party].pk): choice.votes for choice in report.choices
        }
        first = row.reported_at is None
        votes_fell = any(votes.get(pk, 0) < held for pk, held in row.votes.items())
        reporting_fell = report.precincts_reporting < row.precincts_reporting
        went_back = (
            row.reported_at is not None
            and report.reported_at < row.reported_at
            and row.older_since is not None
        )
        if went_back:
            self._notice(
                row,
                ReturnNotice.Kind.WENT_BACK,
                f"The feed kept serving its report of {report.reported_at:%b %d %H:%M}; "
                f"it replaced the one of {row.reported_at:%b %d %H:%M}",
            )
        if votes_fell:
            fallen = sum(max(0, held - votes.get(pk, 0)) for pk, held in row.votes.items())
            self._notice(row, ReturnNotice.Kind.VOTES_FELL, self._fall_in_words(row, votes), fallen)
        if reporting_fell:
            self._notice(
                row,
                ReturnNotice.Kind.REPORTING_FELL,
                f"Precincts reporting fell from {row.precincts_reporting:,} "
                f"to {report.precincts_reporting:,}",
            )
        figures = (report.precincts_reporting, report.precincts_total)
        if votes != row.votes or figures != (row.precincts_reporting, row.precincts_total):
            if votes != row.votes:
                row.previous_votes = row.votes
            # An area listed with zeros has not reported; its first figures are its first change.
            if not first or report.total_votes or report.precincts_reporting:
                row.changed_at = report.reported_at
        row.precincts_reporting, row.precincts_total = figures
        row.reporting_percent = report.reporting_percent
        row.votes = votes
        row.total_votes = report.total_votes
        row.reported_at = report.reported_at
        row.fetched_at = fetched.fetched_at
        row.body_id = body_name
        row.older_since = None
        self.touched[row.id] = row
        self.done.changed += 1
        self.done.contests.add(row.contest_id)
        self.done.areas.add(row.key)
        self.updates.append(
            NewUpdate(
                returns_id=row.id,
                precincts_reporting=row.precincts_reporting,
                precincts_total=row.precincts_total,
                reporting_percent=row.reporting_percent,
                votes=votes,
                total_votes=row.total_votes,
                reported_at=report.reported_at,
                fetched_at=fetched.fetched_at,
                stands_since=stands_since(report.reported_at, fetched.clock),
                body_id=body_name,
                votes_fell=votes_fell,
                reporting_fell=reporting_fell,
            )
        )

    def _fall_in_words(self, row: Held, votes: dict[str, int]) -> str:
        fallen = {pk: held for pk, held in row.votes.items() if votes.get(pk, 0) < held}
        names = {str(c.pk): c.name for c in self.ballot.candidates[row.contest_id].values()}
        most = sorted(fallen, key=lambda pk: votes.get(pk, 0) - fallen[pk])[:3]
        parts = [f"{names[pk]} {fallen[pk]:,} to {votes.get(pk, 0):,}" for pk in most]
        more = f" and {len(fallen) - len(most)} more" if len(fallen) > len(most) else ""
        before, after = sum(row.votes.values()), sum(votes.values())
        words = (
            f"Votes fell from {before:,} to {after:,} in all"
            if after < before
            else f"A candidate’s votes fell, though the total went from {before:,} to {after:,}"
        )
        return f"{words}: " + ", ".join(parts) + more

    @staticmethod
    def _wrong_percent(report: Report) -> str:
        """The first percentage that does not follow from the votes, in words, or ""."""
        for choice, computed in zip(report.choices, computed_percents(report), strict=True):
            if computed != choice.percent:
                return (
                    f"{report.title}: {choice.name} has {choice.percent}% in the feed, "
                    f"{computed}% by its votes"
                )
        return ""

    def _notice(
        self, row: Held, kind: ReturnNotice.Kind, message: str, amount: int | None = None
    ) -> None:
        contest = self.ballot.by_id[row.contest_id]
        county = BY_NUMBER[row.county_id].name if row.county_id else ""
        where = f"{contest}, {county} County" if county else str(contest)
        if row.district:
            where = f"{contest}, congressional district {row.district}"
        self.notices.append(
            ReturnNotice(
                election=self.election,
                contest_id=row.contest_id,
                county_id=row.county_id,
                kind=kind,
                message=f"{where}: {message}",
                amount=amount,
                noticed_at=self.now,
            )
        )

    def _take_up_statuses(self, statuses: Iterable[ReportedStatus]) -> None:
        held = (
            {s.county_id: s for s in CountyStatus.objects.filter(election=self.election)}
            if statuses
            else {}
        )
        changed = []
        for status in statuses:
            told = status.reported_at
            if status.county not in BY_NUMBER or told is None or told < self.election.polls_close:
                continue
            values = {name: getattr(status, name) for name in _STATUS_FIELDS}
            row = held.get(status.county)
            if row is None or any(getattr(row, name) != value for name, value in values.items()):
                changed.append(
                    CountyStatus(election=self.election, county_id=status.county, **values)
                )
        CountyStatus.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["election", "county"],
            update_fields=_STATUS_FIELDS,
        )

    def _write(self) -> None:
        self.done.contests |= self.ballot.changed
        write_held(self.touched.values())
        add_updates(self.updates)
        ReturnNotice.objects.bulk_create(self.notices)
