"""Payment terminals: their networks, the cash they take, and top-ups of wallets."""
