"""The match desk: one mentee beside the ranked bank."""
