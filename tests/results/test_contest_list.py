from datetime import date

import pytest
from django.core.management import CommandError, call_command

from results.contest_list import (
    ContestListError,
    default_name,
    election_date,
    election_kind,
    load_contest_list,
    published_areas,
    read_contest_list,
)
from results.feed.facts import WHOLE, Area, ContestKey
from results.models import Contest, Election, Return
from results.sweeps import plan_for

PUBLISHED = """https://api.sos.ca.gov/returns/
"|This file lists all available endpoints for the California June 2, 2026 Primary Election|"

https://api.sos.ca.gov/returns/governor
https://api.sos.ca.gov/returns/governor/county/all

https://api.sos.ca.gov/returns/us-rep/district/all
https://api.sos.ca.gov/returns/us-rep/district/40
https://api.sos.ca.gov/returns/us-rep/district/40/county/orange

https://api.sos.ca.gov/returns/status
https://api.sos.ca.gov/returns/query?r=["11000001000007","11000001000059"]
"""


def test_the_published_list_is_read_with_its_title():
    listed = read_contest_list(PUBLISHED)
    assert listed.title.startswith("This file lists all available endpoints")
    assert "us-rep/district/40/county/orange" in listed.paths
    assert len(listed.paths) == 7


def test_a_table_of_labels_and_addresses_is_read():
    listed = read_contest_list("label,api_url\nsenate,https://x.example/returns/us-senate\n")
    assert listed.paths == ("us-senate",)


def test_a_line_that_is_no_address_of_the_api_is_told_with_its_number():
    listed = read_contest_list(PUBLISHED + "https://api.sos.ca.gov/returns/dog-catcher\n")
    assert listed.skipped == ("line 13: 'dog-catcher': there is no office 'dog-catcher'",)


def test_a_list_without_any_address_is_refused():
    with pytest.raises(ContestListError, match="no line is an address"):
        read_contest_list("hello\nworld\n")


def test_day_and_kind_come_from_the_title():
    listed = read_contest_list(PUBLISHED)
    assert election_date(listed, "api-endpoints.csv") == date(2026, 6, 2)
    assert election_kind(listed) == Election.Kind.PRIMARY


def test_the_day_may_come_from_the_name_of_the_list():
    listed = read_contest_list("a,https://x.example/returns/us-senate")
    assert election_date(listed, "/x/2024-03-05-endpoints.csv") == date(2024, 3, 5)


def test_party_contests_make_a_presidential_primary():
    listed = read_contest_list("a,https://x.example/returns/president/party/green")
    assert election_kind(listed) == Election.Kind.PRESIDENTIAL_PRIMARY


def test_a_list_of_counties_names_the_state_and_58_counties():
    areas = published_areas(["governor/county/all"])
    assert len(areas) == 59
    assert (ContestKey("governor"), WHOLE) in areas


def test_the_ids_of_a_query_name_their_areas():
    areas = published_areas(['query?r=["11000001000007"]'])
    assert areas == [(ContestKey("us-rep", district=1), Area.county(7))]


def test_an_election_has_a_name_in_both_languages():
    assert default_name("primary", date(2026, 6, 2)) == (
        "Primary Election, June 2, 2026",
        "Elección primaria, 2 de junio de 2026",
    )


def test_loading_creates_contests_and_areas_without_figures(db):
    listed = read_contest_list(PUBLISHED)
    election = load_contest_list(listed, day=date(2026, 6, 2), kind="primary")
    assert election.is_current
    assert set(Contest.objects.values_list("slug", flat=True)) == {
        "governor",
        "us-rep-district-40",
        "us-rep-district-1",
    }
    assert Return.objects.filter(contest__slug="governor").count() == 59
    assert not Return.objects.filter(reported_at__isnull=False).exists()


def test_loading_again_adds_what_is_new_and_keeps_what_editors_chose(db):
    listed = read_contest_list(PUBLISHED)
    load_contest_list(listed, day=date(2026, 6, 2), kind="primary")
    Contest.objects.filter(slug="governor").update(display_title="The big one")
    more = read_contest_list(PUBLISHED + "https://api.sos.ca.gov/returns/controller\n")
    election = load_contest_list(more, day=date(2026, 6, 2), kind="primary")
    assert Election.objects.count() == 1
    assert Contest.objects.get(slug="governor").display_title == "The big one"
    assert election.contests.filter(slug="controller").exists()


def test_a_new_election_becomes_the_current_one(db):
    listed = read_contest_list(PUBLISHED)
    load_contest_list(listed, day=date(2026, 6, 2), kind="primary")
    newer = load_contest_list(listed, day=date(2026, 11, 3), kind="general")
    assert Election.objects.get(is_current=True) == newer


def test_the_rule_follows_from_the_kind_of_election(db):
    paths = "\n".join(
        f"x,https://x.example/returns/{p}"
        for p in ("governor", "superintendent-of-public-instruction", "president/party/green")
    )
    listed = read_contest_list(paths)
    load_contest_list(listed, day=date(2026, 6, 2), kind="primary")
    assert dict(Contest.objects.values_list("slug", "rule")) == {
        "governor": "top_two",
        "superintendent-of-public-instruction": "majority",
        "president-party-green": "plurality",
    }


def test_the_command_reads_a_file_and_says_what_it_made(db, tmp_path, capsys, settings):
    settings.FEED_URL = "http://127.0.0.1:9"
    source = tmp_path / "api-endpoints.csv"
    source.write_text(PUBLISHED)
    call_command("load_contests", str(source))
    out = capsys.readouterr().out
    assert "does not answer yet" in out
    assert "7 endpoints, 3 contests" in out


def test_the_command_tells_a_missing_day(db, tmp_path):
    source = tmp_path / "list.csv"
    source.write_text("a,https://x.example/returns/us-senate\n")
    with pytest.raises(CommandError, match="give --date"):
        call_command("load_contests", str(source))


def test_the_command_tells_a_missing_file(db):
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_contests", "/nowhere/list.csv")


def test_contests_not_on_the_ballot_are_not_asked_for(db):
    listed = read_contest_list(PUBLISHED)
    election = load_contest_list(listed, day=date(2026, 6, 2), kind="primary")
    Contest.objects.filter(slug="us-rep-district-40").update(on_ballot=False)
    assert not any("40" in r.path for r in plan_for(election))
