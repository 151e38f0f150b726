"""A participant’s own training: parts to read, and questions."""
