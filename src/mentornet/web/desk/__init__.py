"""The coordinators' work."""
