"""What an operator can ask for; each word is a file. Nothing here may import Reflex: `run` has to be quick."""
