from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Hold(models.Model):
    """A contest kept as it stood: the feed goes on being taken up, and readers see what was."""

    contest = models.ForeignKey(
        "results.Contest", models.PROTECT, related_name="holds", verbose_name=_("contest")
    )
    last_update = models.PositiveBigIntegerField(
        _("last update shown"),
        editable=False,
        help_text=_("The newest update in the history when it began."),
    )
    reason = models.CharField(_("reason"), max_length=200, help_text=_("Shown to readers."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        permissions = [("release_hold", _("Can release a hold"))]
        constraints = [
            models.UniqueConstraint(
                fields=["contest"],
                condition=models.Q(released_at__isnull=True),
                name="one_hold_a_contest",
                violation_error_message=_("This contest is held already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.reason}"


class Override(models.Model):
    """A figure that an editor has set in the place of the feed's, for a time."""

    contest = models.ForeignKey(
        "results.Contest", models.PROTECT, related_name="overrides", verbose_name=_("contest")
    )
    county = models.ForeignKey(
        "results.County",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("county"),
        help_text=_("Empty: the whole contest."),
    )
    candidate = models.ForeignKey(
        "results.Candidate", models.PROTECT, related_name="+", verbose_name=_("candidate")
    )
    votes = models.PositiveBigIntegerField(_("votes"))
    reason = models.CharField(_("reason"), max_length=200, help_text=_("Shown to readers."))
    expires_at = models.DateTimeField(_("expires"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("By a person, or when it expired.")
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        permissions = [("end_override", _("Can end an override"))]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "county", "candidate"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_override_a_figure",
                violation_error_message=_("This figure is overridden already."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="override_expires_later",
                violation_error_message=_("It must expire after it is made."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.votes:,}"

    def clean(self) -> None:
        if self.candidate_id and self.contest_id and self.candidate.contest_id != self.contest_id:
            raise ValidationError({"candidate": _("The candidate must stand in this contest.")})
