"""Endings: filled in step by step, closed, taken back, put off: what coordinators do."""
