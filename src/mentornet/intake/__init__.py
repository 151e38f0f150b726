"""From the first enquiry to the mentor bank and the waiting list."""
