"""The shop's front: its home, lists with facets, a product with its sellers. Open to everybody."""
