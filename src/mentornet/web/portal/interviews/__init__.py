"""The talk with the office: she chooses a time, moves it, cancels it, or says that none suits her."""
