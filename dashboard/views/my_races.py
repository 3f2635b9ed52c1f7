"""The races of one reader: the choice is in the address, and kept in the browser alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import live_pages
from dashboard.page_meta import page_meta
from dashboard.pages import State, page_response
from dashboard.views.context import my_parts, page_context
from dashboard.wording import DISTRICT_NAMES, county_name, election_name
from results.feed.counties import BY_SLUG, COUNTIES
from results.models import Election
from results.selectors import public_contests

_DISTRICT = re.compile(r"[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """The counties and districts of a reader, in a steady order."""

    counties: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()

    @classmethod
    def of(cls, parameters: QueryDict) -> "Choice":
        """From an address's parameters; what there is not is passed over."""
        counties = [slug for slug in BY_SLUG if slug in parameters.getlist("county")]
        districts = [
            f"{office}-district-{number}"
            for office in DISTRICT_NAMES
            for number in parameters.getlist(office)[:1]
            if _DISTRICT.fullmatch(number)
        ]
        return cls(tuple(counties[: live_pages.MOST_COUNTIES]), tuple(districts))

    @property
    def page(self) -> str:
        """The name of the live page that shows this choice."""
        return live_pages.my_page(self.counties, self.districts)

    def __bool__(self) -> bool:
        return bool(self.counties or self.districts)


@dataclass(frozen=True, slots=True)
class DistrictField:
    """One office of which a reader has a district, and the districts that vote."""

    office: str
    label: str
    numbers: Sequence[int]
    chosen: int


@require_safe
def my_races(request: HttpRequest) -> HttpResponse:
    """The contests of chosen counties and districts, and the form that chooses them."""
    language = get_language() or "en"
    choice = Choice.of(request.GET)

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        name = election_name(election) if election else ""
        context = {
            **(my_parts(election, choice.counties, choice.districts, language) if election else {}),
            **page_context(now, choice.page, request),
            "meta": page_meta(request, _("My races"), name),
            "election_title": name,
            "choice": choice,
            "counties": [
                (one.slug, county_name(one.name), one.slug in choice.counties) for one in COUNTIES
            ],
            "most_counties": live_pages.MOST_COUNTIES,
            "fields": _fields(election, choice) if election else [],
        }
        return render(request, "my/page.html", context).content.decode()

    return page_response(request, f"{choice.page}?{choice}", language, build)


def _fields(election: Election, choice: Choice) -> list[DistrictField]:
    voting: dict[str, list[int]] = {}
    for contest in public_contests(election).filter(office__in=DISTRICT_NAMES):
        voting.setdefault(contest.office, []).append(contest.district)
    labels = {
        "us-rep": _("U.S. House"),
        "state-senate": _("State Senate"),
        "state-assembly": _("State Assembly"),
        "board-of-equalization": _("Board of Equalization"),
    }
    fields = []
    for office in DISTRICT_NAMES:
        if office in voting:
            stem = f"{office}-district-"
            chosen = [slug.removeprefix(stem) for slug in choice.districts if stem in slug]
            fields.append(
                DistrictField(
                    office, labels[office], sorted(voting[office]), int(chosen[0]) if chosen else 0
                )
            )
    return fields
