import zstandard
from django.db import models
from django.utils.translation import gettext_lazy as _


class Endpoint(models.Model):
    """One address of the feed that the Secretary of State published for an election."""

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="endpoints", verbose_name=_("election")
    )
    path = models.CharField(_("path"), max_length=500, help_text=_("After /returns/."))

    class Meta:
        ordering = ["election", "path"]
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        constraints = [
            models.UniqueConstraint(fields=["election", "path"], name="endpoint_in_election")
        ]

    def __str__(self) -> str:
        return self.path


class ArchivedBody(models.Model):
    """A distinct body of the feed, byte for byte, kept under its SHA-256."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, primary_key=True)
    compressed = models.BinaryField(_("compressed"), help_text=_("Zstandard."))
    size = models.PositiveIntegerField(_("size in bytes"))
    first_fetched_at = models.DateTimeField(_("first fetched"))

    class Meta:
        ordering = ["-first_fetched_at"]
        verbose_name = _("raw body")
        verbose_name_plural = _("raw bodies")

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def content(self) -> bytes:
        """The body as the feed served it."""
        return zstandard.decompress(bytes(self.compressed))


class Sweep(models.Model):
    """One pass over everything the feed serves of an election."""

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="sweeps", verbose_name=_("election")
    )
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    changed = models.PositiveIntegerField(_("returns changed"), default=0)
    feed_time = models.DateTimeField(
        _("feed's clock"), null=True, blank=True, help_text=_("The Date the feed answered with.")
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it is under way."""
        if self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Fetch(models.Model):
    """One request to the feed and what came of it."""

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        PARTLY = "partly", _("Understood in part")
        FAILED = "failed", _("Failed")

    sweep = models.ForeignKey(
        Sweep, models.CASCADE, related_name="fetches", verbose_name=_("sweep")
    )
    path = models.CharField(_("endpoint"), max_length=500)
    fetched_at = models.DateTimeField(_("fetched"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("reason"), blank=True)
    body = models.ForeignKey(
        ArchivedBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fetches",
        verbose_name=_("raw body"),
    )
    is_new_body = models.BooleanField(
        _("new body"), default=False, help_text=_("Not the body this endpoint served before.")
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("fetch")
        verbose_name_plural = _("fetches")
        indexes = [
            models.Index(fields=["path", "-id"]),
            models.Index(fields=["outcome", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.outcome}"
