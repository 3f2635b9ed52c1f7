"""Rehearsals: starting one, and its clock."""

from functools import partial
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import rehearsals
from results.admin.readonly import ReadOnlyAdmin
from results.models import Board, Rehearsal
from results.rehearsals import FASTEST, RehearsalError, nights, polls_closed, start_rehearsal


class StartForm(forms.Form):
    """What is played."""

    night = forms.ChoiceField(choices=[], label=gettext_lazy("Night"))
    kind = forms.ChoiceField(
        choices=Rehearsal.Kind.choices, widget=forms.RadioSelect, label=gettext_lazy("Figures")
    )
    troubles = forms.MultipleChoiceField(
        choices=Rehearsal.Trouble.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("Troubles"),
    )
    speed = forms.FloatField(
        min_value=0.1,
        max_value=FASTEST,
        initial=60,
        label=gettext_lazy("Speed"),
        help_text=gettext_lazy("60: an hour of the night a minute; 1: as it was."),
    )

    def __init__(self, data=None) -> None:
        super().__init__(data, initial={"kind": Rehearsal.Kind.INVENTED})
        cast(forms.ChoiceField, self.fields["night"]).choices = [
            (name, name) for name in reversed(nights())
        ]


@admin.register(Rehearsal)
class RehearsalAdmin(ReadOnlyAdmin):
    """A rehearsal is started and driven on pages of its own."""

    change_list_template = "admin/rehearsal_list.html"
    list_display = ["election", "night", "kind", "speed", "state", "made_by", "made_at", "links"]
    list_select_related = ["election", "made_by"]

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path(
                "start/",
                view(partial(start_view, self.admin_site)),
                name="results_rehearsal_start",
            ),
            path(
                "<int:rehearsal_id>/run/",
                view(partial(run_view, self.admin_site)),
                name="results_rehearsal_run",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("state"))
    def state(self, rehearsal: Rehearsal) -> str:
        return _("runs") if rehearsal.is_running else _("paused")

    @admin.display(description=gettext_lazy("screens"))
    def links(self, rehearsal: Rehearsal) -> str:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("rehearsal", args=[rehearsal.election.slug]),
            _("Open"),
            reverse("admin:results_rehearsal_run", args=[rehearsal.pk]),
            _("Run"),
        )


def start_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Start a rehearsal."""
    _require(request)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = start_rehearsal(**form.cleaned_data, user=cast(User, request.user))
        except RehearsalError as reason:
            form.add_error(None, str(reason))
        else:
            site.get_model_admin(Rehearsal).log_addition(request, made, _("Started."))
            messages.success(request, _("%(rehearsal)s runs.") % {"rehearsal": made})
            return HttpResponseRedirect(reverse("admin:results_rehearsal_run", args=[made.pk]))
    context = {
        **site.each_context(request),
        "title": _("Start a rehearsal"),
        "form": form,
        "opts": Rehearsal._meta,
    }
    return render(request, "admin/start_rehearsal.html", context)


def run_view(site: admin.AdminSite, request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """A rehearsal's clock: pause, go on, jump, change its speed, stop."""
    _require(request)
    rehearsal = get_object_or_404(Rehearsal.objects.select_related("election"), pk=rehearsal_id)
    if request.method == "POST":
        try:
            done = _follow(rehearsal, request)
        except (RehearsalError, ValueError) as reason:
            messages.error(request, str(reason))
            return HttpResponseRedirect(request.path)
        if request.POST.get("act") == "stop":
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:results_rehearsal_changelist"))
        site.get_model_admin(Rehearsal).log_change(request, rehearsal, done)
        messages.success(request, done)
        return HttpResponseRedirect(request.path)
    begin = polls_closed(rehearsal)
    context = {
        **site.each_context(request),
        "title": _("Run: %(rehearsal)s") % {"rehearsal": rehearsal},
        "rehearsal": rehearsal,
        "now": rehearsal.now(),
        "minutes": max(0, int((rehearsal.now() - begin).total_seconds() // 60)),
        "longest": int((rehearsal.end - begin).total_seconds() // 60),
        "troubles": [Rehearsal.Trouble(name).label for name in rehearsal.troubles],
        "opts": Rehearsal._meta,
        "boards": Board.objects.all(),
        "fastest": int(FASTEST),
    }
    return render(request, "admin/run_rehearsal.html", context)


def _follow(rehearsal: Rehearsal, request: HttpRequest) -> str:
    """Do what a form orders; what was done, in words. Raises RehearsalError or ValueError."""
    match request.POST.get("act"):
        case "pause":
            rehearsals.pause(rehearsal)
            return _("Paused.")
        case "resume":
            rehearsals.resume(rehearsal)
            return _("It goes on.")
        case "jump":
            minutes = _whole_number(request.POST.get("minutes", ""))
            rehearsals.jump(rehearsal, minutes)
            return _("It is %(n)d minutes after the polls closed.") % {"n": minutes}
        case "speed":
            speed = float(_whole_number(request.POST.get("speed", "")))
            rehearsals.set_speed(rehearsal, speed)
            return _("It goes at %(n)g times its speed.") % {"n": speed}
        case "stop":
            name = str(rehearsal)
            rehearsals.stop_rehearsal(rehearsal)
            return _("%(rehearsal)s is over, and purged.") % {"rehearsal": name}
    raise RehearsalError(_("There is no such order."))


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise RehearsalError(_("“%(text)s” is no whole number.") % {"text": text[:20]})
    return int(text)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("results.run_rehearsal"):
        raise PermissionDenied
