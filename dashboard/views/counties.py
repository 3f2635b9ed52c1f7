from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.page_meta import page_meta
from dashboard.pages import State, page_response
from dashboard.views.context import counties_parts, county_left, county_sections, page_context
from dashboard.wording import county_name, election_name
from results.feed.counties import BY_SLUG
from results.models import Election


@require_safe
def counties(request: HttpRequest) -> HttpResponse:
    """How far each of the 58 counties is."""
    language = get_language() or "en"

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        context = {
            **counties_parts(election, language),
            **page_context(now, "counties", request),
            "meta": page_meta(request, _("Counties"), election_name(election) if election else ""),
            "election_title": election_name(election) if election else "",
        }
        return render(request, "counties/index.html", context).content.decode()

    return page_response(request, "counties", language, build)


@require_safe
def county(request: HttpRequest, slug: str) -> HttpResponse:
    """One county: every contest on its ballot, beside the state or the district."""
    language = get_language() or "en"
    if slug not in BY_SLUG:
        raise Http404(_("California has no county “%(slug)s”.") % {"slug": slug})

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        context = {
            "sections": county_sections(election, BY_SLUG[slug], language) if election else [],
            "left": county_left(election, BY_SLUG[slug]) if election else "",
            **page_context(now, f"counties/{slug}", request),
            "meta": page_meta(
                request,
                county_name(BY_SLUG[slug].name),
                election_name(election) if election else "",
            ),
            "election_title": election_name(election) if election else "",
            "county_title": county_name(BY_SLUG[slug].name),
            "counties_url": reverse("counties"),
        }
        return render(request, "counties/page.html", context).content.decode()

    return page_response(request, f"counties/{slug}", language, build)
