"""The bank. No web framework, no HTTP and no reading of the environment in here."""
