"""What needs her, most urgent first."""
