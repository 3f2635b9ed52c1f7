"""The returns: what they are and how they get in. Knows nothing of the dashboard."""
