#include "kernel.h"
#include <stddef.h>
#include <string.h>

extern const float tanhTable[tableSize] __asm__("_ZN9tesseract9TanhTableE");
extern const float logisticTable[tableSize] __asm__("_ZN9tesseract13LogisticTableE");
Point tanhPoints[tableSize], logisticPoints[tableSize];

static void fillPoints(Point *points, const float *values) {
  for (int at = 0; at < tableSize - 1; at++) points[at] = (Point){values[at], values[at + 1] - values[at]};
  points[tableSize - 1] = (Point){1, 0};
}

const Kernel *findKernel(const char *name) {
  fillPoints(tanhPoints, tanhTable);
  fillPoints(logisticPoints, logisticTable);
#ifdef __x86_64__
  const int any = strcmp(name, "any") == 0;
  if ((any || strcmp(name, "avx512") == 0) && __builtin_cpu_supports("avx512vnni") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return &avx512Kernel;
  if ((any || strcmp(name, "avx2") == 0) && __builtin_cpu_supports("avx2")) return &avx2Kernel;
#else
  (void)name;
#endif
  return NULL;
}
