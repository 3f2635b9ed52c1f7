from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.pages import State, page_response
from dashboard.views.context import contest_parts, page_context
from dashboard.wording import contest_title, election_name
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
            **contest_parts(election, slug, language),
            **page_context(now, f"contests/{slug}", request.path),
            "election_title": election_name(election),
            "contest_title": contest_title(found),
        }
        return render(request, "contests/page.html", context).content.decode()

    return page_response(request, f"contests/{slug}", language, build)
