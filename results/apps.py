from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Returns")

    def ready(self) -> None:
        from results import call_checks  # noqa: F401 - connects its receiver
        from results.returns_api import receivers  # noqa: F401 - connects them
