"""What staff do, in the log: who, when, and each field before and after."""

from collections.abc import Iterable, Mapping

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.readonly import ReadOnlyAdmin


def before_and_after(form: forms.BaseModelForm) -> list[str]:
    """Each changed field of a form: what it was and what it is."""
    told = []
    for name in form.changed_data:
        field = form.fields[name]
        label = str(field.label or name).lower()
        if isinstance(field, forms.FileField):
            told.append(_("%(field)s replaced") % {"field": label})
            continue
        before = _shown(form.initial.get(name, field.initial), field)
        after = _shown(form.cleaned_data.get(name), field)
        told.append(f"{label}: {before} → {after}")
    return told


def _shown(value: object, field: forms.Field) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField):
        named = [_one(one, field) for one in value] if isinstance(value, Iterable) else []
        return ", ".join(named) or "–"
    if isinstance(field, forms.ModelChoiceField) or isinstance(value, Model):
        return _one(value, field) if value else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"“{value}”" if value not in (None, "") else "–"


def _one(value: object, field: forms.Field) -> str:
    """A chosen row by its name, whether a form has it or its key."""
    if isinstance(value, Model) or not isinstance(field, forms.ModelChoiceField):
        return str(value)
    found = field.queryset.filter(pk=value).first() if field.queryset is not None else None
    return str(found or value)


class LoggedAdmin(admin.ModelAdmin):
    """An admin whose log says what each field was before and is after."""

    # Words in the place of Django's list of fields; the log keeps either.
    def construct_change_message(  # type: ignore[override]
        self, request, form, formsets, add: bool = False
    ) -> str:
        told = [] if add else before_and_after(form)
        for formset in formsets or []:
            name = str(formset.model._meta.verbose_name)
            for row in formset.new_objects:
                told.append(_("%(name)s “%(row)s” added") % {"name": name, "row": row})
            for row in formset.deleted_objects:
                told.append(_("%(name)s “%(row)s” deleted") % {"name": name, "row": row})
            changed = {row.pk for row, _fields in formset.changed_objects}
            for inner in formset.initial_forms:
                if inner.instance.pk in changed and inner not in formset.deleted_forms:
                    told.append(f"{name} “{inner.instance}”: {'; '.join(before_and_after(inner))}")
        if add:
            told.insert(0, _("Added."))
        return "; ".join(told)

    def log_switch(self, request, row: Model, changes: Mapping[str, tuple[object, object]]) -> None:
        """Log an act that went by no form: by field, before and after."""
        told = [f"{name}: {old} → {new}" for name, (old, new) in changes.items()]
        self.log_change(request, row, "; ".join(told))


@admin.register(LogEntry)
class ActAdmin(ReadOnlyAdmin):
    """Every act in admin: who, when, what."""

    list_display = ["action_time", "user", "content_type", "object_repr", "words"]
    list_display_links = ["object_repr"]
    list_filter = ["content_type", "user", "action_flag"]
    search_fields = ["object_repr", "change_message", "user__username"]
    date_hierarchy = "action_time"
    list_select_related = ["user", "content_type"]
    ordering = ["-action_time"]

    @admin.display(description=gettext_lazy("what"))
    def words(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()
