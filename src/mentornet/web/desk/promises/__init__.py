"""The promises of the waiting list: why each waits, what the program writes, and who is taken before others."""
