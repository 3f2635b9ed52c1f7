from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dashboard.pages import State, page_response
from dashboard.views.context import overview_parts, page_context


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole election at a glance: every race card, and how far the count is."""
    language = get_language() or "en"

    def build(now: State) -> str:
        context = {
            **overview_parts(now, language),
            **page_context(now, "overview", request.path),
        }
        return render(request, "overview/page.html", context).content.decode()

    return page_response(request, "overview", language, build)
