"""The connection to Redis, one pool a process."""

from functools import lru_cache

from django.conf import settings
from redis import Redis


@lru_cache(maxsize=1)
def redis_store() -> Redis:
    """A client whose time-outs are short, so that a Redis out of reach delays nobody for long."""
    return Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=3,
        socket_connect_timeout=2,
        health_check_interval=30,
    )
