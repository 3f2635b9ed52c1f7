"""The wall board, and its logo."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.board_pages import page_id
from dashboard.boards import breaking_id, control_id
from dashboard.county_map import shapes
from dashboard.pages import State, page_response
from dashboard.release import release
from dashboard.views.context import board_parts, page_context
from dashboard.wording import election_name
from results.models import Board, BoardPage, Election


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """A board as a screen shows it: all of its pages, one at a time."""
    found = _find(slug)

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        pages = list(found.pages.all())
        html = board_parts(found, election)
        has_map = any(page.layout == BoardPage.Layout.MAP for page in pages)
        context = {
            **page_context(now, f"board/{slug}", request),
            "board": found,
            "release": release(),
            "election_title": election_name(election) if election else "",
            "logo_url": _logo_url(found),
            "summary_html": html.get("summary", ""),
            "control_html": html.get(control_id(slug), ""),
            "breaking_html": html.get(breaking_id(slug), ""),
            "pages": [html[name] for p in pages if (name := page_id(slug, p.pk)) in html],
            "shapes": [(n, one["path"]) for n, one in shapes()["counties"].items()]
            if has_map
            else [],
        }
        return render(request, "board/page.html", context).content.decode()

    # What an editor changed is shown by the screen that loads its page anew for it.
    name = f"board/{slug}/{found.reloads}"
    with translation.override(found.language):
        return page_response(request, name, found.language, build)


@require_safe
def logo(request: HttpRequest, slug: str) -> HttpResponse:
    """A board's logo; its address changes with it."""
    found = _find(slug)
    if not found.logo:
        raise Http404(_("The board “%(title)s” has no logo.") % {"title": found})
    return HttpResponse(
        bytes(found.logo),
        content_type=found.logo_type,
        headers={"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )


def _logo_url(found: Board) -> str:
    if not found.logo:
        return ""
    digest = hashlib.sha256(bytes(found.logo)).hexdigest()[:12]
    return f"{reverse('board-logo', args=[found.slug])}?{digest}"


def _find(slug: str) -> Board:
    found = Board.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is no board “%(slug)s”.") % {"slug": slug})
    return found
