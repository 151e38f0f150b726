"""Writing what intake knows, by noun."""
