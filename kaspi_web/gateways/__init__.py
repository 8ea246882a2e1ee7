"""How the bank talks to the outside: calls with a time limit whose outcome may be unknown.

A gateway holds no rule of the bank, opens no transaction and is never called while one is open.
It does not repeat a call: repeating is a row in the database and the work of a worker.
"""
