"""The notebook of notebooks-export runs on a results file and shows what the file holds.

Run as `TRIALIST_RESULTS=study.h5 pytest Tests/python`. Backed by the notebook's own format checker and by h5py, which reads
the numbers that the notebook's tables have to show.
"""

import os
import pathlib
import shutil
import sys

import h5py
import nbclient
import nbformat
import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "notebooks-export"
PATH = os.environ.get("TRIALIST_RESULTS", "")


def saved():
    return nbformat.read(FOLDER / "study.ipynb", as_version=4)


def execute(path):
    """The notebook after a run on a file, in a kernel of its own."""
    notebook = saved()
    environment = {**os.environ, "TRIALIST_RESULTS": os.path.abspath(path), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=os.path.dirname(os.path.abspath(path)), env=environment)
    return notebook


@pytest.fixture(scope="module")
def executed():
    return execute(PATH)


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def shown_text(notebook):
    """Everything that the notebook prints, tables in their plain form."""
    return "\n".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs(notebook))


def test_the_notebook_is_valid_and_holds_no_outputs():
    notebook = saved()
    nbformat.validate(notebook)
    assert outputs(notebook) == []


def test_the_notebook_is_what_its_script_writes():
    sys.path.insert(0, str(FOLDER))
    try:
        import write_notebook
    finally:
        sys.path.remove(str(FOLDER))
    assert (FOLDER / "study.ipynb").read_text(encoding="utf-8") == write_notebook.text()


def test_it_draws_curves_auc_and_forest_plots(executed):
    pictures = [output for output in outputs(executed) if "image/png" in output.get("data", {})]
    assert len(pictures) == 3


def test_its_table_shows_the_levels_of_the_file(executed):
    with h5py.File(PATH) as file:
        strata = file["strata"]
        arms = [arm.decode() for arm in strata["arm"][:]]
        endpoint = [name.decode() for name in strata["endpoint"][:]].index(file["operating_characteristics"].attrs["endpoint"])
        levels = strata["level"][:, endpoint, 0]
        half = (strata["level_upper"][:, endpoint, 0] - strata["level_lower"][:, endpoint, 0]) / 2
    text = shown_text(executed)
    for arm, level, reach in zip(arms, levels, half):
        assert arm in text
        assert f"{level:.1f} ± {reach:.1f}" in text


def test_nothing_went_wrong_and_nothing_was_warned_of(executed):
    assert [output for output in outputs(executed) if output.output_type == "error" or output.get("name") == "stderr"] == []


@pytest.mark.parametrize("group", ["survival", "operating_characteristics", "published", "strata", "provenance"])
def test_a_file_may_lack_a_group(group, tmp_path):
    path = tmp_path / "part.h5"
    shutil.copy(PATH, path)
    with h5py.File(path, "r+") as part:
        part.attrs["title"] = "a part"
        del part[group]
    assert "a part" in shown_text(execute(path))
