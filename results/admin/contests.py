from functools import partial

from django.contrib import admin, messages
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from results.admin.calls import call_view, confirm_view
from results.admin.corrections import correct_view
from results.admin.logged import LoggedAdmin
from results.admin.readonly import ReadOnlyAdmin
from results.admin.tables import CellForm, TableAdmin
from results.models import BoardPage, Candidate, Contest, Election


class CandidateInline(admin.TabularInline):
    model = Candidate
    form = CellForm
    extra = 0
    can_delete = False
    fields = ["position", "name", "party", "incumbent", "display_name", "display_name_es"]
    readonly_fields = ["position", "name", "party", "incumbent"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False


class ElectionFilter(admin.SimpleListFilter):
    """By election: the current one until another is chosen, so that nobody edits the wrong one."""

    title = _("election")
    parameter_name = "of"

    def lookups(self, request, model_admin):
        others = Election.objects.filter(is_current=False)
        return [("all", _("All elections")), *((str(one.pk), str(one)) for one in others)]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": _("The current election")}, *others]

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen is None:
            return queryset.filter(election__is_current=True)
        return queryset.filter(election=chosen) if chosen.isdecimal() else queryset


@admin.register(Contest)
class ContestAdmin(TableAdmin, LoggedAdmin):
    """What is shown of a contest is for staff to choose; what the feed said is not."""

    list_display = [
        "__str__",
        "call",
        "rule",
        "on_ballot",
        "is_published",
        "is_featured",
        "order",
    ]
    list_editable = ["is_published", "is_featured", "order"]
    list_filter = [ElectionFilter, "on_ballot", "is_published", "is_featured", "kind", "office"]
    list_select_related = ["election"]
    search_fields = [
        "title",
        "subject",
        "display_title",
        "slug",
        "candidates__name",
        "candidates__display_name",
    ]
    inlines = [CandidateInline]
    actions = ["publish", "hide", "feature", "unfeature"]
    fieldsets = [
        (None, {"fields": ["display_title", "display_title_es", "rule"]}),
        (_("On the pages"), {"fields": ["is_published", "is_featured", "order"]}),
        (
            _("As the feed has it"),
            {
                "fields": [
                    "election",
                    "slug",
                    "title",
                    "subject",
                    "kind",
                    "office",
                    "party",
                    "district",
                    "measure",
                    "justice",
                    "on_ballot",
                ]
            },
        ),
    ]
    readonly_fields = [
        "election",
        "slug",
        "title",
        "subject",
        "kind",
        "office",
        "party",
        "district",
        "measure",
        "justice",
        "on_ballot",
    ]

    def get_urls(self):
        call = path(
            "<int:contest_id>/call/",
            self.admin_site.admin_view(partial(call_view, self.admin_site)),
            name="results_contest_call",
        )
        correct = path(
            "<int:contest_id>/correct/",
            self.admin_site.admin_view(partial(correct_view, self.admin_site)),
            name="results_contest_correct",
        )
        confirm = path(
            "calls/<int:act_id>/confirm/",
            self.admin_site.admin_view(confirm_view),
            name="results_racecall_confirm",
        )
        return [call, correct, confirm, *super().get_urls()]

    @admin.display(description=_("call"))
    def call(self, contest: Contest) -> str:
        """What is in force, and the way to another act."""
        address = reverse("admin:results_contest_call", args=[contest.pk])
        act = next(iter(contest.calls.all()), None)
        words = act.get_status_display() if act else _("Call")
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=_("call"))
    def called(self, contest: Contest) -> str:
        """What is in force, for those who may not call."""
        act = next(iter(contest.calls.all()), None)
        return act.get_status_display() if act else "–"

    def get_list_display(self, request):
        if request.user.has_perm("results.add_racecall"):
            return self.list_display
        return ["called" if column == "call" else column for column in self.list_display]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("calls")

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.GET.get("model_name") == BoardPage._meta.model_name:
            # A board follows the current election, whichever it is.
            found = found.filter(election__is_current=True)
        return found, may_repeat

    def has_add_permission(self, request) -> bool:
        # Contests come from the Secretary of State's list: see load_contests.
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    @admin.action(description=_("Publish"))
    def publish(self, request, queryset) -> None:
        self._set(request, queryset, "is_published", True)

    @admin.action(description=_("Hide from the public pages"))
    def hide(self, request, queryset) -> None:
        self._set(request, queryset, "is_published", False)

    @admin.action(description=_("Feature at the top of the overview"))
    def feature(self, request, queryset) -> None:
        self._set(request, queryset, "is_featured", True)

    @admin.action(description=_("Feature no longer"))
    def unfeature(self, request, queryset) -> None:
        self._set(request, queryset, "is_featured", False)

    def _set(self, request, queryset, field: str, value: bool) -> None:
        changed = queryset.exclude(**{field: value})
        count = 0
        for contest in changed:
            before = getattr(contest, field)
            setattr(contest, field, value)
            contest.save(update_fields=[field])
            self.log_switch(request, contest, {field: (before, value)})
            count += 1
        self.message_user(
            request,
            ngettext("%d contest changed.", "%d contests changed.", count) % count,
            messages.SUCCESS,
        )


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    list_display = ["name", "party", "contest", "incumbent", "display_name"]
    list_filter = ["contest__election", "party", "incumbent", "contest__office"]
    search_fields = ["name", "display_name", "contest__title"]
    list_select_related = ["contest__election"]
