"""Plans: the list of instalments and credits, and each with its schedule and ways to pay it back."""
