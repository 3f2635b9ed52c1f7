"""Calling a race: by name, with what the numbers say beside it, and every act kept."""

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.readonly import ReadOnlyAdmin
from results.call_checks import doubts
from results.calls import (
    WITH_WINNERS,
    Call,
    CallError,
    calls_in_force,
    confirm_call,
    make_call,
    winners_expected,
)
from results.feed.represent import candidate_percent
from results.margins import deciding_margin
from results.models import Candidate, Contest, RaceCall
from results.selectors import ContestReturns, contest_returns
from results.unprocessed import is_for_all_ballots, left_to_count, newest_estimates


class WinnersField(forms.ModelMultipleChoiceField):
    """Candidates by name, each with what the count says."""

    def __init__(self, returns: ContestReturns | None, contest: Contest, **more) -> None:
        self.votes = {}
        if returns is not None:
            total = returns.whole.total_votes
            self.votes = {
                one.candidate.pk: f"{one.votes:,} ({candidate_percent(one.votes, total)}%)"
                for one in returns.whole.candidates
            }
        order = [one.candidate.pk for one in returns.whole.ranked] if returns else []
        candidates = Candidate.objects.filter(contest=contest)
        super().__init__(candidates, widget=forms.CheckboxSelectMultiple, required=False, **more)
        place = {pk: n for n, pk in enumerate(order)}
        ranked = sorted(candidates, key=lambda one: place.get(one.pk, len(place)))
        self.choices = [(one.pk, self.label_from_instance(one)) for one in ranked]

    def label_from_instance(self, obj: Candidate) -> str:
        party = f" ({obj.party})" if obj.party else ""
        votes = self.votes.get(obj.pk)
        return f"{obj}{party}: {votes}" if votes else f"{obj}{party}"


class CallForm(forms.Form):
    """One act on a contest."""

    status = forms.ChoiceField(
        choices=RaceCall.Status.choices, widget=forms.RadioSelect, label=gettext_lazy("Status")
    )
    source = forms.CharField(
        max_length=120,
        required=False,
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Shown to readers: “AP”, “our desk”."),
    )
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For the newsroom only."),
    )
    embargo_until = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        label=gettext_lazy("Embargo until"),
        help_text=gettext_lazy("Nothing is shown before. California’s time."),
    )
    sure = forms.BooleanField(
        required=False, label=gettext_lazy("I have seen the warnings and make this call")
    )

    def __init__(self, data, *, contest: Contest, returns: ContestReturns | None, user) -> None:
        super().__init__(data)
        self.contest, self.returns, self.user = contest, returns, user
        self.warnings: list[str] = []
        count = contest.candidates.count()
        self.fields["winners"] = WinnersField(
            returns,
            contest,
            label=_("Winners"),
            help_text=_("Those who win or advance: %(n)d.")
            % {"n": winners_expected(contest, RaceCall.Status.CALLED, count)},
        )
        self.order_fields(["status", "winners", "source", "note", "embargo_until", "sure"])

    def clean(self) -> dict:
        told = super().clean() or {}
        status, winners = told.get("status"), list(told.get("winners") or [])
        if status in WITH_WINNERS and winners and self.returns is not None:
            self.warnings = doubts(self.returns, winners)
            if self.warnings and not told.get("sure"):
                raise forms.ValidationError(
                    [*self.warnings, _("If you are sure, say so below and save again.")]
                )
        return told

    def save(self) -> RaceCall:
        """Make the act. Raises CallError."""
        told = self.cleaned_data
        return make_call(
            self.contest,
            told["status"],
            list(told["winners"]),
            self.user,
            source=told["source"],
            note=told["note"],
            embargo_until=told["embargo_until"],
            warnings=self.warnings,
        )


