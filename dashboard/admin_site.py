"""The newsroom's admin: who may enter it, and with what."""

from typing import cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp import login as login_with_device
from django_otp import match_token, user_has_device
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from dashboard import live
from results.alerts import Severity, acknowledge
from results.control_room import control_room, order_featured
from results.feed_control import fetch_now, pause_feed, resume_feed
from results.models import (
    Alert,
    AlertChannel,
    AlertDelivery,
    AlertRule,
    ArchivedBody,
    Board,
    Candidate,
    Contest,
    County,
    CountyStatus,
    Election,
    Endpoint,
    Fetch,
    Hold,
    Override,
    RaceCall,
    Rehearsal,
    Return,
    ReturnNotice,
    ReturnUpdate,
    Sweep,
    UnprocessedBallots,
)
from results.second_factor import confirm_device, device_to_confirm, key_text, qr_code
from results.selectors import current_election


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this person may call races and has proved themselves by a password alone."""
    if not settings.CALLS_NEED_SECOND_FACTOR:
        return False
    verified = getattr(request.user, "is_verified", None)
    return request.user.has_perm("results.add_racecall") and not (verified and verified())


SECTIONS: tuple[tuple[str, Promise, tuple[type[Model], ...]], ...] = (
    (
        "night",
        gettext_lazy("The night"),
        (Contest, RaceCall, Hold, Override, UnprocessedBallots, Alert, ReturnNotice),
    ),
    (
        "setup",
        gettext_lazy("Walls, rehearsals and settings"),
        (Board, Rehearsal, Election, AlertRule, AlertChannel, AlertDelivery),
    ),
    (
        "feed",
        gettext_lazy("What the feed said"),
        (
            Return,
            ReturnUpdate,
            CountyStatus,
            County,
            Candidate,
            Sweep,
            Fetch,
            Endpoint,
            ArchivedBody,
        ),
    ),
)
"""What admin's first page lists together: an id, a heading, models in their order."""
PEOPLE = "people", gettext_lazy("People and their acts")
"""Where the models that no section names stand."""


