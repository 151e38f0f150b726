"""A participant's first page: the one next step, and her place."""
