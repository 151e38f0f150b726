"""Quiet words of participants: read by whoever they are for, and by nobody else."""
