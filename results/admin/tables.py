"""Fields in the cells of a table, where a column's heading is all the label that is seen."""

from django import forms
from django.contrib import admin


class CellForm(forms.ModelForm):
    """A row of a table: to those who hear it, each field says what it is and of which row."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values() if self.instance.pk else ():
            field.widget.attrs.setdefault("aria-label", f"{field.label}: {self.instance}")


class TableAdmin(admin.ModelAdmin):
    """An admin whose list can be edited in place."""

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": CellForm, **kwargs})
