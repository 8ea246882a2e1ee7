"""A customer's wallet as the customer sees it: balances, and the list of operations behind My payments."""
