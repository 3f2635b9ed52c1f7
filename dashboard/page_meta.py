"""What a page says of itself to browsers, search engines and the sites that link to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class PageMeta:
    """title is the tab's; heading the page's alone; url and image are whole addresses.

    data is schema.org's JSON-LD, ready to stand in a script element; "" for none.
    """

    title: str
    heading: str
    description: str
    url: str
    image: str = ""
    data: SafeString | str = ""


def page_meta(
    request: HttpRequest,
    *headings: str,
    description: str = "",
    image: str = "",
    data: Mapping[str, object] | None = None,
) -> PageMeta:
    """The meta of a page under these headings, the nearest first; image is a path or ""."""
    named = [heading for heading in headings if heading]
    site = gettext("Live Returns")
    return PageMeta(
        title=" · ".join([*named, site]),
        heading=" · ".join(named) or site,
        description=description
        or gettext("California election results as the counties report them."),
        url=request.build_absolute_uri(request.path),
        image=request.build_absolute_uri(image) if image else "",
        data=json_ld(data) if data else "",
    )


def json_ld(data: Mapping[str, object]) -> SafeString:
    """JSON-LD that can stand in HTML: nothing in it can end its element."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308 - escaped above
