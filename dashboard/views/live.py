"""What changed on a page since the version a reader has."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from dashboard import live, live_pages
from dashboard.live_pages import OVERVIEW
from dashboard.pages import State, forget_state, kept, state
from dashboard.publishing import EVERYTHING, detail_id
from dashboard.release import release
from dashboard.tasks import request_publication
from dashboard.views.context import live_context, overview_region, picture_parts
from results.answers import BuiltAnswer
from results.models import Election

OLDEST_ANSWERED = 20_000
"""Versions back for which the changes are told; a night has a few thousand."""
UNKNOWN = -1
"""Stands for every version that was not given out lately: it gets all of the page, once built."""


def live_response(request: HttpRequest, page: str, since: int, language: str) -> HttpResponse:
    """204 where nothing the page shows changed after `since`, else those fragments out of band.

    The answer depends on the address and the newest version alone, so that all readers of a page
    share it. Raises RedisError where Redis is out of reach.
    """
    now = state()
    if since > now.version:
        # Another process may have given out a version that this one has not heard of yet.
        forget_state()
        now = state()
    if not now.version - OLDEST_ANSWERED <= since <= now.version:
        since = UNKNOWN
    key = ("live", page, since, language, now.election_id, now.version)
    answer = kept.get(key)
    if answer is None:
        answer = _answer(now, page, since, language)
        kept.put(key, answer)
    if answer.etag == _MISSING:
        response = HttpResponse(status=404)
    elif not answer.plain:
        response = HttpResponse(status=204)
        # A 204 has no body to describe.
        del response.headers["Content-Type"]
    else:
        response = answer.response(request)
    response.headers["Cache-Control"] = "public, max-age=1"
    if now.feed_age is not None:
        response.headers["X-Feed-Age"] = str(now.feed_age)
    if now.quiet:
        response.headers["X-Feed-Quiet"] = "1"
    if page.startswith("board/"):
        response.headers["X-Release"] = release()
    return response


_MISSING = "missing"
_NOTHING = BuiltAnswer(b"", "")
_NOT_FOUND = BuiltAnswer(b"", _MISSING)


def _answer(now: State, page: str, since: int, language: str) -> BuiltAnswer:
    newest, changed = live.changed_since(now.election_id, since)
    unknown = since == UNKNOWN
    with translation.override(language):
        wanted = live_pages.anchor(page)
        if wanted is None:
            return _NOT_FOUND
        if page == OVERVIEW and (unknown or live.LAYOUT in changed):
            pieces = [overview_region(now, language)]
        else:
            if not live.fragments(now.election_id, language, [wanted]):
                if not now.version and now.election_id:
                    # Redis has lost what was published, and perhaps only this page asks.
                    request_publication(now.election_id, [EVERYTHING])
                return _NOT_FOUND if page != OVERVIEW else _NOTHING
            names = live.stored(now.election_id, language) if unknown else changed
            chosen = live_pages.shown(page, names)
            pieces = _changed_pieces(now, language, _without_inner(chosen))
            kind, _, slug = page.partition("/")
            if kind == "contests" and detail_id(slug) in chosen:
                election = Election.objects.get(pk=now.election_id)
                pieces += picture_parts(election, slug).values()
        if not pieces:
            return _NOTHING
        poller = render_to_string(
            "partials/poller.html", {"live": live_context(now, page, language, newest)}
        )
    html = "".join(live.swapped(piece) for piece in [*pieces, poller])
    return BuiltAnswer(html.encode(), f'W/"{newest}-{language}-{since}"')


def _without_inner(names: set[str]) -> list[str]:
    """Without the times that stand in cards which are sent anyway; in a steady order."""
    return sorted(
        name
        for name in names
        if not (name.startswith("asof-") and f"card-{name.removeprefix('asof-')}" in names)
    )


def _changed_pieces(now: State, language: str, names: list[str]) -> list[str]:
    return list(live.fragments(now.election_id, language, names).values())
