"""Names and moments in the reader's language: offices, parties, contests, times, shares."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from results.feed.offices import PARTY_BY_CODE
from results.feed.times import CALIFORNIA
from results.models import Contest, Election

KEPT = "\N{NO-BREAK SPACE}"
"""A space at which no line is broken."""

OFFICE_NAMES = {
    "president": _("President"),
    "us-senate": _("U.S. Senate, full term"),
    "us-senate-unexpired-term": _("U.S. Senate, remainder of the term"),
    "governor": _("Governor"),
    "lieutenant-governor": _("Lieutenant Governor"),
    "secretary-of-state": _("Secretary of State"),
    "controller": _("Controller"),
    "treasurer": _("Treasurer"),
    "attorney-general": _("Attorney General"),
    "insurance-commissioner": _("Insurance Commissioner"),
    "superintendent-of-public-instruction": _("Superintendent of Public Instruction"),
}
DISTRICT_NAMES = {
    "us-rep": _("U.S. House, District %(number)d"),
    "state-senate": _("State Senate, District %(number)d"),
    "state-assembly": _("State Assembly, District %(number)d"),
    "board-of-equalization": _("Board of Equalization, District %(number)d"),
}
PRIMARY_NAMES = {
    "democratic": _("President: Democratic primary"),
    "republican": _("President: Republican primary"),
    "american-independent": _("President: American Independent primary"),
    "green": _("President: Green primary"),
    "libertarian": _("President: Libertarian primary"),
    "peace-and-freedom": _("President: Peace and Freedom primary"),
}
PARTY_NAMES = {
    "Dem": _("Democratic"),
    "Rep": _("Republican"),
    "AI": _("American Independent"),
    "Grn": _("Green"),
    "Lib": _("Libertarian"),
    "P&F": _("Peace and Freedom"),
    "Non": _("Nonpartisan"),
    "NPP": _("No party preference"),
}
PARTY_LETTERS = {
    "Dem": "D",
    "Rep": "R",
    "AI": "AI",
    "Grn": "G",
    "Lib": "L",
    "P&F": "PF",
    "Non": "N",
    "NPP": "NPP",
}
RULES = {
    Contest.Rule.TOP_TWO: _("The top two advance to November, whatever their party"),
    Contest.Rule.MAJORITY: _("A majority wins; without one, the top two go on"),
    Contest.Rule.PLURALITY: _("The most votes win"),
    Contest.Rule.YES_NO: _("A majority of yes votes passes it"),
}
RETENTION_RULE = _("A majority of yes votes keeps the justice in office")
NOMINATION_RULE = _("Voters of the party choose their candidate")


def contest_title(contest: Contest) -> str:
    """What a contest is called, as an editor has it or else by its office."""
    if get_language() == "es" and contest.display_title_es:
        return contest.display_title_es
    if contest.display_title:
        return contest.display_title
    if contest.kind == Contest.Kind.MEASURE:
        return gettext("Proposition %(number)s") % {"number": contest.measure}
    if contest.kind == Contest.Kind.RETENTION:
        return contest.justice
    if contest.party:
        return str(PRIMARY_NAMES[contest.party])
    if contest.office in DISTRICT_NAMES:
        return str(DISTRICT_NAMES[contest.office]) % {"number": contest.district}
    return str(OFFICE_NAMES.get(contest.office, contest.title))


def contest_subtitle(contest: Contest) -> str:
    """What a measure is about, or the court of a justice; "" for other contests."""
    if contest.kind == Contest.Kind.MEASURE:
        return contest.subject
    if contest.office == "supreme-court":
        return gettext("Supreme Court")
    if contest.office == "courts-of-appeal":
        return gettext("Court of Appeal, District %(number)d") % {"number": contest.district}
    return ""


def contest_rule(contest: Contest) -> str:
    if contest.kind == Contest.Kind.RETENTION:
        return str(RETENTION_RULE)
    if contest.party:
        return str(NOMINATION_RULE)
    return str(RULES[Contest.Rule(contest.rule)])


def election_name(election: Election) -> str:
    return election.name_es if get_language() == "es" and election.name_es else election.name


def choice_name(name: str, kind: str) -> str:
    """A candidate's name as it is, a Yes or No in the reader's language."""
    if kind == Contest.Kind.CANDIDATES:
        return name
    return gettext("Yes") if name == "Yes" else gettext("No")


def county_name(name: str) -> str:
    """ "Lake County" or "Condado de Lake"."""
    return gettext("%(name)s County") % {"name": name}


def together(names: Sequence[str]) -> str:
    """ "A", "A and B"; in Spanish "A y B"."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(second)s") % {
        "first": ", ".join(names[:-1]),
        "second": names[-1],
    }


def party_class(code: str) -> str:
    """The name by which style sheets know a party's colour."""
    return PARTY_BY_CODE[code].slug if code in PARTY_BY_CODE else ""


def clock_time(moment: datetime) -> str:
    """ "9:20 p.m." as California's papers write it; "9:20 p. m." in Spanish."""
    at = moment.astimezone(CALIFORNIA)
    half = "a" if at.hour < 12 else "p"
    words = f"{half}. m." if get_language() == "es" else f"{half}.m."
    # The parts of a time stay on one line.
    return f"{at.hour % 12 or 12}:{at.minute:02d} {words}".replace(" ", KEPT)


def clock_hour(moment: datetime) -> str:
    """A full hour, short, for the foot of a chart: "9 p.m.", "9 p. m."."""
    return clock_time(moment).replace(":00", "")


def day(moment: date | datetime) -> str:
    """ "March 5" or "5 de marzo"."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(CALIFORNIA).date()
    return date_format(moment, r"j \d\e F" if get_language() == "es" else "F j").replace(" ", KEPT)


def night_time(moment: datetime, election: Election) -> str:
    """A time, with its day where that is not election day: the night goes on past midnight."""
    if moment.astimezone(CALIFORNIA).date() == election.date:
        return clock_time(moment)
    return f"{clock_time(moment)}, {day(moment)}"


def precincts_percent(percent: str, reporting: int, total: int) -> str:
    """A share of precincts that never rounds something to nothing, or most to all."""
    if reporting > 0 and percent.strip("<>") in ("0", "0.0"):
        return "<0.1%"
    if reporting < total and percent.strip("<>") in ("100", "100.0"):
        return ">99.9%"
    return f"{percent or '0'}%"
