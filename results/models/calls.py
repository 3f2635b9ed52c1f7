from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class RaceCall(models.Model):
    """One act of an editor on a contest: a call, its retraction, or why none is made.

    Acts are added and never changed, but for who confirmed them. What is in force follows from
    all of them by one rule (results.calls).
    """

    class Status(models.TextChoices):
        """The statuses of the field, as the Associated Press names them."""

        TOO_EARLY = "too_early", _("Too early to call")
        TOO_CLOSE = "too_close", _("Too close to call")
        CALLED = "called", _("Called")
        RUNOFF = "runoff", _("Runoff: the winners go on to it")
        UNCALLED = "uncalled", _("Uncalled: an earlier call is taken back")
        UNABLE = "unable", _("Unable to call")

    contest = models.ForeignKey(
        "results.Contest", models.PROTECT, related_name="calls", verbose_name=_("contest")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    winners = models.ManyToManyField(
        "results.Candidate", blank=True, related_name="+", verbose_name=_("winners")
    )
    source = models.CharField(
        _("source"), max_length=120, blank=True, help_text=_("Shown to readers: “AP”, “our desk”.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For the newsroom only."))
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True, help_text=_("Nothing is shown before.")
    )
    warnings = models.TextField(
        _("warned of"),
        blank=True,
        editable=False,
        help_text=_("What the numbers said against it when it was made."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    needs_confirmation = models.BooleanField(_("needs a second person"), default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    announced = models.BooleanField(
        _("announced"),
        default=False,
        editable=False,
        help_text=_("Whether the pages were made anew since it came into force."),
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("race call")
        verbose_name_plural = _("race calls")
        permissions = [("confirm_racecall", _("Can confirm another's race call"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="confirmed_by_someone_at_some_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("made_by")),
                name="confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "too_early",
                        "too_close",
                        "called",
                        "runoff",
                        "uncalled",
                        "unable",
                    ]
                ),
                name="call_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.get_status_display()}"

    def delete(self, *args, **kwargs):
        """Raises ValidationError: a call is taken back by a new act, never erased."""
        raise ValidationError(_("A race call is taken back by a new act, never erased."))
