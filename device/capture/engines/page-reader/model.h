/* A model in memory, laid out for the kernels. */
#ifndef MODEL_H
#define MODEL_H

#include "kernel.h"
#include "network.h"

/** Layers that read along the line: from the left, from the right and from the left again. */
enum { lineLayers = 3 };

struct Network {
  const Kernel *kernel;
  Convolution convolution;
  /** Reads each column from above. */
  Lstm column;
  Lstm lines[lineLayers];
  Matrix output;
  int outputs;
};

#endif
