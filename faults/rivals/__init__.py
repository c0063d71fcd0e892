"""Other programs that rewrite Python files, in the harness of the campaign: killed at each call, and on a full disk."""
