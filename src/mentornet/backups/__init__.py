"""Backups: made every night, restored without those who were erased since, and tried before they are needed."""
