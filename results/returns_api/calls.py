"""What is called, for programs: apart from the returns, which stay as the feed has them."""

from typing import Any

from results.calls import calls_in_force
from results.feed.paths import contest_path
from results.models import Candidate, Election
from results.selectors import public_contests


def call_list(election: Election) -> list[dict[str, Any]]:
    """What /returns/calls answers: the contests of which an act is in force, in their order."""
    contests = {contest.pk: contest for contest in public_contests(election)}
    calls = calls_in_force(contests)
    names = {
        candidate.pk: candidate.name
        for candidate in Candidate.objects.filter(
            pk__in={pk for call in calls.values() for pk in call.winners}
        )
    }
    return [
        {
            "contest": contest.slug,
            "endpoint": contest_path(contest.key),
            "status": calls[pk].status,
            "winners": sorted(names[winner] for winner in calls[pk].winners),
            "source": calls[pk].source,
            "since": calls[pk].since.isoformat(),
        }
        for pk, contest in contests.items()
        if pk in calls
    ]
