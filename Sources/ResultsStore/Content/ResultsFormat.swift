/// What every results file has in common, whatever its groups are.
public enum ResultsFormat {
    /// The version of the layout that this Trialist writes, and the newest that it reads. It is the root's attribute
    /// `layout_version`, written last, so that a file without it is not a whole one.
    public static let layoutVersion = 1

    /// The name of the root's attribute that holds the version.
    static let layoutVersionName = "layout_version"

    /// The conventions of names and units that the files follow.
    static let conventions = "CF-1.10"

    /// How the name of a file under construction ends.
    static let partialSuffix = ".partial"

    /// The attributes that the store writes itself or that HDF5 and netCDF keep for themselves.
    static let ownAttributes = [
        "units", "long_name", "_FillValue", "Conventions", layoutVersionName, "CLASS", "NAME", "DIMENSION_LIST",
        "REFERENCE_LIST", "DIMENSION_LABELS", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_NCProperties", "_nc3_strict",
    ]

    /// The attributes that make xarray and netCDF readers change the numbers that they show.
    static let decodingAttributes = ["missing_value", "scale_factor", "add_offset", "_Unsigned", "dtype", "calendar"]

    /// The units that xarray, by its version and options, turns into time spans, with the symbol that it leaves alone.
    static let decodedUnits = [
        "days": "d", "hours": "h", "minutes": "min", "seconds": "s", "milliseconds": "ms", "microseconds": "us",
        "nanoseconds": "ns",
    ]
}
