from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import listing
from dashboard.cards import all_sections
from dashboard.pages import State, page_response
from dashboard.views.context import contest_parts, lines_of, page_context
from dashboard.wording import PARTY_NAMES, contest_title, election_name
from results.feed.counties import COUNTIES
from results.models import Election
from results.selectors import public_contests


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """All contests, or those that fit what the address asks for."""
    language = get_language() or "en"
    wanted = listing.Wanted.of(request.GET.dict())

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        found: list[listing.Entry] = []
        counted = 0
        if election:
            everything = listing.entries(election.pk, now.version)
            counted, found = len(everything), listing.find(everything, wanted)
        context = {
            "lines": lines_of(election, [one.slug for one in found], language) if election else [],
            **page_context(now, "contests", request.get_full_path()),
            "election_title": election_name(election) if election else "",
            "wanted": wanted,
            "count_words": _count_words(len(found), counted),
            "list_url": reverse("contests"),
            "offices": all_sections(),
            "parties": PARTY_NAMES.items(),
            "counties": COUNTIES,
        }
        return render(request, "contests/index.html", context).content.decode()

    return page_response(request, f"contests?{wanted}", language, build)


def _count_words(found: int, counted: int) -> str:
    if found == counted:
        return ngettext("%(n)d contest", "%(n)d contests", counted) % {"n": counted}
    return ngettext("%(n)d of %(all)d contests", "%(n)d of %(all)d contests", found) % {
        "n": found,
        "all": counted,
    }


@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    """One contest: its card large, and its figures county by county."""
    language = get_language() or "en"

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        found = public_contests(election).filter(slug=slug).first() if election else None
        if election is None or found is None:
            raise Http404(_("There is no contest “%(slug)s” in this election.") % {"slug": slug})
        context = {
            **contest_parts(election, slug, language),
            **page_context(now, f"contests/{slug}", request.path),
            "election_title": election_name(election),
            "contest_title": contest_title(found),
        }
        return render(request, "contests/page.html", context).content.decode()

    return page_response(request, f"contests/{slug}", language, build)
