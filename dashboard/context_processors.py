"""What every page is given."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from dashboard.rehearsing import rehearsal_shown


def site(request: HttpRequest) -> dict[str, object]:
    """The words that mark a page which does not show a real night as it happens, or ""."""
    rehearsal = rehearsal_shown()
    notice = settings.SITE_NOTICE
    if rehearsal is not None:
        notice = gettext("REHEARSAL: these are no results")
    return {"site_notice": notice, "is_rehearsal": rehearsal is not None}
