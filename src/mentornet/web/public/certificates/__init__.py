"""Whether a certificate is real: a page that names nobody."""
