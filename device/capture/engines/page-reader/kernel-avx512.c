#ifdef __x86_64__
#pragma GCC optimize("O3")
#pragma GCC target("avx2,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,prefer-vector-width=512")
#include "kernel.inc"

const Kernel avx512Kernel = {offset, multiply, step, convolve};
#endif