def call_view(site: admin.AdminSite, request: HttpRequest, contest_id: int) -> HttpResponse:
    """Call one race, and see every act on it."""
    if not request.user.has_perm("results.add_racecall"):
        raise PermissionDenied
    contest = get_object_or_404(Contest.objects.select_related("election"), pk=contest_id)
    returns = next(iter(contest_returns(contest.election, [contest.pk], areas=True)), None)
    form = CallForm(request.POST or None, contest=contest, returns=returns, user=request.user)
    before = calls_in_force([contest.pk]).get(contest.pk)
    if request.method == "POST" and form.is_valid():
        try:
            act = form.save()
        except CallError as reason:
            form.add_error(None, str(reason))
        else:
            words = _("waits for a second person") if act.needs_confirmation else _("made")
            site.get_model_admin(Contest).log_change(request, contest, _change(before, act))
            messages.success(request, f"{act}: {words}.")
            return HttpResponseRedirect(request.path)
    context = {
        **site.each_context(request),
        "title": _("Call: %(contest)s") % {"contest": contest},
        "contest": contest,
        "form": form,
        "opts": Contest._meta,
        "in_force": before,
        "in_force_status": RaceCall.Status(before.status).label if before else "",
        "facts": count_facts(returns) if returns else [],
        "acts": RaceCall.objects.filter(contest=contest)
        .select_related("made_by", "confirmed_by")
        .prefetch_related("winners"),
        "may_confirm": request.user.has_perm("results.confirm_racecall"),
    }
    return render(request, "admin/call_race.html", context)


def count_facts(returns: ContestReturns) -> list[tuple[str, str]]:
    """What the count says of a contest, for whoever decides: (what, figures)."""
    whole, margin = returns.whole, deciding_margin(returns)
    if not whole.has_report:
        return [(_("Count"), _("Nothing has been received of this contest."))]
    facts = [
        (
            _("Precincts"),
            _("%(reporting)s of %(total)s report (%(percent)s%%)")
            % {
                "reporting": f"{whole.precincts_reporting:,}",
                "total": f"{whole.precincts_total:,}",
                "percent": whole.reporting_percent,
            },
        ),
        (_("Votes"), f"{whole.total_votes:,}"),
    ]
    if margin is not None:
        facts.append(
            (
                _("Between place %(first)d and %(second)d")
                % {"first": margin.places, "second": margin.places + 1},
                _("%(votes)s votes (%(points).2f points): %(ahead)s, %(behind)s")
                % {
                    "votes": f"{margin.votes:,}",
                    "points": margin.points,
                    "ahead": margin.ahead.candidate,
                    "behind": margin.behind.candidate,
                },
            )
        )
    if whole.reported_at is not None:
        reported = timezone.localtime(whole.reported_at)
        facts.append((_("Last report"), f"{reported:%H:%M, %B} {reported.day}"))
    left = left_to_count(newest_estimates(returns.election))
    if left is not None and is_for_all_ballots(returns.contest):
        facts.append(
            (
                _("Not yet counted"),
                _("about %(n)s, by estimates of %(counties)d counties")
                % {"n": f"{left.ballots:,}", "counties": left.counties},
            )
        )
    return facts


def _change(before: Call | None, act: RaceCall) -> str:
    """What was in force, and the act made, for the log."""
    was = RaceCall.Status(before.status).label if before else "–"
    winners = ", ".join(str(winner) for winner in act.winners.all())
    return f"call: {was} → {act.get_status_display()}{f' ({winners})' if winners else ''}"


def confirm_view(request: HttpRequest, act_id: int) -> HttpResponse:
    """A second person's consent to an act."""
    if request.method != "POST" or not request.user.has_perm("results.confirm_racecall"):
        raise PermissionDenied
    act = get_object_or_404(RaceCall, pk=act_id)
    try:
        confirm_call(act, cast(User, request.user))
        messages.success(request, _("Confirmed: %(act)s.") % {"act": act})
    except CallError as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(reverse("admin:results_contest_call", args=[act.contest_id]))


@admin.register(RaceCall)
class RaceCallAdmin(ReadOnlyAdmin):
    """Every act on every race: who, when, and what the numbers said."""

    list_display = [
        "made_at",
        "race",
        "status",
        "who_won",
        "source",
        "made_by",
        "confirmed_by",
        "embargo_until",
    ]
    list_filter = ["contest__election", "status", "made_by"]
    search_fields = ["contest__title", "contest__display_title", "winners__name", "note"]
    date_hierarchy = "made_at"
    list_select_related = ["contest__election", "made_by", "confirmed_by"]
    ordering = ["-id"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("winners")

    @admin.display(description=gettext_lazy("contest"))
    def race(self, act: RaceCall) -> str:
        address = reverse("admin:results_contest_call", args=[act.contest_id])
        return format_html('<a href="{}">{}</a>', address, act.contest)

    @admin.display(description=gettext_lazy("winners"))
    def who_won(self, act: RaceCall) -> str:
        return ", ".join(str(winner) for winner in act.winners.all())
