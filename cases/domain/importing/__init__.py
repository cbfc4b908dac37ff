"""Reading cases out of files (docs/files.md).

source (bytes → cells) → mapping (which cell is what) → reading (cells → checked values)
→ finding (values → customers, products, catalogue entries) → run (one transaction through
`log_case`, the same door as the screen). Nothing is half imported.
"""
