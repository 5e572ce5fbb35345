"""All SQL, a file a noun. Nothing here decides; it keeps and finds."""
