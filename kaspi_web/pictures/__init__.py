"""Pictures of goods: drawings of our own, made on first request and kept as files. None is anybody else's."""
