"""The best possible pairs of mentees and mentors, with reasons and a proof.

People in, certified result out: no database, no web, no product. ``shared`` definitions of rules, criteria and
scores are in ``docs/formats.md``; the mathematics is told in ``docs/pairing.md``.
"""
