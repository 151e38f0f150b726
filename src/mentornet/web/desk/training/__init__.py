"""Who has done what of the training."""
