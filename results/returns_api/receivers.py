"""What gives out a new version of the returns API's answers."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from redis.exceptions import RedisError

from results.held import AreaKey
from results.models import Candidate, Contest, Election
from results.returns_api.versions import note_changes
from results.signals import calls_changed, corrections_changed, returns_changed


@receiver(returns_changed, dispatch_uid="note-changed-returns")
def note_returns(sender, election_id: int, contest_ids: set[int], areas, **kwargs) -> None:
    named = {area[0] for area in areas}
    # Of a contest whose names alone changed, the whole stands for all.
    _note(election_id, {*areas, *((pk, None, None) for pk in contest_ids - named)})


@receiver(calls_changed, dispatch_uid="note-changed-calls")
@receiver(corrections_changed, dispatch_uid="note-corrections")
def note_calls(sender, election_id: int, contest_ids: set[int], **kwargs) -> None:
    _note(election_id, {(pk, None, None) for pk in contest_ids})


@receiver(post_save, sender=Contest, dispatch_uid="note-edited-contest")
@receiver(post_save, sender=Candidate, dispatch_uid="note-edited-candidate")
@receiver(post_delete, sender=Contest, dispatch_uid="note-deleted-contest")
def note_contest(sender, instance, raw: bool = False, **kwargs) -> None:
    if raw:
        return
    contest = instance if isinstance(instance, Contest) else instance.contest
    election_id, pk = contest.election_id, contest.pk
    transaction.on_commit(lambda: _note(election_id, {(pk, None, None)}))


@receiver(post_save, sender=Election, dispatch_uid="note-edited-election")
@receiver(post_delete, sender=Election, dispatch_uid="note-deleted-election")
def note_election(sender, instance: Election, raw: bool = False, **kwargs) -> None:
    if not raw:
        transaction.on_commit(lambda: _note(instance.pk or 0, set()))


def _note(election_id: int, areas: set[AreaKey]) -> None:
    try:
        note_changes(election_id, areas)
    except RedisError:
        return  # a Redis that comes back empty gives out a new version by itself
