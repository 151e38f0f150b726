"""What she has of it herself: thoughts of her own, letters to the mentor, certificates."""
