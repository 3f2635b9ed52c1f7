"""Django admin: one module a group of models."""

from results.admin import ballots, boards, calls, contests, elections, feed, returns

__all__ = ["ballots", "boards", "calls", "contests", "elections", "feed", "returns"]
