"""Matching meetings: a whole waiting list settled by the people who know it, with the best set beside them."""
