"""The public site: what the network is, and the ways in. Complete in every language of participants."""
