#ifndef TRIALIST_CHDF5_SHIM_H
#define TRIALIST_CHDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>

/* Swift does not import macros that expand to expressions, and HDF5's constants are such macros. */

/* How numbers lie in memory, and how they lie in the file (little-endian IEEE and two's complement everywhere). */
static inline hid_t trialist_h5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t trialist_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t trialist_h5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t trialist_h5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t trialist_h5_file_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t trialist_h5_file_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t trialist_h5_file_int32(void) { return H5T_STD_I32LE; }
static inline hid_t trialist_h5_file_int8(void) { return H5T_STD_I8LE; }
static inline hid_t trialist_h5_file_scale(void) { return H5T_IEEE_F32BE; }
static inline hid_t trialist_h5_c_string(void) { return H5T_C_S1; }
static inline size_t trialist_h5_variable_length(void) { return H5T_VARIABLE; }

/* Classes of property lists. */
static inline hid_t trialist_h5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t trialist_h5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t trialist_h5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t trialist_h5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t trialist_h5_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t trialist_h5_default(void) { return H5P_DEFAULT; }

/* Flags and extents. */
static inline unsigned trialist_h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned trialist_h5_new_only(void) { return H5F_ACC_EXCL; }
static inline unsigned trialist_h5_creation_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }
static inline hid_t trialist_h5_whole(void) { return H5S_ALL; }
static inline hsize_t trialist_h5_unlimited(void) { return H5S_UNLIMITED; }
static inline hid_t trialist_h5_error_stack(void) { return H5E_DEFAULT; }

/* Object information changed its type between HDF5 1.10 and 1.12; these two facts did not. */
static inline herr_t trialist_h5_object_facts(hid_t object, unsigned long long *address, unsigned long long *attributes) {
#if H5_VERSION_GE(1, 12, 0)
    H5O_info1_t info;
#else
    H5O_info_t info;
#endif
    herr_t status = H5Oget_info2(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS);
    if (status >= 0) {
        *address = (unsigned long long)info.addr;
        *attributes = (unsigned long long)info.num_attrs;
    }
    return status;
}

#endif
