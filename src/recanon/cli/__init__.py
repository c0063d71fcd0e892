"""The command line: words in, one call, a report and an exit code out."""
