"""What the returns tell the rest of the product, without knowing who listens."""

from django.dispatch import Signal

returns_changed = Signal()
"""Sent after a commit, with `election_id` and `contest_ids` (a set): these contests changed."""
