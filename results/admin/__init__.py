"""Django admin: one module a group of models."""

from results.admin import (
    ballots,
    boards,
    calls,
    contests,
    corrections,
    elections,
    feed,
    logged,
    returns,
)

__all__ = [
    "ballots",
    "boards",
    "calls",
    "contests",
    "corrections",
    "elections",
    "feed",
    "logged",
    "returns",
]
