#ifdef __x86_64__
#pragma GCC optimize("O3")
#pragma GCC target("avx2")
#include "kernel.inc"

const Kernel avx2Kernel = {offset, multiply, step, convolve};
#endif
