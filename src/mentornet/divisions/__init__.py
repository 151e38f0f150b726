"""Local divisions and who works in them."""
