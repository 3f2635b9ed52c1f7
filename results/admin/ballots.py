from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from results.admin.logged import LoggedAdmin
from results.models import Election, UnprocessedBallots
from results.models.ballots import KINDS
from results.selectors import current_election
from results.unprocessed import EstimatesError, announce, read_estimates, take_up_estimates


class ImportForm(forms.Form):
    """A table of all counties' estimates of one day."""

    election = forms.ModelChoiceField(Election.objects.all(), label=gettext_lazy("Election"))
    reported_on = forms.DateField(
        label=gettext_lazy("Estimate of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The day the counties told it."),
    )
    source = forms.CharField(
        max_length=300,
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Where the figures are from: a name or an address."),
    )
    table = forms.CharField(
        label=gettext_lazy("Table"),
        widget=forms.Textarea(attrs={"rows": 16, "cols": 80, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "CSV with the columns county, vote_by_mail, provisional, conditional, other. "
            "Columns left out count as 0."
        ),
    )

    def clean_table(self):
        try:
            return read_estimates(self.cleaned_data["table"])
        except EstimatesError as reason:
            raise forms.ValidationError(str(reason)) from reason


@admin.register(UnprocessedBallots)
class UnprocessedBallotsAdmin(LoggedAdmin):
    change_list_template = "admin/unprocessed_list.html"
    list_display = ["county", "reported_on", "total", *KINDS, "source", "entered_by"]
    list_filter = ["election", "reported_on"]
    search_fields = ["county__name", "source"]
    list_select_related = ["county", "entered_by"]
    date_hierarchy = "reported_on"

    @admin.display(description=gettext_lazy("total"))
    def total(self, estimate: UnprocessedBallots) -> str:
        return f"{estimate.total:,}"

    def get_changeform_initial_data(self, request):
        return {"election": current_election(), **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change) -> None:
        obj.entered_by = request.user
        super().save_model(request, obj, form, change)
        announce(obj.election)

    def delete_model(self, request, obj) -> None:
        election = obj.election
        super().delete_model(request, obj)
        announce(election)

    def delete_queryset(self, request, queryset) -> None:
        elections = list(Election.objects.filter(unprocessed__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for election in elections:
            announce(election)

    def get_urls(self):
        table = path(
            "import/",
            self.admin_site.admin_view(self.import_table),
            name="results_unprocessedballots_import",
        )
        return [table, *super().get_urls()]

    def import_table(self, request: HttpRequest) -> HttpResponse:
        """Take up a pasted table; what is wrong in it is named, and nothing of it is kept."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = ImportForm(request.POST or None, initial={"election": current_election()})
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data
            count = take_up_estimates(
                told["election"],
                told["table"],
                told["reported_on"],
                told["source"],
                request.user,
            )
            self.log_change(
                request, told["election"], f"Estimates of {count} counties, {told['reported_on']}."
            )
            self.message_user(
                request,
                ngettext(
                    "%d county’s estimate taken up.", "%d counties’ estimates taken up.", count
                )
                % count,
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse("admin:results_unprocessedballots_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import estimates of unprocessed ballots"),
            "form": form,
            "opts": self.opts,
        }
        return render(request, "admin/unprocessed_import.html", context)
