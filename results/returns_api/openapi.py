"""The description of the returns API for programs: OpenAPI 3.1."""

from typing import Any

from results.feed.counties import COUNTIES
from results.feed.offices import OFFICES, PARTIES
from results.feed.represent_status import STATUS_KINDS
from results.models import RaceCall
from results.returns_api.representation import MAP_COLORS

VERSION = "1.0.0"

_JSON = "application/json"
_COUNTY_SLUGS = [county.slug for county in COUNTIES]
_STATEWIDE = [o.slug for o in OFFICES.values() if not o.districts and o.body == "candidates"]
_BY_DISTRICT = [o.slug for o in OFFICES.values() if o.districts and o.body == "candidates"]
_PRIMARY_PARTIES = [p.slug for p in PARTIES.values() if not p.slug.startswith("no")]
_PARTY_CODES = [party.code for party in PARTIES.values()]
_COUNTY_DIGITS = "(0[1-9]|[1-5][0-9])"
_IDS = (
    # Statewide offices; a Senate seat is told by its own digits; presidential primaries.
    f"(0[2-8]|16)0000000000{_COUNTY_DIGITS}",
    f"1000000000(00|01|02){_COUNTY_DIGITS}",
    f"0100(0[0-5]|08)000000{_COUNTY_DIGITS}",
    "0100(0[1-5]|08)(0[1-9]|[1-4][0-9]|5[0-3])000059",
    # Offices by district: equalization, House, Senate, Assembly.
    f"090000(0[1-4])0000{_COUNTY_DIGITS}",
    f"110000(0[1-9]|[1-4][0-9]|5[0-3])0000{_COUNTY_DIGITS}",
    f"120000(0[1-9]|[1-3][0-9]|40)0000{_COUNTY_DIGITS}",
    f"130000(0[1-9]|[1-7][0-9]|80)0000{_COUNTY_DIGITS}",
    # Measures.
    f"1900000([0-9A-Z]{{4}}[1-9A-Z]|[0-9A-Z]{{3}}[1-9A-Z]0|[0-9A-Z]{{2}}[1-9A-Z]00){_COUNTY_DIGITS}",
)
_ID = {
    "type": "string",
    "pattern": f"^({'|'.join(_IDS)})$",
    "description": "14 digits: category 4, party 2, district 2, division 2, seat 2, county 2 "
    "(01 to 58, 59 for the whole contest). A measure: 1900, 000, its number in 5, county 2.",
}


