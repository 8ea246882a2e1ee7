"""Opening a wallet and getting a new password: deeds that span the phone, the person and the ledger."""
