"""Her meetings in her own calendar."""
