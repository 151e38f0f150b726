"""A participant's own pages: what she has been sent a link to, and what she sees when she has signed in."""
