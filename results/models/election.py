from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

CALIFORNIA = ZoneInfo("America/Los_Angeles")
POLLS_CLOSE = time(20, 0)


class Election(models.Model):
    """One election: its night, its contests and what the feed serves of them."""

    class Kind(models.TextChoices):
        PRESIDENTIAL_PRIMARY = "presidential_primary", _("Presidential primary")
        PRIMARY = "primary", _("Direct primary")
        GENERAL = "general", _("General election")
        SPECIAL = "special", _("Special election")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    date = models.DateField(_("date"))
    polls_close = models.DateTimeField(
        _("polls close"),
        help_text=_("Figures reported before this moment are test data and stay private."),
    )
    is_current = models.BooleanField(
        _("current"),
        default=False,
        help_text=_("The election that the feed serves and the front page shows."),
    )
    is_rehearsal = models.BooleanField(
        _("rehearsal"),
        default=False,
        editable=False,
        help_text=_("Played for practice: never shown to the public."),
    )
    lead_threshold = models.DecimalField(
        _("lead threshold"),
        max_digits=4,
        decimal_places=1,
        default=5,
        help_text=_("Percent of precincts under which a leader is shown without emphasis."),
    )
    calls_need_two = models.BooleanField(
        _("calls need two"),
        default=False,
        help_text=_("Whether a second person has to confirm a race call before it is shown."),
    )
    feed_url = models.CharField(
        _("feed's address"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("The part before /returns/; empty: as the service was set up (FEED_URL)."),
    )
    poll_seconds = models.PositiveSmallIntegerField(
        _("seconds between sweeps"),
        null=True,
        blank=True,
        help_text=_("Empty: as the service was set up (POLL_SECONDS)."),
    )
    feed_paused_at = models.DateTimeField(
        _("feed paused since"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_default=Now())

    class Meta:
        ordering = ["-date", "slug"]
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        permissions = [("control_feed", _("Can fetch now, pause and resume the feed"))]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="one_current_election",
                violation_error_message=_("Another election is the current one."),
            ),
            models.CheckConstraint(
                condition=~models.Q(is_current=True, is_rehearsal=True),
                name="a_rehearsal_is_never_current",
                violation_error_message=_("A rehearsal never becomes the current election."),
            ),
            models.CheckConstraint(
                condition=models.Q(lead_threshold__gte=0, lead_threshold__lte=100),
                name="lead_threshold_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["presidential_primary", "primary", "general", "special"]
                ),
                name="election_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.polls_close and self.date:
            day = self.polls_close.astimezone(CALIFORNIA).date()
            if day != self.date:
                raise ValidationError(
                    {"polls_close": _("The polls close on the day of the election.")}
                )

    @property
    def stale_before(self) -> datetime:
        """What was reported before this moment belongs to an earlier election.

        Test days begin three weeks before election day; a canvass ends about a month after one.
        """
        return self.polls_close - timedelta(days=45)


def polls_close_on(date) -> datetime:
    """When California's polls close on a day: 8 p.m. Pacific."""
    return datetime.combine(date, POLLS_CLOSE, tzinfo=CALIFORNIA)
