"""Server-rendered pages. A page shows or passes on a choice; flow.py decides."""
