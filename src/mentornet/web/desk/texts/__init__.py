"""What letters say, as this network writes it."""
