"""Everything of this app that the engine must know of: imported once, at start-up."""
