"""The handbook and the training, as the national lead writes them."""
