"""Estimates of ballots not yet counted: read, kept, summed."""

from contextlib import suppress
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from results.feed.counties import COUNTIES
from results.models import UnprocessedBallots
from results.unprocessed import (
    EstimatesError,
    left_to_count,
    newest_estimates,
    read_estimates,
    take_up_estimates,
)

TABLE = 'county,vote_by_mail,provisional\nLake,"1,200",30\nNapa County,500,\n'
DAY = date(2024, 3, 7)


def test_a_table_is_read_by_its_columns():
    assert [(one.county, one.ballots) for one in read_estimates(TABLE)] == [
        (17, (1_200, 30, 0, 0)),
        (28, (500, 0, 0, 0)),
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "no column “county”"),
        ("place,other\nLake,1\n", "no column “county”"),
        ("county,mail\nLake,1\n", "column “mail”"),
        ("county,other,other\nLake,1,2\n", "twice"),
        ("county,other\nLaek,1\n", "line 2, column county: California has no county “Laek”"),
        ("county,other\nLake,1\nLake,2\n", "line 3: Lake is there twice"),
        ("county,other\nLake,many\n", "line 2, column other: “many”"),
        ("county,other\nLake,-5\n", "line 2, column other: “-5”"),
        ("county,other\nLake,99999999\n", "line 2, column other"),
        ("county,other\nLake,1,2\n", "line 2: there are more fields"),
        ("county,other\n", "no line with a county"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(table, said):
    with pytest.raises(EstimatesError, match=r".*") as raised:
        read_estimates(table)
    assert said in str(raised.value)


@given(
    st.dictionaries(
        st.sampled_from(COUNTIES),
        st.tuples(*[st.integers(0, 20_000_000)] * 4),
        min_size=1,
        max_size=58,
    )
)
def test_every_table_that_is_written_is_read_back(estimates):
    lines = ["county,vote_by_mail,provisional,conditional,other"]
    lines += [f"{c.name},{','.join(map(str, ballots))}" for c, ballots in estimates.items()]
    found = read_estimates("\r\n".join(lines))
    assert {one.county: one.ballots for one in found} == {
        c.number: ballots for c, ballots in estimates.items()
    }


@given(st.text())
def test_no_text_breaks_the_reading_but_with_an_error_of_words(text):
    with suppress(EstimatesError):
        assert read_estimates(text)


def test_the_newest_estimate_of_each_county_counts(make_election):
    election = make_election("us-senate")
    take_up_estimates(election, read_estimates(TABLE), DAY, "SOS")
    take_up_estimates(election, read_estimates("county,other\nLake,7\n"), date(2024, 3, 9), "Lake")
    left = left_to_count(newest_estimates(election))
    assert (left.ballots, left.counties) == (507, 2)
    assert (left.oldest, left.newest) == (DAY, date(2024, 3, 9))
    assert left.sources == ("Lake", "SOS")


def test_on_an_earlier_day_later_estimates_are_not_known(make_election):
    election = make_election("us-senate")
    take_up_estimates(election, read_estimates(TABLE), DAY, "SOS")
    assert newest_estimates(election, date(2024, 3, 6)) == {}


def test_a_table_of_the_same_day_takes_the_place_of_the_earlier_one(make_election):
    election = make_election("us-senate")
    take_up_estimates(election, read_estimates(TABLE), DAY, "SOS")
    take_up_estimates(election, read_estimates("county,other\nLake,7\n"), DAY, "SOS")
    assert UnprocessedBallots.objects.get(county_id=17).total == 7
    assert UnprocessedBallots.objects.count() == 2


@pytest.fixture
def staff(client, db):
    user = get_user_model().objects.create_superuser("editor", password="x")
    client.force_login(user)
    return user


def test_staff_paste_a_table_in_admin(client, staff, make_election):
    election = make_election("us-senate")
    response = client.post(
        reverse("admin:results_unprocessedballots_import"),
        {
            "election": election.pk,
            "reported_on": "2024-03-07",
            "source": "https://example.org/report.pdf",
            "table": TABLE,
        },
    )
    assert response.status_code == 302
    assert UnprocessedBallots.objects.get(county_id=17).entered_by == staff
    assert "1,230" in client.get(response.url).content.decode()


def test_a_wrong_table_in_admin_is_said_and_nothing_of_it_kept(client, staff, make_election):
    election = make_election("us-senate")
    response = client.post(
        reverse("admin:results_unprocessedballots_import"),
        {
            "election": election.pk,
            "reported_on": "2024-03-07",
            "source": "x",
            "table": "county,other\nLake,5\nNapa,many\n",
        },
    )
    assert "line 3, column other: “many”" in response.content.decode()
    assert not UnprocessedBallots.objects.exists()
