from datetime import UTC, date, datetime, timedelta

import pytest

from results.recordings.format import Header, write
from results.recordings.recorder import Recorder
from results.recordings.recording import Recording, load
from tests.bodies import body

SHIPPED = "2024-03-05-presidential-primary"
FIRST_RUN = datetime(2024, 3, 6, 5, 5, tzinfo=UTC)
"""9:05 p.m. Pacific; the runs that `record` makes come ten minutes after one another."""

HEADER = Header(
    slug="a-night",
    name="A Night",
    date=date(2024, 3, 5),
    kind="presidential_primary",
    base_url="https://api.sos.ca.gov/returns/",
    runs=(),
    title="Returns of A Night",
)


def moment(run: int) -> datetime:
    """When a run of `record` was read."""
    return FIRST_RUN + timedelta(minutes=10 * run)


@pytest.fixture(scope="session")
def shipped() -> Recording:
    return load(SHIPPED)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(HEADER)


@pytest.fixture
def record(recorder, tmp_path):
    """Record runs, each a dictionary of bodies by path, to a file and open that."""

    def record_runs(*runs: dict[str, object]) -> Recording:
        for number, bodies in enumerate(runs):
            recorder.add_run(
                moment(number),
                (
                    (path, value if isinstance(value, bytes) else body(value))
                    for path, value in bodies.items()
                ),
            )
        path = tmp_path / "a-night.returns.xz"
        write(recorder.night(), path)
        return load(path)

    return record_runs
