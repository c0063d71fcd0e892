"""Run work on a dask cluster that shares no disk with this machine: it gets texts, and hands back results alone."""
