"""What the newsroom holds or has set against the feed, for programs."""

from typing import Any

from results.corrections import corrections_in_force
from results.feed.counties import BY_NUMBER
from results.models import Candidate, Election, Override, Return
from results.selectors import public_contests


def correction_list(election: Election) -> list[dict[str, Any]]:
    """What /returns/corrections answers: holds, and overridden figures beside the feed's own."""
    contests = {contest.pk: contest for contest in public_contests(election)}
    found = corrections_in_force(contests)
    told: list[dict[str, Any]] = [
        {
            "kind": "hold",
            "contest": contests[pk].slug,
            "reason": held.reason,
            "since": held.since.isoformat(),
        }
        for pk, held in found.holds.items()
    ]
    overrides = [one for ones in found.overrides.values() for one in ones]
    names = dict(
        Candidate.objects.filter(pk__in=[one.candidate_id for one in overrides]).values_list(
            "pk", "name"
        )
    )
    for one in overrides:
        told.append(
            {
                "kind": "override",
                "contest": contests[one.contest_id].slug,
                "county": BY_NUMBER[one.county_id].slug if one.county_id else None,
                "candidate": names[one.candidate_id],
                "votes": one.votes,
                "feedVotes": _feed_votes(one),
                "reason": one.reason,
                "since": one.made_at.isoformat(),
                "until": one.expires_at.isoformat(),
            }
        )
    return told


def _feed_votes(one: Override) -> int | None:
    row = Return.objects.filter(contest=one.contest_id, county=one.county_id, district=None).first()
    return row.votes.get(str(one.candidate_id)) if row else None
