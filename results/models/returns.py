from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.feed.facts import WHOLE, Area, AreaKind


class Figures(models.Model):
    """What one area of a contest stood at: shared by the current returns and their history.

    votes maps a candidate's id (as text, as JSON has it) to that candidate's votes.
    """

    precincts_reporting = models.PositiveIntegerField(_("precincts reporting"), default=0)
    precincts_total = models.PositiveIntegerField(_("precincts"), default=0)
    reporting_percent = models.CharField(
        _("percent reporting in the feed"), max_length=6, blank=True
    )
    votes = models.JSONField(_("votes"), default=dict)
    total_votes = models.PositiveBigIntegerField(_("total votes"), default=0)

    class Meta:
        abstract = True


class Return(Figures):
    """The current returns of one contest in one area; nothing received yet if reported_at is null.

    county and district are both null for the contest's own whole area (the state or its district).
    """

    contest = models.ForeignKey(
        "results.Contest", models.CASCADE, related_name="returns", verbose_name=_("contest")
    )
    county = models.ForeignKey(
        "results.County", models.PROTECT, null=True, blank=True, verbose_name=_("county")
    )
    district = models.PositiveSmallIntegerField(_("congressional district"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("fetched"), null=True, blank=True)
    changed_at = models.DateTimeField(
        _("figures changed"),
        null=True,
        blank=True,
        help_text=_("The reporting time at which votes or precincts last changed."),
    )
    previous_votes = models.JSONField(
        _("votes before the last change"), default=dict, editable=False, blank=True
    )
    facts_hash = models.CharField(max_length=32, blank=True, editable=False)
    body = models.ForeignKey(
        "results.ArchivedBody",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        # Nobody asks for the returns of a body, and every report would have to be indexed anew.
        db_index=False,
        verbose_name=_("raw body"),
    )
    older_since = models.DateTimeField(
        _("older figures served since"),
        null=True,
        blank=True,
        help_text=_("When the feed began to serve figures older than these."),
    )

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.UniqueConstraint(
                fields=["contest"],
                condition=models.Q(county__isnull=True, district__isnull=True),
                name="one_whole_return_a_contest",
            ),
            models.UniqueConstraint(
                fields=["contest", "county"],
                condition=models.Q(county__isnull=False),
                name="one_return_a_county",
            ),
            models.UniqueConstraint(
                fields=["contest", "district"],
                condition=models.Q(district__isnull=False),
                name="one_return_a_district",
            ),
            models.CheckConstraint(
                condition=models.Q(county__isnull=True) | models.Q(district__isnull=True),
                name="return_in_one_area",
            ),
        ]

    def __str__(self) -> str:
        if self.county_id:
            return f"{self.contest_id} county {self.county_id}"
        return f"{self.contest_id} {f'district {self.district}' if self.district else 'whole'}"

    @property
    def area(self) -> Area:
        if self.county_id:
            return Area(AreaKind.COUNTY, self.county_id)
        return Area(AreaKind.DISTRICT, self.district) if self.district else WHOLE


class ReturnUpdate(Figures):
    """One distinct state of one return, kept for good: the history never changes."""

    # Indexed together with stands_since, below.
    returns = models.ForeignKey(
        Return, models.CASCADE, related_name="history", db_index=False, verbose_name=_("return")
    )
    reported_at = models.DateTimeField(_("reported"))
    fetched_at = models.DateTimeField(_("fetched"))
    stands_since = models.DateTimeField(
        _("stands since"),
        help_text=_("The moment of the count from which these were the returns."),
    )
    body = models.ForeignKey(
        "results.ArchivedBody",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("raw body"),
    )
    votes_fell = models.BooleanField(_("votes fell"), default=False)
    reporting_fell = models.BooleanField(_("reporting fell"), default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        indexes = [models.Index(fields=["returns", "stands_since"])]

    def __str__(self) -> str:
        return f"{self.returns_id} at {self.reported_at:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs) -> None:
        """Add a new state.

        Raises ValidationError for one that is kept already: history is append-only.
        """
        if self.pk is not None:
            raise ValidationError(_("The history of returns is append-only."))
        super().save(*args, **kwargs)


class ReturnNotice(models.Model):
    """Something about the returns that staff should look at."""

    class Kind(models.TextChoices):
        VOTES_FELL = "votes_fell", _("A candidate's votes fell")
        REPORTING_FELL = "reporting_fell", _("Precincts reporting fell")
        WENT_BACK = "went_back", _("The feed went back to an older report")
        OLDER_HELD_BACK = "older_held_back", _("An older report was not applied")
        CANDIDATES_CHANGED = "candidates_changed", _("The list of candidates changed")
        PERCENT_DIFFERS = "percent_differs", _("A percentage does not follow from the votes")
        CALL_CONTRADICTED = "call_contradicted", _("A called winner is behind in the count")
        CONTEST_MISSING = "contest_missing", _("A contest is missing from its list")

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="notices", verbose_name=_("election")
    )
    contest = models.ForeignKey(
        "results.Contest", models.CASCADE, null=True, blank=True, verbose_name=_("contest")
    )
    county = models.ForeignKey(
        "results.County", models.PROTECT, null=True, blank=True, verbose_name=_("county")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    message = models.TextField(_("message"))
    amount = models.PositiveBigIntegerField(
        _("amount"), null=True, blank=True, help_text=_("Of votes that fell: how many.")
    )
    noticed_at = models.DateTimeField(_("noticed"))
    alerted = models.BooleanField(
        _("alerted"), default=False, editable=False, help_text=_("Whether the rules were asked.")
    )

    class Meta:
        ordering = ["-noticed_at", "-id"]
        indexes = [
            models.Index(
                fields=["election"], condition=models.Q(alerted=False), name="notices_to_alert_of"
            )
        ]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return self.message


class CountyStatus(models.Model):
    """A county's own report of its count, from the feed's status endpoint."""

    class ReportType(models.TextChoices):
        NONE = "", _("None yet")
        REGULAR = "R", _("Election night")
        FINAL = "F", _("Semi-official final")
        UPDATE = "U", _("Canvass update")
        COMPLETE = "S", _("Canvass complete")

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="statuses", verbose_name=_("election")
    )
    county = models.ForeignKey("results.County", models.PROTECT, verbose_name=_("county"))
    precincts_reporting = models.PositiveIntegerField(_("precincts reporting"), default=0)
    precincts_total = models.PositiveIntegerField(_("precincts"), default=0)
    report_type = models.CharField(
        _("report type"), max_length=1, choices=ReportType.choices, blank=True
    )
    turnout = models.PositiveIntegerField(_("ballots cast"), null=True, blank=True)
    registered = models.PositiveIntegerField(_("registered voters"), null=True, blank=True)
    reported_at = models.DateTimeField(_("last report"), null=True, blank=True)

    class Meta:
        ordering = ["election", "county"]
        verbose_name = _("county status")
        verbose_name_plural = _("county statuses")
        constraints = [
            models.UniqueConstraint(fields=["election", "county"], name="one_status_a_county")
        ]

    def __str__(self) -> str:
        return f"{self.county}: {self.precincts_reporting}/{self.precincts_total}"
