from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from dashboard import listing
from dashboard.cards import all_sections
from dashboard.pages import State, page_response
from dashboard.views.context import contest_parts, lines_of, page_context
from dashboard.views.embed import find_contest, snippet
from dashboard.wording import PARTY_NAMES, contest_title, election_name
from results.feed.counties import COUNTIES
from results.feed.paths import contest_path
from results.history import update_rows
from results.models import Contest, Election
from results.returns_api.tables import table
from results.selectors import current_election


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
            **list_context(wanted, len(found), counted),
            "list_url": reverse("contests"),
        }
        return render(request, "contests/index.html", context).content.decode()

    return page_response(request, f"contests?{wanted}", language, build)


def list_context(wanted: listing.Wanted, found: int, counted: int) -> dict[str, object]:
    """What the list's form and count are given."""
    return {
        "wanted": wanted,
        "count_words": _count_words(found, counted),
        "offices": all_sections(),
        "parties": PARTY_NAMES.items(),
        "counties": COUNTIES,
    }


def _count_words(found: int, counted: int) -> str:
    if found == counted:
        return ngettext("%(n)d contest", "%(n)d contests", counted) % {"n": counted}
    return ngettext("%(n)d of %(all)d contests", "%(n)d of %(all)d contests", found) % {
        "n": found,
        "all": counted,
    }


def returns_address(contest: Contest) -> str:
    """Where the returns API answers with all areas of a contest."""
    path = contest_path(contest.key)
    by_county = contest.kind == Contest.Kind.CANDIDATES
    return f"/returns/{path}/county/all" if by_county else f"/returns/{path}"


@require_safe
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    """Every update of a contest as CSV."""
    contest = find_contest(current_election(), slug)
    return HttpResponse(
        table(update_rows(contest)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}-updates.csv"',
            "Cache-Control": "public, max-age=5",
        },
    )


@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    """One contest: its card large, and its figures county by county."""
    language = get_language() or "en"

    def build(now: State) -> str:
        election = Election.objects.filter(pk=now.election_id).first()
        found = find_contest(election, slug)
        context = {
            **contest_parts(found.election, slug, language),
            **page_context(now, f"contests/{slug}", request.path),
            "election_title": election_name(found.election),
            "contest_title": contest_title(found),
            "snippet": snippet(request, found),
            "csv_url": reverse("contest-updates", args=[slug]),
            "returns_url": returns_address(found),
            "embed_url": reverse("embed", args=[slug]),
            "oembed_url": request.build_absolute_uri(
                f"{reverse('oembed')}?{urlencode({'url': request.build_absolute_uri()})}"
            ),
        }
        return render(request, "contests/page.html", context).content.decode()

    return page_response(request, f"contests/{slug}", language, build)
