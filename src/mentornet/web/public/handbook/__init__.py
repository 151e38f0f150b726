"""The handbooks, as everybody may read them."""
