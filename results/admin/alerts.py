"""Alerts: which there are, who has seen to them, and where each kind goes."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from results.admin.logged import LoggedAdmin
from results.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from results.admin.tables import TableAdmin
from results.alerts import acknowledge
from results.models import Alert, AlertChannel, AlertDelivery, AlertRule


class DeliveryInline(ReadOnlyInline):
    model = AlertDelivery
    fields = ["channel", "state", "attempts", "error", "changed_at"]


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = [
        "severity",
        "message",
        "raised_at",
        "over_at",
        "acknowledged_by",
        "acknowledged_at",
    ]
    list_display_links = ["message"]
    list_filter = ["election", "severity", "kind", "acknowledged_by"]
    search_fields = ["message", "contest__title", "county__name"]
    date_hierarchy = "raised_at"
    list_select_related = ["acknowledged_by"]
    inlines = [DeliveryInline]
    actions = ["acknowledge"]

    @admin.action(description=_("Acknowledge"))
    def acknowledge(self, request, queryset) -> None:
        if not request.user.has_perm("results.acknowledge_alert"):
            raise PermissionDenied
        done = 0
        for alert in queryset:
            if acknowledge(alert, cast(User, request.user)):
                self.log_change(request, alert, "Acknowledged.")
                done += 1
        self.message_user(
            request,
            ngettext("%d alert acknowledged.", "%d alerts acknowledged.", done) % done,
            messages.SUCCESS,
        )


@admin.register(AlertRule)
class AlertRuleAdmin(TableAdmin, LoggedAdmin):
    list_display = ["__str__", "is_on", "severity", "threshold", "sent_to"]
    list_editable = ["is_on", "severity", "threshold"]
    filter_horizontal = ["channels"]
    readonly_fields = ["kind"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("channels")

    @admin.display(description=_("sent to"))
    def sent_to(self, rule: AlertRule) -> str:
        return ", ".join(channel.name for channel in rule.channels.all())

    def has_add_permission(self, request) -> bool:
        # Each kind has its one rule from the start.
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(AlertChannel)
class AlertChannelAdmin(LoggedAdmin):
    list_display = ["name", "kind", "address", "is_on"]
    list_editable = ["is_on"]
    list_filter = ["kind", "is_on"]
    search_fields = ["name", "address"]


@admin.register(AlertDelivery)
class AlertDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["changed_at", "channel", "alert", "state", "attempts", "error"]
    list_filter = ["state", "channel"]
    list_select_related = ["channel", "alert"]
