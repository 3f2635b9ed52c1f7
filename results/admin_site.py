"""The newsroom's admin: who may enter it, and with what."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp import login as login_with_device
from django_otp import match_token, user_has_device

from results.second_factor import confirm_device, device_to_confirm, key_text, qr_code


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this person may call races and has proved themselves by a password alone."""
    if not settings.CALLS_NEED_SECOND_FACTOR:
        return False
    return request.user.has_perm("results.add_racecall") and not request.user.is_verified()


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

    def get_urls(self):
        second_factor = path("second-factor/", self.second_factor, name="second_factor")
        return [second_factor, *super().get_urls()]

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


def _next(request: HttpRequest) -> str:
    """Where to go on: an address of this site, or the control room."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_here else reverse("admin:index")
