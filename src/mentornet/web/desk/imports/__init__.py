"""Spreadsheets into a division."""
