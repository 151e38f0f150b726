"""Letters: templates in each language, the outbox, delivery."""
