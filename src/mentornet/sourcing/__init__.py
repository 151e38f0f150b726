"""Looking for the mentor who is not in the bank: searches, and the competency network in which she may be found."""
