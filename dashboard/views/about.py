"""Where the figures come from and what is done with them; and what search engines are told."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.page_meta import page_meta
from dashboard.views.context import language_links
from results.feed.counties import COUNTIES
from results.margins import CLOSE_POINTS
from results.models import Contest
from results.selectors import current_election, kept_elections, public_contests


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Sources and method."""
    election = current_election()
    context = {
        "meta": page_meta(request, _("Sources and method")),
        "languages": language_links(request.path),
        "threshold": f"{float(election.lead_threshold):g}" if election else "5",
        "close_points": f"{CLOSE_POINTS:g}",
    }
    response = render(request, "about/page.html", context)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read; nothing of a site that shows no real night."""
    if settings.SITE_NOTICE:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        lines = [
            "User-agent: *",
            *(
                f"Disallow: {path}"
                for path in ("/admin/", "/live/", "/es/live/", "/my/", "/es/my/")
            ),
            f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


class PagesSitemap(Sitemap):
    """Every page of the current election and the kept ones' first pages, in both languages."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[tuple[str, tuple[str, ...]]]:
        pages: list[tuple[str, tuple[str, ...]]] = [
            (name, ()) for name in ("overview", "contests", "counties", "elections", "about", "api")
        ]
        election = current_election()
        if election is not None:
            contests: list[Contest] = list(public_contests(election))
            pages += [("contest", (contest.slug,)) for contest in contests]
            pages += [("county", (county.slug,)) for county in COUNTIES]
        pages += [("kept-overview", (one.slug,)) for one in kept_elections()]
        return pages

    def location(self, item: tuple[str, tuple[str, ...]]) -> str:
        name, arguments = item
        return reverse(name, args=arguments)
