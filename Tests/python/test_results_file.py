"""A results file as Python's ecosystem sees it: h5py, xarray through both of its HDF5 engines, and pandas.

The file to check is named by the environment variable TRIALIST_RESULTS. What backs each check is the reader itself: none
of them gets an option that would help it to read the file.
"""

import os
import unittest
import warnings

import h5py
import numpy
import pandas
import xarray

PATH = os.environ["TRIALIST_RESULTS"]
GROUPS = {"provenance", "cohort", "trial", "operating_characteristics", "survival", "strata", "regimes", "truth"}


def visit(kind):
    """(path, object) of every group or dataset of the file, in the order in which they were created."""
    with h5py.File(PATH) as file:
        found = []
        file.visititems(lambda name, item: found.append(name) if isinstance(item, kind) else None)
        for name in found:
            yield name, file[name]


def is_scale(dataset):
    return dataset.attrs.get("CLASS") == b"DIMENSION_SCALE"


class Layout(unittest.TestCase):
    def test_root_names_its_layout_version(self):
        with h5py.File(PATH) as file:
            self.assertIn("layout_version", file.attrs)

    def test_groups_of_the_design_are_there(self):
        with h5py.File(PATH) as file:
            self.assertEqual(GROUPS - set(file), set())

    def test_every_axis_has_a_dimension_scale(self):
        for name, dataset in visit(h5py.Dataset):
            if is_scale(dataset):
                continue
            for axis in range(dataset.ndim):
                with self.subTest(dataset=name, axis=axis):
                    self.assertEqual(len(dataset.dims[axis]), 1)
                    self.assertEqual(dataset.dims[axis][0].shape, (dataset.shape[axis],))

    def test_every_number_says_its_unit_and_meaning(self):
        for name, dataset in visit(h5py.Dataset):
            without_coordinates = b"This is a netCDF dimension but not" in numpy.bytes_(dataset.attrs.get("NAME", b""))
            if dataset.dtype.kind not in "iuf" or without_coordinates:
                continue
            for attribute in ("units", "long_name"):
                with self.subTest(dataset=name, attribute=attribute):
                    self.assertTrue(dataset.attrs.get(attribute))

    def test_integers_have_32_bits_because_r_reads_no_longer_ones(self):
        for name, dataset in visit(h5py.Dataset):
            if dataset.dtype.kind in "iu":
                with self.subTest(dataset=name):
                    self.assertLessEqual(dataset.dtype.itemsize, 4)


class Readers(unittest.TestCase):
    def open(self, group, engine):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return xarray.open_dataset(PATH, group=group, engine=engine)

    def test_xarray_opens_every_group_alike_with_both_engines(self):
        for name, _ in visit(h5py.Group):
            with self.subTest(group=name):
                with self.open(name, "h5netcdf") as one, self.open(name, "netcdf4") as other:
                    xarray.testing.assert_identical(one.load(), other.load())

    def test_h5py_and_xarray_read_the_same_numbers(self):
        for name, dataset in visit(h5py.Dataset):
            if dataset.dtype.kind not in "iuf" or dataset.ndim == 0 or is_scale(dataset):
                continue
            group, _, variable = name.rpartition("/")
            with self.subTest(dataset=name), self.open(group, "h5netcdf") as opened:
                numpy.testing.assert_array_equal(opened[variable].values, dataset[()])

    def test_text_decodes_to_str(self):
        for name, _ in visit(h5py.Group):
            with self.open(name, "h5netcdf") as opened:
                for variable, values in opened.variables.items():
                    if values.dtype.kind in "OSU":
                        with self.subTest(group=name, variable=variable):
                            self.assertTrue(all(isinstance(value, str) for value in values.values.ravel()))

    def test_pandas_tables_have_a_row_for_every_cell(self):
        for name, _ in visit(h5py.Group):
            with self.open(name, "h5netcdf") as opened:
                for variable, values in opened.data_vars.items():
                    if values.ndim == 0:
                        continue
                    with self.subTest(group=name, variable=variable):
                        table = values.to_dataframe(name="value")
                        self.assertIsInstance(table, pandas.DataFrame)
                        self.assertEqual(len(table), values.size)


if __name__ == "__main__":
    unittest.main()
