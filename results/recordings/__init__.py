"""Recorded election nights: the compact files, what reads and makes them, and their replay."""

from pathlib import Path

SUFFIX = ".returns.xz"
_SHIPPED = Path(__file__).parent


class RecordingNotFound(LookupError):
    """There is no recording of that name; the message lists those there are."""


def names() -> list[str]:
    """Slugs of the recordings that ship with the product, oldest election first."""
    return sorted(path.name.removesuffix(SUFFIX) for path in _SHIPPED.glob(f"*{SUFFIX}"))


def find(name: str | Path) -> Path:
    """The file of a recording, given a shipped recording's slug or any file's path.

    Raises RecordingNotFound where neither exists.
    """
    shipped = _SHIPPED / f"{name}{SUFFIX}"
    if shipped.parent == _SHIPPED and shipped.is_file():
        return shipped
    path = Path(name)
    if path.is_file():
        return path
    raise RecordingNotFound(
        f"no recording {name}: give a file, or one of {', '.join(names()) or '(none shipped)'}"
    )
