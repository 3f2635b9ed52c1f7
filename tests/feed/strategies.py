"""Any contest, area and report that the feed could tell, for property tests."""

from datetime import date, datetime, time

from hypothesis import strategies as st

from results.feed.counties import COUNTIES
from results.feed.facts import WHOLE, Area, AreaKind, Choice, ContestKey, Report
from results.feed.offices import OFFICES, PARTY_BY_CODE
from results.feed.represent import candidate_percent, reporting_percent, yes_no_percents
from results.feed.times import CALIFORNIA

PRIMARY_PARTIES = (
    "democratic",
    "republican",
    "american-independent",
    "green",
    "libertarian",
    "peace-and-freedom",
)
STATEWIDE = tuple(o.slug for o in OFFICES.values() if o.body == "candidates" and not o.districts)
BY_DISTRICT = tuple(o.slug for o in OFFICES.values() if o.body == "candidates" and o.districts)

counties = st.sampled_from([Area.county(county.number) for county in COUNTIES])
measure_numbers = st.from_regex("[1-9][0-9]{0,3}[A-Z]?", fullmatch=True)
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=40
)
moments = st.builds(
    lambda day, minutes: datetime.combine(day, time(*divmod(minutes, 60)), CALIFORNIA),
    st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    st.integers(0, 24 * 60 - 1),
)
votes = st.integers(0, 20_000_000)


@st.composite
def numbered_contests(draw) -> ContestKey:
    """A contest of candidates or a measure: those that contest ids tell apart."""
    office = draw(st.sampled_from(["primary", "ballot-measures", *STATEWIDE, *BY_DISTRICT]))
    if office == "primary":
        return ContestKey("president", party=draw(st.sampled_from(PRIMARY_PARTIES)))
    if office == "ballot-measures":
        return ContestKey(office, measure=draw(measure_numbers))
    districts = OFFICES[office].districts
    return ContestKey(office, district=draw(st.integers(1, districts)) if districts else 0)


@st.composite
def retentions(draw) -> ContestKey:
    """A justice who asks to stay in office."""
    if draw(st.booleans()):
        return ContestKey("supreme-court", justice=draw(names))
    return ContestKey("courts-of-appeal", district=draw(st.integers(1, 6)), justice=draw(names))


@st.composite
def contest_areas(draw, *, justices: bool = False) -> tuple[ContestKey, Area]:
    """A contest in one of the areas that the feed reports it by."""
    key = draw(numbered_contests() | retentions() if justices else numbered_contests())
    area = draw(st.just(WHOLE) | counties)
    if key.party and draw(st.booleans()):
        area = Area.district(draw(st.integers(1, 53)))
    return key, area


@st.composite
def reports(draw) -> Report:
    """A report that is right in itself: its percentages follow from its counts."""
    key, area = draw(contest_areas(justices=True))
    office = OFFICES[key.office]
    title = office.title
    if key.party:
        title = f"President {_party_name(key.party)}"
    if area.kind == AreaKind.DISTRICT:
        title += f" District {area.number}"
    if key.district:
        title += f" District {key.district}"
    total = draw(st.integers(0, 30_000))
    reporting = draw(st.integers(0, total))
    subject = key.justice or (draw(names) if key.measure else "")
    return Report(
        key,
        area,
        title,
        subject,
        reporting,
        total,
        reporting_percent(reporting, total),
        draw(moments),
        draw(_yes_and_no() if subject else _candidates()),
    )


def _party_name(slug: str) -> str:
    return next(party.name for party in PARTY_BY_CODE.values() if party.slug == slug)


@st.composite
def _candidates(draw) -> tuple[Choice, ...]:
    parties = st.sampled_from(sorted(PARTY_BY_CODE))
    standing = draw(
        st.lists(
            st.tuples(names, parties, votes, st.booleans()),
            min_size=1,
            max_size=8,
            unique_by=lambda candidate: candidate[:2],
        )
    )
    total = sum(candidate[2] for candidate in standing)
    return tuple(
        Choice(name, party, count, candidate_percent(count, total), incumbent)
        for name, party, count, incumbent in standing
    )


@st.composite
def _yes_and_no(draw) -> tuple[Choice, ...]:
    yes, no = draw(votes), draw(votes)
    yes_percent, no_percent = yes_no_percents(yes, no)
    return (Choice("Yes", "", yes, yes_percent), Choice("No", "", no, no_percent))
