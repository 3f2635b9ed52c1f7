from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from results.boards import make_first_boards
from results.contest_list import (
    ContestListError,
    election_date,
    election_kind,
    load_contest_list,
    read_contest_list,
)
from results.feed.client import FeedClient
from results.models import Election, Sweep
from results.sweeps import plan_for, run_batch


class Command(BaseCommand):
    help = (
        "Create an election, its contests and areas from the Secretary of State's published list "
        "of endpoints: api-endpoints.csv, or a table with the columns label,api_url."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a file, or an http(s) address")
        parser.add_argument("--date", help="election day, YYYY-MM-DD (else from title or name)")
        parser.add_argument(
            "--kind", choices=Election.Kind.values, help="else from the contests and the title"
        )
        parser.add_argument("--name", default="", help="else made from kind and date")
        parser.add_argument("--slug", default="", help="else YYYY-MM-DD-kind")
        parser.add_argument(
            "--not-current",
            action="store_true",
            help="keep the election that is current as it is",
        )
        parser.add_argument(
            "--no-fetch",
            action="store_true",
            help="leave names and candidates to the worker's first sweep",
        )

    def handle(self, *args, **options) -> None:
        source = options["source"]
        try:
            contest_list = read_contest_list(_text_of(source))
            given = options["date"]
            day = date.fromisoformat(given) if given else election_date(contest_list, source)
        except ValueError as reason:
            raise CommandError(f"{source}: {reason}") from reason
        if day is None:
            raise CommandError(f"{source} does not tell the day of the election: give --date.")
        try:
            election = load_contest_list(
                contest_list,
                day=day,
                kind=options["kind"] or election_kind(contest_list, source),
                slug=options["slug"],
                name=options["name"],
                current=not options["not_current"],
            )
        except ContestListError as reason:
            raise CommandError(f"{source}: {reason}") from reason
        for line in contest_list.skipped:
            self.stderr.write(f"Left out {line}")
        if election.is_current and not options["no_fetch"]:
            self._first_bodies(election)
        for board in make_first_boards():
            self.stdout.write(f"A wall board to begin with: {board} ({board.get_absolute_url()})")
        known = election.contests.exclude(title="").count()
        self.stdout.write(
            f"{election} ({election.slug}): {len(contest_list.paths)} endpoints, "
            f"{election.contests.count()} contests, {known} of them with their candidates."
        )

    def _first_bodies(self, election: Election) -> None:
        """Names and candidates at once, if the feed answers; else the first sweep brings them."""
        requests = plan_for(election)
        client = FeedClient(settings.FEED_URL, timeout=5, attempts=1)
        probe = client.fetch(requests[0].path)
        if not probe.ok:
            self.stdout.write(
                f"{settings.FEED_URL} does not answer yet ({probe.error}): "
                "names and candidates come with the first sweep."
            )
            return
        sweep = Sweep.objects.create(election=election, started_at=timezone.now())
        result = run_batch(sweep, requests, client=client)
        sweep.finished_at = timezone.now()
        sweep.requests, sweep.failures = result.requests, result.failures
        sweep.changed, sweep.feed_time = result.changed, result.feed_time
        sweep.save()


def _text_of(source: str) -> str:
    """What the list says. Raises ContestListError where it cannot be read."""
    if source.startswith(("http://", "https://")):
        base, _, path = source.partition("/returns/")
        if not path:
            base, _, path = source.rpartition("/")
            raise ContestListError("the address has no /returns/; download the list and name it")
        fetched = FeedClient(base, timeout=10).fetch(path)
        if not fetched.ok:
            raise ContestListError(fetched.error)
        data = fetched.body
    else:
        try:
            data = Path(source).read_bytes()
        except OSError as reason:
            raise ContestListError(reason.strerror or str(reason)) from reason
    try:
        return data.decode()
    except UnicodeDecodeError as reason:
        raise ContestListError(f"not UTF-8 at byte {reason.start}") from reason
