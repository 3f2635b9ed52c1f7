from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rehearsal(models.Model):
    """A night played for practice through the real pipeline, in an election of its own.

    Its clock stood at `moment` at the real time `since`, and goes on at `speed`; without `since`
    it is paused.
    """

    class Kind(models.TextChoices):
        RECORDED = "recorded", _("A recorded night, as it was")
        INVENTED = "invented", _("An invented night: recorded counts, shuffled among candidates")
        TEST_DAY = "test_day", _("A test day of the feed: figures before the polls close")

    class Trouble(models.TextChoices):
        DEAD = "dead", _("The feed is dead for 20 minutes, an hour into the night")
        HTML = "html", _("HTML in the place of JSON for 10 minutes, 100 minutes in")
        SPIKE = "spike", _("A county doubled at 120 minutes and corrected downward at 150")
        LATE_GIANT = "late_giant", _("Los Angeles reports nothing for three hours")

    election = models.OneToOneField(
        "results.Election", models.CASCADE, related_name="rehearsal", verbose_name=_("election")
    )
    night = models.CharField(_("night"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    troubles = models.JSONField(_("troubles"), default=list, blank=True)
    seed = models.PositiveIntegerField(_("seed of an invented night"), default=1)
    speed = models.FloatField(_("speed"), default=60.0)
    moment = models.DateTimeField(_("moment of the night"))
    end = models.DateTimeField(_("end of the night"))
    since = models.DateTimeField(_("runs since"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        permissions = [("run_rehearsal", _("Can start, pause, jump and stop rehearsals"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(speed__gt=0, speed__lte=3600), name="rehearsal_speed_is_possible"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["recorded", "invented", "test_day"]),
                name="rehearsal_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.election)

    @property
    def is_running(self) -> bool:
        return self.since is not None

    def now(self, real: datetime | None = None) -> datetime:
        """The moment of the night that its clock shows; it stays at the end."""
        if self.since is None:
            return self.moment
        gone = ((real or timezone.now()) - self.since).total_seconds()
        return min(self.end, self.moment + timedelta(seconds=gone * self.speed))
