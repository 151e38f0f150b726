"""What is known of a participant: who sees it, what she corrects, her times, her breaks, what she asks for."""
