"""What somebody asks about her data, and what is done of it at the desk."""
