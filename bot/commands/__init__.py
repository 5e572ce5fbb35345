"""One file a command of `mixmatch`: reads its arguments, calls the work, prints. No work is done here twice."""
