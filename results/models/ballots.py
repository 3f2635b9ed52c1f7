from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KINDS = ("vote_by_mail", "provisional", "conditional", "other")
"""The kinds of ballots in the counties' estimates, as the Secretary of State lists them."""


class UnprocessedBallots(models.Model):
    """A county's estimate of the ballots it has received but not yet counted.

    Counties tell the Secretary of State how many are left in the days after an election; the feed
    carries none of it, so staff enter or import it, with its source and date.
    """

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="unprocessed", verbose_name=_("election")
    )
    county = models.ForeignKey("results.County", models.PROTECT, verbose_name=_("county"))
    reported_on = models.DateField(_("estimate of"), help_text=_("The day the county told it."))
    vote_by_mail = models.PositiveIntegerField(_("vote by mail"), default=0)
    provisional = models.PositiveIntegerField(_("provisional"), default=0)
    conditional = models.PositiveIntegerField(
        _("conditional registration"),
        default=0,
        help_text=_("Of voters who registered at the polls."),
    )
    other = models.PositiveIntegerField(
        _("other"), default=0, help_text=_("Damaged or diverted for review.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Where the figure is from: a name or an address.")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered"), auto_now=True)

    class Meta:
        ordering = ["election", "county", "-reported_on"]
        verbose_name = _("estimate of unprocessed ballots")
        verbose_name_plural = _("estimates of unprocessed ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["election", "county", "reported_on"], name="one_estimate_a_county_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.county}, {self.reported_on}: {self.total:,}"

    @property
    def total(self) -> int:
        """Ballots left to count, of all kinds."""
        return self.vote_by_mail + self.provisional + self.conditional + self.other
