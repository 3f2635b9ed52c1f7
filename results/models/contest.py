from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from results.feed.facts import ContestKey
from results.feed.offices import OFFICES, PARTIES


class Contest(models.Model):
    """One contest of an election: an office, a measure, or a justice's retention."""

    class Kind(models.TextChoices):
        CANDIDATES = "candidates", _("Candidates")
        MEASURE = "measure", _("Measure")
        RETENTION = "retention", _("Retention")

    class Rule(models.TextChoices):
        TOP_TWO = "top_two", _("The top two advance to the general election")
        MAJORITY = "majority", _("A majority wins; without one the top two advance")
        PLURALITY = "plurality", _("The most votes win")
        YES_NO = "yes_no", _("Passes with more yes than no votes")

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="contests", verbose_name=_("election")
    )
    slug = models.SlugField(_("slug"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    rule = models.CharField(_("rule"), max_length=12, choices=Rule.choices)
    office = models.CharField(_("office"), max_length=60, help_text=_("As in the feed's path."))
    party = models.CharField(_("party"), max_length=40, blank=True)
    district = models.PositiveSmallIntegerField(_("district"), default=0)
    measure = models.CharField(_("measure number"), max_length=5, blank=True)
    justice = models.CharField(_("justice"), max_length=120, blank=True)
    title = models.CharField(_("title in the feed"), max_length=200, blank=True)
    subject = models.CharField(
        _("measure or justice in the feed"), max_length=400, blank=True, default=""
    )
    display_title = models.CharField(_("title shown"), max_length=200, blank=True)
    display_title_es = models.CharField(_("title shown in Spanish"), max_length=200, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        editable=False,
        help_text=_("A justice's place in the feed's list of the court."),
    )
    is_featured = models.BooleanField(_("featured"), default=False)
    is_published = models.BooleanField(_("published"), default=True)
    on_ballot = models.BooleanField(
        _("on this ballot"),
        null=True,
        help_text=_("Unknown until the feed has served a body dated for this election."),
    )
    earlier_returns = models.JSONField(
        _("returns of an earlier election"),
        default=dict,
        blank=True,
        editable=False,
        # As text, for databases put the keys of JSON objects in an order of their own.
        help_text=_("What the feed serves of a contest that is not on this ballot, by area."),
    )

    class Meta:
        ordering = ["order", "position", "slug"]
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        constraints = [
            models.UniqueConstraint(fields=["election", "slug"], name="contest_slug_in_election"),
            models.UniqueConstraint(
                fields=["election", "office", "party", "district", "measure", "justice"],
                name="contest_key_in_election",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["candidates", "measure", "retention"]),
                name="contest_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        name = self.display_title or self._own_name() or self.slug
        return f"REHEARSAL: {name}" if self.election.is_rehearsal else name

    def _own_name(self) -> str:
        """The feed's title is one for all measures of a ballot, and for all justices of a court."""
        if self.kind == self.Kind.MEASURE:
            return gettext("Proposition %(number)s") % {"number": self.measure}
        if self.kind == self.Kind.RETENTION:
            return f"{self.justice}, {self.title}" if self.title else self.justice
        return self.title or self._office_name()

    def _office_name(self) -> str:
        """For a contest that the feed has not served yet: what its title begins with."""
        office, party = OFFICES.get(self.office), PARTIES.get(self.party)
        if office is None:
            return ""
        words = [office.title, party.name if party else ""]
        words.append(f"District {self.district}" if self.district else "")
        return " ".join(filter(None, words))

    @property
    def key(self) -> ContestKey:
        return ContestKey(self.office, self.party, self.district, self.measure, self.justice)


class Candidate(models.Model):
    """Someone who stands in a contest, or the Yes or No of a measure or a retention."""

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="candidates", verbose_name=_("contest")
    )
    name = models.CharField(_("name in the feed"), max_length=120)
    party = models.CharField(_("party code"), max_length=8, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Place in the feed's order, which is not by votes.")
    )
    incumbent = models.BooleanField(_("incumbent"), default=False)
    display_name = models.CharField(_("name shown"), max_length=120, blank=True)
    display_name_es = models.CharField(_("name shown in Spanish"), max_length=120, blank=True)

    class Meta:
        ordering = ["contest", "position"]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "name", "party"], name="candidate_once_in_contest"
            )
        ]

    def __str__(self) -> str:
        if self.display_name_es and get_language() == "es":
            return self.display_name_es
        return self.display_name or self.name
