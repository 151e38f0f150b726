"""What stands on the public site: home, the ways in, divisions, and what everybody is to know."""
