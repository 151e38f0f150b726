"""Who outside was told something about whom, and who wanted a list of people."""
