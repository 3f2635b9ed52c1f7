"""The way of a request for the returns past all that only pages need."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from results.returns_api.views import PREFIX, returns_response

Handler = Callable[[HttpRequest], HttpResponseBase]


class ReturnsMiddleware:
    """Answers /returns/... before sessions, languages and the rest of the stack run."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(PREFIX) and path != PREFIX.rstrip("/"):
            return self.get_response(request)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return self.get_response(request)  # to be sent on to https
        return returns_response(request)
