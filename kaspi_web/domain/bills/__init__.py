"""Bills: billers, the intent to pay one, and payments until their last word."""
