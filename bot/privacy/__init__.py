"""What we hold of one person: shown, erased, kept no longer than needed. What must be masked in a text is inbox's."""
