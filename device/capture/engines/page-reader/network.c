#include "network.h"
#include "model.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

int outputsOf(const Network *network) { return network->outputs; }

/** The library's random numbers (`std::minstd_rand`), scaled to -127…127. */
static int8_t noise(uint64_t *seed) {
  *seed = *seed * 48271 % INT32_MAX;
  double value = 127 * 2.0 * (double)*seed / INT32_MAX - 127;
  return (int8_t)(value >= 0 ? (int)(value + 0.5) : -(int)(-value + 0.5));
}

/** What lies outside of the line is noise, new for each pixel, in the order in which the library draws it. */
static void surround(const int8_t *pixels, int width, uint64_t *seed, Surroundings *found) {
  for (int y = 0; y < lineHeight; y++) {
    for (int x = 0; x < width; x++, found++) {
      for (int dx = -1; dx <= 1; dx++) {
        int8_t three[4] = {0, 0, 0, 0};
        const int8_t *middle = pixels + y * width + x + dx;
        int isInside = x + dx >= 0 && x + dx < width;
        if (isInside && y > 0 && y < lineHeight - 1) {
          three[0] = middle[-width], three[1] = middle[0], three[2] = middle[width];
        } else
          for (int dy = -1; dy <= 1; dy++)
            three[dy + 1] = isInside && y + dy >= 0 && y + dy < lineHeight ? middle[dy * width] : noise(seed);
        memcpy(&found->columns[dx + 1], three, sizeof three);
      }
    }
  }
}

/** What each three columns say once they were read from above to below. */
static void readColumns(const Network *network, const Surroundings *pixels, int width, int8_t *said) {
  const Lstm *lstm = &network->column;
  for (int at = 0; at < width / squareSide; at++, said += lstm->states) {
    int8_t source[mostInputs] = {0};
    float state[mostOutputs] = {0};
    for (int y = 0; y < lineHeight; y += squareSide) {
      network->kernel->convolve(&network->convolution, pixels + y * width + at * squareSide, width, source);
      network->kernel->step(lstm, source, state);
    }
    memcpy(said, source + lstm->inputs, (size_t)lstm->states);
  }
}

/** Reads the steps of a line in one direction. */
static void readSteps(const Kernel *kernel, const Lstm *lstm, int isFromRight, int steps, const int8_t *heard,
                      int8_t *said) {
  int8_t source[mostInputs] = {0};
  float state[mostOutputs] = {0};
  for (int count = 0; count < steps; count++) {
    int at = isFromRight ? steps - 1 - count : count;
    memcpy(source, heard + (size_t)at * (size_t)lstm->inputs, (size_t)lstm->inputs);
    kernel->step(lstm, source, state);
    memcpy(said + (size_t)at * (size_t)lstm->states, source + lstm->inputs, (size_t)lstm->states);
  }
}

/** Probabilities out of what the last layer says (softmax). */
static void share(float *values, int count) {
  const float least = -86;
  float most = values[0], sum = 0;
  for (int at = 1; at < count; at++) most = values[at] > most ? values[at] : most;
  for (int at = 0; at < count; at++) {
    float below = values[at] - most;
    values[at] = expf(below < least ? least : below);
    sum += values[at];
  }
  for (int at = 0; at < count; at++) values[at] /= sum;
}

void runNetwork(const Network *network, const int8_t *pixels, int width, uint64_t *seed, float *probabilities) {
  int steps = width / columnsPerStep;
  Surroundings *surroundings = malloc((size_t)width * lineHeight * sizeof *surroundings);
  int8_t *heard = calloc((size_t)steps, mostInputs), *said = calloc((size_t)steps, mostInputs);
  if (surroundings == NULL || heard == NULL || said == NULL) abort();
  surround(pixels, width, seed, surroundings);
  readColumns(network, surroundings, width, heard);
  for (int layer = 0; layer < lineLayers; layer++) {
    readSteps(network->kernel, &network->lines[layer], layer == 1, steps, heard, said);
    int8_t *other = heard;
    heard = said;
    said = other;
  }
  for (int at = 0; at < steps; at++) {
    float outputs[mostOutputs];
    int8_t source[mostInputs] = {0};
    memcpy(source, heard + (size_t)at * (size_t)network->output.inputs, (size_t)network->output.inputs);
    network->kernel->multiply(&network->output, source, outputs);
    share(outputs, network->outputs);
    memcpy(probabilities + (size_t)at * (size_t)network->outputs, outputs, (size_t)network->outputs * sizeof *outputs);
  }
  free(surroundings);
  free(heard);
  free(said);
}
