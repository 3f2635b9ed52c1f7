"""Archives of raw bodies: a folder a run, named by its UTC time, with `<label>.json` files."""

import csv
import lzma
import re
import tarfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from results.feed.paths import UnknownEndpoint, parse_path

Run = tuple[datetime, dict[str, bytes]]
"""The moment of a run (aware, UTC), and its bodies by label."""

_RUN_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z?")


class ArchiveError(ValueError):
    """An archive or its list of endpoints cannot be read; the message says why."""


def read_endpoints(path: Path) -> tuple[str, dict[str, str]]:
    """The feed's address up to /returns/, and paths by label, from a `label,api_url` table.

    Raises ArchiveError, or OSError.
    """
    paths: dict[str, str] = {}
    base = ""
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            if not row.get("label") or not row.get("api_url"):
                raise ArchiveError(f"{path}: line {number} has no label and api_url")
            before, found, below = row["api_url"].partition("/returns/")
            if not found:
                raise ArchiveError(f"{path}: line {number}: no /returns/ in {row['api_url']!r}")
            base = base or before + found
            try:
                paths[row["label"]] = parse_path(below).path
            except UnknownEndpoint as reason:
                raise ArchiveError(f"{path}: line {number}: {reason}") from reason
    if not paths:
        raise ArchiveError(f"{path}: no endpoints")
    return base, paths


def read_runs(source: Path, labels: Mapping[str, str]) -> Iterator[Run]:
    """The runs of a folder or a tar file (compressed or not), oldest first.

    Only bodies with a label are read. Raises ArchiveError, or OSError.
    """
    try:
        yield from _from_folder(source, labels) if source.is_dir() else _from_tar(source, labels)
    except (tarfile.TarError, lzma.LZMAError, EOFError) as reason:
        raise ArchiveError(f"{source}: {reason}") from reason


def _moment(name: str) -> datetime:
    return datetime.strptime(name.removesuffix("Z"), "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)


def _from_folder(source: Path, labels: Mapping[str, str]) -> Iterator[Run]:
    for folder in sorted(source.iterdir()):
        if folder.is_dir() and _RUN_NAME.fullmatch(folder.name):
            files = ((label, folder / f"{label}.json") for label in labels)
            yield (
                _moment(folder.name),
                {label: file.read_bytes() for label, file in files if file.is_file()},
            )


def _from_tar(source: Path, labels: Mapping[str, str]) -> Iterator[Run]:
    """One pass over the archive: a compressed one cannot be read in another order."""
    run: Run | None = None
    with tarfile.open(source, "r|*") as tar:
        for member in tar:
            name = PurePosixPath(member.name)
            folder = name.parent.name
            if not member.isfile() or name.suffix != ".json" or not _RUN_NAME.fullmatch(folder):
                continue
            moment = _moment(folder)
            if run is None or run[0] != moment:
                if run is not None:
                    if moment < run[0]:
                        raise ArchiveError(f"{source}: {folder} comes after a later run")
                    yield run
                run = (moment, {})
            file = tar.extractfile(member)
            if name.stem in labels and file is not None:
                run[1][name.stem] = file.read()
    if run is not None:
        yield run
