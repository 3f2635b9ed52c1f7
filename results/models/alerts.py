from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    """What the newsroom can be alerted of."""

    FEED_LATE = "feed_late", _("The feed is late")
    ENDPOINT_FAILING = "endpoint_failing", _("An endpoint fails again and again")
    VOTES_FELL = "votes_fell", _("Votes fell")
    REPORTING_FELL = "reporting_fell", _("Precincts reporting fell")
    WENT_BACK = "went_back", _("The feed went back to an older report")
    CANDIDATES_CHANGED = "candidates_changed", _("The list of candidates changed")
    CONTEST_MISSING = "contest_missing", _("A contest is missing from its list")
    PERCENT_DIFFERS = "percent_differs", _("A percentage does not follow from the votes")
    BEFORE_POLLS_CLOSE = "before_polls_close", _("Figures from before the polls close")
    CALL_CONTRADICTED = "call_contradicted", _("A called winner is behind in the count")
    LEAD_CHANGE = "lead_change", _("The lead changed")
    FIRST_REPORT = "first_report", _("First report of a county")
    ALL_PRECINCTS = "all_precincts", _("All precincts of a contest report")
    RECOUNT_MARGIN = "recount_margin", _("A contest ends within the recount margin")


class AlertChannel(models.Model):
    """Where alerts are sent: an e-mail address or a webhook."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook (Slack's form)")

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    address = models.CharField(
        _("address"), max_length=500, help_text=_("An e-mail address, or an https address.")
    )
    secret = models.CharField(
        _("secret"),
        max_length=120,
        blank=True,
        help_text=_("Signs what is sent to a webhook; its receiver knows it too."),
    )
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("alert channel")
        verbose_name_plural = _("alert channels")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["email", "webhook"]), name="channel_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        is_mail = self.kind == self.Kind.EMAIL
        if is_mail and ("@" not in self.address or " " in self.address):
            raise ValidationError({"address": _("That is no e-mail address.")})
        if not is_mail and not self.address.startswith(("https://", "http://")):
            raise ValidationError({"address": _("A webhook's address begins with https://.")})


class AlertRule(models.Model):
    """Whether, from what threshold on, and to whom one kind of alert goes."""

    class Severity(models.TextChoices):
        INFO = "info", _("For information")
        WARNING = "warning", _("Look at it")
        CRITICAL = "critical", _("Now")

    kind = models.CharField(_("kind"), max_length=24, choices=AlertKind.choices, unique=True)
    is_on = models.BooleanField(_("on"), default=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    threshold = models.DecimalField(
        _("threshold"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    channels = models.ManyToManyField(AlertChannel, blank=True, verbose_name=_("sent to"))

    class Meta:
        ordering = ["kind"]
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(severity__in=["info", "warning", "critical"]),
                name="alert_severity_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(threshold__isnull=True) | models.Q(threshold__gte=0),
                name="alert_threshold_is_not_negative",
                violation_error_message=_("A threshold is 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Alert(models.Model):
    """One alert. key names what it is about, so that nothing is told twice."""

    election = models.ForeignKey(
        "results.Election", models.CASCADE, related_name="alerts", verbose_name=_("election")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=AlertKind.choices)
    severity = models.CharField(_("severity"), max_length=8, choices=AlertRule.Severity.choices)
    key = models.CharField(max_length=200)
    message = models.TextField(_("message"))
    contest = models.ForeignKey(
        "results.Contest", models.CASCADE, null=True, blank=True, verbose_name=_("contest")
    )
    county = models.ForeignKey(
        "results.County", models.PROTECT, null=True, blank=True, verbose_name=_("county")
    )
    raised_at = models.DateTimeField(_("raised"))
    over_at = models.DateTimeField(
        _("over"), null=True, blank=True, help_text=_("When what it was about ended by itself.")
    )
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        permissions = [("acknowledge_alert", _("Can acknowledge alerts"))]
        constraints = [
            models.UniqueConstraint(fields=["election", "key"], name="one_alert_of_a_thing")
        ]

    def __str__(self) -> str:
        return self.message


class AlertDelivery(models.Model):
    """One alert on its way to one channel. Sent at most once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed, tried again")
        GIVEN_UP = "given_up", _("Given up")

    alert = models.ForeignKey(
        Alert, models.CASCADE, related_name="deliveries", verbose_name=_("alert")
    )
    channel = models.ForeignKey(
        AlertChannel, models.CASCADE, related_name="deliveries", verbose_name=_("channel")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["alert", "channel"], name="one_delivery_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_state_display()}"
