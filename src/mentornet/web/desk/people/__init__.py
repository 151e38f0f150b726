"""People, applications, interviews, decisions."""
