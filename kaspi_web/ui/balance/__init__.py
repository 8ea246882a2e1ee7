"""Why the balance is what it is."""