def description(origin: str) -> dict[str, Any]:
    """The document served at /returns/openapi.json; origin is the service's own address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Live Returns: California election returns",
            "version": VERSION,
            "summary": "The Secretary of State's returns API, with history, changes and CORS.",
            "description": (
                "Answers in the shapes of the California Secretary of State's Election Night "
                "Reporting API: a client written for it changes only the host. All but `query` "
                "also answer as CSV (`f=csv`), and all as they stood at a moment (`at`). Every "
                "address also exists below `/returns/elections/{slug}/` for each election kept."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": origin}],
        "externalDocs": {"url": f"{origin}/api/", "description": "A first call in a minute"},
        "tags": [
            {"name": "contests", "description": "Contests of candidates"},
            {"name": "yes or no", "description": "Ballot measures and justices"},
            {"name": "count", "description": "How far the count is"},
            {"name": "service", "description": "What this service adds"},
        ],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "responses": _error_responses()},
    }


def _paths() -> dict[str, Any]:
    contest, pair = _ref("Contest"), _ref("ContestOrPair")
    contests = {"type": "array", "items": contest, "minItems": 1}
    measures, retention = _ref("Measures"), _ref("Retention")
    office = _in_path("office", {"type": "string", "enum": _STATEWIDE})
    district_office = _in_path("office", {"type": "string", "enum": _BY_DISTRICT})
    party = _in_path("party", {"type": "string", "enum": _PRIMARY_PARTIES})
    county = _in_path("county", {"type": "string", "enum": _COUNTY_SLUGS})
    district = _in_path("district", {"type": "integer", "minimum": 1, "maximum": 80})
    prop = _in_path("number", {"type": "string", "pattern": "^[0-9A-Za-z]{1,5}$"})
    paths: dict[str, Any] = {}

    def add(path: str, tag: str, name: str, summary: str, schema: Any, *parameters: Any) -> None:
        paths[f"/returns/{path}"] = {
            "get": {
                "operationId": name,
                "tags": [tag],
                "summary": summary,
                "parameters": [*parameters, _AT, _FORMAT],
                "responses": _responses(schema, with_csv=True),
            }
        }

    add("{office}", "contests", "office", "A statewide office", contest, office)
    add(
        "{office}/county/all",
        "contests",
        "officeByCounty",
        "A statewide office: the state, then its counties in alphabetical order",
        contests,
        office,
    )
    add(
        "{office}/county/{county}",
        "contests",
        "officeInCounty",
        "A statewide office in a county, then statewide",
        pair,
        office,
        county,
    )
    stem = "president/party/{party}"
    add(stem, "contests", "primary", "A party's presidential primary", contest, party)
    add(
        f"{stem}/county/all",
        "contests",
        "primaryByCounty",
        "A presidential primary: the state, then its counties",
        contests,
        party,
    )
    add(
        f"{stem}/county/{{county}}",
        "contests",
        "primaryInCounty",
        "A presidential primary in a county, then statewide",
        pair,
        party,
        county,
    )
    add(
        f"{stem}/district/all",
        "contests",
        "primaryByDistrict",
        "A presidential primary: the state, then the congressional districts that elect delegates",
        contests,
        party,
    )
    add(
        "{office}/district/all",
        "contests",
        "districts",
        "All districts of an office in this election",
        contests,
        district_office,
    )
    add(
        "{office}/district/{district}",
        "contests",
        "district",
        "One district; one that does not vote this time has its last election's returns",
        contest,
        district_office,
        district,
    )
    add(
        "{office}/district/{district}/county/{county}",
        "contests",
        "districtInCounty",
        "A district in one of its counties, then districtwide",
        pair,
        district_office,
        district,
        county,
    )
    add("ballot-measures", "yes or no", "measures", "All measures", measures)
    add(
        "ballot-measures/county/{county}",
        "yes or no",
        "measuresInCounty",
        "All measures in a county",
        measures,
        county,
    )
    add("ballot-measures/prop/{number}", "yes or no", "measure", "One measure", measures, prop)
    add("supreme-court", "yes or no", "supremeCourt", "Justices of the Supreme Court", retention)
    add(
        "courts-of-appeal/district/all",
        "yes or no",
        "courtsOfAppeal",
        "Justices of all courts of appeal, by district",
        {"type": "array", "items": retention, "minItems": 1},
    )
    add(
        "courts-of-appeal/district/{district}",
        "yes or no",
        "courtOfAppeal",
        "Justices of one court of appeal",
        retention,
        _in_path("district", {"type": "integer", "minimum": 1, "maximum": 6}),
    )
    add("status", "count", "status", "Every county's count", _ref("Statuses"))
    add(
        "status/{kind}",
        "count",
        "statusOfKind",
        "The same, by the kind of election",
        _ref("Statuses"),
        _in_path("kind", {"type": "string", "enum": sorted(set(STATUS_KINDS.values()))}),
    )
    add(
        "maps/{office}",
        "count",
        "map",
        "A statewide contest by area, with colours",
        _ref("Map"),
        office,
    )
    add(
        "maps/ballot-measures/prop/{number}",
        "count",
        "measureMap",
        "A measure by area",
        _ref("Map"),
        prop,
    )
    return {**paths, **_service_paths()}


def _service_paths() -> dict[str, Any]:
    query = {
        "operationId": "query",
        "tags": ["contests"],
        "summary": "Up to ten contests by their ids, in the order asked",
        "description": "More than ten are answered with status 500, as the Secretary of State "
        "answers them. There is no CSV here.",
        "parameters": [
            {
                "name": "r",
                "in": "query",
                "required": True,
                "description": 'A JSON list of contest ids: `["10000000000159"]`',
                "content": {
                    _JSON: {
                        "schema": {"type": "array", "items": _ID, "minItems": 1, "maxItems": 10}
                    }
                },
                "example": ["10000000000159"],
            },
            _AT,
        ],
        "responses": {
            **_responses({"type": "array", "items": {"$ref": "#/components/schemas/Element"}}),
            "500": {"$ref": "#/components/responses/TooManyIds"},
        },
    }
    since = {
        "name": "since",
        "in": "query",
        "description": "The version that the client holds; 0, or none, for all.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**17},
    }
    return {
        "/returns/query": {"get": query},
        "/returns/changes": {
            "get": {
                "operationId": "changes",
                "tags": ["service"],
                "summary": "The returns that changed after a version",
                "parameters": [since],
                "responses": _responses(_ref("Changes")),
            }
        },
        "/returns/changes/stream": {
            "get": {
                "operationId": "changesAsStream",
                "tags": ["service"],
                "summary": "The same as server-sent events , as they come",
                "parameters": [since],
                "responses": {
                    "200": {
                        "description": "Events whose data is what `changes` answers",
                        "content": {"text/event-stream": {"schema": {"type": "string"}}},
                    },
                    **_errors("400", "404", "503"),
                },
            }
        },
        "/returns/elections": {
            "get": {
                "operationId": "elections",
                "tags": ["service"],
                "summary": "Every election kept, newest first",
                "responses": _responses({"type": "array", "items": _ref("Election")}),
            }
        },
        "/returns/calls": {
            "get": {
                "operationId": "calls",
                "tags": ["service"],
                "summary": "What the newsroom has called, apart from the returns",
                "responses": _responses({"type": "array", "items": _ref("Call")}),
            }
        },
        "/returns/corrections": {
            "get": {
                "operationId": "corrections",
                "tags": ["service"],
                "summary": "What the newsroom holds back, or has set beside the feed's figures",
                "responses": _responses({"type": "array", "items": _ref("Correction")}),
            }
        },
        "/returns/endpoints.csv": {
            "get": {
                "operationId": "endpoints",
                "tags": ["service"],
                "summary": "All addresses of the election, in the published list's format",
                "responses": _responses({"type": "string"}, content_type="text/csv"),
            }
        },
        "/returns/common-data-format.json": {
            "get": {
                "operationId": "commonDataFormat",
                "tags": ["service"],
                "summary": "The whole election in NIST's Common Data Format (SP 1500-100 v2)",
                "responses": _responses({"type": "object"}),
            }
        },
    }


_AT = {
    "name": "at",
    "in": "query",
    "description": "The returns as they stood at this moment. California time without a zone.",
    "schema": {"type": "string", "format": "date-time"},
    "example": "2024-03-05T21:00:00-08:00",
}
_FORMAT = {
    "name": "f",
    "in": "query",
    "description": "`csv` for a table, a line a candidate or choice; leave it out for JSON.",
    "schema": {"type": "string", "enum": ["csv"]},
}


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _responses(schema: Any, *, with_csv: bool = False, content_type: str = _JSON) -> dict[str, Any]:
    content = {content_type: {"schema": schema}}
    if with_csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    return {
        "200": {
            "description": "As held",
            "headers": {
                "ETag": {"schema": {"type": "string"}},
                "Last-Modified": {"schema": {"type": "string"}},
            },
            "content": content,
        },
        "304": {"description": "What the client holds is still so"},
        **_errors("400", "404", "429", "503"),
    }


_ERRORS = {
    "400": ("BadRequest", "A parameter cannot be understood"),
    "404": ("NotFound", "Not in this election, or not public"),
    "429": ("TooManyRequests", "More than fair use; Retry-After tells how long to wait"),
    "500": ("TooManyIds", "A query of more than ten contests"),
    "503": ("Unavailable", "Out of reach for a moment"),
}


def _errors(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/{_ERRORS[status][0]}"} for status in statuses}


def _error_responses() -> dict[str, Any]:
    return {
        name: {"description": words, "content": {_JSON: {"schema": _ref("Error")}}}
        for name, words in _ERRORS.values()
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _text(pattern: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "string", **({"pattern": pattern} if pattern else {}), **more}


def _schemas() -> dict[str, Any]:
    percent = _text(r"^[0-9]{1,3}\.[0-9]$")
    head = {
        "raceTitle": _text(examples=["U.S. Senate (Full Term) - Statewide Results"]),
        "Reporting": _text(
            r"^[0-9.]+% \([0-9,]+ of [0-9,]+\) precincts reporting$",
            examples=["7.3% (1,519 of 20,855) precincts reporting"],
        ),
        "ReportingTime": _text(
            r"^[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}, [0-9]{1,2}:[0-9]{2} [ap]\.m\.$",
            description="California time",
            examples=["March 5, 2024, 8:21 p.m."],
        ),
    }
    yes_no = {
        "yesVotes": _text("^[0-9]+$"),
        "yesPercent": percent,
        "noVotes": _text("^[0-9]+$"),
        "noPercent": percent,
    }
    candidate = _object(
        Name=_text(),
        Party=_text(enum=_PARTY_CODES),
        Votes=_text("^[0-9,]+$", description="With thousands commas", examples=["1,118,411"]),
        Percent=percent,
        incumbent={"type": "boolean"},
    )
    candidate["properties"]["color"] = _text(
        "^[0-9A-F]{6}$", description="In maps alone", examples=sorted(MAP_COLORS.values())
    )
    digits_or_empty = _text("^[0-9]*$")
    return {
        "Candidate": candidate,
        "Contest": _object(**head, candidates={"type": "array", "items": _ref("Candidate")}),
        "ContestOrPair": {
            "description": "The county, then the whole; a county outside the district: the whole",
            "oneOf": [
                {"type": "array", "items": _ref("Contest"), "minItems": 2, "maxItems": 2},
                _ref("Contest"),
            ],
        },
        "Measures": _object(
            **head,
            **{
                "ballot-measures": {
                    "type": "array",
                    "items": _object(Name=_text(), Number=_text("^[0-9A-Z]{2,5}$"), **yes_no),
                }
            },
        ),
        "Retention": {
            "type": "object",
            "required": list(head),
            "properties": {
                **head,
                "supreme-court": _ref("Justices"),
                "courts-of-appeal": _ref("Justices"),
            },
        },
        "Justices": {"type": "array", "items": _object(Name=_text(), **yes_no)},
        "Element": {"anyOf": [_ref("Contest"), _ref("Measures")]},
        "Map": {
            "type": "object",
            "description": "By county slug, and `statewide`",
            "additionalProperties": _ref("Element"),
        },
        "Statuses": {
            "type": "object",
            "description": "By county slug, and `statewide`",
            "additionalProperties": _object(
                county={"type": "integer", "minimum": 1, "maximum": 59},
                reportType=_text(enum=["", "R", "F", "U", "S"]),
                precinctsReporting=digits_or_empty,
                precinctsTotal=digits_or_empty,
                precinctsReportingPercent=percent,
                voterTurnout=digits_or_empty,
                totalRegisteredVoters=digits_or_empty,
                voterTurnoutPercentage=_text(r"^([0-9]{1,3}\.[0-9])?$"),
                countyName=_text(),
                timestamp=_text(),
            ),
        },
        "Changes": _object(
            election=_text(),
            since={"type": "integer"},
            version={"type": "integer"},
            changedAt=_text(format="date-time"),
            everything={
                "type": "boolean",
                "description": "`since` is too old to tell: read all you need anew",
            },
            changes={
                "type": "array",
                "items": _object(
                    contest=_text(),
                    area=_text(description="A county's slug, `district-<n>`, or `whole`"),
                    id={"anyOf": [_ID, {"type": "null"}]},
                    returns=_text(description="Where to read it"),
                ),
            },
        ),
        "Call": _object(
            contest=_text(description="The contest's slug"),
            endpoint=_text(description="Where its returns are, after /returns/"),
            status=_text(enum=list(RaceCall.Status.values)),
            winners={"type": "array", "items": _text()},
            source=_text(),
            since=_text(format="date-time"),
        ),
        "Correction": {
            **_object(
                kind=_text(enum=["hold", "override"]),
                contest=_text(description="The contest's slug"),
                reason=_text(),
                since=_text(format="date-time"),
            ),
            "additionalProperties": True,
            "description": "An override also has county, candidate, votes, feedVotes and until",
        },
        "Election": _object(
            slug=_text(),
            name=_text(),
            date=_text(format="date"),
            kind=_text(enum=list(STATUS_KINDS)),
            pollsClose=_text(format="date-time"),
            current={"type": "boolean"},
            returns=_text(format="uri"),
            endpoints=_text(format="uri"),
        ),
        "Error": _object(message=_text(description="What was wrong, and where")),
    }
