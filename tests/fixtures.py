"""Fixtures that several folders of tests use."""

import pytest

from results.redis_store import redis_store


@pytest.fixture
def empty_redis():
    """The real Redis-protocol server of the test run, with nothing in it."""
    store = redis_store()
    store.flushdb()
    yield store
    store.flushdb()
