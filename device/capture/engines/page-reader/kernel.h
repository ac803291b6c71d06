/* What a layer of the network is made of, and the two ways of computing it: for AVX2 and for AVX-512 with VNNI. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdint.h>

/** Outputs that are computed together: a matrix has a multiple of them. Inputs and states come in multiples too. */
enum { blockOutputs = 64, inputStep = 8, statesStep = 16, mostOutputs = 768, mostInputs = 320 };

typedef struct {
  int inputs, outputs;
  /** For each block, for each four inputs, for each output of the block: four weights. */
  int8_t *weights;
  int32_t *bias;
  float *scales;
} Matrix;

typedef struct {
  int inputs, states;
  /** Rows of all gates, one after the other: cell input, input gate, forget gate, output gate. */
  Matrix gates;
} Lstm;

/** Three columns of three pixels, sixteen outputs; the fourth weight of each column is 0. */
enum { kernelColumns = 3, kernelOutputs = 16, squareSide = 3 };
typedef struct {
  int8_t weights[kernelColumns][kernelOutputs][4];
  int32_t bias[kernelOutputs];
  float scales[kernelOutputs];
} Convolution;

/** A pixel and those around it: its left column, its own and its right one; the fourth byte is 0. */
typedef struct {
  uint32_t columns[kernelColumns];
} Surroundings;

typedef struct {
  /** What is added to inputs so that they are not negative; the bias makes up for it. */
  int inputOffset;
  void (*multiply)(const Matrix *matrix, const int8_t *inputs, float *outputs);
  /** One step of time. `source`: inputs, then the last output, which is replaced. */
  void (*step)(const Lstm *lstm, int8_t *source, float *state);
  /**
   * The largest outputs of a square of three by three pixels, which is what is left of them. What grows, grows
   * through scale, tangent and rounding: only the largest sum needs to be taken there.
   */
  void (*convolve)(const Convolution *convolution, const Surroundings *first, int width, int8_t *largest);
} Kernel;

extern const Kernel avx2Kernel, avx512Kernel;

/** The fastest for this processor (`any`), or the named one (`avx2`, `avx512`); NULL when it cannot run here. */
const Kernel *findKernel(const char *name);

/** The library's own tables of the two functions from 0 to 16, as values and their rise to the next; 1 beyond. */
enum { tableSize = 4096, tableScale = 256 };
typedef struct {
  float value, rise;
} Point;
extern Point tanhPoints[tableSize], logisticPoints[tableSize];

#endif
