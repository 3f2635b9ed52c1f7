"""Every election kept, with the same pages, as they stood at any moment of the night."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from dashboard import addresses, cards, listing, wording
from dashboard.county_pages import county_contest_id
from dashboard.live_pages import HIGHLIGHTS
from dashboard.page_meta import page_meta
from dashboard.pages import State, page_response
from dashboard.publishing import card_id, detail_id, line_id
from dashboard.views.contests import list_context
from dashboard.views.context import (
    language_links,
    picture_parts,
    render_fragments,
    sections_with,
)
from dashboard.views.embed import find_contest
from results.feed.counties import BY_SLUG
from results.models import Election, ReturnUpdate
from results.returns_api import versions
from results.selectors import contest_areas, kept_elections, public_contests

LONGEST_NIGHT = timedelta(hours=12)
STEP_MINUTES = 5
"""The slider's steps: the feed's own pace."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of an election's night, on its slider.

    minutes  since the polls closed; None for the last returns of all
    longest  minutes from the polls' close to the last report of the night
    """

    election: Election
    minutes: int | None
    longest: int

    @property
    def at(self) -> datetime | None:
        if self.minutes is None:
            return None
        return self.election.polls_close + timedelta(minutes=self.minutes)

    @property
    def words(self) -> str:
        at = self.at
        return wording.night_time(at, self.election) if at else _("The last returns")

    @property
    def shown_minutes(self) -> int:
        return self.longest if self.minutes is None else self.minutes


def moment_of(election: Election, text: str) -> Moment:
    """The moment that ?m= names, in minutes; what is no number is the last returns."""
    last = (
        ReturnUpdate.objects.filter(
            returns__contest__election=election,
            stands_since__lte=election.polls_close + LONGEST_NIGHT,
        ).aggregate(last=Max("stands_since"))["last"]
        or election.polls_close
    )
    night = max(timedelta(), last - election.polls_close) // timedelta(minutes=1)
    longest = -(-night // STEP_MINUTES) * STEP_MINUTES
    minutes = min(int(text), longest) if text.isdecimal() and len(text) < 6 else None
    return Moment(election, minutes, longest)


@require_safe
def elections(request: HttpRequest) -> HttpResponse:
    """Every election kept, newest first."""
    context = {
        "meta": page_meta(request, _("Elections")),
        "elections": [(election, wording.election_name(election)) for election in kept_elections()],
        "languages": language_links(request.path),
    }
    return render(request, "elections/index.html", context)


def _kept_page(
    request: HttpRequest,
    slug: str,
    page: str,
    template: str,
    parts: Callable[[Election, Moment], dict[str, object]],
    heading: str = "",
) -> HttpResponse:
    """A page of a kept election at the moment that its address names."""
    election = kept_elections().filter(slug=slug).first()
    if election is None:
        raise Http404(_("No election “%(slug)s” is kept.") % {"slug": slug})
    moment = moment_of(election, request.GET.get("m", ""))

    def build(_now: State) -> str:
        with addresses.on_kept_pages(addresses.Kept(election.slug, moment.minutes)):
            context = {
                **parts(election, moment),
                "election": election,
                "meta": page_meta(request, heading, wording.election_name(election)),
                "election_title": wording.election_name(election),
                "moment": moment,
                "step": STEP_MINUTES,
                "languages": language_links(request.get_full_path()),
                "overview_url": addresses.overview(),
                "counties_url": addresses.counties(),
                "list_url": addresses.contests().partition("?")[0],
                "contests_url": addresses.contests(),
            }
            return render(request, template, context).content.decode()

    try:
        version = versions.state().version
    except RedisError:
        version = int(timezone.now().timestamp())
    name = f"elections/{slug}/{page}@{moment.minutes}#{version}"
    return page_response(request, name, get_language() or "en", build)


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole of a kept election at a glance."""

    def parts(election: Election, moment: Moment) -> dict[str, object]:
        found = cards.sections(list(public_contests(election)))
        ids = [card_id(contest) for section in found for contest in section.slugs]
        html = render_fragments(election, ["summary", *HIGHLIGHTS, *ids], moment.at)
        return {
            "summary_html": html["summary"],
            "highlights": {name: html[name] for name in HIGHLIGHTS} if found else {},
            "sections": sections_with(found, html, card_id),
        }

    return _kept_page(request, slug, "overview", "elections/overview.html", parts)


@require_safe
def contest(request: HttpRequest, slug: str, contest_slug: str) -> HttpResponse:
    """One contest of a kept election."""
    kept_election = kept_elections().filter(slug=slug).first()
    title = (
        wording.contest_title(find_contest(kept_election, contest_slug)) if kept_election else ""
    )

    def parts(election: Election, moment: Moment) -> dict[str, object]:
        found = find_contest(election, contest_slug)
        ids = [card_id(contest_slug), detail_id(contest_slug)]
        html = render_fragments(election, ids, moment.at)
        return {
            "card_html": html[ids[0]],
            **picture_parts(election, contest_slug, moment.at),
            "detail_html": html[ids[1]],
            "contest_title": wording.contest_title(found),
        }

    return _kept_page(
        request, slug, f"contests/{contest_slug}", "elections/contest.html", parts, title
    )


@require_safe
def contests(request: HttpRequest, slug: str) -> HttpResponse:
    """All contests of a kept election, or those that fit what the address asks for."""
    wanted = listing.Wanted.of(request.GET.dict())

    def parts(election: Election, moment: Moment) -> dict[str, object]:
        try:
            version = versions.state().version
        except RedisError:
            version = 0
        everything = listing.entries(election.pk, version, moment.at)
        found = listing.find(everything, wanted)
        ids = [line_id(one.slug) for one in found]
        html = render_fragments(election, ids, moment.at)
        return {
            **list_context(wanted, len(found), len(everything)),
            "lines": [html[name] for name in ids if name in html],
        }

    return _kept_page(
        request, slug, f"contests?{wanted}", "elections/contests.html", parts, _("All contests")
    )


@require_safe
def counties(request: HttpRequest, slug: str) -> HttpResponse:
    """The counties of a kept election."""

    def parts(election: Election, moment: Moment) -> dict[str, object]:
        html = render_fragments(election, ["summary", "counties"], moment.at)
        return {"summary_html": html["summary"], "table_html": html["counties"]}

    return _kept_page(request, slug, "counties", "elections/counties.html", parts, _("Counties"))


@require_safe
def county(request: HttpRequest, slug: str, county_slug: str) -> HttpResponse:
    """One county in a kept election."""
    if county_slug not in BY_SLUG:
        raise Http404(_("California has no county “%(slug)s”.") % {"slug": county_slug})

    def parts(election: Election, moment: Moment) -> dict[str, object]:
        areas = contest_areas(election)
        number = BY_SLUG[county_slug].number
        chosen = [c for c in public_contests(election) if number in areas.get(c.pk, ())]
        found = cards.sections(chosen, featured=False)
        name = lambda contest_slug: county_contest_id(county_slug, contest_slug)  # noqa: E731
        ids = [name(one) for section in found for one in section.slugs]
        return {
            "sections": sections_with(found, render_fragments(election, ids, moment.at), name),
            "county_title": wording.county_name(BY_SLUG[county_slug].name),
        }

    return _kept_page(
        request,
        slug,
        f"counties/{county_slug}",
        "elections/county.html",
        parts,
        wording.county_name(BY_SLUG[county_slug].name),
    )
