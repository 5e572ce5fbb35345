"""What an adviser can do, by mail, chat and page alike, and what one has to know for it."""
