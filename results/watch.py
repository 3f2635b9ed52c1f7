"""What the newsroom is alerted of, looked for after each change of the returns and in between."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import takewhile

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from results import feed_state
from results.alerts import raise_alert, rules
from results.feed.counties import BY_NUMBER
from results.held import AreaKey
from results.margins import deciding_margin
from results.models import (
    Alert,
    AlertRule,
    Contest,
    County,
    Election,
    Fetch,
    Return,
    ReturnNotice,
    Sweep,
)
from results.models.alerts import AlertKind
from results.selectors import ContestReturns, contest_returns

LOOKED_BACK = 20
"""Sweeps in which an endpoint's failures are counted."""
_OF_NOTICE = {
    ReturnNotice.Kind.VOTES_FELL: AlertKind.VOTES_FELL,
    ReturnNotice.Kind.REPORTING_FELL: AlertKind.REPORTING_FELL,
    ReturnNotice.Kind.WENT_BACK: AlertKind.WENT_BACK,
    ReturnNotice.Kind.OLDER_HELD_BACK: AlertKind.WENT_BACK,
    ReturnNotice.Kind.CANDIDATES_CHANGED: AlertKind.CANDIDATES_CHANGED,
    ReturnNotice.Kind.PERCENT_DIFFERS: AlertKind.PERCENT_DIFFERS,
    ReturnNotice.Kind.CALL_CONTRADICTED: AlertKind.CALL_CONTRADICTED,
    ReturnNotice.Kind.CONTEST_MISSING: AlertKind.CONTEST_MISSING,
}


def watch_returns(
    election: Election, contest_ids: Collection[int], areas: Collection[AreaKey] = ()
) -> list[Alert]:
    """Raise what a change of these contests calls for; the new alerts."""
    on = rules()
    raised = _of_notices(election, on)
    raised += _first_reports(election, on, {county for _contest, county, _d in areas if county})
    for one in contest_returns(election, contest_ids, areas=False):
        raised += [
            _lead_change(one, on),
            _all_precincts(one, on),
            _recount_margin(one, on),
        ]
    return [alert for alert in raised if alert is not None]


def _of_notices(election: Election, on: dict[str, AlertRule]) -> list[Alert | None]:
    """What was noted of the returns since it was looked for last."""
    waiting = list(
        ReturnNotice.objects.filter(election=election, alerted=False).select_related(
            "contest", "county"
        )[:500]
    )
    raised = []
    for notices in _gathered([one for one in reversed(waiting) if _is_told(one, on)]):
        kind, first = _OF_NOTICE[ReturnNotice.Kind(notices[0].kind)], notices[0]
        raised.append(
            raise_alert(
                election,
                on[kind],
                f"notice:{first.pk}",
                first.message if len(notices) == 1 else _of_many(kind, notices),
                contest=first.contest,
                county=first.county,
            )
        )
    ReturnNotice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(alerted=True)
    return raised


def _is_told(notice: ReturnNotice, on: dict[str, AlertRule]) -> bool:
    rule = on.get(_OF_NOTICE[ReturnNotice.Kind(notice.kind)])
    if rule is None:
        return False
    return not (rule.threshold and notice.amount and notice.amount < rule.threshold)


def _gathered(notices: Sequence[ReturnNotice]) -> list[list[ReturnNotice]]:
    """What belongs to one alert: a county that corrects itself does so in all of its contests.

    The falls of a whole contest, or of a district's part of it, follow from those of its counties
    and are not told again. The largest of a group comes first.
    """
    by_place: dict[tuple[str, int], list[ReturnNotice]] = {}
    explained = set()
    for notice in notices:
        if notice.county_id is not None:
            by_place.setdefault((notice.kind, notice.county_id), []).append(notice)
            explained.add((notice.kind, notice.contest_id))
    groups = [sorted(group, key=lambda one: -(one.amount or 0)) for group in by_place.values()]
    return groups + [
        [notice]
        for notice in notices
        if notice.county_id is None and (notice.kind, notice.contest_id) not in explained
    ]


