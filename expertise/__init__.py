"""What the network can do: topics, experts, places, instruments. Nothing here reads a message or touches a disk."""
