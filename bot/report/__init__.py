"""The weekly match report: its facts, its tables and every form in which people get it."""
