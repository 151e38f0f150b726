"""A synthetic network at the scale of the real one."""
