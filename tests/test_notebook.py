"""The notebook of the docs runs on the demo, and says what it said when it was written."""

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


def words(notebook):
    return [
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "text/plain" in output.get("data", {})
    ]


@pytest.mark.slow
def test_the_notebook_runs_and_gives_what_it_shows():
    written = nbformat.read(NOTEBOOK, as_version=4)
    again = nbformat.from_dict(written)
    client = nbclient.NotebookClient(
        again, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    )
    shown = words(written)
    client.execute()
    assert words(again) == shown
    assert any("->" in one for one in shown)
