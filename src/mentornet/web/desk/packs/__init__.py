"""Printable handover packs: one case, or all of a coordinator's, fit for taking over in an afternoon."""
