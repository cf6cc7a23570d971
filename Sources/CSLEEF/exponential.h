// e^x and ln x on TRIALIST_WIDTH numbers side by side; shim.h includes this file once for each width.
//
// These two are what inner loops spend most of their time on. Every operation here, the fused multiply-add among them, is
// one that IEEE 754 defines to the last bit, so the results depend neither on the processor nor on the width. Where the
// instruction set has no fused multiply-add the C library computes it, slowly and alike. The errors stay below 1 unit in
// the last place (tests of NumericsCore). The coefficients come from Scripts/elementary-coefficients.py.

#define TRIALIST_JOIN_(name, width) trialist_##name##_##width
#define TRIALIST_JOIN(name, width) TRIALIST_JOIN_(name, width)
#define V TRIALIST_JOIN(doubles, TRIALIST_WIDTH)
#define I TRIALIST_JOIN(words, TRIALIST_WIDTH)
#define FMA(a, b, c) __builtin_elementwise_fma((V)(a), (V)(b), (V)(c))

typedef double V __attribute__((ext_vector_type(TRIALIST_WIDTH), aligned(8)));
typedef long I __attribute__((ext_vector_type(TRIALIST_WIDTH), aligned(8)));

// e^x and, unless `less` is null, e^x - 1 to all digits near 0: infinite above 709.78, 0 below -745.13, missing for a
// missing x.
//
// x = k ln 2 + r with |r| <= ln 2 / 2, and e^x = 2^k (1 + p) with p = r + r^2 q(r).
__attribute__((always_inline)) static inline void TRIALIST_JOIN(exponentials, TRIALIST_WIDTH)(
    const double *from, double *to, double *less) {
  const V shift = 0x1.8p52;  // adding it rounds to a whole number, whose bits then stand at the low end
  V x = *(const V *)from;
  x = x > (V)720.0 ? (V)720.0 : x;
  x = x < (V)-760.0 ? (V)-760.0 : x;
  V count = FMA(x, 1.4426950408889634, shift) - shift;
  V r = FMA(count, -0.6931471805599453, x);
  r = FMA(count, -2.3190468138462996e-17, r);
  V q = 2.0914686968086876e-09;
  q = FMA(q, r, 2.5105217004720745e-08);
  q = FMA(q, r, 2.75572736431103e-07);
  q = FMA(q, r, 2.7557255400206422e-06);
  q = FMA(q, r, 2.4801587325547743e-05);
  q = FMA(q, r, 0.00019841269874820627);
  q = FMA(q, r, 0.0013888888888883748);
  q = FMA(q, r, 0.008333333333326136);
  q = FMA(q, r, 0.04166666666666667);
  q = FMA(q, r, 0.1666666666666667);
  q = FMA(q, r, 0.5);
  const V p = FMA(q, r * r, r);
  // 2^k in two factors, of which neither leaves the exponents that a number may have.
  V half = FMA(count, 0.5, shift);
  V rest = (count - (half - shift)) + shift;
  const I one = 0x3FF0000000000000;
  I first = ((I)half << 52) + one;
  I second = ((I)rest << 52) + one;
  const V value = (1.0 + p) * (V)first * (V)second;
  *(V *)to = value;
  if (less) {
    const V power = (V)first * (V)second;
    *(V *)less = x > (V)700.0 ? value : FMA(power, p, power - 1.0);
  }
}

static inline void TRIALIST_JOIN(exp, TRIALIST_WIDTH)(const double *from, double *to) {
  TRIALIST_JOIN(exponentials, TRIALIST_WIDTH)(from, to, 0);
}

// ln x: minus infinite at 0, missing below and for a missing x.
//
// x = 2^k (1 + f) with 1 + f between the roots of 1/2 and 2, and with s = f / (2 + f): ln(1 + f) = 2 s + s^3 r(s^2).
static inline void TRIALIST_JOIN(log, TRIALIST_WIDTH)(const double *from, double *to) {
  const V given = *(const V *)from;
  V x = given, bias = 0x1p52 + 1023;
  const I isUsual = (x >= (V)0x1p-1022) & (x <= (V)0x1.fffffffffffffp1023);
  const int hasOthers = __builtin_reduce_and(isUsual) == 0;
  if (hasOthers) {
    const I isSubnormal = x < (V)0x1p-1022;
    x = isSubnormal ? x * 0x1p54 : x;
    bias = isSubnormal ? (V)(0x1p52 + 1023 + 54) : bias;
  }
  const I one = 0x3FF0000000000000;
  const I bits = (I)x;
  // The exponent's bits once the root of 1/2 counts as the lower end of its binade.
  const I biased = ((bits + (one - 0x3FE6A09E667F3BCD)) >> 52) & 0x7FF;
  V f = (V)(bits - (biased << 52) + one) - 1.0;
  V count = (V)(biased | 0x4330000000000000) - bias;
  V s = f / (f + 2.0);
  V z = s * s;
  V r = 0.14616585424888623;
  r = FMA(r, z, 0.15331710618210773);
  r = FMA(r, z, 0.18182889455674947);
  r = FMA(r, z, 0.22222211130259878);
  r = FMA(r, z, 0.2857142862600327);
  r = FMA(r, z, 0.39999999999899444);
  r = FMA(r, z, 0.666666666666667);
  // 2 s = f - f^2/2 + s f^2/2, of which the first two terms lose little. ln 2 has a leading part of 32 bits.
  V square = 0.5 * f * f;
  V small = FMA(s, FMA(z, r, square), count * 1.9082149292705877e-10);
  V result = FMA(count, 0.6931471803691238, f - (square - small));
  if (hasOthers) {
    result = given == (V)__builtin_inf() ? given : result;
    result = given == (V)0.0 ? (V)-__builtin_inf() : result;
    result = given < (V)0.0 ? (V)__builtin_nan("") : result;
    result = given != given ? given : result;
  }
  *(V *)to = result;
}

#undef FMA
#undef I
#undef V
#undef TRIALIST_JOIN
#undef TRIALIST_JOIN_
#undef TRIALIST_WIDTH
