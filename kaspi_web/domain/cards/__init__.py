"""Cards: our own and other banks, the charges on them and payouts to them."""
