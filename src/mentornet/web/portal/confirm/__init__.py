"""She reads what was written about her, corrects it, and says that it is right."""
