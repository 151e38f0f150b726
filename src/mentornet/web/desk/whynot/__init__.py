"""Why nobody yet: for a woman who waits, and for a mentor who is idle."""
