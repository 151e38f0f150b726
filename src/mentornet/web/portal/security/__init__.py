"""How a participant signs in, by which codes, passkeys and passwords, and where she is signed in."""
