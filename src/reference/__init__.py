"""Facts that every part of the product shares, and the spreadsheets that carry people in and out.

Nothing here knows a database, a web page or the pairing of people.
"""
