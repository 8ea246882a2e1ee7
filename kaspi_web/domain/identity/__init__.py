"""Who a customer is by the population register: one IIN, one wallet; then names and birth date stand still."""
