"""What time brings: when something is due, and the steps that are taken then, one row at a time."""
