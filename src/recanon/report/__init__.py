"""The printers: a plan, a run or an error becomes text, JSON or a coloured diff. Nothing else in recanon prints."""
