"""Commands for whoever runs the program."""
