"""Writing imports: from the first file to the undo."""
