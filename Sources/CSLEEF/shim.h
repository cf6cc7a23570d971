// Vector mathematics that gives the same bits on every processor.
//
// SLEEF's `cinz` functions are its deterministic variants that use no fused multiply-add. The two-lane SSE2, the
// four-lane AVX and the two-lane Advanced SIMD forms round alike, so the width used here changes the speed and never a
// bit of the result. Each function maps `n` doubles from `x` (and `y`) to `r`; `n` must be a multiple of 4; aliasing
// of whole arrays is allowed. Error bounds are SLEEF's: 1.0 ulp for the `u10` forms. exp and log stand in exponential.h.
#ifndef TRIALIST_CSLEEF_SHIM_H
#define TRIALIST_CSLEEF_SHIM_H

#include <sleef.h>

#if defined(__AVX2__)
  #define TRIALIST_CODE_GENERATION "x86-64-v3"
  #define TRIALIST_LANES 4
  #define TRIALIST_LOAD(p) _mm256_loadu_pd(p)
  #define TRIALIST_STORE(p, v) _mm256_storeu_pd(p, v)
  #define TRIALIST_NAME(f, accuracy) Sleef_cinz_##f##d4_##accuracy##avx
  #define TRIALIST_SQRT(v) _mm256_sqrt_pd(v)
#elif defined(__x86_64__)
  #define TRIALIST_CODE_GENERATION "x86-64"
  #define TRIALIST_LANES 2
  #define TRIALIST_LOAD(p) _mm_loadu_pd(p)
  #define TRIALIST_STORE(p, v) _mm_storeu_pd(p, v)
  #define TRIALIST_NAME(f, accuracy) Sleef_cinz_##f##d2_##accuracy##sse2
  #define TRIALIST_SQRT(v) _mm_sqrt_pd(v)
#elif defined(__aarch64__)
  #define TRIALIST_CODE_GENERATION "arm64"
  #define TRIALIST_LANES 2
  #define TRIALIST_LOAD(p) vld1q_f64(p)
  #define TRIALIST_STORE(p, v) vst1q_f64(p, v)
  #define TRIALIST_NAME(f, accuracy) Sleef_cinz_##f##d2_##accuracy##advsimdnofma
  #define TRIALIST_SQRT(v) vsqrtq_f64(v)
#else
  #error "Trialist runs on x86-64 and arm64"
#endif

#define TRIALIST_UNARY(name, f, accuracy)                                                          \
  static inline void trialist_##name(const double *x, double *r, long n) {                         \
    for (long i = 0; i < n; i += TRIALIST_LANES)                                                   \
      TRIALIST_STORE(r + i, TRIALIST_NAME(f, accuracy)(TRIALIST_LOAD(x + i)));                     \
  }

#define TRIALIST_BINARY(name, f, accuracy)                                                         \
  static inline void trialist_##name(const double *x, const double *y, double *r, long n) {        \
    for (long i = 0; i < n; i += TRIALIST_LANES)                                                   \
      TRIALIST_STORE(r + i, TRIALIST_NAME(f, accuracy)(TRIALIST_LOAD(x + i), TRIALIST_LOAD(y + i))); \
  }

TRIALIST_UNARY(expm1, expm1, u10)
TRIALIST_UNARY(log1p, log1p, u10)
TRIALIST_UNARY(log10, log10, u10)
TRIALIST_UNARY(log2, log2, u10)
TRIALIST_UNARY(sin, sin, u10)
TRIALIST_UNARY(cos, cos, u10)
TRIALIST_UNARY(tan, tan, u10)
TRIALIST_UNARY(asin, asin, u10)
TRIALIST_UNARY(acos, acos, u10)
TRIALIST_UNARY(atan, atan, u10)
TRIALIST_UNARY(sinh, sinh, u10)
TRIALIST_UNARY(cosh, cosh, u10)
TRIALIST_UNARY(tanh, tanh, u10)
TRIALIST_UNARY(erf, erf, u10)
TRIALIST_UNARY(erfc, erfc, u15)
TRIALIST_UNARY(gamma, tgamma, u10)
TRIALIST_UNARY(lgamma, lgamma, u10)
TRIALIST_BINARY(pow, pow, u10)
TRIALIST_BINARY(atan2, atan2, u10)

// The square root is exact on every processor.
static inline void trialist_sqrt(const double *x, double *r, long n) {
  for (long i = 0; i < n; i += TRIALIST_LANES) TRIALIST_STORE(r + i, TRIALIST_SQRT(TRIALIST_LOAD(x + i)));
}

// One value at a time, with the same bits as the vector forms.
#define TRIALIST_SCALAR(name, f, accuracy)                                                         \
  static inline double trialist_scalar_##name(double x) { return Sleef_cinz_##f##d1_##accuracy##purec(x); }

TRIALIST_SCALAR(expm1, expm1, u10)
TRIALIST_SCALAR(log1p, log1p, u10)
TRIALIST_SCALAR(log10, log10, u10)
TRIALIST_SCALAR(log2, log2, u10)
TRIALIST_SCALAR(sin, sin, u10)
TRIALIST_SCALAR(cos, cos, u10)
TRIALIST_SCALAR(tan, tan, u10)
TRIALIST_SCALAR(asin, asin, u10)
TRIALIST_SCALAR(acos, acos, u10)
TRIALIST_SCALAR(atan, atan, u10)
TRIALIST_SCALAR(sinh, sinh, u10)
TRIALIST_SCALAR(cosh, cosh, u10)
TRIALIST_SCALAR(tanh, tanh, u10)
TRIALIST_SCALAR(erf, erf, u10)
TRIALIST_SCALAR(erfc, erfc, u15)
TRIALIST_SCALAR(gamma, tgamma, u10)
TRIALIST_SCALAR(lgamma, lgamma, u10)

static inline double trialist_scalar_pow(double x, double y) { return Sleef_cinz_powd1_u10purec(x, y); }
static inline double trialist_scalar_atan2(double y, double x) { return Sleef_cinz_atan2d1_u10purec(y, x); }

// The exponential and the natural logarithm: our own, two to three times as fast as the library's on sixteen numbers.
#pragma STDC FP_CONTRACT OFF
#define TRIALIST_WIDTH 16
#include "exponential.h"
#define TRIALIST_WIDTH 4
#include "exponential.h"
#define TRIALIST_WIDTH 1
#include "exponential.h"

static inline void trialist_exp(const double *x, double *r, long n) {
  for (long i = 0; i < n; i += 4) trialist_exp_4(x + i, r + i);
}
static inline void trialist_log(const double *x, double *r, long n) {
  for (long i = 0; i < n; i += 4) trialist_log_4(x + i, r + i);
}
static inline double trialist_scalar_exp(double x) { trialist_exp_1(&x, &x); return x; }
static inline double trialist_scalar_log(double x) { trialist_log_1(&x, &x); return x; }

// The instruction set this build was compiled for, as `trialist --version` prints it.
static inline const char *trialist_code_generation(void) { return TRIALIST_CODE_GENERATION; }

#endif
