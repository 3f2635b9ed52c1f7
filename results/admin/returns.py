from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from results.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from results.models import Candidate, Return, ReturnNotice, ReturnUpdate


def votes_by_name(contest_id: int, votes: dict[str, int]) -> str:
    """A table's worth of names and votes, in the feed's order, as safe HTML."""
    names = Candidate.objects.filter(contest_id=contest_id).order_by("position")
    return format_html_join(
        "",
        "<div>{} {}: {}</div>",
        ((c.name, c.party, f"{votes[str(c.pk)]:,}") for c in names if str(c.pk) in votes),
    )


class HistoryInline(ReadOnlyInline):
    model = ReturnUpdate
    fields = [
        "reported_at",
        "fetched_at",
        "precincts_reporting",
        "precincts_total",
        "total_votes",
        "votes_fell",
        "reporting_fell",
        "body",
    ]
    ordering = ["-id"]
    show_change_link = True


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = [
        "contest",
        "area_name",
        "precincts_reporting",
        "precincts_total",
        "total_votes",
        "reported_at",
        "fetched_at",
    ]
    list_filter = ["contest__election", "contest__office", "county"]
    search_fields = ["contest__title", "contest__slug", "county__name"]
    list_select_related = ["contest__election", "county"]
    inlines = [HistoryInline]
    readonly_fields = ["votes_shown"]
    exclude = ["votes"]

    @admin.display(description=_("area"), ordering="county")
    def area_name(self, row: Return) -> str:
        if row.county:
            return str(row.county)
        if row.district:
            return str(_("Congressional District %d") % row.district)
        return str(_("All"))

    @admin.display(description=_("votes"))
    def votes_shown(self, row: Return) -> str:
        return votes_by_name(row.contest_id, row.votes)


@admin.register(ReturnUpdate)
class ReturnUpdateAdmin(ReadOnlyAdmin):
    list_display = [
        "returns",
        "reported_at",
        "fetched_at",
        "precincts_reporting",
        "total_votes",
        "votes_fell",
        "reporting_fell",
    ]
    list_filter = ["votes_fell", "reporting_fell", "returns__contest__election", "returns__county"]
    search_fields = ["returns__contest__title", "returns__contest__slug"]
    list_select_related = ["returns"]
    readonly_fields = ["votes_shown"]
    exclude = ["votes"]
    show_full_result_count = False

    @admin.display(description=_("votes"))
    def votes_shown(self, update: ReturnUpdate) -> str:
        return votes_by_name(update.returns.contest_id, update.votes)


@admin.register(ReturnNotice)
class ReturnNoticeAdmin(ReadOnlyAdmin):
    list_display = ["noticed_at", "kind", "message", "county"]
    list_display_links = ["message"]
    list_filter = ["election", "kind", "county"]
    search_fields = ["message", "contest__title"]
    date_hierarchy = "noticed_at"
    list_select_related = ["county"]
