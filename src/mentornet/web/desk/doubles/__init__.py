"""Who may stand here twice: the list, two beside each other, making them one, and undoing it."""
