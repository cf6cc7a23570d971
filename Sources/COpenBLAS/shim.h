#ifndef TRIALIST_COPENBLAS_SHIM_H
#define TRIALIST_COPENBLAS_SHIM_H

#include <cblas-openblas.h>
#include <lapacke.h>

// What OpenBLAS itself calls before a fork; a build without threads lacks it.
extern int blas_thread_shutdown_(void) __attribute__((weak));

// From now on OpenBLAS computes on its caller's thread. It has started one for each processor when it was loaded, and
// these wait for work in a loop that takes their processors from whoever simulates: they end here.
static inline void trialist_blas_use_one_thread(void) {
  openblas_set_num_threads(1);
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}

#endif
