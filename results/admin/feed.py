from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from results.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from results.models import ArchivedBody, Endpoint, Fetch, Sweep


class TroubledFetchInline(ReadOnlyInline):
    """The requests of a sweep, those that failed first."""

    model = Fetch
    fields = ["path", "outcome", "status", "milliseconds", "reason", "body"]
    ordering = ["-outcome", "path"]


class TroubledFilter(admin.SimpleListFilter):
    """Sweeps in which a request failed."""

    title = _("failures")
    parameter_name = "troubled"

    def lookups(self, request, model_admin):
        return [("yes", _("With failures")), ("no", _("Without failures"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.filter(failures__gt=0)
        return queryset.filter(failures=0) if self.value() == "no" else queryset


@admin.register(Sweep)
class SweepAdmin(ReadOnlyAdmin):
    list_display = [
        "started_at",
        "election",
        "seconds",
        "requests",
        "failures",
        "changed",
        "feed_time",
    ]
    list_filter = ["election", TroubledFilter]
    date_hierarchy = "started_at"
    list_select_related = ["election"]
    inlines = [TroubledFetchInline]
    show_full_result_count = False

    @admin.display(description=_("seconds"))
    def seconds(self, sweep: Sweep) -> str:
        return str(_("not finished")) if sweep.seconds is None else f"{sweep.seconds:.2f}"


@admin.register(Fetch)
class FetchAdmin(ReadOnlyAdmin):
    list_display = ["fetched_at", "path", "outcome", "status", "milliseconds", "reason", "raw_body"]
    list_display_links = ["path"]
    list_filter = ["outcome", "status", "is_new_body", "sweep__election"]
    search_fields = ["path", "reason"]
    date_hierarchy = "fetched_at"
    show_full_result_count = False

    @admin.display(description=_("raw body"))
    def raw_body(self, fetch: Fetch) -> str:
        if fetch.body_id is None:
            return ""
        address = reverse("admin:results_archivedbody_raw", args=[fetch.body_id])
        return format_html('<a href="{}">{}</a>', address, fetch.body_id[:12])


@admin.register(Endpoint)
class EndpointAdmin(ReadOnlyAdmin):
    list_display = ["path", "election"]
    list_filter = ["election"]
    search_fields = ["path"]
    list_select_related = ["election"]


@admin.register(ArchivedBody)
class ArchivedBodyAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "size", "first_fetched_at", "raw"]
    search_fields = ["sha256", "fetches__path"]
    date_hierarchy = "first_fetched_at"
    exclude = ["compressed"]
    readonly_fields = ["raw"]
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).defer("compressed")

    @admin.display(description=_("as served"))
    def raw(self, body: ArchivedBody) -> str:
        address = reverse("admin:results_archivedbody_raw", args=[body.sha256])
        return format_html('<a href="{}">{}</a>', address, _("Show"))

    def get_urls(self):
        raw = path(
            "<str:sha256>/raw/",
            self.admin_site.admin_view(self.show_raw),
            name="results_archivedbody_raw",
        )
        return [raw, *super().get_urls()]

    def show_raw(self, request, sha256: str) -> HttpResponse:
        """The body byte for byte, as text so that no browser runs what a broken feed sent."""
        body = get_object_or_404(ArchivedBody, pk=sha256)
        return HttpResponse(
            body.content,
            content_type="text/plain; charset=utf-8",
            headers={"X-Content-Type-Options": "nosniff"},
        )
