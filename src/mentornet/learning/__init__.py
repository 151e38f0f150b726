"""The handbook, versioned in each language, and the training before a first match."""
