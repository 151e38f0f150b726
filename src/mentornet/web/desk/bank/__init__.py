"""The mentor bank."""
