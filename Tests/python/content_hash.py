"""The content hash of a results file, derived a second time from the description in ContentHash.swift.

Run as `python content_hash.py study.h5 [EXCLUDED_PATH...]`; without excluded paths `/provenance` is left out.
"""

import hashlib
import struct
import sys

import h5py
import numpy

WITHOUT_COORDINATES = "This is a netCDF dimension but not a netCDF variable."
TYPES = {"<f8": "double", "<f4": "float", "<i4": "int32", "|i1": "int8"}


class ContentHash:
    def __init__(self, excluded):
        self.hash = hashlib.sha256()
        self.excluded = excluded

    def is_excluded(self, path):
        return any(path == one or path.startswith(one + "/") for one in self.excluded)

    def number(self, value):
        self.hash.update(struct.pack("<q", value))

    def text(self, value):
        encoded = value.encode()
        self.number(len(encoded))
        self.hash.update(encoded)

    def cells(self, array):
        if h5py.check_string_dtype(array.dtype) is not None:
            for text in numpy.ravel(array.asstr()[()]):
                self.text(text)
            return
        numbers = numpy.array(array[()])
        if numbers.dtype.kind == "f":
            numbers = numpy.where(numpy.isnan(numbers), numpy.array(numpy.nan, numbers.dtype), numbers)
        self.hash.update(numbers.tobytes())

    def element_type(self, array):
        return "string" if h5py.check_string_dtype(array.dtype) is not None else TYPES[array.dtype.str]

    def group(self, group):
        if self.is_excluded(group.name):
            return
        self.text("group")
        self.text(group.name)
        members = [group[name] for name in sorted(group, key=str.encode)]
        arrays = [member for member in members if isinstance(member, h5py.Dataset)]
        for array in [array for array in arrays if array.is_scale]:
            self.dimension(array)
        for array in [array for array in arrays if not array.is_scale]:
            self.variable(array)
        for member in members:
            if isinstance(member, h5py.Group):
                self.group(member)

    def dimension(self, scale):
        if self.is_excluded(scale.name):
            return
        self.text("dimension")
        self.text(scale.name)
        self.number(len(scale))
        if scale.attrs["NAME"].decode().startswith(WITHOUT_COORDINATES):
            return self.text("counted")
        self.text(self.element_type(scale))
        self.text(scale.attrs["units"])
        self.cells(scale)

    def variable(self, array):
        if self.is_excluded(array.name):
            return
        self.text("variable")
        self.text(array.name)
        self.text(self.element_type(array))
        self.text(array.attrs["units"])
        is_integer = array.dtype.kind == "i"
        has_code = is_integer and "_FillValue" in array.attrs
        self.text(str(array.attrs["_FillValue"][0]) if has_code else "none")
        self.number(array.ndim)
        for axis, size in enumerate(array.shape):
            self.text(array.dims[axis][0].name.rsplit("/", 1)[-1])
            self.number(size)
        self.cells(array)


def content_hash(path, excluded=("/provenance",)):
    with h5py.File(path, "r") as file:
        content = ContentHash(excluded)
        content.group(file["/"])
        return content.hash.hexdigest()


if __name__ == "__main__":
    print(content_hash(sys.argv[1], tuple(sys.argv[2:]) or ("/provenance",)))
