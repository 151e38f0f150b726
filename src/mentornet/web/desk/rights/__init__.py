"""What somebody may ask about her data, done for her at the desk."""
