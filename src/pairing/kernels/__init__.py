"""Compiled scoring: one mentee against every mentor without building the matrix of all pairs.

The same rules, criteria and rounding as ``rules``, ``criteria`` and ``scoring``, fused into one pass over the mentors;
a test holds the two to each other pair by pair. ``rows`` is the door, ``sieve`` the rules, ``sums`` the criteria:
plain loops over the arrays of ``scene``.
"""
