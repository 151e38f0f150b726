"""The handbook on a participant’s own pages: what she has read, and what she looks for."""
