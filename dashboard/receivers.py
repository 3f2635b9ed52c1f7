"""What the dashboard does when the returns change."""

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from redis.exceptions import RedisError

from dashboard import boards, live, publishing
from dashboard.tasks import request_publication
from results.models import Board, Candidate, Contest, Election
from results.signals import (
    board_driven,
    boards_edited,
    calls_changed,
    corrections_changed,
    estimates_changed,
    returns_changed,
)


@receiver(returns_changed, dispatch_uid="publish-changed-returns")
@receiver(calls_changed, dispatch_uid="publish-changed-calls")
@receiver(corrections_changed, dispatch_uid="publish-corrections")
def publish_changed(sender, election_id: int, contest_ids: set[int], **kwargs) -> None:
    request_publication(election_id, contest_ids)


@receiver(estimates_changed, dispatch_uid="publish-changed-estimates")
def publish_estimates(sender, election_id: int, **kwargs) -> None:
    request_publication(election_id, [publishing.EVERYTHING])


@receiver(post_save, sender=Contest, dispatch_uid="publish-edited-contest")
@receiver(post_save, sender=Candidate, dispatch_uid="publish-edited-candidate")
def publish_edited(sender, instance, raw: bool = False, **kwargs) -> None:
    """An editor's change of a name, order or publication shows within two polls."""
    if raw:
        return
    contest = instance if isinstance(instance, Contest) else instance.contest
    _after_commit(contest.election_id, [contest.pk])


@receiver(post_save, sender=Election, dispatch_uid="publish-edited-election")
def publish_election(sender, instance: Election, raw: bool = False, **kwargs) -> None:
    """A switch of the current election replaces the whole of every open page."""
    if raw:
        return

    def switch() -> None:
        try:
            chosen = publishing.publish_election_choice()
            if chosen == instance.pk:
                live.forget(instance.pk)
        except RedisError:
            return  # the pages rebuild what they need once Redis is back

    transaction.on_commit(switch)
    if instance.is_current:
        _after_commit(instance.pk, [publishing.EVERYTHING])


@receiver(post_delete, sender=Contest, dispatch_uid="publish-deleted-contest")
def publish_deleted(sender, instance: Contest, **kwargs) -> None:
    _after_commit(instance.election_id, [publishing.EVERYTHING])


@receiver(board_driven, dispatch_uid="publish-driven-board")
def publish_driven(sender, board_id: int, **kwargs) -> None:
    """What a producer orders reaches the screens without waiting for a worker."""
    board = Board.objects.filter(pk=board_id).first()
    if board is None:
        return
    try:
        for election in _elections_on_screens():
            boards.publish_orders(board, election)
    except RedisError:
        return  # the screens learn it from the next publication


@receiver(boards_edited, dispatch_uid="publish-edited-boards")
def publish_boards(sender, **kwargs) -> None:
    """The pages of boards are rendered, and then each screen loads its board anew, once."""
    for election in _elections_on_screens():
        request_publication(election.pk, [publishing.BOARDS])


def _elections_on_screens() -> list[Election]:
    """The current election, and those that are rehearsed."""
    return list(Election.objects.filter(Q(is_current=True) | Q(is_rehearsal=True)))


def _after_commit(election_id: int, contests: list) -> None:
    transaction.on_commit(lambda: request_publication(election_id, contests))
