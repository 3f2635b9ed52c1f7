"""The fragments of wall boards: their pages, and what producers order from their screens."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import translation

from dashboard import live, wording
from dashboard.board_pages import board_page, page_id, told_by_county
from results.models import Board, Election
from results.selectors import ContestReturns, contest_returns

logger = logging.getLogger(__name__)


def control_id(slug: str) -> str:
    return page_id(slug, 0).removesuffix("0") + "control"


def breaking_id(slug: str) -> str:
    return page_id(slug, 0).removesuffix("0") + "breaking"


def board_fragments(
    board: Board, election: Election, contests: Sequence[ContestReturns]
) -> dict[str, str]:
    """All fragments of a board, in the active language, by root id."""
    pages = list(board.pages.prefetch_related("contests"))
    wanted = {one.contest.pk for page in pages for one in told_by_county(page, contests)}
    with_counties = {
        one.contest.pk: one
        for one in (contest_returns(election, wanted, areas=True) if wanted else ())
    }
    html = orders(board)
    for page in pages:
        shown = board_page(board, page, contests, with_counties)
        html[shown.id] = render_to_string("board/one.html", {"page": shown})
    return html


def orders(board: Board) -> dict[str, str]:
    """What a producer ordered of a board's screens, by root id, in the active language."""
    paused, until = board.paused_at, board.pushed_until
    return {
        control_id(board.slug): render_to_string(
            "board/control.html",
            {
                "board": board,
                # Milliseconds since the epoch, as browsers count them.
                "paused_at": int(paused.timestamp() * 1000) if paused else "",
                "until": int(until.timestamp() * 1000) if until else "",
            },
        ),
        breaking_id(board.slug): render_to_string(
            "board/breaking.html",
            {
                "board": board,
                "breaking_at": wording.clock_time(board.breaking_at) if board.breaking_at else "",
            },
        ),
    }


def fragments_by_language(
    election: Election, contests: Sequence[ContestReturns], boards: Iterable[Board] | None = None
) -> dict[str, dict[str, str]]:
    """The fragments of boards (of all, if None), by language: each has one."""
    found: dict[str, dict[str, str]] = {}
    for board in Board.objects.all() if boards is None else boards:
        with translation.override(board.language):
            try:
                html = board_fragments(board, election, contests)
            except Exception:
                # A wall must never keep readers waiting; its screens show what they have.
                logger.exception("the board %s could not be rendered", board.slug)
                continue
            found.setdefault(board.language, {}).update(html)
    return found


def publish_orders(board: Board, election: Election) -> None:
    """Let a board's screens know at once what was ordered. Raises RedisError."""
    with translation.override(board.language):
        pieces: Mapping[str, Mapping[str, str]] = {board.language: orders(board)}
    live.publish(election.pk, pieces)
