from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Returns")

    def ready(self) -> None:
        from results import alert_receivers, call_checks  # noqa: F401 - connects their receivers
        from results.returns_api import receivers  # noqa: F401 - connects them
