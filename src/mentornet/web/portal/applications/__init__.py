"""Where her application is: behind the link she was sent, or signed in."""
