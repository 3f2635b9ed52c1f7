"""Which elections the API serves, and the addresses of each."""

from dataclasses import dataclass
from typing import Any

from results.feed.contest_ids import contest_id
from results.feed.endpoint_list import endpoint_list
from results.feed.facts import WHOLE
from results.feed.paths import contest_path, parse_path, query_path
from results.feed.plan import QUERY_LIMIT
from results.feed.represent_status import STATUS_KINDS
from results.models import Election
from results.returns_api.holdings import Holdings
from results.selectors import kept_elections


@dataclass(frozen=True, slots=True)
class Elections:
    """The elections kept, newest first."""

    kept: tuple[Election, ...]

    @property
    def current(self) -> Election | None:
        return next((election for election in self.kept if election.is_current), None)

    def named(self, slug: str) -> Election | None:
        return next((election for election in self.kept if election.slug == slug), None)


_known: tuple[int, Elections] | None = None


def elections_at(version: int) -> Elections:
    """The elections as they are at a version; read from the database once for each."""
    global _known
    if _known is None or _known[0] != version:
        _known = (version, read_elections())
    return _known[1]


def read_elections() -> Elections:
    return Elections(tuple(kept_elections()))


def election_list(elections: Elections, origin: str) -> list[dict[str, Any]]:
    """What /returns/elections answers."""
    return [
        {
            "slug": election.slug,
            "name": election.name,
            "date": election.date.isoformat(),
            "kind": election.kind,
            "pollsClose": election.polls_close.isoformat(),
            "current": election.is_current,
            "returns": f"{origin}/returns/elections/{election.slug}/",
            "endpoints": f"{origin}/returns/elections/{election.slug}/endpoints.csv",
        }
        for election in elections.kept
    ]


def endpoints_of(holdings: Holdings, base: str) -> str:
    """`endpoints.csv` of an election: every address that answers, as the published list has them.

    base is what stands before their paths. Those that the Secretary of State published come first,
    then those of contests found since.
    """
    election = holdings.election
    hidden = set(
        election.contests.filter(is_published=False).values_list(
            "office", "party", "district", "measure"
        )
    )
    paths = []
    for path in election.endpoints.order_by("pk").values_list("path", flat=True):
        asked = parse_path(path)
        district = asked.district if isinstance(asked.district, int) else 0
        if asked.ids or (asked.office, asked.party, district, asked.measure) in hidden:
            continue
        paths.append(path)
    on_ballot = [contest.key for contest in holdings.published().filter(on_ballot=True)]
    paths += [contest_path(key) for key in on_ballot]
    if on_ballot:
        paths += ["status", f"status/{STATUS_KINDS[election.kind]}"]
    ids = [number for key in on_ballot if (number := contest_id(key, WHOLE)) is not None]
    paths += [
        query_path(ids[start : start + QUERY_LIMIT]) for start in range(0, len(ids), QUERY_LIMIT)
    ]
    kind = election.kind.replace("_", " ").title()
    return endpoint_list(base, election.date, kind, dict.fromkeys(paths))
