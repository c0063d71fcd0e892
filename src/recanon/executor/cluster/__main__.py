"""A room of the cluster, as a process."""

from recanon.executor.cluster.room import main

if __name__ == "__main__":
    main()
