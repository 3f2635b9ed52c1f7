"""What wraps every answer, and the shortest way to the one asked most."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from dashboard.views.live import live_response

Handler = Callable[[HttpRequest], HttpResponse]

_LIVE = re.compile(r"^/(?:(?P<language>es)/)?live/(?P<page>[a-z0-9/-]{1,300})/(?P<since>\d{1,18})$")


class LivePollMiddleware:
    """Answers /live/<page>/<since> before any other part of the stack runs.

    Every reader asks this every few seconds and almost always nothing has changed, so sessions,
    languages and the like are not worth their time here: the address says all.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _LIVE.match(request.path_info)
        if found is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        language, page, since = found.groups()
        try:
            return live_response(request, page, int(since), language or "en")
        except RedisError:
            return HttpResponse(
                "The live results are out of reach for a moment; reload for the last figures.",
                status=503,
                headers={"Retry-After": "5", "Cache-Control": "no-store"},
                content_type="text/plain; charset=utf-8",
            )


class ContentSecurityPolicyMiddleware:
    """Nothing from other hosts, nothing inline; the admin's own pages keep to Django's needs."""

    policy = (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response
