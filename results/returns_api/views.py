"""Answers to requests for the returns API: from what is kept, else built once a version."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import parse_qs
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe
from redis.exceptions import RedisError

from results.answers import BuiltAnswer, Kept
from results.feed.represent import body_bytes
from results.models import Election
from results.returns_api import changes, fair_use, openapi, versions
from results.returns_api.calls import call_list
from results.returns_api.common_data_format import election_report
from results.returns_api.corrections import correction_list
from results.returns_api.elections import (
    Elections,
    election_list,
    elections_at,
    endpoints_of,
    read_elections,
)
from results.returns_api.holdings import Holdings
from results.returns_api.representation import NotHeld, value_of
from results.returns_api.requests import Asked, Parameters, RequestError, read_request
from results.returns_api.tables import csv_of

PREFIX = "/returns/"
DOCUMENTATION = "/api/"
JSON = "application/json"
CSV = "text/csv; charset=utf-8"

logger = logging.getLogger(__name__)
_ELECTION = re.compile(r"elections/(?P<slug>[a-zA-Z0-9_-]+)(?:/(?P<below>.*))?", re.DOTALL)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_kept = Kept()


@dataclass(frozen=True, slots=True)
class Body:
    """What an address answers, before it is compressed and kept."""

    content: bytes
    content_type: str = JSON
    status: int = HTTPStatus.OK
    filename: str = ""


def returns_response(request: HttpRequest) -> HttpResponseBase:
    """The answer to a request below /returns/, errors among them as JSON objects."""
    response = _response(request)
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    response.headers["X-Request-ID"] = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "ETag, Last-Modified, Link, Retry-After, X-Request-ID"
    )
    response.headers["Link"] = (
        f'<{DOCUMENTATION}>; rel="service-doc", '
        f'<{PREFIX}openapi.json>; rel="service-desc"; type="{JSON}"'
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _response(request: HttpRequest) -> HttpResponseBase:
    if request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META:
        return _preflight()
    if request.method not in ("GET", "HEAD"):
        refused = _error(
            HTTPStatus.METHOD_NOT_ALLOWED,
            f"{request.method} is not allowed: the returns can only be read.",
        )
        refused.headers["Allow"] = "GET, HEAD"
        return refused
    wait = fair_use.seconds_to_wait(request)
    if wait:
        slow = _error(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"More than {settings.RETURNS_RATE} came from your address; "
            f"{PREFIX}changes tells what changed in one request.",
        )
        slow.headers["Retry-After"] = str(wait)
        return slow
    try:
        return _answer(request)
    except RequestError as wrong:
        return _error(wrong.status, str(wrong))
    except DatabaseError:
        logger.exception("%s could not be answered", request.path_info)
        away = _error(HTTPStatus.SERVICE_UNAVAILABLE, "The returns are out of reach for a moment.")
        away.headers["Retry-After"] = "5"
        return away


def _preflight() -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match, X-Request-ID"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _error(status: int, message: str) -> HttpResponse:
    response = HttpResponse(body_bytes({"message": message}), status=status, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    below = request.path_info.removeprefix(PREFIX)
    query = request.META.get("QUERY_STRING", "")
    try:
        state = versions.state()
        elections = elections_at(state.version)
    except RedisError:
        # Answered from the database and not kept.
        state, elections = versions.State(0, 0.0), read_elections()
    found = _ELECTION.fullmatch(below)
    if found:
        election = elections.named(found["slug"])
        if election is None:
            raise RequestError(HTTPStatus.NOT_FOUND, f"There is no election {found['slug']!r}.")
        below = found["below"] or ""
        base = f"{PREFIX}elections/{election.slug}"
    else:
        election, base = elections.current, PREFIX.rstrip("/")
    name = below.strip("/")
    if name == "changes/stream":
        return _stream(request, election, base)
    key, build = _builder(request, name, query, election, elections, base, bool(found))
    return _kept_or_built(request, state, key, build)


Build = Callable[[], Body]


def _builder(
    request: HttpRequest,
    name: str,
    query: str,
    election: Election | None,
    elections: Elections,
    base: str,
    is_named: bool,
) -> tuple[tuple, Build]:
    """What an answer depends on besides the version, and how it is made."""
    pk = election.pk if election else 0
    if not is_named:
        origin = f"{request.scheme}://{request.get_host()}"
        if name == "openapi.json":
            return ("openapi", origin), lambda: Body(body_bytes(openapi.description(origin)))
        if name == "elections":
            return (name, origin), lambda: Body(body_bytes(election_list(elections, origin)))
    if not name:
        return ("index", base), lambda: Body(body_bytes(_index(election, base)))
    if election is None:
        raise RequestError(HTTPStatus.NOT_FOUND, "No election is held yet.")
    if name in ("endpoints.csv", "api-endpoints.csv"):
        stem = f"{request.scheme}://{request.get_host()}{base}/"
        return (name, pk, stem), lambda: _endpoints(election, stem)
    if name == "common-data-format.json":
        return (name, pk), lambda: Body(body_bytes(election_report(election, timezone.now())))
    if name == "calls":
        return (name, pk), lambda: Body(body_bytes(call_list(election)))
    if name == "corrections":
        return (name, pk), lambda: Body(body_bytes(correction_list(election)))
    if name == "changes":
        since = _since(_parameters(query))
        return (name, pk, since), lambda: Body(
            body_bytes(changes.changes_since(election, since, base))
        )
    asked = _read(name, query)
    return (pk, asked), lambda: _returns(election, asked)


@lru_cache(maxsize=4096)
def _read(name: str, query: str) -> Asked:
    return read_request(name, _parameters(query))


def _parameters(query: str) -> Parameters:
    return parse_qs(query, keep_blank_values=True)


def _since(parameters: Parameters) -> int:
    given = parameters.get("since", ["0"])[-1]
    if not re.fullmatch("[0-9]{1,18}", given):
        raise RequestError(
            HTTPStatus.BAD_REQUEST, f"since must be a version, a whole number, not {given[:40]!r}."
        )
    return int(given)


def _index(election: Election | None, base: str) -> dict[str, object]:
    return {
        "documentation": DOCUMENTATION,
        "description": f"{PREFIX}openapi.json",
        "elections": f"{PREFIX}elections",
        "election": election.slug if election else None,
        "endpoints": f"{base}/endpoints.csv",
        "changes": f"{base}/changes",
        "calls": f"{base}/calls",
        "corrections": f"{base}/corrections",
    }


def _endpoints(election: Election, stem: str) -> Body:
    text = endpoints_of(Holdings(election), stem)
    return Body(text.encode(), CSV, filename="endpoints.csv")


def _returns(election: Election, asked: Asked) -> Body:
    try:
        body = body_bytes(value_of(asked.endpoint, Holdings(election, asked.at)))
    except NotHeld as reason:
        message = body_bytes({"message": str(reason)})
        return Body(message, status=HTTPStatus.NOT_FOUND)
    if not asked.is_csv:
        return Body(body)
    path = asked.endpoint.path
    return Body(csv_of(path, body), CSV, filename=f"{path.replace('/', '-')}.csv")


def _kept_or_built(
    request: HttpRequest, state: versions.State, key: tuple, build: Build
) -> HttpResponse:
    key = (*key, state.version)
    answer = _kept.get(key) if state.version else None
    if answer is None:
        answer = _built(build())
        if state.version:
            _kept.put(key, answer)
    response = answer.response(request)
    # In the second of a change more may come, which this time could not tell apart.
    if state.version and answer.status == HTTPStatus.OK and time.time() - state.changed_at > 1:
        response.headers["Last-Modified"] = http_date(state.changed_at)
        if response.status_code == HTTPStatus.OK and _is_unmodified(request, state):
            headers = {n: v for n, v in response.headers.items() if n not in _OF_A_BODY}
            response = HttpResponseNotModified()
            for name, value in headers.items():
                response.headers[name] = value
    return response


_OF_A_BODY = {"Content-Type", "Content-Encoding", "Content-Disposition"}


def _is_unmodified(request: HttpRequest, state: versions.State) -> bool:
    """Whether a client that goes by time alone has the newest version."""
    since = request.META.get("HTTP_IF_MODIFIED_SINCE")
    if not since or "HTTP_IF_NONE_MATCH" in request.META:
        return False
    known = parse_http_date_safe(since)
    return known is not None and known >= int(state.changed_at)


def _built(body: Body) -> BuiltAnswer:
    headers = {}
    if body.filename:
        headers["Content-Disposition"] = f'inline; filename="{body.filename}"'
    digest = blake2b(body.content, digest_size=12).hexdigest()
    etag = f'W/"{digest}"' if body.status == HTTPStatus.OK else ""
    return BuiltAnswer(
        body.content,
        etag,
        status=body.status,
        content_type=body.content_type,
        headers=headers,
    )


def _stream(request: HttpRequest, election: Election | None, base: str) -> HttpResponseBase:
    if election is None:
        raise RequestError(HTTPStatus.NOT_FOUND, "No election is held yet.")
    parameters = _parameters(request.META.get("QUERY_STRING", ""))
    # What a client sends that was cut off goes before what its address said at first.
    last = request.META.get("HTTP_LAST_EVENT_ID", "")
    if last:
        parameters = {"since": [last]}
    try:
        since = _since(parameters) if "since" in parameters else versions.state().version
    except RedisError:
        raise RequestError(
            HTTPStatus.SERVICE_UNAVAILABLE, "Changes cannot be told for a moment."
        ) from None
    if not changes.streams.acquire(blocking=False):
        busy = _error(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"Too many streams are open; ask {base}/changes instead, or come back.",
        )
        busy.headers["Retry-After"] = "30"
        return busy
    response = StreamingHttpResponse(
        changes.follow(election, since, base), content_type="text/event-stream"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
