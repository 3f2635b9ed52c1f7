"""Django admin: one module a group of models."""

from results.admin import ballots, calls, contests, elections, feed, returns

__all__ = ["ballots", "calls", "contests", "elections", "feed", "returns"]
