"""How often one address may ask: generous, and only against what would crowd out others."""

import time
from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError


@lru_cache(maxsize=4096)
def is_within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of these networks; what is no address lies in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in networks)


def client_address(request: HttpRequest) -> str:
    """The address a request came from: the nearest one that is none of our own proxies'."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and is_within(address, settings.TRUSTED_PROXIES):
        told = hops.pop().strip()
        address = told or address
    return address


def seconds_to_wait(request: HttpRequest) -> int:
    """0, or how many seconds this client's address has to wait before it may ask again."""
    limit = _limit()
    if limit is None:
        return 0
    address = client_address(request)
    if is_within(address, settings.RETURNS_RATE_EXEMPT):
        return 0
    limiter = _limiter()
    try:
        if limiter.hit(limit, address):
            return 0
        return max(1, round(limiter.get_window_stats(limit, address).reset_time - time.time()))
    except RedisError:
        return 0  # better to answer too much than nothing


@lru_cache(maxsize=1)
def _limit() -> RateLimitItem | None:
    return parse(settings.RETURNS_RATE) if settings.RETURNS_RATE else None


@lru_cache(maxsize=1)
def _limiter() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(storage_from_string(settings.REDIS_URL))
