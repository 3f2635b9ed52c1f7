"""The page that tells developers how to use the returns API."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dashboard.page_meta import page_meta
from dashboard.views.context import language_links
from results.returns_api import openapi
from results.returns_api.elections import read_elections

_EXAMPLES = {
    "office": "us-senate",
    "party": "democratic",
    "county": "lake",
    "district": "40",
    "number": "1",
    "kind": "primary",
}
_DISTRICT_OFFICE = "us-rep"
_QUERY = 'r=["10000000000159","11000040000059"]'


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the API: its pattern, what it answers, and one that can be opened."""

    pattern: str
    summary: str
    example: str


def addresses() -> list[Address]:
    """Every address of the API, as its description has them."""
    found = []
    for pattern, item in openapi.description("")["paths"].items():
        values = dict(_EXAMPLES)
        if "{district}" in pattern or pattern.endswith("{office}/district/all"):
            values["office"] = _DISTRICT_OFFICE
        if "courts-of-appeal" in pattern:
            values["district"] = "1"
        example = pattern.format(**values)
        if pattern.endswith("/query"):
            example += f"?{_QUERY}"
        found.append(Address(pattern, item["get"]["summary"], example))
    return found


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """The API's own page: a first call, the addresses, and what this service adds."""
    current = read_elections().current
    context = {
        "origin": f"{request.scheme}://{request.get_host()}",
        "addresses": addresses(),
        "languages": language_links(request.path),
        "election_slug": current.slug if current else "2024-03-05-presidential-primary",
        "page_title": gettext("The returns API"),
        "meta": page_meta(
            request,
            gettext("The returns API"),
            description=gettext(
                "The California Secretary of State’s returns API, with history, changes, CSV "
                "and CORS."
            ),
        ),
        "tries": [
            ("us-senate", gettext("A statewide contest")),
            ("us-senate/county/lake", gettext("In one county, then statewide")),
            ("ballot-measures", gettext("Measures")),
            (f"query?{_QUERY}", gettext("Several by their ids")),
            ("changes", gettext("What changed")),
        ],
    }
    response = render(request, "api/page.html", context)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
