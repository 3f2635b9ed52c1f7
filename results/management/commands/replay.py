import re
import signal
from argparse import ArgumentTypeError
from datetime import datetime
from threading import Event

from django.core.management.base import BaseCommand, CommandError, CommandParser

from results.feed.times import CALIFORNIA, format_reporting_time
from results.recordings import RecordingNotFound, names
from results.recordings.format import RecordingError
from results.recordings.recording import Recording, load
from results.recordings.replay_server import ReplayServer

FIRST_VOTES = "first-votes"


class Command(BaseCommand):
    help = (
        "Serve a recorded election as the Secretary of State's returns API, on a clock that can "
        "go faster: set FEED_URL to the address printed, without /returns/."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recording",
            default=names()[-1] if names() else "",
            help="a shipped recording's name, or a file (default: %(default)s)",
        )
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=0, help="0 takes a free one (the default)")
        parser.add_argument(
            "--speed",
            type=_speed,
            default=60.0,
            help="recorded seconds a real second (default: 60, an hour of the night a minute)",
        )
        parser.add_argument(
            "--start",
            type=_moment_or(FIRST_VOTES),
            default=FIRST_VOTES,
            help='"YYYY-MM-DD HH:MM", Pacific, or first-votes: shortly before them (the default)',
        )
        parser.add_argument(
            "--until",
            type=_moment_or("night", "canvass"),
            default="night",
            help='"YYYY-MM-DD HH:MM", Pacific; night: the end of election night (the default); '
            "canvass: the last moment recorded",
        )
        at_end = parser.add_mutually_exclusive_group()
        at_end.add_argument("--loop", action="store_true", help="begin again at the end")
        at_end.add_argument("--hold", action="store_true", help="stay at the end (the default)")

    def handle(self, *args, **options) -> None:
        try:
            recording = load(options["recording"])
            server = _server_of(recording, options)
        except (RecordingNotFound, RecordingError) as reason:
            raise CommandError(str(reason)) from reason
        except OSError as reason:
            raise CommandError(f"cannot serve {options['recording']}: {reason}") from reason
        asked_to_end = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked_to_end.set())
        with server:
            begin = format_reporting_time(server.clock.now())
            # The day is told only where it is not election night's.
            day = f"{recording.header.date:%B} {recording.header.date:%-d, %Y}, "
            self.stdout.write(
                f"Replaying {recording.slug} on {server.url}/returns/ at "
                f"{options['speed']:g}x from {begin.removeprefix(day)}"
            )
            self.stdout.flush()
            asked_to_end.wait()


def _server_of(recording: Recording, options: dict) -> ReplayServer:
    start, until = options["start"], options["until"]
    end = {"night": recording.night_end, "canvass": recording.moments[-1]}.get(until, until)
    return ReplayServer(
        recording,
        options["speed"],
        None if start == FIRST_VOTES else start,
        end=end,
        loop=options["loop"],
        host=options["host"],
        port=options["port"],
    )


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 1_000_000:
        raise ArgumentTypeError("the speed must be above 0, and at most a million")
    return speed


def _moment_or(*words: str):
    """A reader of one of these words, or of a Pacific "YYYY-MM-DD HH:MM" as an aware moment."""

    def moment(text: str) -> datetime | str:
        if text in words:
            return text
        if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", text):
            raise ArgumentTypeError(
                f'{text!r} is neither {" nor ".join(words)} nor a time like "2024-03-05 20:15"'
            )
        try:
            return datetime.fromisoformat(text).replace(tzinfo=CALIFORNIA)
        except ValueError as reason:
            raise ArgumentTypeError(f"{text!r}: {reason}") from reason

    return moment
