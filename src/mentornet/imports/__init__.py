"""Spreadsheets into a division: mapping, preview, all or nothing, undo."""
