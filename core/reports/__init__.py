"""What we tell of our doings: whether they gained, and what executing them cost."""
