"""A person's rights: her own copy of all that is kept of her, and to be forgotten for good."""
