"""Nearest facilities and counts within reach of all nodes of a region: ours against bare SciPy and pandarm."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import towns
from clock import machine, timed
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_planning import streets

#: pandarm rounds the length of every edge; over a way of many edges that adds up.
TOLERANCE_M = 0.2


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    towns.options(words)
    words.add_argument("--copies", type=int, default=16, help="how many times the town lies side by side")
    words.add_argument("--kinds", type=int, default=20)
    words.add_argument("--facilities", type=int, default=60, help="of each kind in each copy")
    words.add_argument("--limit", type=float, default=1200.0, help="metres")
    words.add_argument("--runs", type=int, default=7, help="runs of our side; the median counts")
    words.add_argument("--peer-runs", type=int, default=3, help="runs of pandarm; the median counts")
    words.add_argument("--no-peer", action="store_true", help="leave out pandarm, which is installed for the run")


def run(chosen: argparse.Namespace) -> None:
    """Run the benchmark at one size."""
    layers, town = towns.read(chosen)
    network = towns.copies(town, chosen.copies)
    random = np.random.default_rng(42)
    places = streets.attach(town, layers["facilities"].geometry.centroid)
    spots = town.u[places.edge[places.edge >= 0]]
    each = np.arange(chosen.copies)[:, None] * len(town.xy)
    kinds = [np.unique(each + random.choice(spots, chosen.facilities)) for _ in range(chosen.kinds)]
    many = (each + spots).ravel()
    everywhere = towns.at_nodes(network, np.arange(len(network.xy)))
    size = f"{len(network.xy):,} nodes, {len(network.u):,} edges"

    # What a network costs once before the first search; the peer is fed the same nodes and edges.
    prepared, _ = timed(lambda: replace(network).arcs_forward, 3)
    print(machine("scipy", "numpy", "shapely") + "\n")
    print(
        f"{chosen.copies} copies of {Path(chosen.extract).name}: {size}; our graph arrays: {prepared * 1000:.0f} ms.\n"
    )
    bare(network, kinds[0], everywhere, chosen.runs)
    one, _ = timed(lambda: ours(network, kinds[:1], everywhere, chosen.limit), chosen.runs)
    all_kinds, nearest_all = timed(lambda: ours(network, kinds, everywhere, chosen.limit), max(chosen.runs // 2, 1))
    sources = towns.at_nodes(network, many)

    def count(limit: float) -> Any:
        return streets.counts(network, sources, everywhere, limit_m=limit)

    counting, _ = timed(lambda: count(chosen.limit), max(chosen.runs // 2, 1))
    if chosen.no_peer:
        print(f"ours: one kind {one:.3f} s, {chosen.kinds} kinds {all_kinds:.2f} s, counts {counting:.2f} s")
        return
    peer, answers = pandarm(network, kinds, many, chosen)
    agree(nearest_all, answers["nearest"], count, answers["counts"], chosen.limit)
    build, stored = peer["build"], peer["build"] + peer["precompute"]
    among = f"how many of {len(many):,} facilities"
    rows = [
        ("nearest of 1 kind, from nothing", prepared + one, build + peer["nearest"]),
        (f"nearest of {chosen.kinds} kinds, from nothing", prepared + all_kinds, build + peer["nearest_all"]),
        ("nearest of 1 kind, network at hand", one, peer["nearest"]),
        (f"nearest of {chosen.kinds} kinds, network at hand", all_kinds, peer["nearest_all"]),
        (f"{among}, from nothing", prepared + counting, build + peer["counts"]),
        (f"{among}, network at hand", counting, peer["counts"]),
        (f"{among}, from nothing, against precomputed", prepared + counting, stored + peer["looked_up"]),
        (f"{among}, network at hand, against precomputed", counting, peer["looked_up"]),
    ]
    print(f"| all nodes, within {chosen.limit:,.0f} m | ours, s | pandarm {peer['version']}, s | ratio |")
    print("|---|---|---|---|")
    for name, own, other in rows:
        print(f"| {name} | {own:.3f} | {other:.3f} | {other / own:.1f} |")
    print(f"\npandarm: build {build:.2f} s, precompute {peer['precompute']:.2f} s.")


def ours(network: streets.Streets, kinds: list[Any], everywhere: streets.Attached, limit: float) -> Any:
    """Return the distance to the nearest of each kind."""
    places = [towns.at_nodes(network, nodes) for nodes in kinds]
    return np.array([streets.nearest(network, one, everywhere, limit_m=limit).distance_m for one in places])


def bare(network: streets.Streets, nodes: Any, everywhere: streets.Attached, runs: int) -> None:
    """Print what ours costs beside the search alone, which names no source and knows no place but nodes."""
    pointer, column, cost = network.arcs_forward
    graph = csr_array((cost, column, pointer), shape=(len(network.xy),) * 2)
    sources = towns.at_nodes(network, nodes)
    print(f"| nearest of {len(nodes):,} facilities | bare SciPy, ms | ours, ms | ratio |\n|---|---|---|---|")
    for limit in (500.0, 1200.0, np.inf):
        times = []
        for _ in range(runs):
            # In turns, so that both see the same machine.
            plain = timed(lambda limit=limit: dijkstra(graph, indices=nodes, min_only=True, limit=limit), 1)
            own = timed(lambda limit=limit: streets.nearest(network, sources, everywhere, limit_m=limit), 1)
            times.append((plain[0], own[0]))
        np.testing.assert_allclose(own[1].distance_m, plain[1], atol=1e-6)
        one, other = np.median(times, axis=0) * 1000
        name = "no limit" if np.isinf(limit) else f"{limit:,.0f} m"
        share = np.isfinite(plain[1]).mean()
        print(f"| {name} ({share:.0%} of nodes reached) | {one:.1f} | {other:.1f} | {other / one:.2f} |")
    print()


def pandarm(network: streets.Streets, kinds: list[Any], many: Any, chosen: argparse.Namespace) -> tuple[Any, Any]:
    """Run pandarm in an environment of its own; return its seconds and its answers."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        venv.create(room / "env", with_pip=True)
        python = room / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pandarm"], check=True, stderr=subprocess.DEVNULL)
        lists = {f"kind{number}": nodes for number, nodes in enumerate(kinds)}
        metres = {"metres": network.length_m, "limit": chosen.limit, "kinds": len(kinds), "many": many}
        np.savez(room / "given.npz", xy=network.xy, u=network.u, v=network.v, **metres, **lists)
        script = Path(__file__).with_name("pandarm_peer.py")
        call = [python, script, room / "given.npz", room / "found.npz", str(chosen.peer_runs)]
        told = subprocess.run(call, check=True, capture_output=True, text=True, cwd=room)
        with np.load(room / "found.npz") as found:
            return json.loads(told.stdout.strip().splitlines()[-1]), {name: found[name] for name in found.files}


def agree(ours: Any, theirs: Any, count: Callable[[float], Any], their_counts: Any, limit: float) -> None:
    """Refuse to go on unless both give the same, to what pandarm's rounding can change."""
    apart = float(np.abs(np.minimum(ours, limit) - np.minimum(np.where(theirs < 0, limit, theirs), limit)).max())
    few, many = count(limit - TOLERANCE_M), count(limit + TOLERANCE_M)
    wrong = int(((their_counts < few) | (their_counts > many)).sum())
    if apart > TOLERANCE_M or wrong:
        raise SystemExit(f"the results differ: distances by {apart} m, counts at {wrong} nodes")
    same = float((count(limit) == their_counts).mean())
    print(f"Both agree: distances to {apart * 1000:.0f} mm, and counts as that allows ({same:.2%} are the same).\n")
