from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.pages import State, page_response
from dashboard.views.context import contest_parts, language_links, live_context
from results.models import Election
from results.selectors import public_contests


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
            "election": election,
            "contest": found,
            **contest_parts(election, slug, language),
            "live": live_context(now, f"contests/{slug}", language),
            "languages": language_links(request.path),
        }
        return render(request, "contests/page.html", context).content.decode()

    return page_response(request, f"contests/{slug}", language, build)
