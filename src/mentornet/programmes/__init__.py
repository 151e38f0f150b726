"""Programmes: eligibility, weights, cadence; all of it data, in versions."""
