import json
import tarfile
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results import archive
from results.management.commands.record import moments_of
from results.models import Election, Fetch, Sweep, polls_close_on
from results.recordings.recording import load
from tests.bodies import body, in_county, statewide

RUNS = ("2024-03-06T040630", "2024-03-06T041845Z")
HOST = "https://api.sos.ca.gov/returns"
ENDPOINTS = f"label,api_url\nsenate,{HOST}/us-senate\nsenate-all,{HOST}/us-senate/county/all\n"


def senate(count: int) -> dict:
    return statewide({"Ann Lee": count, "Bo Katz": 7})


def county_list(count: int) -> list[dict]:
    return [senate(count), in_county("Alameda", {"Ann Lee": count, "Bo Katz": 7})]


@pytest.fixture
def raw_archive(tmp_path) -> Path:
    """Two runs of two endpoints; in the second, one was not fetched."""
    root = tmp_path / "raw"
    for number, run in enumerate(RUNS):
        (root / run).mkdir(parents=True)
        (root / run / "senate.json").write_bytes(body(senate(number)))
    (root / RUNS[0] / "senate-all.json").write_bytes(body(county_list(0)))
    (root / RUNS[0] / "unlisted.json").write_text("{}")
    (root / "notes").mkdir()
    return root


@pytest.fixture
def endpoints(tmp_path) -> Path:
    path = tmp_path / "endpoints.csv"
    path.write_text(ENDPOINTS)
    return path


def record(source: Path, endpoints: Path, output: Path, **more) -> str:
    told = StringIO()
    call_command(
        "record",
        from_archive=source,
        endpoints=endpoints,
        output=output,
        stdout=told,
        **{"date": date(2024, 3, 5), **more},
    )
    return told.getvalue()


def test_a_folder_is_recorded(raw_archive, endpoints, tmp_path):
    output = tmp_path / "out.returns.xz"

    told = record(raw_archive, endpoints, output)

    recording = load(output)
    assert recording.moments == (
        datetime(2024, 3, 6, 4, 6, 30, tzinfo=UTC),
        datetime(2024, 3, 6, 4, 18, 45, tzinfo=UTC),
    )
    assert [(e.path, e.label) for e in recording.endpoints] == [
        ("us-senate", "senate"),
        ("us-senate/county/all", "senate-all"),
    ]
    assert recording.body("us-senate", recording.moments[1]) == body(senate(1))
    assert "2 endpoints at 2 moments" in told


@pytest.mark.parametrize("mode", ["w", "w:xz", "w:gz"])
def test_a_tar_file_is_recorded_like_its_folder(raw_archive, endpoints, tmp_path, mode):
    tar_path = tmp_path / "raw.tar"
    with tarfile.open(tar_path, mode) as tar:
        for run in RUNS:
            tar.add(raw_archive / run, f"./{run}")

    record(raw_archive, endpoints, tmp_path / "folder.xz")
    record(tar_path, endpoints, tmp_path / "tar.xz")

    folder, tar_recording = load(tmp_path / "folder.xz"), load(tmp_path / "tar.xz")
    assert tar_recording.moments == folder.moments
    for path in ("us-senate", "us-senate/county/all"):
        for moment in folder.moments:
            assert tar_recording.body(path, moment) == folder.body(path, moment)


def test_the_header_names_the_election(raw_archive, endpoints, tmp_path):
    output = tmp_path / "out.returns.xz"

    record(raw_archive, endpoints, output, name="A Night", kind="general")

    header = load(output).header
    assert (header.slug, header.name, header.kind) == ("2024-03-05-general", "A Night", "general")
    assert header.base_url == f"{HOST}/"


def test_an_archive_needs_the_day_of_the_election(raw_archive, endpoints, tmp_path):
    with pytest.raises(CommandError, match="needs --date"):
        record(raw_archive, endpoints, tmp_path / "x", date=None)


