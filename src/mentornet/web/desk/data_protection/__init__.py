"""Data protection: what the officer looks after, and what anybody on the staff tells her."""
