"""Bodies as the feed writes them, for tests: only what a test is about is given."""

from results.feed.represent import body_bytes, candidate_percent, reporting_percent, yes_no_percents

NIGHT = "March 5, 2024, 9:00 p.m."
LATER = "March 5, 2024, 9:30 p.m."
BEFORE_POLLS_CLOSE = "March 5, 2024, 7:59 p.m."
LAST_ELECTION = "January 18, 2023, 3:44 p.m."
SENATE = "U.S. Senate (Full Term)"


def element(
    title: str,
    votes: dict[str, int],
    *,
    at: str = NIGHT,
    precincts: tuple[int, int] = (10, 100),
    parties: dict[str, str] | None = None,
) -> dict:
    """One contest in one area; candidates are Democrats unless told otherwise."""
    total = sum(votes.values())
    return {
        "raceTitle": title,
        "Reporting": _reporting(precincts),
        "ReportingTime": at,
        "candidates": [
            {
                "Name": name,
                "Party": (parties or {}).get(name, "Dem"),
                "Votes": f"{count:,}",
                "Percent": candidate_percent(count, total),
                "incumbent": False,
            }
            for name, count in votes.items()
        ],
    }


def measures(
    title: str,
    votes: dict[str, tuple[int, int]],
    *,
    at: str = NIGHT,
    precincts: tuple[int, int] = (10, 100),
) -> dict:
    """Measures by number, each with its yes and no."""
    items = []
    for number, (yes, no) in votes.items():
        yes_percent, no_percent = yes_no_percents(yes, no)
        items.append(
            {
                "Name": f"Measure {number}",
                "Number": number.zfill(2),
                "yesVotes": str(yes),
                "yesPercent": yes_percent,
                "noVotes": str(no),
                "noPercent": no_percent,
            }
        )
    return {
        "raceTitle": title,
        "Reporting": _reporting(precincts),
        "ReportingTime": at,
        "ballot-measures": items,
    }


def statewide(votes: dict[str, int], **more) -> dict:
    return element(f"{SENATE} - Statewide Results", votes, **more)


def in_county(county: str, votes: dict[str, int], **more) -> dict:
    return element(f"{SENATE} - {county} County Results", votes, **more)


def body(value) -> bytes:
    return body_bytes(value)


def _reporting(precincts: tuple[int, int]) -> str:
    reporting, total = precincts
    return (
        f"{reporting_percent(reporting, total)}% ({reporting:,} of {total:,}) precincts reporting"
    )
