from django.db import models
from django.utils.translation import gettext_lazy as _


class County(models.Model):
    """One of California's 58 counties, numbered as in the feed's contest ids."""

    number = models.PositiveSmallIntegerField(_("number"), primary_key=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    fips = models.CharField(_("FIPS code"), max_length=5, unique=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("county")
        verbose_name_plural = _("counties")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=58), name="county_number_1_to_58"
            )
        ]

    def __str__(self) -> str:
        return self.name
