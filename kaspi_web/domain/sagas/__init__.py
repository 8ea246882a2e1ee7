"""What the card processor answered, passed on to the street whose deed it is about, in the same transaction."""
