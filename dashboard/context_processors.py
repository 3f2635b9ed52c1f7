"""What every page is given."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """The words that mark a page which does not show a real night as it happens, or ""."""
    return {"site_notice": settings.SITE_NOTICE}
