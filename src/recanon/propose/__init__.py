"""From facts to edits: judge every site, decide the fate of every import, write the edits."""
