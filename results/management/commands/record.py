from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from results import archive
from results.contest_list import ContestList, default_name, default_slug, election_kind
from results.models import Election
from results.recordings.format import Header, write
from results.recordings.raw_archive import ArchiveError, read_endpoints, read_runs
from results.recordings.recorder import Recorder

SAME_RUN = timedelta(seconds=5)
"""Bodies fetched within this time of one another are one moment of the recording."""


class Command(BaseCommand):
    help = (
        "Make a recording, which `replay` serves: of an election that this service followed "
        "(--election), or from folders of raw bodies (--from-archive with --endpoints)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--election", metavar="SLUG", help="from the bodies kept of it")
        source.add_argument(
            "--from-archive",
            type=Path,
            metavar="DIR_OR_TAR",
            help="folders named by UTC time (2024-03-06T040630) with a <label>.json for each body",
        )
        parser.add_argument(
            "--endpoints", type=Path, metavar="CSV", help="label,api_url: the archive's labels"
        )
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--date", type=date.fromisoformat, help="election day, YYYY-MM-DD")
        parser.add_argument("--name", help="the election's name")
        parser.add_argument("--kind", choices=Election.Kind.values)

    def handle(self, *args, **options) -> None:
        try:
            if options["election"]:
                recorder = _record_election(options["election"])
            else:
                recorder = _record_archive(options)
        except (ArchiveError, OSError) as reason:
            raise CommandError(str(reason)) from reason
        night = recorder.night()
        if not night.header.runs:
            raise CommandError("there is nothing to record: no bodies were found")
        write(night, options["output"])
        for line in recorder.as_is:
            self.stderr.write(f"Kept as it came: {line}")
        self.stdout.write(
            f"{options['output']}: {len(night.endpoints)} endpoints at {len(night.header.runs)} "
            f"moments, {options['output'].stat().st_size:,} bytes"
        )


def _record_archive(options: dict) -> Recorder:
    if options["endpoints"] is None:
        raise CommandError("--from-archive needs --endpoints")
    base_url, paths = read_endpoints(options["endpoints"])
    runs = read_runs(options["from_archive"], paths)
    first = next(runs, None)
    if first is None:
        raise CommandError(f"{options['from_archive']}: no run folders like 2024-03-06T040630")
    # The folders' own names tell no election day: a canvass may be all there is.
    if options["date"] is None:
        raise CommandError("--from-archive needs --date, the day of the election")
    kind = options["kind"] or election_kind(ContestList(tuple(paths.values())))
    day: date = options["date"]
    name = options["name"] or default_name(kind, day)[0]
    header = Header(
        default_slug(kind, day), name, day, kind, base_url, (), title=f"Returns of the {name}"
    )
    recorder = Recorder(header, {path: label for label, path in paths.items()})
    for moment, bodies in (first, *runs):
        in_order = ((path, bodies[label]) for label, path in paths.items() if label in bodies)
        recorder.add_run(moment, in_order)
    return recorder


def _record_election(slug: str) -> Recorder:
    election = Election.objects.filter(slug=slug).first()
    if election is None:
        known = ", ".join(Election.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"there is no election {slug} (known: {known})")
    header = Header(
        slug=election.slug,
        name=election.name,
        date=election.date,
        kind=election.kind,
        base_url=f"{settings.FEED_URL}/returns/",
        runs=(),
        title=f"Returns of the {election.name}",
    )
    recorder = Recorder(header)
    for moment, bodies in moments_of(archive.bodies_of(election)):
        recorder.add_run(moment, bodies.items())
    return recorder


def moments_of(
    bodies: Iterable[tuple[datetime, str, bytes]],
) -> Iterator[tuple[datetime, dict[str, bytes]]]:
    """Bodies fetched one after another, gathered into runs: (last fetch of the run, by path).

    A run ends where a path comes again or SAME_RUN has passed. Its moment is the last of its
    fetches, to the second above, so that a replay shows nothing before it was served.
    """
    run: dict[str, bytes] = {}
    begun = last = shown = datetime.min.replace(tzinfo=UTC)
    for fetched_at, path, body in bodies:
        if run and (path in run or fetched_at - begun > SAME_RUN):
            shown = max(_whole_second(last), shown + timedelta(seconds=1))
            yield shown, run
            run = {}
        if not run:
            begun = fetched_at
        run[path] = body
        last = fetched_at
    if run:
        yield max(_whole_second(last), shown + timedelta(seconds=1)), run


def _whole_second(moment: datetime) -> datetime:
    return (moment + timedelta(seconds=1, microseconds=-1)).replace(microsecond=0)
