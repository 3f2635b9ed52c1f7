from django.contrib import admin, messages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from results.admin.logged import LoggedAdmin
from results.admin.readonly import ReadOnlyAdmin
from results.models import County, CountyStatus, Election


@admin.register(Election)
class ElectionAdmin(LoggedAdmin):
    list_display = ["name", "date", "kind", "polls_close", "is_current"]
    list_filter = ["kind", "is_current", "is_rehearsal"]
    search_fields = ["name", "slug"]
    date_hierarchy = "date"
    prepopulated_fields = {"slug": ["date", "kind"]}
    readonly_fields = ["is_current", "created_at"]
    actions = ["make_current"]

    @admin.action(description=_("Make this the current election"))
    def make_current(self, request, queryset) -> None:
        """The front page and the worker turn to the one election chosen."""
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            self.message_user(request, _("Choose exactly one election."), messages.ERROR)
            return
        election = chosen[0]
        if election.is_rehearsal:
            self.message_user(
                request, _("A rehearsal never becomes the current election."), messages.ERROR
            )
            return
        before = Election.objects.filter(is_current=True).first()
        with transaction.atomic():
            Election.objects.filter(is_current=True).update(is_current=False)
            election.is_current = True
            election.save(update_fields=["is_current"])
        self.log_switch(request, election, {"current election": (before, election)})
        self.message_user(request, _("The current election is %s.") % election)

    def has_delete_permission(self, request, obj=None) -> bool:
        # All elections stay: their returns are the only record of their nights.
        return False


@admin.register(County)
class CountyAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "slug", "fips"]
    list_display_links = ["name"]
    search_fields = ["name", "fips"]
    list_per_page = 60


@admin.register(CountyStatus)
class CountyStatusAdmin(ReadOnlyAdmin):
    list_display = [
        "county",
        "precincts_reporting",
        "precincts_total",
        "report_type",
        "turnout",
        "registered",
        "reported_at",
    ]
    list_filter = ["election", "report_type"]
    search_fields = ["county__name"]
    list_select_related = ["county"]
