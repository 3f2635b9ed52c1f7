"""The pages of a rehearsal: the public's own, marked, for staff who may see them."""

import re

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.rehearsing import rehearsing
from dashboard.views.live import live_response
from results.models import Election

PAGES = {"overview", "contests", "contest", "counties", "county", "my-races", "board", "about"}
_LIVE = re.compile(r"live/(?P<page>[a-z0-9/-]{1,300})/(?P<since>[0-9]{1,18})")


@login_required(login_url="admin:login")
@permission_required("results.view_rehearsal", raise_exception=True)
@require_safe
def rehearsal(request: HttpRequest, slug: str, rest: str = "") -> HttpResponse:
    """A page of a rehearsal, named by the public page's address after its own."""
    election = get_object_or_404(Election, slug=slug, is_rehearsal=True)
    language, below = ("es", rest[3:]) if rest.startswith("es/") else ("en", rest)
    with translation.override(language), rehearsing(election):
        live = _LIVE.fullmatch(below)
        if live:
            response = live_response(request, live["page"], int(live["since"]), language)
        else:
            response = _page(request, f"/{rest}")
    # Never kept by anything between here and the person who may see it.
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(request: HttpRequest, path: str) -> HttpResponse:
    try:
        match = resolve(path)
    except Resolver404:
        match = None
    if match is None or match.url_name not in PAGES:
        raise Http404(_("A rehearsal has no page “%(path)s”.") % {"path": path})
    return match.func(request, *match.args, **match.kwargs)
