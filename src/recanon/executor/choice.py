"""Who does the work: processes of this machine, or a cluster."""

from __future__ import annotations

from recanon.errors import UsageError
from recanon.executor.local import Workers
from recanon.settings import Settings


def workers_for(settings: Settings) -> Workers:
    """Return the workers that the user has chosen.

    Args:
        settings: how to run.

    Raises:
        UsageError: a cluster is chosen, and dask is not installed or the address will not do.
    """
    if settings.cluster is None:
        return Workers(settings.jobs, settings.bounds)
    from recanon.executor.cluster.address import check_address

    check_address(settings.cluster.address, plaintext=settings.cluster.plaintext)
    try:
        from recanon.executor.cluster.workers import ClusterWorkers
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] not in {"cloudpickle", "dask", "distributed"}:
            raise
        raise UsageError(
            f"--executor dask needs {exc.name}, which is not installed", 'Install it: pip install "recanon[dask]"'
        ) from exc
    return ClusterWorkers(settings.cluster, settings.jobs, settings.bounds)
