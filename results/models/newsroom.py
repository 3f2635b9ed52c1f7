from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_LINE = 140
"""Characters of a breaking line."""


class Board(models.Model):
    """A wall board: pages of races that turn by themselves on screens nobody touches."""

    class Theme(models.TextChoices):
        DARK = "dark", _("Dark")
        LIGHT = "light", _("Light")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=80)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.DARK)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    seconds = models.PositiveSmallIntegerField(
        _("seconds a page"), default=12, help_text=_("From 4 to 600.")
    )
    logo = models.BinaryField(_("logo"), blank=True, default=b"", editable=False)
    logo_type = models.CharField(max_length=20, blank=True, editable=False)

    # What a producer orders from its screens.
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True, editable=False)
    steps = models.IntegerField(
        _("steps"), default=0, editable=False, help_text=_("Pages skipped by hand so far.")
    )
    pushed_page = models.ForeignKey(
        "results.BoardPage",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("page put up"),
    )
    pushed_until = models.DateTimeField(_("put up until"), null=True, blank=True, editable=False)
    breaking = models.CharField(
        _("breaking line"), max_length=LONGEST_LINE, blank=True, editable=False
    )
    breaking_at = models.DateTimeField(
        _("breaking line since"), null=True, blank=True, editable=False
    )
    reloads = models.PositiveIntegerField(
        _("reloads ordered"), default=0, editable=False, help_text=_("Each screen follows each.")
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        permissions = [("drive_board", _("Can drive a board: turn, put up, break in, reload"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seconds__gte=4, seconds__lte=600),
                name="board_seconds_are_legible",
                violation_error_message=_("A page stays between 4 and 600 seconds."),
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=["dark", "light"], language__in=["en", "es"]),
                name="board_theme_and_language_are_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("board", args=[self.slug])


class BoardPage(models.Model):
    """One page of a board: a layout, and which races it shows."""

    class Layout(models.TextChoices):
        RACE = "race", _("One race, huge")
        RACES_2 = "races-2", _("Two races")
        RACES_4 = "races-4", _("Four races")
        RACES_6 = "races-6", _("Six races")
        RACES_9 = "races-9", _("Nine races")
        MEASURES = "measures", _("Measures")
        CHAMBERS = "chambers", _("Balance of the delegations")
        MAP = "map", _("County map of a race")
        CLOSEST = "closest", _("Closest contests")
        UPDATES = "updates", _("Newest updates")

    class Source(models.TextChoices):
        CHOSEN = "chosen", _("The races chosen below")
        FEATURED = "featured", _("Featured races, or the statewide ones if none is")
        PRESIDENT = "president", _("President")
        STATEWIDE = "statewide", _("Statewide offices")
        MEASURES = "measures", _("Ballot measures")
        US_HOUSE = "us-house", _("U.S. House")
        STATE_SENATE = "state-senate", _("State Senate")
        STATE_ASSEMBLY = "state-assembly", _("State Assembly")
        EQUALIZATION = "equalization", _("Board of Equalization")
        COURTS = "courts", _("Justices")
        CLOSEST = "closest", _("The closest races")
        NEWEST = "newest", _("The races that changed last")

    OF_RACES = (Layout.RACE, Layout.RACES_2, Layout.RACES_4, Layout.RACES_6, Layout.RACES_9)

    board = models.ForeignKey(Board, models.CASCADE, related_name="pages", verbose_name=_("board"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    layout = models.CharField(_("layout"), max_length=10, choices=Layout.choices)
    source = models.CharField(
        _("shows"),
        max_length=16,
        choices=Source.choices,
        default=Source.FEATURED,
        help_text=_("For races and maps; the other layouts choose by themselves."),
    )
    contests = models.ManyToManyField(
        "results.Contest", blank=True, related_name="+", verbose_name=_("races")
    )
    heading = models.CharField(
        _("heading"), max_length=60, blank=True, help_text=_("Empty: said by what it shows.")
    )

    class Meta:
        ordering = ["board", "order", "id"]
        verbose_name = _("page of a board")
        verbose_name_plural = _("pages of a board")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    layout__in=[
                        *("race", "races-2", "races-4", "races-6", "races-9"),
                        *("measures", "chambers", "map", "closest", "updates"),
                    ]
                ),
                name="board_layout_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.heading or str(self.get_layout_display())
