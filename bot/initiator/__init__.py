"""What an initiator can do in a conversation about a question, whatever the channel."""
