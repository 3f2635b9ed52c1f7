"""Rehearsals: starting, pausing, jumping and stopping a night that is played for practice."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from results import feed_state
from results.contest_list import ContestList, load_contest_list
from results.feed.client import FeedClient
from results.models import (
    Candidate,
    Election,
    Hold,
    Override,
    RaceCall,
    Rehearsal,
    polls_close_on,
)
from results.recordings import RecordingNotFound, names
from results.recordings.format import RecordingError
from results.recordings.recording import Recording, load
from results.recordings.rehearsal_feed import Script, rehearsal_feed

Kind, Trouble = Rehearsal.Kind, Rehearsal.Trouble
LEAD = timedelta(seconds=5)
"""Real time between the start and the night's first votes."""
FASTEST = 3600.0
TEST_DAY_BEFORE = timedelta(days=14)
"""How long before its election a test day is."""


class RehearsalError(ValueError):
    """A rehearsal that cannot be played; its text says why."""


def nights() -> list[str]:
    """The recorded nights there are to play."""
    return names()


@transaction.atomic
def start_rehearsal(
    night: str,
    *,
    kind: str = Kind.RECORDED,
    speed: float = 60.0,
    troubles: Sequence[str] = (),
    seed: int = 1,
    user: User | None = None,
) -> Rehearsal:
    """Set up an election of its own for a night, and let its clock run. Raises RehearsalError."""
    if kind not in Kind.values:
        raise RehearsalError(_("There is no kind of rehearsal “%(kind)s”.") % {"kind": kind})
    unknown = [one for one in troubles if one not in Trouble.values]
    if unknown:
        raise RehearsalError(_("There is no trouble “%(trouble)s”.") % {"trouble": unknown[0]})
    if not 0 < speed <= FASTEST:
        raise RehearsalError(_("The speed must be above 0 and at most %(n)d.") % {"n": FASTEST})
    try:
        recording = load(night)
    except (RecordingNotFound, RecordingError, OSError) as reason:
        raise RehearsalError(str(reason)) from reason
    election = _election_of(recording, kind)
    first = recording.first_votes or recording.moments[0]
    return Rehearsal.objects.create(
        election=election,
        night=recording.slug,
        kind=kind,
        troubles=list(troubles),
        seed=seed,
        speed=speed,
        moment=first - LEAD * speed,
        end=recording.night_end,
        since=timezone.now(),
        made_by=user,
    )


def _election_of(recording: Recording, kind: str) -> Election:
    header = recording.header
    number = 1
    while Election.objects.filter(slug=f"rehearsal-{number}").exists():
        number += 1
    paths = tuple(endpoint.path for endpoint in recording.endpoints)
    election = load_contest_list(
        ContestList(paths),
        day=header.date,
        kind=header.kind,
        slug=f"rehearsal-{number}",
        name=f"Rehearsal {number}: {header.name}",
        current=False,
    )
    election.is_rehearsal = True
    election.name_es = f"Ensayo {number}: {header.name}"
    if kind == Kind.TEST_DAY:
        # What the feed serves is then dated before the polls close: test figures, all of it.
        election.date += TEST_DAY_BEFORE
        election.polls_close = polls_close_on(election.date)
    election.save()
    return election


def pause(rehearsal: Rehearsal) -> None:
    """Let the clock stand still."""
    _set(rehearsal, moment=rehearsal.now(), since=None)


def resume(rehearsal: Rehearsal) -> None:
    """Let the clock go on from where it stands."""
    _set(rehearsal, moment=rehearsal.now(), since=timezone.now())


def jump(rehearsal: Rehearsal, minutes: int) -> None:
    """Go to the moment so many minutes after the polls closed.

    What was taken up of a later moment stays until the feed has insisted on the older one, as it
    would be on a real night. Raises RehearsalError for a moment outside of the night.
    """
    begin = polls_closed(rehearsal)
    moment = begin + timedelta(minutes=minutes)
    if minutes < 0 or moment > rehearsal.end:
        longest = int((rehearsal.end - begin).total_seconds() // 60)
        raise RehearsalError(_("The night has minutes 0 to %(n)d.") % {"n": longest})
    _set(rehearsal, moment=moment, since=timezone.now() if rehearsal.since else None)


def set_speed(rehearsal: Rehearsal, speed: float) -> None:
    """Go on at another speed. Raises RehearsalError for one that is not possible."""
    if not 0 < speed <= FASTEST:
        raise RehearsalError(_("The speed must be above 0 and at most %(n)d.") % {"n": FASTEST})
    since = timezone.now() if rehearsal.since else None
    _set(rehearsal, moment=rehearsal.now(), since=since, speed=speed)


def _set(rehearsal: Rehearsal, **fields: object) -> None:
    Rehearsal.objects.filter(pk=rehearsal.pk).update(**fields)
    rehearsal.refresh_from_db(fields=list(fields))
    feed_state.make_due(rehearsal.election_id)


@transaction.atomic
def stop_rehearsal(rehearsal: Rehearsal) -> None:
    """End a rehearsal and purge all of it: its figures, calls and holds never mix with real ones.

    Raises RedisError where Redis is out of reach.
    """
    election = rehearsal.election
    of_it = {"contest__election": election}
    for model in (Override, Hold, RaceCall):
        model.objects.filter(**of_it).delete()
    Candidate.objects.filter(**of_it).delete()
    election.delete()
    feed_state.forget_bodies(election.pk or 0)


def running_rehearsals() -> list[Rehearsal]:
    """The rehearsals that are there, paused ones among them."""
    return list(Rehearsal.objects.select_related("election"))


def polls_closed(rehearsal: Rehearsal) -> datetime:
    """When the polls closed on the night that is played."""
    if rehearsal.kind == Kind.TEST_DAY:
        return polls_close_on(rehearsal.election.date - TEST_DAY_BEFORE)
    return rehearsal.election.polls_close


@contextmanager
def feed_of(rehearsal: Rehearsal) -> Iterator[FeedClient]:
    """A client of the rehearsal's feed at the moment its clock shows."""
    script = Script(
        rehearsal.night,
        polls_closed(rehearsal),
        frozenset(rehearsal.troubles),
        rehearsal.seed if rehearsal.kind != Kind.RECORDED else None,
    )
    with rehearsal_feed(script, rehearsal.now()) as url:
        yield FeedClient(url, timeout=10, attempts=1)
