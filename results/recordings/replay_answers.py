"""What a replay answers to an address at a moment: the routes of the returns API."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

from results.feed.endpoint_list import endpoint_list
from results.feed.paths import UnknownEndpoint, parse_path, query_path
from results.feed.represent import body_bytes
from results.feed.represent_status import STATUS_KINDS, status_from, status_of
from results.feed.times import format_reporting_time
from results.recordings.recording import Recording, UnknownContest
from results.returns_api.requests import RequestError, read_ids
from results.returns_api.tables import csv_of

_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"
_CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a GET; key is the path after /returns/ that it is about, "" outside of it."""

    status: int
    body: bytes
    content_type: str = _JSON
    key: str = ""


def message(status: int, text: str, key: str = "") -> Answer:
    """An error as the API words one: a JSON object with a message."""
    return Answer(status, json.dumps({"message": text}).encode(), key=key)


def answer(
    recording: Recording, target: str, moment: datetime, origin: str, speed: float
) -> Answer:
    """The answer to a request target at a moment.

    origin is the server's own address, for the lists of endpoints. Before the first recorded
    moment the first one is served.
    """
    address = urlsplit(target)
    path = unquote(address.path)
    if path == "/":
        return Answer(HTTPStatus.OK, _about(recording, moment, origin, speed).encode(), _TEXT)
    if path == "/healthz":
        return Answer(HTTPStatus.OK, b"ok\n", _TEXT)
    below = path.removeprefix("/returns/").strip("/")
    if not path.startswith("/returns/") or not below:
        return message(HTTPStatus.NOT_FOUND, "Not Found")
    moment = max(moment, recording.moments[0])
    if below == "endpoints.csv":
        return Answer(HTTPStatus.OK, _table(recording, origin).encode(), _CSV, below)
    if below == "api-endpoints.csv":
        return Answer(HTTPStatus.OK, _published_list(recording, origin).encode(), _CSV, below)
    if below == "query":
        return _query(recording, address.query, moment)
    made = _endpoint(recording, below, moment)
    if made.status == HTTPStatus.OK and parse_qs(address.query).get("f") == ["csv"]:
        return Answer(made.status, csv_of(made.key, made.body), _CSV, made.key)
    return made


def _endpoint(recording: Recording, below: str, moment: datetime) -> Answer:
    try:
        key = parse_path(below).path
    except UnknownEndpoint:
        return message(HTTPStatus.NOT_FOUND, "Not Found", below)
    body = recording.body(key, moment)
    kind = STATUS_KINDS.get(recording.header.kind)
    if body is None and key in ("status", f"status/{kind}"):
        body = body_bytes(status_of(map(status_from, recording.county_reports(moment))))
    if body is None:
        return message(HTTPStatus.NOT_FOUND, "Not Found", key)
    return Answer(HTTPStatus.OK, body, key=key)


def _query(recording: Recording, query: str, moment: datetime) -> Answer:
    try:
        ids = read_ids(parse_qs(query))
    except RequestError as wrong:
        return message(wrong.status, str(wrong), "query")
    key = query_path(ids)
    # A query that was itself recorded is answered as it was; any other from its contests.
    body = recording.body(key, moment)
    if body is None:
        try:
            body = recording.query(ids, moment)
        except UnknownContest as unknown:
            text = f"There is no contest {unknown.args[0]}."
            return message(HTTPStatus.NOT_FOUND, text, key)
    return Answer(HTTPStatus.OK, body, key=key)


def _about(recording: Recording, moment: datetime, origin: str, speed: float) -> str:
    header = recording.header
    return (
        f"A replay of recorded returns: {header.name}.\n"
        f"It is {format_reporting_time(moment)} in the replay, which goes at {speed:g}x.\n"
        f"Recorded {len(recording.moments)} times at {len(recording.endpoints)} endpoints. "
        f"Source of the figures: {header.source}.\n\n"
        f"{origin}/returns/...                the returns API, as it answered at that moment\n"
        f"{origin}/returns/endpoints.csv      its endpoints, with labels\n"
        f"{origin}/returns/api-endpoints.csv  the same, as the Secretary of State lists them\n"
    )


def _table(recording: Recording, origin: str) -> str:
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["label", "api_url"])
    for endpoint in recording.endpoints:
        rows.writerow([endpoint.label, f"{origin}/returns/{endpoint.path}"])
    return file.getvalue()


def _published_list(recording: Recording, origin: str) -> str:
    """The list in the form of the published one, whose title tells the day of the election."""
    header = recording.header
    kind = header.kind.replace("_", " ").title()
    paths = [endpoint.path for endpoint in recording.endpoints]
    return endpoint_list(f"{origin}/returns/", header.date, kind, paths)
