"""Learning from labelled messages and measuring what was learned; nothing here runs while people are answered."""
