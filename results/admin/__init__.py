"""Django admin: one module a group of models."""

from results.admin import (
    alerts,
    ballots,
    boards,
    calls,
    contests,
    corrections,
    elections,
    feed,
    logged,
    rehearsals,
    returns,
)

__all__ = [
    "alerts",
    "ballots",
    "boards",
    "calls",
    "contests",
    "corrections",
    "elections",
    "feed",
    "logged",
    "rehearsals",
    "returns",
]
