"""What the two have of it, as the office sees it: what was shared, certificates, and whom to thank."""
