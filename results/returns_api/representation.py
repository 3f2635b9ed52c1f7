"""The shape in which each address of the returns API answers, as the Secretary of State's does."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from results.feed.contest_ids import area_digits, parse_contest_id
from results.feed.counties import BY_NUMBER, BY_SLUG, COUNTIES, STATEWIDE_NUMBER
from results.feed.facts import WHOLE, Area, CountyStatus, Report
from results.feed.offices import OFFICES
from results.feed.paths import Endpoint, UnknownEndpoint, contest_key, parse_path
from results.feed.represent import represent, represent_group
from results.feed.represent_status import STATUS_KINDS, status_from, status_of
from results.models import Contest
from results.models import CountyStatus as HeldStatus
from results.returns_api.holdings import Holdings

MAP_COLORS = {
    "Dem": "058DC7",
    "Rep": "E38225",
    "AI": "009A09",
    "Grn": "6600FF",
    "Lib": "FFFF00",
    "P&F": "D1489E",
}
"""The colours of candidates in `maps/`; those of other parties are grey."""
_OTHER_COLOR = "808080"

_COUNTIES = [Area.county(county.number) for county in COUNTIES]

Element = dict[str, Any]
"""A JSON object of a body: the returns of one unit in one area."""

Unit = Sequence[Contest]
"""The contests that stand in one element: one, or the measures or justices of one list."""


class NotHeld(LookupError):
    """Nothing is held at this address; the message says what."""


def value_of(endpoint: Endpoint, holdings: Holdings) -> Any:
    """What an address answers, as a JSON value.

    Raises NotHeld for contests, districts and areas that are not in this election or not public.
    """
    if endpoint.office == "query":
        return _query(endpoint.ids, holdings)
    if endpoint.office == "status":
        return _status(endpoint, holdings)
    if endpoint.office == "maps":
        return _map(endpoint, holdings)
    if endpoint.district == "all":
        return _districts(endpoint, holdings)
    return _contest(endpoint, holdings)


def _contest(endpoint: Endpoint, holdings: Holdings) -> Any:
    unit = _unit(endpoint, holdings)
    if not unit:
        return _earlier(endpoint, holdings)
    if endpoint.county is None:
        return _filled(endpoint, _by_area(unit, [WHOLE], holdings).values())[0]
    if endpoint.county == "all":
        return _filled(endpoint, _by_area(unit, [WHOLE, *_COUNTIES], holdings).values())
    county = Area.county(BY_SLUG[endpoint.county].number)
    if OFFICES[endpoint.office].body != "candidates":
        return _filled(endpoint, _by_area(unit, [county], holdings).values())[0]
    found = _by_area(unit, [county, WHOLE], holdings)
    if county in found:
        return list(found.values())
    if not OFFICES[endpoint.office].districts:
        raise NotHeld(f"Nothing is held of {endpoint.path}.")
    # A county outside the district is answered with the districtwide returns alone, as there.
    return _filled(endpoint, found.values())[0]


def _districts(endpoint: Endpoint, holdings: Holdings) -> list[Element]:
    if endpoint.party:
        numbers = range(1, OFFICES["us-rep"].districts + 1)
        areas = [WHOLE, *map(Area.district, numbers)]
        return _filled(endpoint, _by_area(_unit(endpoint, holdings), areas, holdings).values())
    contests = holdings.on_ballot(endpoint.office)
    held = holdings.reports(contests, [WHOLE])
    districts = groupby(contests, key=lambda contest: contest.district)
    listed = [[held[c.pk, WHOLE] for c in unit if (c.pk, WHOLE) in held] for _, unit in districts]
    return _filled(endpoint, [element_of(reports) for reports in listed if reports])


def _unit(endpoint: Endpoint, holdings: Holdings) -> Unit:
    """The contests on this ballot that an address of one element is about."""
    contests = holdings.on_ballot(endpoint.office, endpoint.party)
    district = endpoint.district if isinstance(endpoint.district, int) else 0
    return [
        contest
        for contest in contests
        if contest.district == district and endpoint.measure in ("", contest.measure)
    ]


def _earlier(endpoint: Endpoint, holdings: Holdings) -> Any:
    """What the feed serves of a district that does not vote in this election."""
    contest = holdings.of_office(endpoint.office).get(contest_key(endpoint))
    held = contest.earlier_returns if contest is not None and not contest.on_ballot else {}
    whole = held.get(area_digits(WHOLE))
    if endpoint.county == "all" or whole is None:
        raise NotHeld(f"{endpoint.path} is not in this election.")
    if endpoint.county is None:
        return json.loads(whole)
    county = held.get(area_digits(Area.county(BY_SLUG[endpoint.county].number)))
    return [json.loads(county), json.loads(whole)] if county else json.loads(whole)


def _by_area(unit: Unit, areas: Sequence[Area], holdings: Holdings) -> dict[Area, Element]:
    """A unit's element in each of the areas that it has, in this order."""
    held = holdings.reports(unit, areas)
    elements = {}
    for area in areas:
        reports = [held[contest.pk, area] for contest in unit if (contest.pk, area) in held]
        if reports:
            elements[area] = element_of(reports)
    return elements


