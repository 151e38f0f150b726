"""Tasks: what Today shows."""
