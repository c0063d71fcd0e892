"""Reading: facts about files, nothing resolved."""
