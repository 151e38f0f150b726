"""Running and closed partnerships, and what happened in them."""
