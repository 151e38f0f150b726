"""Where a staff member is signed in."""
