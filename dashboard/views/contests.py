import hashlib
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from dashboard import listing, share_image
from dashboard.cards import RaceCard, all_sections, race_card
from dashboard.page_meta import PageMeta, page_meta
from dashboard.pages import State, kept, page_response, state
from dashboard.views.context import contest_parts, lines_of, page_context
from dashboard.views.embed import find_contest, snippet
from dashboard.wording import PARTY_NAMES, contest_title, election_name
from results.answers import BuiltAnswer
from results.feed.counties import COUNTIES
from results.feed.paths import contest_path
from results.history import update_rows
from results.models import Contest, Election
from results.returns_api.tables import table
from results.selectors import contest_returns, current_election


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
            **page_context(now, "contests", request),
            "meta": page_meta(
                request, _("All contests"), election_name(election) if election else ""
            ),
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
        parts = contest_parts(found.election, slug, language)
        card = cast(RaceCard, parts["card"])
        csv_url = reverse("contest-updates", args=[slug])
        context = {
            **parts,
            **page_context(now, f"contests/{slug}", request),
            "meta": contest_meta(request, found, card, csv_url),
            "image_words": share_image.alternative(card),
            "share_url": reverse("share-image", args=[slug]),
            "election_title": election_name(found.election),
            "contest_title": contest_title(found),
            "snippet": snippet(request, found),
            "csv_url": csv_url,
            "returns_url": returns_address(found),
            "embed_url": reverse("embed", args=[slug]),
            "oembed_url": request.build_absolute_uri(
                f"{reverse('oembed')}?{urlencode({'url': request.build_absolute_uri()})}"
            ),
        }
        return render(request, "contests/page.html", context).content.decode()

    return page_response(request, f"contests/{slug}", language, build)


def contest_meta(request: HttpRequest, contest: Contest, card: RaceCard, csv_url: str) -> PageMeta:
    """What a contest's page says of itself: the race as it stands, and where its data is."""
    election = contest.election
    title = contest_title(contest)
    standing = share_image.alternative(card)
    address = request.build_absolute_uri
    data = {
        "@type": "Dataset",
        "name": f"{title}, {election_name(election)}",
        "description": f"{standing} {card.precincts.counts}",
        "url": address(request.path),
        "isAccessibleForFree": True,
        "temporalCoverage": election.date.isoformat(),
        "spatialCoverage": "California",
        "creator": {
            "@type": "GovernmentOrganization",
            "name": "California Secretary of State",
            "url": "https://www.sos.ca.gov/",
        },
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address(place)}
            for kind, place in (
                ("text/csv", csv_url),
                ("application/json", returns_address(contest)),
            )
        ],
    }
    if card.as_of_iso:
        data["dateModified"] = card.as_of_iso
    return page_meta(
        request,
        title,
        election_name(election),
        description=standing,
        image=reverse("share-image", args=[contest.slug]),
        data=data,
    )


@require_safe
def share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of a race as it stands, for links on other sites."""
    language = get_language() or "en"
    try:
        now = state()
        election = Election.objects.filter(pk=now.election_id).first()
        key = ("share", slug, language, now.election_id, now.version)
        answer = kept.get(key)
    except RedisError:
        election, key, answer = current_election(), None, None
    if answer is None:
        found = find_contest(election, slug)
        (returns,) = contest_returns(found.election, [found.pk], areas=True)
        drawn = share_image.share_image(race_card(returns), election_name(found.election))
        etag = f'"{hashlib.sha256(drawn).hexdigest()[:32]}"'
        answer = BuiltAnswer(drawn, etag, content_type="image/png")
        if key is not None:
            kept.put(key, answer)
    response = answer.response(request)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
