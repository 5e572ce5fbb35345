"""The open data set: its tables, rows and files, and the checks on somebody else's."""
