#ifndef TRIALIST_COPENBLAS_SHIM_H
#define TRIALIST_COPENBLAS_SHIM_H

#include <cblas-openblas.h>
#include <lapacke.h>

#endif
