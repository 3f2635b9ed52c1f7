"""The plan of a sweep: everything an election has, in as few requests as the feed allows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from results.feed.contest_ids import contest_id
from results.feed.counties import BY_NUMBER, BY_SLUG
from results.feed.facts import WHOLE, Area, AreaKind, ContestKey
from results.feed.offices import OFFICES
from results.feed.paths import Endpoint, contest_path, parse_path, query_path

QUERY_LIMIT = 10
"""Ids one `query` request may ask for; the feed answers 500 to more (its API document)."""

Wanted = tuple[ContestKey, Area]


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request of a sweep.

    path      after /returns/
    weight    how many contest-areas it brings, to share a sweep fairly between workers
    fallback  the published addresses of a query's parts, for a feed that cannot answer it
    """

    path: str
    weight: int = 1
    fallback: tuple[str, ...] = ()


def area_path(key: ContestKey, area: Area) -> str:
    """The published address of one contest in one area."""
    path = contest_path(key)
    if area.kind == AreaKind.COUNTY:
        return f"{path}/county/{BY_NUMBER[area.number].slug}"
    if area.kind == AreaKind.DISTRICT:
        return f"{path}/district/all"
    return path


def published_path(key: ContestKey, area: Area, published: Collection[str]) -> str:
    """The address to ask for one contest in one area, a published one if there is any."""
    exact = area_path(key, area)
    if exact in published or key.office != "ballot-measures":
        return exact
    # All measures of an area usually share one address.
    shared = Endpoint(
        key.office, county=BY_NUMBER[area.number].slug if area.kind == AreaKind.COUNTY else None
    ).path
    return shared if shared in published else exact


def plan_sweep(wanted: Iterable[Wanted], published: Collection[str]) -> list[PlannedRequest]:
    """The requests that bring every wanted contest-area, statewide contests first.

    wanted     contest-areas known to be on the ballot, or not known to be off it
    published  paths the Secretary of State listed for this election (after /returns/)

    Lists (`county/all`, `district/all`, `ballot-measures`, the courts) are always asked where
    they were published, since they also tell what is on the ballot.
    """
    remaining = dict.fromkeys(wanted)
    endpoints = {path: parse_path(path) for path in sorted(published)}
    requests: list[PlannedRequest] = []

    def ask(path: str, covered: list[Wanted]) -> None:
        requests.append(PlannedRequest(path, max(1, len(covered))))
        for item in covered:
            remaining.pop(item, None)

    everything = list(remaining)
    for path in sorted(endpoints, key=lambda p: _rank(endpoints[p])):
        if _is_list(endpoints[path]):
            ask(path, [item for item in everything if _covers(endpoints[path], *item)])
    if "status" in published:
        ask("status", [])

    _plan_measure_counties(remaining, published, requests, ask)
    _plan_courts(remaining, endpoints, ask)
    _plan_queries(remaining, published, requests)
    return requests


def batches(requests: Iterable[PlannedRequest], count: int) -> list[list[PlannedRequest]]:
    """The requests in at most count batches of about the same weight; none is empty."""
    shares: list[list[PlannedRequest]] = [[] for _ in range(max(1, count))]
    weights = [0] * len(shares)
    # The heaviest first, each to the lightest batch so far: close to even, and stable.
    for request in sorted(requests, key=lambda r: -r.weight):
        lightest = weights.index(min(weights))
        shares[lightest].append(request)
        weights[lightest] += request.weight
    return [share for share in shares if share]


def _is_list(endpoint: Endpoint) -> bool:
    if endpoint.office not in OFFICES:
        return False
    if endpoint.county == "all" or endpoint.district == "all":
        return True
    return (
        endpoint.office in ("ballot-measures", "supreme-court")
        and endpoint.county is None
        and not endpoint.measure
    )


def _rank(endpoint: Endpoint) -> tuple[int, int, str]:
    """Statewide lists before districts', so that a long sweep shows the big races first."""
    offices = list(OFFICES)
    place = offices.index(endpoint.office) if endpoint.office in OFFICES else len(offices)
    return (endpoint.district == "all", place, endpoint.path)


def _covers(endpoint: Endpoint, key: ContestKey, area: Area) -> bool:
    if key.office != endpoint.office or key.party != endpoint.party:
        return False
    if endpoint.county == "all":
        return area.kind in (AreaKind.WHOLE, AreaKind.COUNTY)
    if endpoint.district == "all":
        return area.kind in (AreaKind.WHOLE, AreaKind.DISTRICT)
    return area == WHOLE


def _plan_measure_counties(remaining, published, requests, ask) -> None:
    """Measures by county: ten to a query, or all of a county at once, whichever asks less."""
    wanted = [
        (key, area)
        for key, area in remaining
        if key.office == "ballot-measures" and area.kind == AreaKind.COUNTY
    ]
    by_county: dict[int, list[Wanted]] = {}
    for item in wanted:
        by_county.setdefault(item[1].number, []).append(item)
    if -(-len(wanted) // QUERY_LIMIT) <= len(by_county):
        return  # the queries planned at the end bring them
    for number, items in by_county.items():
        path = f"ballot-measures/county/{BY_NUMBER[number].slug}"
        if path in published:
            ask(path, items)


def _plan_courts(remaining, endpoints, ask) -> None:
    """Justices have no ids that the feed tells, so their published addresses are asked."""
    courts = {path: e for path, e in endpoints.items() if e.office in _COURTS and not _is_list(e)}
    for path, endpoint in courts.items():
        covered = [item for item in remaining if _court_covers(endpoint, *item)]
        if covered or endpoint.county is not None:
            ask(path, covered)


_COURTS = ("supreme-court", "courts-of-appeal")


def _court_covers(endpoint: Endpoint, key: ContestKey, area: Area) -> bool:
    if key.office != endpoint.office or (endpoint.district or 0) != key.district:
        return False
    if endpoint.county is None:
        return area == WHOLE
    return area == Area.county(BY_SLUG[str(endpoint.county)].number)


def _plan_queries(
    remaining: Iterable[Wanted], published: Collection[str], requests: list[PlannedRequest]
) -> None:
    identified = []
    for key, area in remaining:
        number = contest_id(key, area)
        if number is not None:
            identified.append((number, published_path(key, area, published)))
    # In the order of their ids a district's counties stay together.
    identified.sort()
    for start in range(0, len(identified), QUERY_LIMIT):
        chunk = identified[start : start + QUERY_LIMIT]
        if len(chunk) == 1:
            requests.append(PlannedRequest(chunk[0][1]))
            continue
        requests.append(
            PlannedRequest(
                query_path([number for number, _ in chunk]),
                len(chunk),
                tuple(dict.fromkeys(path for _, path in chunk)),
            )
        )
