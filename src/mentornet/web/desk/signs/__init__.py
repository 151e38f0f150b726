"""Early signs that a pair may not last, and what a coordinator says of them."""
