"""Django admin: one module a group of models."""

from results.admin import contests, elections, feed, returns

__all__ = ["contests", "elections", "feed", "returns"]
