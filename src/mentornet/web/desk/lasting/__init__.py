"""How long pairs last, as the network's own history tells."""
