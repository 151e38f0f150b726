"""What was done, read and refused, by whom: append-only."""
