"""Writing what accounts keep: personal links, one-time codes, second factors, sessions."""
