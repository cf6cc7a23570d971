"""A results file opens in Python's ecosystem without help.

Run as `TRIALIST_RESULTS=study.h5 pytest Tests/python`. The file may be any that Trialist finished: the tests look at
every group, dimension and variable it holds. Backed by independent readers: h5py, netCDF4, h5netcdf, xarray, pandas.
"""

import os
import warnings

import h5py
import netCDF4
import numpy
import pandas
import pytest
import xarray

PATH = os.environ.get("TRIALIST_RESULTS", "")
ENGINES = ["h5netcdf", "netcdf4"]
WITHOUT_COORDINATES = "This is a netCDF dimension but not a netCDF variable."
# What the store writes for each kind of number; texts are of variable length.
NUMBER_TYPES = {"<f8", "<f4", "<i4", "|i1"}
# Rows along the first dimension that go into a table; a table of a million subjects proves nothing more.
TABLE_ROWS = 500


def walk(name_of_kind):
    """The absolute paths of all groups, arrays or scales of the file, for the test's parameters."""
    if not os.path.isfile(PATH):
        return []
    found = {"group": ["/"], "variable": [], "coordinate": [], "counted": []}

    def visit(name, member):
        if isinstance(member, h5py.Group):
            kind = "group"
        elif not member.is_scale:
            kind = "variable"
        else:
            is_counted = member.attrs["NAME"].decode().startswith(WITHOUT_COORDINATES)
            kind = "counted" if is_counted else "coordinate"
        found[kind].append("/" + name)

    with h5py.File(PATH, "r") as file:
        file.visititems(visit)
    return found[name_of_kind]


@pytest.fixture(scope="module")
def file():
    with h5py.File(PATH, "r") as opened:
        yield opened


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_a_file_is_given():
    assert PATH, "set TRIALIST_RESULTS to the path of a results file"
    assert os.path.isfile(PATH), f"TRIALIST_RESULTS={PATH} is no file"
    assert walk("variable"), f"{PATH} holds no variable, so nothing would be tested"


def test_the_root_says_what_it_is(file):
    assert file.attrs["Conventions"] == "CF-1.10"
    assert file.attrs["layout_version"] >= 1


def test_members_keep_their_order(file):
    tracked = h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
    for path in walk("group"):
        group = h5py.h5g.open(file.id, path.encode())
        assert group.get_create_plist().get_link_creation_order() == tracked, path


@pytest.mark.parametrize("path", walk("variable"))
def test_every_axis_has_the_scale_of_its_group(file, path):
    variable = file[path]
    for axis, size in enumerate(variable.shape):
        scales = list(variable.dims[axis].values())
        assert len(scales) == 1, f"axis {axis} has {len(scales)} scales"
        assert scales[0].parent == variable.parent
        assert scales[0].shape == (size,)


@pytest.mark.parametrize("path", walk("variable") + walk("coordinate"))
def test_units_and_long_name_are_texts(file, path):
    attributes = file[path].attrs
    assert isinstance(attributes["units"], str) and attributes["units"]
    assert isinstance(attributes["long_name"], str) and attributes["long_name"]


@pytest.mark.parametrize("path", walk("variable") + walk("coordinate"))
def test_types_are_those_that_r_reads_too(file, path):
    array = file[path]
    text = h5py.check_string_dtype(array.dtype)
    if text is not None:
        assert text.encoding == "utf-8" and text.length is None
    else:
        assert array.dtype.str in NUMBER_TYPES


def test_counted_axes_are_named_as_netcdf_wants(file):
    for path in walk("counted"):
        scale = file[path]
        assert scale.attrs["NAME"].decode() == f"{WITHOUT_COORDINATES}{len(scale):>11d}", path
        assert scale.id.get_storage_size() == 0, path


@pytest.mark.parametrize("group", walk("group"))
def test_no_dimension_is_anonymous(file, group):
    with netCDF4.Dataset(PATH) as dataset:
        opened = dataset if group == "/" else dataset[group]
        here = [member for member in file[group].values() if isinstance(member, h5py.Dataset)]
        scales = {os.path.basename(member.name) for member in here if member.is_scale}
        assert set(opened.dimensions) == scales
        for variable in opened.variables.values():
            assert set(variable.dimensions) <= scales, variable.name


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("group", walk("group"))
def test_xarray_opens_each_group_without_arguments(file, group, engine):
    with xarray.open_dataset(PATH, group=group, engine=engine) as dataset:
        members = {name: file[group][name] for name in file[group]}
        arrays = {name for name, member in members.items() if isinstance(member, h5py.Dataset)}
        counted = {name for name in arrays if members[name].is_scale and f"{group.rstrip('/')}/{name}" in walk("counted")}
        assert set(dataset.variables) == arrays - counted
        assert not [name for name in dataset.sizes if name.startswith("phony_dim")]
        for name, variable in dataset.variables.items():
            compare(variable, members[name])


def compare(variable, stored):
    """What xarray shows of a variable is what h5py reads."""
    assert variable.attrs["units"] == stored.attrs["units"]
    assert variable.attrs["long_name"] == stored.attrs["long_name"]
    if h5py.check_string_dtype(stored.dtype) is not None:
        expected = numpy.asarray(stored.asstr()[()], dtype=object)
        assert numpy.asarray(variable.values, dtype=object).tolist() == expected.tolist()
        return
    expected = stored[()]
    if numpy.issubdtype(stored.dtype, numpy.integer) and "_FillValue" in stored.attrs:
        expected = numpy.where(expected == stored.attrs["_FillValue"][0], numpy.nan, expected)
    else:
        assert variable.dtype == stored.dtype, "xarray turned the numbers into something else"
    numpy.testing.assert_array_equal(variable.values, expected)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", walk("variable"))
def test_pandas_gets_a_table_of_each_variable(file, path, engine):
    group, name = os.path.split(path)
    with xarray.open_dataset(PATH, group=group, engine=engine) as dataset:
        variable = dataset[name]
        if not variable.dims:
            variable = variable.expand_dims("only")
        variable = variable.isel({variable.dims[0]: slice(TABLE_ROWS)})
        table = variable.to_dataframe()
        assert isinstance(table, pandas.DataFrame)
        assert name in table.columns
        assert len(table) == variable.size
        assert list(table.index.names) == list(variable.dims)


def test_positions_are_selected_by_their_coordinate():
    for path in walk("coordinate"):
        group, name = os.path.split(path)
        with xarray.open_dataset(PATH, group=group) as dataset:
            index = dataset.indexes[name]
            if len(index) and index.is_unique:
                assert dataset[name].sel({name: index[-1]}).item() == index[-1], path
