"""The rows of the fault table: each module here has one or more `Fault`s in its `FAULTS`."""
