"""A proposal, as the two see it: what each learns about the other, her private answer, their first meeting."""
