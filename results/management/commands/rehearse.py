from django.core.management.base import BaseCommand, CommandError, CommandParser

from results.models import Rehearsal
from results.rehearsals import (
    RehearsalError,
    nights,
    running_rehearsals,
    start_rehearsal,
    stop_rehearsal,
)


class Command(BaseCommand):
    help = (
        "Play a night for practice through the running service, in an election that only staff "
        "can see; --stop ends every rehearsal and purges it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--night", default=nights()[-1] if nights() else "")
        parser.add_argument(
            "--kind", choices=Rehearsal.Kind.values, default=Rehearsal.Kind.INVENTED
        )
        parser.add_argument("--speed", type=float, default=60.0)
        parser.add_argument(
            "--trouble",
            action="append",
            choices=Rehearsal.Trouble.values,
            default=[],
            help="may be given several times",
        )
        parser.add_argument("--seed", type=int, default=1, help="of an invented night's figures")
        parser.add_argument("--stop", action="store_true", help="end and purge all rehearsals")

    def handle(self, *args, **options) -> None:
        if options["stop"]:
            for rehearsal in running_rehearsals():
                name = str(rehearsal)
                stop_rehearsal(rehearsal)
                self.stdout.write(f"{name} is over, and purged.")
            return
        try:
            rehearsal = start_rehearsal(
                options["night"],
                kind=options["kind"],
                speed=options["speed"],
                troubles=options["trouble"],
                seed=options["seed"],
            )
        except RehearsalError as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            f"{rehearsal} runs at {rehearsal.speed:g} times its speed: "
            f"/rehearsal/{rehearsal.election.slug}/"
        )
