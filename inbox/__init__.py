"""What someone wrote, as a record. Nothing here judges a need, looks up an expert or touches a disk."""
