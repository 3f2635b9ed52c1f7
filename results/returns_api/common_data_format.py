"""A whole election in the NIST Election Results Common Data Format (SP 1500-100, version 2, JSON).

What has not been received has no counts: unknown is not zero.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from results.feed.contest_ids import contest_id
from results.feed.counties import BY_NUMBER, COUNTIES, CountyFact
from results.feed.facts import WHOLE, Area, AreaKind
from results.feed.offices import OFFICES, PARTIES, PARTY_BY_CODE
from results.models import Contest, CountyStatus, Election
from results.selectors import AreaReturns, ContestReturns, contest_returns

Node = dict[str, Any]

_CALIFORNIA = "ocd-division/country:us/state:ca"
_STATE = "ru-state"
_DISTRICTS = {
    "us-rep": ("congressional", "cd"),
    "state-senate": ("state-senate", "sldu"),
    "state-assembly": ("state-house", "sldl"),
}
_ELECTION_TYPES = {
    Election.Kind.PRESIDENTIAL_PRIMARY: "primary",
    Election.Kind.PRIMARY: "primary",
    Election.Kind.GENERAL: "general",
    Election.Kind.SPECIAL: "special",
}
_VARIATIONS = {
    Contest.Rule.TOP_TWO: "plurality",
    Contest.Rule.PLURALITY: "plurality",
    Contest.Rule.MAJORITY: "majority",
    Contest.Rule.YES_NO: "majority",
}


def election_report(election: Election, now: datetime) -> Node:
    """The report of an election's public contests as they stand; now is when it is made."""
    contests = contest_returns(election, areas=True)
    has_results = any(one.whole.has_report for one in contests)
    return _node(
        "ElectionReport",
        Format="summary-contest",
        GeneratedDate=now.isoformat(timespec="seconds"),
        Issuer="California Secretary of State, by way of Live Returns",
        IssuerAbbreviation="CA-SOS",
        SequenceStart=1,
        SequenceEnd=1,
        # Certification is not in the feed.
        Status="unofficial-partial" if has_results else "pre-election",
        VendorApplicationId="live-returns",
        GpUnit=_units(election, contests),
        Party=[_party(slug) for slug in PARTIES],
        Office=_offices(contests),
        Election=[_election(election, contests)],
    )


def _node(kind: str, **fields: Any) -> Node:
    return {
        "@type": f"ElectionResults.{kind}",
        **{name: value for name, value in fields.items() if value is not None},
    }


def _identified(kind: str, identifier: str, **fields: Any) -> Node:
    return {"@id": identifier, **_node(kind, **fields)}


def _text(words: str) -> Node:
    language = _node("LanguageString", Content=words, Language="en")
    return _node("InternationalizedText", Text=[language])


def _external(kind: str, value: str, other: str | None = None) -> Node:
    return _node("ExternalIdentifier", Type=kind, Value=value, OtherType=other)


# Geography ------------------------------------------------------------------------------------


def _units(election: Election, contests: Sequence[ContestReturns]) -> list[Node]:
    """The state, its counties, and the districts that these contests are elected by."""
    statuses = {
        status.county_id: status for status in CountyStatus.objects.filter(election=election)
    }
    units = [
        _identified(
            "ReportingUnit",
            _STATE,
            Type="state",
            Name=_text("California"),
            ExternalIdentifier=[_external("ocd-id", _CALIFORNIA), _external("fips", "06")],
            ComposingGpUnitIds=[_county_id(county) for county in COUNTIES],
        )
    ]
    units += [_county(county, statuses.get(county.number)) for county in COUNTIES]
    districts = {(one.contest.office, one.contest.district) for one in contests}
    districts |= {("us-rep", area.area.number) for one in contests for area in one.districts}
    units += [_district(office, number) for office, number in sorted(districts) if number]
    return units


def _county(county: CountyFact, status: CountyStatus | None) -> Node:
    slug = county.slug.replace("-", "_")
    return _identified(
        "ReportingUnit",
        _county_id(county),
        Type="county",
        Name=_text(f"{county.name} County"),
        ExternalIdentifier=[
            _external("ocd-id", f"{_CALIFORNIA}/county:{slug}"),
            _external("fips", county.fips),
        ],
        SubUnitsReported=status.precincts_reporting if status else None,
        TotalSubUnits=status.precincts_total if status else None,
        VotersParticipated=status.turnout if status else None,
        VotersRegistered=status.registered if status else None,
    )


def _district(office: str, number: int) -> Node:
    name = _text(f"{OFFICES[office].title} District {number}")
    if office in _DISTRICTS:
        kind, division = _DISTRICTS[office]
        return _identified(
            "ReportingUnit",
            _district_id(office, number),
            Type=kind,
            Name=name,
            ExternalIdentifier=[_external("ocd-id", f"{_CALIFORNIA}/{division}:{number}")],
        )
    judicial = office == "courts-of-appeal"
    return _identified(
        "ReportingUnit",
        _district_id(office, number),
        Type="judicial" if judicial else "other",
        OtherType=None if judicial else office,
        Name=name,
    )


def _county_id(county: CountyFact) -> str:
    return f"ru-county-{county.number:02d}"


