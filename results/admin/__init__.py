"""Django admin: one module a group of models."""

from results.admin import ballots, contests, elections, feed, returns

__all__ = ["ballots", "contests", "elections", "feed", "returns"]
