"""A quiet word: to the coordinator, or past her to the national lead."""