def _of_many(kind: AlertKind, notices: Sequence[ReturnNotice]) -> str:
    return _("%(what)s in %(n)d contests of %(county)s County, among them %(message)s") % {
        "what": kind.label,
        "n": len(notices),
        "county": notices[0].county,
        "message": notices[0].message,
    }


def _first_reports(
    election: Election, on: dict[str, AlertRule], counties: Collection[int]
) -> list[Alert | None]:
    rule = on.get(AlertKind.FIRST_REPORT)
    if rule is None or not counties:
        return []
    told = set(
        Alert.objects.filter(election=election, kind=AlertKind.FIRST_REPORT).values_list(
            "county", flat=True
        )
    )
    heard = set(
        Return.objects.filter(
            Q(total_votes__gt=0) | Q(precincts_reporting__gt=0),
            contest__election=election,
            contest__on_ballot=True,
            county__in=set(counties) - told,
        ).values_list("county", flat=True)
    )
    return [
        raise_alert(
            election,
            rule,
            f"first:{number}",
            _("First report of %(county)s County.") % {"county": BY_NUMBER[number].name},
            county=County.objects.get(pk=number),
        )
        for number in sorted(heard)
    ]


def _ahead(votes: dict[int, int], places: int) -> frozenset[int] | None:
    """Who stands in the places that matter; None where the last of them is tied."""
    ranked = sorted(votes.items(), key=lambda pair: -pair[1])
    if len(ranked) <= places:
        return None
    if ranked[places - 1][1] == ranked[places][1]:
        return None
    return frozenset(pk for pk, _votes in ranked[:places])


def _lead_change(one: ContestReturns, on: dict[str, AlertRule]) -> Alert | None:
    rule, update, whole = on.get(AlertKind.LEAD_CHANGE), one.last_update, one.whole
    if rule is None or update is None or update.is_first or not whole.precincts_total:
        return None
    if 100 * whole.precincts_reporting < float(rule.threshold or 0) * whole.precincts_total:
        return None
    now = {c.candidate.pk: c.votes for c in whole.candidates}
    before = {pk: votes - update.added_by_candidate.get(pk, 0) for pk, votes in now.items()}
    places = 2 if one.contest.rule == Contest.Rule.TOP_TWO else 1
    was, is_now = _ahead(before, places), _ahead(now, places)
    if was is None or is_now is None or was == is_now:
        return None
    names = {c.candidate.pk: str(c.candidate) for c in whole.candidates}
    return raise_alert(
        one.election,
        rule,
        f"lead:{one.contest.pk}:{update.reported_at.isoformat()}",
        _("%(contest)s: %(now)s ahead now, before it was %(before)s.")
        % {
            "contest": one.contest,
            "now": ", ".join(sorted(names[pk] for pk in is_now - was)),
            "before": ", ".join(sorted(names[pk] for pk in was - is_now)),
        },
        contest=one.contest,
    )


def _all_precincts(one: ContestReturns, on: dict[str, AlertRule]) -> Alert | None:
    rule = on.get(AlertKind.ALL_PRECINCTS)
    if rule is None or not one.whole.is_whole:
        return None
    return raise_alert(
        one.election,
        rule,
        f"all:{one.contest.pk}",
        _("%(contest)s: all precincts report; the canvass goes on.") % {"contest": one.contest},
        contest=one.contest,
    )


def _recount_margin(one: ContestReturns, on: dict[str, AlertRule]) -> Alert | None:
    rule, margin = on.get(AlertKind.RECOUNT_MARGIN), deciding_margin(one)
    if rule is None or margin is None or not one.whole.is_whole:
        return None
    if margin.points > float(rule.threshold or 0):
        return None
    return raise_alert(
        one.election,
        rule,
        f"recount:{one.contest.pk}",
        _("%(contest)s: all precincts report, and %(votes)s votes (%(points).2f points) decide.")
        % {"contest": one.contest, "votes": f"{margin.votes:,}", "points": margin.points},
        contest=one.contest,
    )


