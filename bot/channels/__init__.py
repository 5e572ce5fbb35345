"""The ways in and out: one file a channel, all of the same shape. No decision is taken here."""
