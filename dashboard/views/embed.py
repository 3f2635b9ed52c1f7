"""One race on other sites: a card for an iframe, and what tells other sites of it."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from dashboard.pages import State, page_response
from dashboard.views.context import card_parts, page_context
from dashboard.wording import contest_title, election_name
from results.models import Contest, Election
from results.selectors import current_election, public_contests

THEMES = ("light", "dark")
WIDTH, HEIGHT = 420, 480
"""Pixels of the iframe where the site around it does not let the card tell its own height."""


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """One race card, framable anywhere: ?theme=light or dark, else as the reader's system is."""
    language = get_language() or "en"
    theme = request.GET.get("theme", "")
    theme = theme if theme in THEMES else ""

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        found = find_contest(election, slug)
        context = {
            "card_html": card_parts(found, language)["card_html"],
            **page_context(now, f"embed/{slug}", request),
            "election_title": election_name(found.election),
            "contest_title": contest_title(found),
            "contest_url": reverse("contest", args=[slug]),
            "theme": theme,
        }
        return render(request, "embed/page.html", context).content.decode()

    response = page_response(request, f"embed/{slug}?{theme}", language, build)
    policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'"
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors *"
    return response


def find_contest(election: Election | None, slug: str) -> Contest:
    """A public contest. Raises Http404 with words."""
    contest = (
        public_contests(election).filter(slug=slug).select_related("election").first()
        if election
        else None
    )
    if contest is None:
        raise Http404(_("There is no contest “%(slug)s” in this election.") % {"slug": slug})
    return contest


def snippet(request: HttpRequest, contest: Contest) -> str:
    """The HTML that puts a race on another site; the card tells its height to the page around."""
    address = request.build_absolute_uri(reverse("embed", args=[contest.slug]))
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" '
        'style="max-width:{}px;border:0" loading="lazy" data-live-returns></iframe>\n'
        "<script>addEventListener('message',function(e){{var f=document.querySelectorAll("
        "'iframe[data-live-returns]');for(var i=0;i<f.length;i++)if(f[i].contentWindow===e.source"
        "&&e.data.liveReturnsHeight)f[i].height=e.data.liveReturnsHeight}})</script>",
        address,
        contest_title(contest),
        HEIGHT,
        WIDTH,
    )


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """What a contest's address looks like on other sites (oembed.com); JSON alone."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"message": _("format can only be json.")}, status=501)
    try:
        match = resolve(urlsplit(request.GET.get("url", "")).path)
    except Resolver404:
        match = None
    if match is None or match.url_name not in ("contest", "embed"):
        return JsonResponse({"message": _("url is no contest’s address here.")}, status=404)
    contest = find_contest(current_election(), match.kwargs["slug"])
    return JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": contest_title(contest),
            "provider_name": "Live Returns",
            "provider_url": request.build_absolute_uri(reverse("overview")),
            "cache_age": 3600,
            "width": WIDTH,
            "height": HEIGHT,
            "html": snippet(request, contest),
        },
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=60"},
    )
