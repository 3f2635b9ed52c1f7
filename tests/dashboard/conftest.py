import pytest

from results.selectors import contest_returns
from tests.results.conftest import feed_server, make_election, take_up  # noqa: F401 - fixtures


@pytest.fixture
def returns_of(make_election, take_up):  # noqa: F811
    """The returns of the one contest that these bodies of one endpoint tell."""

    def read(path: str, *values, **more):
        election = make_election(path, **more)
        take_up(election, {path: list(values)})
        (found,) = contest_returns(election, areas=True)
        return found

    return read
