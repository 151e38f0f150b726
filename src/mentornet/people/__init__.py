"""People: who they are, what they speak, know, want and offer, and where each fact comes from."""
