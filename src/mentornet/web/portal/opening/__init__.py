"""The short address of a personal link."""
