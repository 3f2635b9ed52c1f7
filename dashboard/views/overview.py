from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from dashboard.page_meta import page_meta
from dashboard.pages import State, page_response
from dashboard.views.context import overview_parts, page_context


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole election at a glance: every race card, and how far the count is."""
    language = get_language() or "en"

    def build(now: State) -> str:
        context = {
            **overview_parts(now, language),
            **page_context(now, "overview", request),
        }
        context["meta"] = page_meta(
            request,
            str(context["election_title"]),
            description=_description(str(context["summary_html"])),
            data={
                "@type": "WebSite",
                "name": gettext("Live Returns"),
                "url": request.build_absolute_uri(reverse("overview")),
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": request.build_absolute_uri(reverse("contests")) + "?q={search_term}",
                    "query-input": "required name=search_term",
                },
            },
        )
        return render(request, "overview/page.html", context).content.decode()

    return page_response(request, "overview", language, build)


def _description(summary_html: str) -> str:
    """The state of the count as plain text."""
    return " ".join(strip_tags(summary_html.replace("</p>", " ")).split())
