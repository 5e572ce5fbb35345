"""Who fits whom, and by which rules. Nothing here stores, sends or phrases anything."""
