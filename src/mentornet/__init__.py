"""Mentornet: open-source software that runs a volunteer mentor network."""
