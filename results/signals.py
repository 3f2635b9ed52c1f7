"""What the returns tell the rest of the product, without knowing who listens."""

from django.dispatch import Signal

returns_changed = Signal()
"""Sent after a commit: these contests changed.

With `election_id`, `contest_ids` (a set), and `areas`, the (contest id, county number,
congressional district) of those returns among them that are new.
"""

estimates_changed = Signal()
"""Sent after a commit, with `election_id`: its estimates of unprocessed ballots changed."""

calls_changed = Signal()
"""Sent after a commit, with `election_id` and `contest_ids`: what is called changed."""

board_driven = Signal()
"""Sent after a commit, with `board_id`: a producer ordered something of its screens."""

boards_edited = Signal()
"""Sent after a commit: what a board shows was edited."""

corrections_changed = Signal()
"""Sent after a commit, with `election_id` and `contest_ids`: a hold or an override changed."""
