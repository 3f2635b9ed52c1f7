"""What a producer orders from the screens of a wall board, and the boards a newsroom begins with.

Screens find their page by the clock, so that all screens of a board turn together: the page is the
number of turns since the epoch, plus the steps a producer took.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from results.models import Board, BoardPage
from results.models.newsroom import LONGEST_LINE
from results.signals import board_driven, boards_edited

PUSHED_FOR = timedelta(minutes=2)
"""How long a page that was put up stays, unless it is released before or held."""


class BoardError(ValueError):
    """An order that a board cannot follow; its text says why."""


def put_up(board: Board, page: BoardPage, *, hold: bool = False) -> None:
    """Show a page on every screen of its board now, for PUSHED_FOR or until it is released.

    Raises BoardError for another board's page.
    """
    if page.board_id != board.pk:
        raise BoardError(_("That page is another board’s."))
    until = None if hold else timezone.now() + PUSHED_FOR
    _order(board, pushed_page=page, pushed_until=until)


def release(board: Board) -> None:
    """Let the pages turn again: after a page was put up, and after a pause."""
    _order(board, pushed_page=None, pushed_until=None, paused_at=None)


def pause(board: Board) -> None:
    """Keep every screen at the page it shows."""
    _order(board, paused_at=timezone.now())


def step(board: Board, pages: int) -> None:
    """Go on by this many pages, or back, on every screen."""
    _order(board, steps=F("steps") + pages)


def break_in(board: Board, line: str) -> None:
    """Put a breaking line up on every screen; an empty one takes it down.

    Raises BoardError for a line that is too long.
    """
    line = " ".join(line.split())
    if len(line) > LONGEST_LINE:
        raise BoardError(
            _("A breaking line has at most %(most)d characters, not %(n)d.")
            % {"most": LONGEST_LINE, "n": len(line)}
        )
    _order(board, breaking=line, breaking_at=timezone.now() if line else None)


def order_reload(boards: Iterable[Board]) -> None:
    """Have each screen of these boards load its page anew, once."""
    for board in boards:
        _order(board, reloads=F("reloads") + 1)


def _order(board: Board, **fields: object) -> None:
    Board.objects.filter(pk=board.pk).update(**fields)
    board.refresh_from_db(fields=list(fields))
    transaction.on_commit(lambda: board_driven.send(Board, board_id=board.pk))


Layout, Source = BoardPage.Layout, BoardPage.Source

_NEWSROOM: tuple[tuple[str, str], ...] = (
    (Layout.RACES_4, Source.FEATURED),
    (Layout.RACE, Source.FEATURED),
    (Layout.RACES_2, Source.STATEWIDE),
    (Layout.MEASURES, Source.MEASURES),
    (Layout.MAP, Source.FEATURED),
    (Layout.CHAMBERS, Source.FEATURED),
    (Layout.CLOSEST, Source.CLOSEST),
    (Layout.RACES_6, Source.CLOSEST),
    (Layout.UPDATES, Source.NEWEST),
)
_DISTRICTS: tuple[tuple[str, str], ...] = (
    (Layout.CHAMBERS, Source.FEATURED),
    (Layout.RACES_9, Source.US_HOUSE),
    (Layout.RACES_9, Source.STATE_SENATE),
    (Layout.RACES_9, Source.STATE_ASSEMBLY),
)


@transaction.atomic
def make_first_boards() -> list[Board]:
    """The boards a newsroom begins with, where it has none; those that were made.

    What they show follows from the ballot, so that they fit every election.
    """
    if Board.objects.exists():
        return []
    kinds = (
        Board(slug="newsroom", title="Newsroom", seconds=12),
        Board(slug="districts", title="All districts", seconds=10),
        Board(
            slug="sala",
            title="Sala de redacción",
            language=Board.Language.SPANISH,
            theme=Board.Theme.LIGHT,
            seconds=15,
        ),
    )
    made = []
    for board, pages in zip(kinds, (_NEWSROOM, _DISTRICTS, _NEWSROOM), strict=True):
        board.save()
        BoardPage.objects.bulk_create(
            BoardPage(board=board, order=place, layout=layout, source=source)
            for place, (layout, source) in enumerate(pages, start=1)
        )
        made.append(board)
    transaction.on_commit(lambda: boards_edited.send(Board))
    return made