class TokenForm(forms.Form):
    """The six digits of an authenticator, or a recovery code."""

    token = forms.CharField(
        max_length=16,
        label=gettext_lazy("Code"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )


class NewsroomSite(admin.AdminSite):
    """Django admin, with a second factor for those who may call races."""

    site_header = gettext_lazy("Live Returns: newsroom")
    site_title = gettext_lazy("Newsroom")
    index_title = gettext_lazy("Control room")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not needs_second_factor(request)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """The form for a password; who has given it and needs more is led on."""
        if super().has_permission(request) and needs_second_factor(request):
            query = urlencode({REDIRECT_FIELD_NAME: _next(request)})
            return HttpResponseRedirect(f"{reverse('admin:second_factor')}?{query}")
        return super().login(request, extra_context)

    index_template = "admin/newsroom_index.html"

    def get_urls(self):
        return [
            path("second-factor/", self.second_factor, name="second_factor"),
            path("control-room/", self.admin_view(self.control_room), name="control_room"),
            path("control-room/feed/", self.admin_view(self.control_feed), name="control_feed"),
            path("control-room/order/", self.admin_view(self.order), name="control_order"),
            path(
                "control-room/alerts/<int:pk>/",
                self.admin_view(self.acknowledge),
                name="control_acknowledge",
            ),
            path(
                "control-room/alerts/",
                self.admin_view(self.acknowledge_all),
                name="control_acknowledge_all",
            ),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None):
        """The models by the work they are for, the night's first; or those of one app."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        rows = {row["model"]: row for app in apps for row in app["models"]}
        sections = [
            _section(id_, heading, [rows.pop(model) for model in models if model in rows])
            for id_, heading, models in SECTIONS
        ]
        sections.append(_section(*PEOPLE, list(rows.values())))
        return [section for section in sections if section["models"]]

    # The control room ---------------------------------------------------------------------------

    def index(self, request: HttpRequest, extra_context=None):
        return super().index(request, {**_night(request), **(extra_context or {})})

    def control_room(self, request: HttpRequest) -> HttpResponse:
        """The control room alone, for its refresh."""
        return render(request, "admin/control_room.html", _night(request))

    def control_feed(self, request: HttpRequest) -> HttpResponse:
        """Fetch now, pause or resume."""
        _require(request, "results.control_feed")
        election = current_election()
        acts = {
            "fetch": (fetch_now, _("A sweep begins.")),
            "pause": (pause_feed, _("The feed is paused.")),
            "resume": (resume_feed, _("The feed is asked again.")),
        }
        chosen = acts.get(request.POST.get("act", ""))
        if election is None or chosen is None:
            messages.error(request, _("There is nothing to do that with."))
        else:
            act, words = chosen
            try:
                act(election)
            except (RedisError, OperationalError) as reason:
                messages.error(request, _("Redis is out of reach: %s") % reason)
            else:
                self.get_model_admin(Election).log_change(request, election, words)
                messages.success(request, words)
        return HttpResponseRedirect(reverse("admin:index"))

    def acknowledge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that a person has seen to an alert."""
        _require(request, "results.acknowledge_alert")
        alert = get_object_or_404(Alert, pk=pk)
        if acknowledge(alert, cast(User, request.user)):
            self.get_model_admin(Alert).log_change(request, alert, "Acknowledged.")
        return HttpResponseRedirect(reverse("admin:index"))

    def acknowledge_all(self, request: HttpRequest) -> HttpResponse:
        """Note that a person has seen all that was told for information."""
        _require(request, "results.acknowledge_alert")
        election = current_election()
        told = Alert.objects.filter(election=election, severity=Severity.INFO, acknowledged_at=None)
        for alert in told:
            acknowledge(alert, cast(User, request.user))
        messages.success(request, _("Seen."))
        return HttpResponseRedirect(reverse("admin:index"))

    def order(self, request: HttpRequest) -> HttpResponse:
        """Put featured races in the order given."""
        _require(request, "results.change_contest")
        election = current_election()
        wanted = [pk for pk in request.POST.getlist("contest") if pk.isdecimal()]
        if election is None or not wanted:
            return HttpResponse(_("No races were given."), status=400, content_type="text/plain")
        for contest, before in order_featured(election, [int(pk) for pk in wanted]):
            self.get_model_admin(Contest).log_change(
                request, contest, f"order: {before} → {contest.order}"
            )
        return HttpResponse(status=204)

    # The second factor --------------------------------------------------------------------------

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Ask for the second factor, or set it up where there is none yet."""
        if not super().has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        enrolled = user_has_device(request.user)
        new_device = None if enrolled else device_to_confirm(request.user)
        form = TokenForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            token = form.cleaned_data["token"].replace(" ", "")
            if new_device is not None:
                codes = confirm_device(new_device, token)
                if codes:
                    login_with_device(request, new_device)
                    return self._render(request, codes=codes, next=_next(request))
            else:
                device = match_token(request.user, token)
                if device is not None:
                    login_with_device(request, device)
                    return HttpResponseRedirect(_next(request))
            form.add_error("token", _("That code does not fit, or too many were tried: wait."))
        shown = {"qr": qr_code(new_device), "key": key_text(new_device)} if new_device else {}
        return self._render(request, form=form, enrolled=enrolled, **shown)

    def _render(self, request: HttpRequest, **context) -> HttpResponse:
        context = {
            "site_header": self.site_header,
            "site_title": self.site_title,
            "title": _("Second factor"),
            "has_permission": False,
            **context,
        }
        return render(request, "admin/second_factor.html", context)


def _section(id_: str, heading: Promise, rows: list[dict]) -> dict[str, object]:
    """Models under a heading, in the shape in which Django's templates expect an app."""
    return {
        "name": heading,
        "app_label": id_,
        "app_url": f"{reverse('admin:index')}#content-main",
        "has_module_perms": True,
        "models": rows,
    }


def _night(request: HttpRequest) -> dict[str, object]:
    """What the control room shows, and where its links to a contest lead this person."""
    may_call = request.user.has_perm("results.add_racecall")
    may_correct = request.user.has_perm("results.add_hold")
    night: dict[str, object] = {
        "call_page": f"admin:results_contest_{'call' if may_call else 'change'}",
        "correct_page": f"admin:results_contest_{'correct' if may_correct else 'change'}",
    }
    election = current_election()
    if election is None:
        return night
    try:
        return night | {
            "room": control_room(election),
            "version": live.current_version(election.pk),
        }
    except RedisError as reason:
        return night | {"redis_lost": reason}


def _require(request: HttpRequest, permission: str) -> None:
    if request.method != "POST" or not request.user.has_perm(permission):
        raise PermissionDenied


def _next(request: HttpRequest) -> str:
    """Where to go on: an address of this site, or the control room."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_here else reverse("admin:index")