def element_of(reports: Sequence[Report]) -> Element:
    """The element that says these reports: one contest, or one list of measures or justices."""
    if OFFICES[reports[0].contest.office].body == "candidates":
        return represent(reports[0])
    return represent_group(reports)


def _filled(endpoint: Endpoint, elements: Iterable[Element]) -> list[Element]:
    found = list(elements)
    if not found:
        raise NotHeld(f"{endpoint.path} is not in this election.")
    return found


def _query(ids: Sequence[str], holdings: Holdings) -> list[Element]:
    asked = []
    for number in ids:
        key, area = parse_contest_id(number)
        contest = holdings.of_office(key.office).get(key)
        if contest is None:
            raise NotHeld(f"There is no contest {number} in this election.")
        asked.append((number, contest, area))
    current = [contest for _, contest, _ in asked if contest.on_ballot]
    held = holdings.reports(current, {area for _, _, area in asked}) if current else {}
    elements = []
    for number, contest, area in asked:
        if (contest.pk, area) in held:
            elements.append(element_of([held[contest.pk, area]]))
        elif not contest.on_ballot and area_digits(area) in contest.earlier_returns:
            elements.append(json.loads(contest.earlier_returns[area_digits(area)]))
        else:
            raise NotHeld(f"There is no contest {number} in this election.")
    return elements


def _status(endpoint: Endpoint, holdings: Holdings) -> Element:
    kind = STATUS_KINDS[holdings.election.kind]
    if endpoint.rest not in ("", kind):
        raise NotHeld(f"This election has status/{kind}, not {endpoint.path}.")
    told = {}
    for report in _county_reports(holdings):
        told[status_from(report).county] = status_from(report)
    if holdings.at is None:
        # What the feed's own status endpoint said, where it was served, says more.
        for held in HeldStatus.objects.filter(election=holdings.election):
            told[held.county_id] = CountyStatus(
                held.county_id,
                held.precincts_reporting,
                held.precincts_total,
                held.report_type,
                held.turnout,
                held.registered,
                held.reported_at,
            )
    if not told:
        raise NotHeld("Nothing has been received of this election yet.")
    return status_of(
        told[number] for number in sorted(told, key=lambda n: (n != STATEWIDE_NUMBER, n))
    )


def _county_reports(holdings: Holdings) -> list[Report]:
    """The rows of the statewide contest that most counties have: the state's, then theirs."""
    statewide = holdings.published().filter(on_ballot=True, district=0, justice="")
    best: list[Report] = []
    for contest in statewide:
        held = holdings.reports([contest], [WHOLE, *_COUNTIES])
        found = [
            held[contest.pk, area] for area in (WHOLE, *_COUNTIES) if (contest.pk, area) in held
        ]
        if len(found) > len(best):
            best = found
        if len(best) > len(_COUNTIES):
            break
    return best


def _map(endpoint: Endpoint, holdings: Holdings) -> Element:
    try:
        inside = parse_path(endpoint.rest)
    except UnknownEndpoint as reason:
        raise NotHeld(f"There is no map {endpoint.rest!r}: {reason}") from None
    is_statewide = inside.office in OFFICES and not OFFICES[inside.office].districts
    needs_number = inside.office == "ballot-measures" and not inside.measure
    if not is_statewide or needs_number or inside.county or inside.district:
        raise NotHeld(f"There is no map {endpoint.rest!r}.")
    elements = _by_area(_unit(inside, holdings), [WHOLE, *_COUNTIES], holdings)
    if not elements:
        raise NotHeld(f"{endpoint.path} is not in this election.")
    return {
        "statewide" if area == WHOLE else BY_NUMBER[area.number].slug: _coloured(element)
        for area, element in elements.items()
    }


def _coloured(element: Element) -> Element:
    for candidate in element.get("candidates", []):
        candidate["color"] = MAP_COLORS.get(candidate["Party"], _OTHER_COLOR)
    return element