def watch_feed(election: Election) -> list[Alert]:
    """Raise what the feed itself calls for: late, failing, or figures before their time."""
    on = rules()
    raised = [_feed_late(election, on), _before_polls_close(election, on)]
    raised += _of_notices(election, on)
    raised += _failing(election, on)
    return [alert for alert in raised if alert is not None]


def _feed_late(election: Election, on: dict[str, AlertRule]) -> Alert | None:
    rule, check = on.get(AlertKind.FEED_LATE), feed_state.last_check()
    open_ones = Alert.objects.filter(election=election, kind=AlertKind.FEED_LATE, over_at=None)
    is_late = (
        rule is not None
        and check is not None
        and election.feed_paused_at is None
        and check.age_seconds > float(rule.threshold or 0)
    )
    if not is_late or rule is None or check is None:
        open_ones.update(over_at=timezone.now())
        return None
    return raise_alert(
        election,
        rule,
        f"late:{check.checked_at.isoformat()}",
        _("The feed has not answered for %(n)d s.") % {"n": check.age_seconds},
    )


def _failing(election: Election, on: dict[str, AlertRule]) -> list[Alert | None]:
    """Endpoints that failed in each of the last sweeps that asked them."""
    rule = on.get(AlertKind.ENDPOINT_FAILING)
    sweeps = list(
        Sweep.objects.filter(election=election, finished_at__isnull=False).values_list(
            "pk", flat=True
        )[:LOOKED_BACK]
    )
    open_ones = Alert.objects.filter(
        election=election, kind=AlertKind.ENDPOINT_FAILING, over_at=None
    )
    if rule is None or not sweeps:
        open_ones.update(over_at=timezone.now())
        return []
    most = max(1, int(rule.threshold or 1))
    outcomes: dict[str, list[Fetch]] = {}
    failed = Fetch.objects.filter(sweep__in=sweeps, outcome=Fetch.Outcome.FAILED)
    for fetch in Fetch.objects.filter(sweep__in=sweeps, path__in=failed.values("path")):
        outcomes.setdefault(fetch.path, []).append(fetch)
    raised, still = [], set()
    for path, fetches in outcomes.items():
        fetches.sort(key=lambda fetch: -fetch.pk)
        in_a_row = list(takewhile(lambda f: f.outcome == Fetch.Outcome.FAILED, fetches))
        if len(in_a_row) < most:
            continue
        open_one = open_ones.filter(key__startswith=f"endpoint:{path[:120]}:").first()
        if open_one is not None:
            still.add(open_one.pk)
            continue
        alert = raise_alert(
            election,
            rule,
            f"endpoint:{path[:120]}:{in_a_row[-1].pk}",
            _("%(path)s failed %(n)d times in a row: %(reason)s")
            % {"path": path, "n": len(in_a_row), "reason": in_a_row[0].reason},
        )
        raised.append(alert)
        still |= {alert.pk} if alert else set()
    open_ones.exclude(pk__in=still).update(over_at=timezone.now())
    return raised


def _before_polls_close(election: Election, on: dict[str, AlertRule]) -> Alert | None:
    """Whether the feed serves figures dated for this election while the polls are open."""
    rule = on.get(AlertKind.BEFORE_POLLS_CLOSE)
    now = timezone.now()
    if rule is None or not now < election.polls_close < now + timedelta(days=30):
        return None
    newest = Fetch.objects.filter(
        sweep__election=election, is_new_body=True, outcome=Fetch.Outcome.CHANGED
    ).first()
    titled = election.contests.filter(on_ballot=True).exists()
    if newest is None or not titled:
        return None
    return raise_alert(
        election,
        rule,
        f"early:{now.date().isoformat()}",
        _("The feed changes before the polls close: test figures, kept from readers."),
    )
