"""Her own link, by which she sends others to the network."""
