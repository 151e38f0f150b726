"""What went with a no, and with an early end: a hint to the people who set the weights."""