def _district_id(office: str, number: int) -> str:
    return f"ru-{office}-{number}"


def _unit_id(contest: Contest, area: Area) -> str:
    if area.kind == AreaKind.COUNTY:
        return _county_id(BY_NUMBER[area.number])
    if area.kind == AreaKind.DISTRICT:
        return _district_id("us-rep", area.number)
    return _district_id(contest.office, contest.district) if contest.district else _STATE


# Parties, offices, contests -------------------------------------------------------------------


def _party(slug: str) -> Node:
    party = PARTIES[slug]
    return _identified(
        "Party", f"party-{slug}", Name=_text(party.name), Abbreviation=_text(party.code)
    )


def _offices(contests: Sequence[ContestReturns]) -> list[Node]:
    found = {
        (one.contest.office, one.contest.district): one.contest
        for one in contests
        if one.contest.kind == Contest.Kind.CANDIDATES
    }
    return [
        _identified(
            "Office",
            f"office-{office}-{district}",
            Name=_text(contest.title),
            ElectionDistrictId=_unit_id(contest, WHOLE),
            IsPartisan=office != "superintendent-of-public-instruction",
        )
        for (office, district), contest in found.items()
    ]


def _election(election: Election, contests: Sequence[ContestReturns]) -> Node:
    day = election.date.isoformat()
    candidates = [node for one in contests for node in _candidates(one)]
    return _node(
        "Election",
        Name=_text(election.name),
        Type=_ELECTION_TYPES[Election.Kind(election.kind)],
        StartDate=day,
        EndDate=day,
        ElectionScopeId=_STATE,
        ExternalIdentifier=[_external("other", election.slug, "live-returns")],
        Candidate=candidates,
        Contest=[_contest(one) for one in contests],
    )


def _candidates(returns: ContestReturns) -> Iterable[Node]:
    contest = returns.contest
    if contest.kind == Contest.Kind.RETENTION:
        yield _identified("Candidate", f"justice-{contest.pk}", BallotName=_text(contest.justice))
    if contest.kind != Contest.Kind.CANDIDATES:
        return
    for one in returns.whole.candidates:
        candidate = one.candidate
        party = PARTY_BY_CODE.get(candidate.party)
        yield _identified(
            "Candidate",
            f"candidate-{candidate.pk}",
            BallotName=_text(candidate.name),
            PartyId=f"party-{party.slug}" if party else None,
            IsIncumbent=candidate.incumbent,
        )


def _contest(returns: ContestReturns) -> Node:
    contest, whole = returns.contest, returns.whole
    number = contest_id(contest.key, WHOLE)
    shared: Node = {
        "Name": contest.justice or contest.subject or contest.title,
        "ElectionDistrictId": _unit_id(contest, WHOLE),
        "VoteVariation": _VARIATIONS[Contest.Rule(contest.rule)],
        "SequenceOrder": contest.order + contest.position,
        "ExternalIdentifier": [_external("state-level", number)] if number else None,
        "SubUnitsReported": whole.precincts_reporting if whole.has_report else None,
        "TotalSubUnits": whole.precincts_total or None,
        "ContestSelection": _selections(returns),
    }
    identifier = f"contest-{contest.slug}"
    if contest.kind == Contest.Kind.MEASURE:
        return _identified(
            "BallotMeasureContest",
            identifier,
            Type="ballot-measure",
            BallotTitle=_text(f"Proposition {contest.measure}"),
            **shared,
        )
    if contest.kind == Contest.Kind.RETENTION:
        return _identified(
            "RetentionContest", identifier, CandidateId=f"justice-{contest.pk}", **shared
        )
    advances = contest.rule == Contest.Rule.TOP_TWO
    return _identified(
        "CandidateContest",
        identifier,
        VotesAllowed=1,
        NumberElected=None if advances else 1,
        NumberRunoff=2 if advances else None,
        OfficeIds=[f"office-{contest.office}-{contest.district}"],
        PrimaryPartyIds=[f"party-{contest.party}"] if contest.party else None,
        **shared,
    )


def _selections(returns: ContestReturns) -> list[Node]:
    contest = returns.contest
    nodes = []
    for place, one in enumerate(returns.whole.candidates, start=1):
        identifier, counts = f"selection-{one.candidate.pk}", _counts(returns, one.candidate.pk)
        if contest.kind == Contest.Kind.CANDIDATES:
            node = _identified(
                "CandidateSelection", identifier, CandidateIds=[f"candidate-{one.candidate.pk}"]
            )
        else:
            node = _identified(
                "BallotMeasureSelection", identifier, Selection=_text(one.candidate.name)
            )
        nodes.append(node | {"SequenceOrder": place, "VoteCounts": counts})
    return nodes


def _counts(returns: ContestReturns, candidate: int) -> list[Node]:
    """A choice's votes in every area that has reported, the whole first."""
    areas: list[AreaReturns] = [returns.whole, *returns.counties, *returns.districts]
    return [
        _node(
            "VoteCounts",
            Type="total",
            GpUnitId=_unit_id(returns.contest, area.area),
            Count=one.votes,
        )
        for area in areas
        if area.has_report
        for one in area.candidates
        if one.candidate.pk == candidate
    ]
