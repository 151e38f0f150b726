"""What a participant can ask about her data: a copy, a correction, to be forgotten."""
