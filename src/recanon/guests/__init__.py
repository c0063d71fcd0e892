"""Guests: codemods written for LibCST, Bowler or Fixit, and programs that edit files, run as safely as a pack."""
