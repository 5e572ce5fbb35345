"""What `make bench-load` is made of: texts, stored cases, the service as a process, and what is counted. No tests."""
