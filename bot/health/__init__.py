"""Whether an installation is well: what a look at each part finds. What to do about it is told by `mixmatch doctor`."""
