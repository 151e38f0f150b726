"""Components: one template partial each, with their styles and scripts."""
