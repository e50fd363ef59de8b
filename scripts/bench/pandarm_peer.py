"""The other side of `reach`: pandarm in an environment and a process of its own, fed and read through files.

Called with the file of the graph, the file for the results, and the runs. Prints seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from statistics import median

import numpy as np
import pandarm
import pandas as pd


def main(source: str, target: str, runs: int) -> None:
    """Build, query, precompute and look up; the median of each."""
    given = np.load(source)
    limit = float(given["limit"])
    x, y = (pd.Series(given["xy"][:, k]) for k in (0, 1))
    names = ("build", "nearest", "nearest_all", "counts", "precompute", "looked_up")
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(runs):
        start = time.perf_counter()
        network = pandarm.Network(
            x, y, pd.Series(given["u"]), pd.Series(given["v"]), pd.DataFrame({"m": given["metres"]}), twoway=True
        )
        ready = time.perf_counter()
        seconds["build"].append(ready - start)
        found = []
        for number in range(int(given["kinds"])):
            nodes = given[f"kind{number}"]
            network.set_pois(str(number), limit, 1, x.iloc[nodes], y.iloc[nodes])
            found.append(network.nearest_pois(limit, str(number), num_pois=1, max_distance=-1)[1].to_numpy())
            if not number:
                seconds["nearest"].append(time.perf_counter() - ready)
        seconds["nearest_all"].append(time.perf_counter() - ready)
        start = time.perf_counter()
        counts = count(network, given["many"], limit)
        counted = time.perf_counter()
        seconds["counts"].append(counted - start)
        # What it offers for many questions within one limit: all that lies within it, found once for all nodes.
        network.precompute(limit)
        ready = time.perf_counter()
        seconds["precompute"].append(ready - counted)
        np.testing.assert_array_equal(count(network, given["many"], limit), counts)
        seconds["looked_up"].append(time.perf_counter() - ready)
    np.savez(target, nearest=np.array(found), counts=counts)
    told = {name: median(times) for name, times in seconds.items()} | {"version": version("pandarm")}
    print("\n" + json.dumps(told))


def count(network: pandarm.Network, many: np.ndarray, limit: float) -> np.ndarray:
    """Return by node how many facilities lie within the limit."""
    network.set(pd.Series(many), variable=pd.Series(np.ones(len(many))), name="many")
    return network.aggregate(limit, type="sum", decay="flat", name="many").to_numpy()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