def test_an_archive_without_runs_is_refused(endpoints, tmp_path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(CommandError, match="no run folders"):
        record(tmp_path / "empty", endpoints, tmp_path / "x")


def test_a_tar_file_cut_short_is_refused(raw_archive, endpoints, tmp_path):
    tar_path = tmp_path / "raw.tar.xz"
    with tarfile.open(tar_path, "w:xz") as tar:
        tar.add(raw_archive, ".")
    tar_path.write_bytes(tar_path.read_bytes()[:-60])

    with pytest.raises(CommandError, match=r"raw\.tar\.xz"):
        record(tar_path, endpoints, tmp_path / "x")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("label,api_url\n", "no endpoints"),
        ("label,api_url\nsenate\n", "line 2 has no label and api_url"),
        ("label,api_url\nsenate,https://x/us-senate\n", "line 2: no /returns/ in"),
        (f"label,api_url\nmayor,{HOST}/mayor\n", "line 2: .*there is no office 'mayor'"),
    ],
)
def test_a_wrong_list_of_endpoints_is_told_by_its_line(
    raw_archive, endpoints, tmp_path, text, reason
):
    endpoints.write_text(text)

    with pytest.raises(CommandError, match=reason):
        record(raw_archive, endpoints, tmp_path / "x")


# From the service's own archive ---------------------------------------------------------------

NIGHT = datetime(2024, 3, 6, 5, 0, tzinfo=UTC)


@pytest.fixture
def election(db) -> Election:
    day = date(2024, 3, 5)
    return Election.objects.create(
        slug="the-night",
        name="The Night",
        kind=Election.Kind.PRESIDENTIAL_PRIMARY,
        date=day,
        polls_close=polls_close_on(day),
    )


@pytest.fixture
def kept(election):
    """Keep a body as the service's sweeps do."""
    sweep = Sweep.objects.create(election=election, started_at=NIGHT)

    def keep(seconds: float, path: str, value) -> None:
        raw = body(value)
        fetched_at = NIGHT + timedelta(seconds=seconds)
        archive.keep({archive.digest(raw): raw}, fetched_at)
        Fetch.objects.create(
            sweep=sweep,
            path=path,
            fetched_at=fetched_at,
            outcome=Fetch.Outcome.CHANGED,
            body_id=archive.digest(raw),
            is_new_body=True,
        )

    return keep


def test_an_election_that_the_service_followed_is_recorded(kept, tmp_path):
    kept(0.0, "us-senate", senate(0))
    kept(1.5, "us-senate/county/all", county_list(0))
    kept(30.2, "us-senate", senate(1))
    output = tmp_path / "own.returns.xz"

    call_command("record", election="the-night", output=output, stdout=StringIO())

    recording = load(output)
    assert recording.moments == (NIGHT + timedelta(seconds=2), NIGHT + timedelta(seconds=31))
    assert recording.header.name == "The Night"
    for path, values in {
        "us-senate": [senate(0), senate(1)],
        "us-senate/county/all": [county_list(0), county_list(0)],
    }.items():
        served = [json.loads(recording.body(path, m) or b"") for m in recording.moments]
        assert served == values


def test_an_election_that_is_not_kept_names_those_that_are(election, tmp_path):
    with pytest.raises(CommandError, match=r"no election other \(known: the-night\)"):
        call_command("record", election="other", output=tmp_path / "x")


def test_an_election_without_bodies_is_refused(election, tmp_path):
    with pytest.raises(CommandError, match="nothing to record"):
        call_command("record", election="the-night", output=tmp_path / "x")


def test_a_path_that_comes_again_begins_a_new_run():
    bodies = [(NIGHT, "a", b"1"), (NIGHT, "b", b"1"), (NIGHT, "a", b"2")]

    runs = list(moments_of(bodies))

    assert runs == [
        (NIGHT, {"a": b"1", "b": b"1"}),
        (NIGHT + timedelta(seconds=1), {"a": b"2"}),
    ]


def test_the_moment_of_a_run_is_not_before_its_last_fetch():
    bodies = [(NIGHT, "a", b"1"), (NIGHT + timedelta(seconds=3, milliseconds=1), "b", b"1")]

    assert [moment for moment, _ in moments_of(bodies)] == [NIGHT + timedelta(seconds=4)]
