"""What is on an election's ballot: its contests, areas and candidates, as the feed tells them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from results.feed.contest_ids import area_digits
from results.feed.counties import BY_SLUG
from results.feed.facts import WHOLE, Area, AreaKind, ContestKey, Report
from results.feed.offices import OFFICES, PARTIES
from results.feed.paths import contest_slug
from results.feed.represent import body_bytes, represent
from results.models import Candidate, Contest, Election, Return, ReturnNotice

_PRIMARIES = (Election.Kind.PRIMARY, Election.Kind.PRESIDENTIAL_PRIMARY)
_KINDS = {
    "candidates": Contest.Kind.CANDIDATES,
    "measures": Contest.Kind.MEASURE,
    "retention": Contest.Kind.RETENTION,
}


def contest_rule(kind: str, key: ContestKey) -> Contest.Rule:
    """How a contest is decided, by the kind of election (California's Elections Code)."""
    if OFFICES[key.office].body != "candidates":
        return Contest.Rule.YES_NO
    if key.party:
        # A party's presidential primary: voters of one party choose their own nominee.
        return Contest.Rule.PLURALITY
    if kind == Election.Kind.SPECIAL:
        return Contest.Rule.MAJORITY
    if kind in _PRIMARIES:
        nonpartisan = key.office == "superintendent-of-public-instruction"
        return Contest.Rule.MAJORITY if nonpartisan else Contest.Rule.TOP_TWO
    return Contest.Rule.PLURALITY


def ballot_order(key: ContestKey) -> int:
    """A contest's place among the others: by office, party, then district or measure."""
    office = list(OFFICES).index(key.office)
    party = list(PARTIES).index(key.party) + 1 if key.party else 0
    measure = int("".join(c for c in key.measure if c.isdigit()) or 0)
    return office * 1_000_000 + party * 10_000 + key.district * 100 + measure


def new_contest(election: Election, key: ContestKey) -> Contest:
    """A contest not saved yet, all of whose fields follow from its key."""
    return Contest(
        election=election,
        slug=contest_slug(key)[:120],
        kind=_KINDS[OFFICES[key.office].body],
        rule=contest_rule(election.kind, key),
        office=key.office,
        party=key.party,
        district=key.district,
        measure=key.measure,
        justice=key.justice,
        order=ballot_order(key),
    )


def area_fields(area: Area) -> tuple[int | None, int | None]:
    """(county number, congressional district) of a Return in this area."""
    return (
        area.number if area.kind == AreaKind.COUNTY else None,
        area.number if area.kind == AreaKind.DISTRICT else None,
    )


def add_contests(election: Election, wanted: Iterable[tuple[ContestKey, Area]]) -> int:
    """Create contests and empty returns that are not there yet; how many returns are new.

    Safe against another worker doing the same at the same moment.
    """
    # In one order everywhere, so that two workers cannot each wait for the other's rows.
    pairs = sorted(set(wanted))
    known = {contest.key: contest for contest in election.contests.all()}
    missing = [key for key in dict.fromkeys(key for key, _ in pairs) if key not in known]
    if missing:
        Contest.objects.bulk_create(
            [new_contest(election, key) for key in missing], ignore_conflicts=True
        )
        known = {contest.key: contest for contest in election.contests.all()}
    held = set(
        Return.objects.filter(contest__election=election).values_list(
            "contest_id", "county_id", "district"
        )
    )
    rows = [
        Return(contest=known[key], county_id=county, district=district)
        for key, area in pairs
        for county, district in [area_fields(area)]
        if (known[key].pk, county, district) not in held
    ]
    Return.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _places_in_court(reports: Sequence[Report]) -> dict[ContestKey, int]:
    """The justices' places (from 1) in the feed's lists of the courts they sit on."""
    places: dict[ContestKey, int] = {}
    listed: Counter[tuple[str, int]] = Counter()
    for report in reports:
        key = report.contest
        if key.justice and report.area == WHOLE and key not in places:
            listed[key.office, key.district] += 1
            places[key] = listed[key.office, key.district]
    return places


class Standing(NamedTuple):
    """What a batch needs of a Candidate."""

    pk: int
    contest_id: int
    name: str
    party: str
    position: int
    incumbent: bool


@dataclass
class Ballot:
    """An election's contests and candidates in memory, for the length of one batch."""

    election: Election
    contests: dict[ContestKey, Contest] = field(default_factory=dict)
    by_id: dict[int, Contest] = field(default_factory=dict)
    candidates: dict[int, dict[tuple[str, str], Standing]] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    """Contests whose names, candidates or presence on the ballot this batch changed."""
    notices: list[ReturnNotice] = field(default_factory=list)

    @classmethod
    def load(cls, election: Election) -> "Ballot":
        ballot = cls(election)
        ballot._read()
        return ballot

    def _read(self) -> None:
        self.contests = {contest.key: contest for contest in self.election.contests.all()}
        self.by_id = {contest.pk: contest for contest in self.contests.values()}
        self.candidates = {contest.pk: {} for contest in self.contests.values()}
        standing = Candidate.objects.filter(contest__election=self.election)
        for row in standing.values_list(*Standing._fields):
            candidate = Standing(*row)
            self.candidates[candidate.contest_id][candidate.name, candidate.party] = candidate

    def learn(self, reports: Sequence[Report], now) -> None:
        """Take up contests, names and candidates that reports tell and the ballot lacks."""
        unknown = [r for r in reports if r.contest not in self.contests]
        if unknown:
            self._take_turns()
            told = dict.fromkeys(report.contest for report in unknown)
            add_contests(
                self.election, [(key, area) for key in told for area in self._areas_of(key)]
            )
            self._read()
        self._learn_titles(reports)
        self._learn_candidates(reports, now)

    def _take_turns(self) -> None:
        """Let no other batch change this election's contests until this one is committed."""
        list(Election.objects.select_for_update(no_key=True).filter(pk=self.election.pk))

    def _areas_of(self, key: ContestKey) -> list[Area]:
        """The areas of a contest told by a body: for a measure, the counties published too."""
        if OFFICES[key.office].body != "measures":
            return [WHOLE]
        stem = "ballot-measures/county/"
        published = self.election.endpoints.filter(path__startswith=stem)
        slugs = (path.removeprefix(stem) for path in published.values_list("path", flat=True))
        return [WHOLE, *(Area.county(BY_SLUG[slug].number) for slug in slugs if slug in BY_SLUG)]

    def _learn_titles(self, reports: Sequence[Report]) -> None:
        told: dict[int, Contest] = {}
        places = _places_in_court(reports)
        for report in reports:
            contest = self.contests[report.contest]
            if report.area.kind == AreaKind.DISTRICT:
                continue  # its title names the congressional district, not the contest
            if contest.title != report.title or contest.subject != report.subject:
                contest.title, contest.subject = report.title, report.subject
                told[contest.pk] = contest
            if not contest.on_ballot:
                contest.on_ballot = True
                told[contest.pk] = contest
            place = places.get(report.contest, contest.position)
            if contest.position != place:
                contest.position = place
                told[contest.pk] = contest
        if told:
            self._take_turns()
            Contest.objects.bulk_update(
                told.values(), ["title", "subject", "on_ballot", "position"]
            )
            self.changed.update(told)

    def _learn_candidates(self, reports: Sequence[Report], now) -> None:
        new: dict[tuple[int, str, str], Candidate] = {}
        moved: dict[int, Candidate] = {}
        had_some = {pk for pk, standing in self.candidates.items() if standing}
        seen: set[ContestKey] = set()
        for report in sorted(reports, key=lambda r: r.area != WHOLE):
            contest = self.contests[report.contest]
            standing = self.candidates[contest.pk]
            first = report.contest not in seen
            seen.add(report.contest)
            for position, choice in enumerate(report.choices):
                candidate = standing.get((choice.name, choice.party))
                if candidate is None:
                    key = (contest.pk, choice.name, choice.party)
                    if key not in new:
                        new[key] = Candidate(
                            contest=contest,
                            name=choice.name,
                            party=choice.party,
                            position=position,
                            incumbent=choice.incumbent,
                        )
                elif first and (candidate.position, candidate.incumbent) != (
                    position,
                    choice.incumbent,
                ):
                    moved[candidate.pk] = Candidate(
                        pk=candidate.pk,
                        contest_id=candidate.contest_id,
                        position=position,
                        incumbent=choice.incumbent,
                    )
        if moved or new:
            self._take_turns()
        if moved:
            Candidate.objects.bulk_update(moved.values(), ["position", "incumbent"])
            self.changed.update(candidate.contest_id for candidate in moved.values())
        if new:
            Candidate.objects.bulk_create(new.values(), ignore_conflicts=True)
            touched = {contest_id for contest_id, _, _ in new}
            self.changed.update(touched)
            for contest_id in sorted(touched & had_some):
                names = ", ".join(name for pk, name, _ in new if pk == contest_id)
                self.notices.append(
                    ReturnNotice(
                        election=self.election,
                        contest_id=contest_id,
                        kind=ReturnNotice.Kind.CANDIDATES_CHANGED,
                        message=f"New in the feed's list of candidates: {names}",
                        noticed_at=now,
                    )
                )
            self._read()

    def keep_earlier(self, reports: Sequence[Report]) -> None:
        """Keep what the feed serves of contests that are not on this ballot, by area.

        It answers a district that does not vote this time with the returns of its last election.
        """
        told: dict[int, Contest] = {}
        for report in reports:
            contest = self.contests.get(report.contest)
            if contest is None or contest.on_ballot or report.area.kind == AreaKind.DISTRICT:
                continue
            element = body_bytes(represent(report)).decode()
            area = area_digits(report.area)
            if contest.earlier_returns.get(area) != element:
                contest.earlier_returns[area] = element
                told[contest.pk] = contest
        if told:
            self._take_turns()
            Contest.objects.bulk_update(told.values(), ["earlier_returns"])
            self.changed.update(told)

    def learn_list(self, office: str, listed: set[int], now) -> None:
        """A `district/all` list says which districts of an office are in this election."""
        absent = [
            contest
            for contest in self.contests.values()
            if contest.office == office and not contest.party and contest.district not in listed
        ]
        off = [contest for contest in absent if contest.on_ballot is None]
        for contest in off:
            contest.on_ballot = False
        if off:
            self._take_turns()
            Contest.objects.bulk_update(off, ["on_ballot"])
            self.changed.update(contest.pk for contest in off)
        # A contest that was there and is gone stays public until an editor hides it.
        for contest in absent:
            if contest.on_ballot:
                self.notices.append(
                    ReturnNotice(
                        election=self.election,
                        contest=contest,
                        kind=ReturnNotice.Kind.CONTEST_MISSING,
                        message=f"{contest} is missing from {office}/district/all",
                        noticed_at=now,
                    )
                )
