"""What the Makefile runs: tests, checks, translations. Nothing here is part of the product."""
