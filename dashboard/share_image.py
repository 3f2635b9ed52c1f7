"""A race as it stands, drawn as the picture that other sites show with a link to it."""

import io
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from dashboard.cards import RaceCard, Row

WIDTH, HEIGHT = 1200, 630
"""Pixels: the size that sites ask of such pictures."""
ROWS = 4
_EDGE = 64
_FONTS = settings.BASE_DIR / "static" / "fonts"
# The light tokens of static/css/tokens.css.
_PAPER, _INK, _SOFT, _TRACK, _ACCENT = "#f7f5ef", "#191c21", "#50565f", "#e7e2d5", "#0f5468"
_NEUTRAL = "#9a9585"
_COLOURS = {
    "democratic": "#1e5aa8",
    "republican": "#b42d2a",
    "american-independent": "#0b6b55",
    "green": "#2f7332",
    "libertarian": "#7a5c00",
    "peace-and-freedom": "#84378c",
    "nonpartisan": "#565d68",
    "no-party-preference": "#565d68",
    "yes": "#0f6b5c",
    "no": "#a1501f",
}


def share_image(card: RaceCard, election_name: str) -> bytes:
    """The race of a card as a PNG, in the active language."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 10), fill=_INK)
    notice = settings.SITE_NOTICE
    if notice:
        draw.rectangle((0, 0, WIDTH, 44), fill=_ACCENT)
        draw.text((WIDTH / 2, 22), notice, fill=_PAPER, font=sans(24, 700), anchor="mm")
    top = 60 if notice else 44
    title = _fitting(draw, card.title, serif, 60, WIDTH - 2 * _EDGE)
    draw.text((_EDGE, top), card.title, fill=_INK, font=title)
    under = " · ".join(part for part in (card.subtitle, election_name) if part)
    draw.text(
        (_EDGE, top + 76),
        _cut(draw, under, sans(26, 400), WIDTH - 2 * _EDGE),
        fill=_SOFT,
        font=sans(26, 400),
    )
    shown = card.rows[:ROWS]
    height = 76
    for place, row in enumerate(shown):
        _draw_row(draw, row, top + 134 + place * height, card)
    foot = top + 134 + ROWS * height + 14
    draw.text(
        (_EDGE, foot),
        _cut(draw, standing(card), sans(30, 600), WIDTH - 2 * _EDGE),
        fill=_INK,
        font=sans(30, 600),
    )
    precincts = gettext("%(percent)s of precincts reporting") % {"percent": card.precincts.percent}
    facts = " · ".join(part for part in (precincts, card.votes_counted, card.as_of) if part)
    draw.text(
        (_EDGE, foot + 46),
        _cut(draw, facts, sans(24, 400), WIDTH - 2 * _EDGE),
        fill=_SOFT,
        font=sans(24, 400),
    )
    brand = gettext("Live Returns")
    draw.text((WIDTH - _EDGE, HEIGHT - 22), brand, fill=_ACCENT, font=sans(24, 700), anchor="rs")
    draw.text(
        (_EDGE, HEIGHT - 22),
        gettext("Source: California Secretary of State"),
        fill=_SOFT,
        font=sans(20, 400),
        anchor="ls",
    )
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw_row(draw: ImageDraw.ImageDraw, row: Row, top: float, card: RaceCard) -> None:
    colour = _COLOURS.get(row.party_class, _NEUTRAL)
    left = _EDGE
    if row.party_letter:
        box = (left, top + 6, left + 52, top + 40)
        draw.rounded_rectangle(box, radius=5, outline=colour, width=3)
        draw.text(
            (left + 26, top + 23), row.party_letter, fill=colour, font=sans(20, 700), anchor="mm"
        )
        left += 68
    weight = 700 if row.leads else 500
    right = WIDTH - _EDGE
    if card.has_report:
        draw.text((right, top + 40), row.percent, fill=_INK, font=sans(38, weight), anchor="rs")
        draw.text(
            (right - 150, top + 40), row.votes_text, fill=_SOFT, font=sans(28, 400), anchor="rs"
        )
    name = _cut(draw, row.name, sans(34, weight), right - 340 - left)
    draw.text((left, top + 40), name, fill=_INK, font=sans(34, weight), anchor="ls")
    bar = (_EDGE, top + 52, WIDTH - _EDGE, top + 62)
    draw.rectangle(bar, fill=_TRACK)
    length = (WIDTH - 2 * _EDGE) * float(row.width) / 100
    if length:
        shade = colour if card.shows_leader else _NEUTRAL
        draw.rectangle((_EDGE, top + 52, _EDGE + length, top + 62), fill=shade)


@lru_cache(maxsize=32)
def sans(size: int, weight: int) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(str(_FONTS / "public-sans.woff2"), size)
    face.set_variation_by_axes([weight])
    return face


@lru_cache(maxsize=32)
def serif(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / "source-serif-4-semibold.woff2"), size)


def _fitting(
    draw: ImageDraw.ImageDraw,
    text: str,
    face: Callable[[int], ImageFont.FreeTypeFont],
    size: int,
    width: float,
) -> ImageFont.FreeTypeFont:
    """The face at the largest size, at most this one, at which a text fits the width."""
    while size > 24 and draw.textlength(text, font=face(size)) > width:
        size -= 2
    return face(size)


def _cut(draw: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """A text, or as much of it as fits, with a mark where it goes on."""
    if draw.textlength(text, font=face) <= width:
        return text
    while text and draw.textlength(f"{text}…", font=face) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def standing(card: RaceCard) -> str:
    """Where a race stands, in a line: what is called, else who leads."""
    return card.call.text if card.call else card.status


def alternative(card: RaceCard) -> str:
    """The picture in words."""
    told = [f"{row.name} {row.percent}" for row in card.rows[:ROWS] if card.has_report]
    said = [card.call.text] if card.call else [] if told else [card.status]
    facts = "; ".join([*said, *([", ".join(told)] if told else [])])
    return f"{card.title}: {facts}. {card.as_of}" if told else f"{card.title}: {facts}"
