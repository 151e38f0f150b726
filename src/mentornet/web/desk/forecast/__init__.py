"""How long women will wait, and what other ways of matching would change."""
