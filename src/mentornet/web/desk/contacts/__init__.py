"""Contact persons: who has written, who helps, who has left."""
