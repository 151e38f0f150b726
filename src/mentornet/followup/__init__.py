"""What is followed up: quiet words of participants, until a second reader closes them."""
