"""Orders of the shop: one for each seller of a purchase, from the promise to the hand-over, and back."""
