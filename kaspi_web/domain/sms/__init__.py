"""SMS: the outbox of messages, and the codes that prove who holds a phone."""
