"""Wall boards: what they show, and driving their screens, from a desk or a phone."""

from functools import partial
from io import BytesIO
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from PIL import Image, UnidentifiedImageError

from results import boards
from results.admin.logged import LoggedAdmin
from results.models import Board, BoardPage
from results.models.newsroom import LONGEST_LINE
from results.signals import boards_edited

LOGO_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
LOGO_BYTES = 300_000


class BoardForm(forms.ModelForm):
    """A board, and its logo as a picture to upload."""

    new_logo = forms.FileField(
        required=False,
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 300 kB; empty keeps what there is."),
    )
    drop_logo = forms.BooleanField(required=False, label=gettext_lazy("Without a logo"))

    class Meta:
        model = Board
        fields = ["title", "slug", "theme", "language", "seconds"]

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if "--" in slug:
            raise ValidationError(_("Without two hyphens in a row, please."))
        return slug

    def clean_new_logo(self):
        file = self.cleaned_data["new_logo"]
        if not file:
            return None
        data = file.read()
        if len(data) > LOGO_BYTES:
            raise ValidationError(
                _("The picture has %(n)d kB; %(most)d kB is the most.")
                % {"n": len(data) // 1000, "most": LOGO_BYTES // 1000}
            )
        try:
            with Image.open(BytesIO(data)) as picture:
                picture.verify()
                kind = picture.format or ""
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            kind = ""
        if kind not in LOGO_TYPES:
            raise ValidationError(_("That is no PNG, JPEG or WebP picture."))
        return data, LOGO_TYPES[kind]

    def save(self, commit: bool = True):
        if self.cleaned_data.get("new_logo"):
            self.instance.logo, self.instance.logo_type = self.cleaned_data["new_logo"]
        elif self.cleaned_data.get("drop_logo"):
            self.instance.logo, self.instance.logo_type = b"", ""
        return super().save(commit)


class BoardPageInline(admin.StackedInline):
    model = BoardPage
    extra = 0
    fields = [("order", "layout", "source"), ("heading", "contests")]
    autocomplete_fields = ["contests"]


@admin.register(Board)
class BoardAdmin(LoggedAdmin):
    """Boards are made here; their screens follow what is ordered on a board's Drive page."""

    form = BoardForm
    list_display = ["title", "theme", "language", "seconds", "pages_made", "links"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [BoardPageInline]
    actions = ["reload"]
    fieldsets = [
        (None, {"fields": [("title", "slug"), ("theme", "language", "seconds")]}),
        (gettext_lazy("Logo"), {"fields": [("new_logo", "drop_logo")]}),
    ]

    def get_urls(self):
        drive = path(
            "<int:board_id>/drive/",
            self.admin_site.admin_view(partial(drive_view, self.admin_site)),
            name="results_board_drive",
        )
        return [drive, *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("pages")

    @admin.display(description=gettext_lazy("pages"))
    def pages_made(self, board: Board) -> int:
        return len(board.pages.all())

    @admin.display(description=gettext_lazy("screens"))
    def links(self, board: Board) -> str:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            board.get_absolute_url(),
            _("Open"),
            reverse("admin:results_board_drive", args=[board.pk]),
            _("Drive"),
        )

    def save_related(self, request, form, formsets, change) -> None:
        """What was edited reaches every screen: each loads its board anew."""
        super().save_related(request, form, formsets, change)
        boards.order_reload([form.instance])
        transaction.on_commit(lambda: boards_edited.send(Board))

    @admin.action(description=gettext_lazy("Have each screen load its page anew"))
    def reload(self, request, queryset) -> None:
        if not request.user.has_perm("results.drive_board"):
            raise PermissionDenied
        chosen = list(queryset)
        boards.order_reload(chosen)
        for board in chosen:
            self.log_change(request, board, "Reload ordered.")
        self.message_user(
            request,
            ngettext(
                "The screens of %d board load it anew.",
                "The screens of %d boards load them anew.",
                len(chosen),
            )
            % len(chosen),
        )


def drive_view(site: admin.AdminSite, request: HttpRequest, board_id: int) -> HttpResponse:
    """The remote control of a board: turn, pause, put a page up, break in, reload."""
    if not request.user.has_perm("results.drive_board"):
        raise PermissionDenied
    board = get_object_or_404(Board.objects.select_related("pushed_page"), pk=board_id)
    if request.method == "POST":
        try:
            done = _follow(board, request.POST)
        except boards.BoardError as reason:
            messages.error(request, str(reason))
        else:
            admin_of_board = cast(BoardAdmin, site.get_model_admin(Board))
            admin_of_board.log_change(request, board, done)
            messages.success(request, f"{board}: {done}")
        return HttpResponseRedirect(request.path)
    context = {
        **site.each_context(request),
        "title": _("Drive: %(board)s") % {"board": board},
        "board": board,
        "opts": Board._meta,
        "pages": list(board.pages.all()),
        "put_up_minutes": int(boards.PUSHED_FOR.total_seconds() // 60),
        "longest_line": LONGEST_LINE,
    }
    return render(request, "admin/drive_board.html", context)


def _follow(board: Board, told) -> str:
    """Do what a form of the Drive page orders; what was done, in words. Raises BoardError."""
    match told.get("act"):
        case "put-up":
            page = get_object_or_404(BoardPage, pk=told.get("page") or 0)
            boards.put_up(board, page, hold="hold" in told)
            return _("“%(page)s” is up.") % {"page": page}
        case "release":
            boards.release(board)
            return _("The pages turn.")
        case "pause":
            boards.pause(board)
            return _("Paused.")
        case "next":
            boards.step(board, 1)
            return _("One page on.")
        case "back":
            boards.step(board, -1)
            return _("One page back.")
        case "break-in":
            boards.break_in(board, told.get("line", ""))
            return (
                _("Breaking: %(line)s") % {"line": board.breaking}
                if board.breaking
                else _("The breaking line is down.")
            )
        case "reload":
            boards.order_reload([board])
            return _("Each screen loads its page anew.")
    raise boards.BoardError(_("There is no such order."))
