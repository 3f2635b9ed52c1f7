"""What a request to the returns API asks for, or what is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from results.feed.contest_ids import ContestIdError, parse_contest_id
from results.feed.paths import Endpoint, UnknownEndpoint, parse_path
from results.feed.plan import QUERY_LIMIT
from results.feed.times import CALIFORNIA
from results.feed.values import shown

_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class RequestError(Exception):
    """A request that gets an error: its status, and words that say what was wrong."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """One address of the returns, read.

    is_csv  whether it is to be answered as CSV
    at      the moment whose returns are wanted (aware), None for those of now
    """

    endpoint: Endpoint
    is_csv: bool = False
    at: datetime | None = None


Parameters = Mapping[str, Sequence[str]]
"""The query string's values by name, in order. Names unknown here are passed over."""


def read_request(below: str, parameters: Parameters) -> Asked:
    """What an address below /returns/ (or /returns/elections/<slug>/) asks for.

    Raises RequestError: 400 for a parameter that cannot be understood, 404 for an address there
    is not, 500 for a query of more than ten contests, as the Secretary of State answers it.
    """
    formats = parameters.get("f", ())
    if any(one != "csv" for one in formats) or len(formats) > 1:
        raise RequestError(
            HTTPStatus.BAD_REQUEST,
            f"f can only be csv, not {shown(' and '.join(formats))}; leave it out for JSON.",
        )
    at = read_moment(parameters)
    if below.strip("/") == "query":
        if formats:
            raise RequestError(HTTPStatus.BAD_REQUEST, "A query is answered in JSON alone.")
        return Asked(Endpoint("query", ids=read_ids(parameters)), at=at)
    try:
        endpoint = parse_path(f"/returns/{below}")
    except UnknownEndpoint as reason:
        raise RequestError(HTTPStatus.NOT_FOUND, f"Not found: {reason}") from None
    return Asked(endpoint, bool(formats), at)


def read_moment(parameters: Parameters) -> datetime | None:
    """The moment that `at` names, aware; one without a zone is Californian. None without `at`."""
    given = parameters.get("at", ())
    if not given:
        return None
    # A plus that was not percent-encoded arrives as a space.
    text = given[-1].strip().replace(" ", "+") if "T" in given[-1] else given[-1].strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RequestError(
            HTTPStatus.BAD_REQUEST,
            f"at must be a time like 2024-03-05T21:00:00-08:00, not {shown(given[-1])}.",
        ) from None
    # Databases do not know every moment near the ends of time.
    if moment.year > _LAST_YEAR:
        return None
    if moment.year < _FIRST_YEAR:
        moment = moment.replace(year=_FIRST_YEAR, month=1, day=1)
    # In UTC: databases do not take every offset from it.
    return (moment if moment.tzinfo else moment.replace(tzinfo=CALIFORNIA)).astimezone(UTC)


def read_ids(parameters: Parameters) -> tuple[str, ...]:
    """The contest ids of a query, each the id of a contest that there can be."""
    given = parameters.get("r", ())
    if len(given) != 1:
        raise RequestError(
            HTTPStatus.BAD_REQUEST,
            'A query needs one r, a JSON list of contest ids: r=["10000000000159"].',
        )
    try:
        ids = json.loads(given[0])
    except (ValueError, RecursionError):
        raise RequestError(HTTPStatus.BAD_REQUEST, f"r is not JSON: {shown(given[0])}.") from None
    if not isinstance(ids, list):
        raise RequestError(HTTPStatus.BAD_REQUEST, f"r is not a JSON list: {shown(given[0])}.")
    if not ids:
        raise RequestError(HTTPStatus.BAD_REQUEST, "r lists no contest ids.")
    for one in ids:
        if not isinstance(one, str):
            raise RequestError(
                HTTPStatus.BAD_REQUEST, f"r lists {shown(one)}, where a text of 14 digits belongs."
            )
        if len(one) != 14:
            raise RequestError(
                HTTPStatus.BAD_REQUEST,
                f"r lists {shown(one)}, which has {len(one)} characters; a contest id has 14.",
            )
        try:
            parse_contest_id(one)
        except ContestIdError as reason:
            raise RequestError(HTTPStatus.BAD_REQUEST, f"r: {reason}.") from None
    if len(ids) > QUERY_LIMIT:
        raise RequestError(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            f"{len(ids)} contests were asked for; a query answers {QUERY_LIMIT} at most.",
        )
    return tuple(ids)
