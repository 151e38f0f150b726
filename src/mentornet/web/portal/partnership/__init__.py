"""What the two do together: their agreement, meetings, goals, doors opened, and what each writes for herself."""
