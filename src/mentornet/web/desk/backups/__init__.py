"""Backups: whether there is one to rely on."""
