"""Reading: what names denote over the whole program."""
