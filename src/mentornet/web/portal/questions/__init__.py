"""What she is asked: one question a page, each answer kept at once, opened by the link in her letter."""
