"""Holding a race, and setting a figure for a time: the feed's own are kept beside it."""

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.readonly import ReadOnlyAdmin
from results.corrections import CorrectionError, end_override, hold, override, release
from results.models import Candidate, Contest, County, Hold, Override, Return

_LASTS = {
    "1": gettext_lazy("One hour"),
    "3": gettext_lazy("Three hours"),
    "12": gettext_lazy("Twelve hours"),
    "72": gettext_lazy("Three days"),
}


class CandidateField(forms.ModelChoiceField):
    """Candidates with the votes that the feed gives them in the whole contest."""

    feed_votes: dict[str, int] = {}

    def label_from_instance(self, obj) -> str:
        votes = self.feed_votes.get(str(obj.pk))
        return str(obj) if votes is None else f"{obj}: {votes:,}"


class OverrideForm(forms.Form):
    """One figure to set."""

    candidate = CandidateField(Candidate.objects.none(), label=gettext_lazy("Candidate"))
    county = forms.ModelChoiceField(
        County.objects.none(),
        required=False,
        label=gettext_lazy("County"),
        empty_label=gettext_lazy("The whole contest"),
    )
    votes = forms.IntegerField(min_value=0, max_value=99_999_999, label=gettext_lazy("Votes"))
    reason = forms.CharField(
        max_length=200, label=gettext_lazy("Reason"), help_text=gettext_lazy("Shown to readers.")
    )
    lasts = forms.ChoiceField(choices=_LASTS.items(), initial="3", label=gettext_lazy("For"))

    def __init__(self, data, contest: Contest) -> None:
        super().__init__(data)
        candidates = cast(CandidateField, self.fields["candidate"])
        candidates.feed_votes = _feed_votes(contest.pk)
        candidates.queryset = contest.candidates.order_by("position")
        counties = cast(forms.ModelChoiceField, self.fields["county"])
        counties.queryset = County.objects.filter(return__contest=contest).distinct()


def correct_view(site: admin.AdminSite, request: HttpRequest, contest_id: int) -> HttpResponse:
    """Hold or release one race, set or end figures of it."""
    if not request.user.has_perm("results.add_hold"):
        raise PermissionDenied
    contest = get_object_or_404(Contest.objects.select_related("election"), pk=contest_id)
    form = OverrideForm(request.POST if request.POST.get("act") == "override" else None, contest)
    if request.method == "POST":
        try:
            done = _follow(contest, request, form)
        except CorrectionError as reason:
            messages.error(request, str(reason))
            return HttpResponseRedirect(request.path)
        if done:
            site.get_model_admin(Contest).log_change(request, contest, done)
            messages.success(request, done)
            return HttpResponseRedirect(request.path)
    context = {
        **site.each_context(request),
        "title": _("Correct: %(contest)s") % {"contest": contest},
        "contest": contest,
        "opts": Contest._meta,
        "form": form,
        "held": contest.holds.filter(released_at=None).select_related("made_by").first(),
        "overrides": _with_feed(
            contest.overrides.filter(ended_at=None).select_related("candidate", "county", "made_by")
        ),
        "past_holds": contest.holds.exclude(released_at=None).select_related(
            "made_by", "released_by"
        ),
        "past_overrides": contest.overrides.exclude(ended_at=None).select_related(
            "candidate", "county", "made_by", "ended_by"
        ),
    }
    return render(request, "admin/correct_race.html", context)


def _feed_votes(contest_id: int, county_id: int | None = None) -> dict[str, int]:
    """The feed's own votes by the candidate's id, in one county or in the whole contest."""
    rows = Return.objects.filter(contest=contest_id, county=county_id, district=None)
    row = rows.first()
    return row.votes if row else {}


def _with_feed(overrides) -> list[tuple[Override, int | None]]:
    """Each override with the feed's own figure."""
    return [
        (one, _feed_votes(one.contest_id, one.county_id).get(str(one.candidate_id)))
        for one in overrides
    ]


def _follow(contest: Contest, request: HttpRequest, form: OverrideForm) -> str:
    """Do what a form asks; what was done, in words, or "" where the form is wrong.

    Raises CorrectionError.
    """
    user = cast(User, request.user)
    match request.POST.get("act"):
        case "hold":
            made = hold(contest, request.POST.get("reason", "")[:200], user)
            return _("Held: %(reason)s") % {"reason": made.reason}
        case "release":
            held = get_object_or_404(contest.holds, released_at=None)
            release(held, user)
            return _("Released: %(reason)s") % {"reason": held.reason}
        case "override":
            if not form.is_valid():
                return ""
            told = form.cleaned_data
            figure = override(
                told["candidate"],
                told["votes"],
                user,
                county=told["county"],
                reason=told["reason"],
                expires_at=timezone.now() + timedelta(hours=int(told["lasts"])),
            )
            return _("Set: %(figure)s") % {"figure": figure}
        case "end":
            chosen = request.POST.get("override", "")
            one = get_object_or_404(contest.overrides, pk=chosen if chosen.isdecimal() else 0)
            end_override(one, user)
            return _("The feed’s figure shows again: %(figure)s") % {"figure": one.candidate}
    raise CorrectionError(_("There is no such act."))


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ["made_at", "contest", "reason", "made_by", "released_at", "released_by"]
    list_filter = ["contest__election", "made_by"]
    search_fields = ["contest__title", "contest__slug", "reason"]
    list_select_related = ["contest__election", "made_by", "released_by"]


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin):
    list_display = [
        "made_at",
        "contest",
        "county",
        "candidate",
        "votes",
        "reason",
        "made_by",
        "expires_at",
        "ended_at",
        "ended_by",
    ]
    list_filter = ["contest__election", "made_by"]
    search_fields = ["contest__title", "contest__slug", "candidate__name", "reason"]
    list_select_related = ["contest__election", "county", "candidate", "made_by", "ended_by"]
