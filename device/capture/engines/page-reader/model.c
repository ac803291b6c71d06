/* Reads a model out of Debian's file of a language (`rus.traineddata`). */
#include "model.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Place of the network among the parts of the file, and bounds of what is believed. */
enum { networkPart = 17, mostParts = 64, mostFileBytes = 64 * 1024 * 1024, longestName = 256 };

/** The part of the file that is not read yet; `failed` once something was missing or other than expected. */
typedef struct {
  const uint8_t *at;
  size_t left;
  int failed;
} Source;

static void take(Source *source, void *to, size_t sizeBytes) {
  if (source->failed || source->left < sizeBytes) {
    source->failed = 1;
    memset(to, 0, sizeBytes);
    return;
  }
  memcpy(to, source->at, sizeBytes);
  source->at += sizeBytes;
  source->left -= sizeBytes;
}

static int32_t number(Source *source) {
  int32_t value;
  take(source, &value, sizeof value);
  return value;
}

static void expect(Source *source, int isSo) {
  if (!isSo) source->failed = 1;
}

static void expectNumber(Source *source, int32_t wanted) { expect(source, number(source) == wanted); }

static void skipName(Source *source) {
  char name[longestName];
  int32_t length = number(source);
  expect(source, length >= 0 && length <= longestName);
  if (!source->failed) take(source, name, (size_t)length);
}

/** Head of each layer: its kind, marks of its training, its inputs, its outputs, number of its weights, its name. */
static void layer(Source *source, const char *kind, int32_t *inputs, int32_t *outputs) {
  char name[longestName];
  int8_t old, marks[2];
  take(source, &old, 1);
  int32_t length = number(source);
  expect(source, old == 0 && length == (int32_t)strlen(kind));
  if (source->failed) return;
  take(source, name, (size_t)length);
  expect(source, memcmp(name, kind, (size_t)length) == 0);
  take(source, marks, sizeof marks);
  number(source);
  *inputs = number(source);
  *outputs = number(source);
  number(source);
  skipName(source);
}

static void layers(Source *source, const char *kind, int32_t count) {
  int32_t inputs, outputs;
  layer(source, kind, &inputs, &outputs);
  expectNumber(source, count);
}

/** Rates of learning stand behind layers that are made of others. */
static void skipRates(Source *source, int32_t count) {
  expectNumber(source, count);
  while (count-- > 0 && !source->failed) number(source);
}

static int roundedUp(int value, int to) { return (value + to - 1) / to * to; }

static void *room(Source *source, size_t sizeBytes) {
  void *place = source->failed ? NULL : calloc(1, sizeBytes);
  expect(source, place != NULL);
  return place;
}

static Matrix emptyMatrix(Source *source, int outputs, int inputs) {
  Matrix matrix = {roundedUp(inputs, inputStep), roundedUp(outputs, blockOutputs), NULL, NULL, NULL};
  expect(source, outputs > 0 && inputs > 0 && matrix.outputs <= mostOutputs && matrix.inputs <= mostInputs);
  if (source->failed) return matrix;
  matrix.weights = room(source, (size_t)matrix.outputs * (size_t)matrix.inputs);
  matrix.bias = room(source, (size_t)matrix.outputs * sizeof *matrix.bias);
  matrix.scales = room(source, (size_t)matrix.outputs * sizeof *matrix.scales);
  return matrix;
}

/** Weights of one output and its bias, which the library holds as the weight of an input that is always 127. */
typedef struct {
  int8_t weights[mostInputs];
  int32_t bias;
} Row;

/** Reads a matrix of `outputs` rows, then the scale of each. */
static void readRows(Source *source, int outputs, int inputs, int inputOffset, Row *rows, float *scales) {
  enum { wholeNumbers = 1, doubles = 128 };
  uint8_t mode;
  int8_t empty;
  take(source, &mode, 1);
  expect(source, (mode & wholeNumbers) && (mode & doubles));
  expectNumber(source, outputs);
  expectNumber(source, inputs + 1);
  take(source, &empty, 1);
  for (int row = 0; row < outputs && !source->failed; row++) {
    int8_t bias;
    int32_t sum = 0;
    take(source, rows[row].weights, (size_t)inputs);
    take(source, &bias, 1);
    for (int at = 0; at < inputs; at++) sum += rows[row].weights[at];
    rows[row].bias = bias * 127 - sum * inputOffset;
  }
  expectNumber(source, outputs);
  for (int row = 0; row < outputs && !source->failed; row++) {
    double scale;
    take(source, &scale, sizeof scale);
    scales[row] = (float)(scale / 127);
  }
}

/** Reads `outputs` rows into a matrix, from its row `first` on. */
static void readInto(Source *source, Matrix *matrix, int first, int outputs, int inputs, int inputOffset) {
  Row *rows = room(source, (size_t)outputs * sizeof *rows);
  if (source->failed) return free(rows);
  readRows(source, outputs, inputs, inputOffset, rows, matrix->scales + first);
  for (int row = 0; row < outputs && !source->failed; row++) {
    int to = first + row, block = to / blockOutputs * blockOutputs;
    matrix->bias[to] = rows[row].bias;
    for (int at = 0; at < inputs; at++)
      matrix->weights[block * matrix->inputs + at / 4 * 4 * blockOutputs + (to - block) * 4 + at % 4] =
          rows[row].weights[at];
  }
  free(rows);
}

static Lstm readLstm(Source *source, const char *kind, int wantedInputs, int inputOffset) {
  enum { gates = 4 };
  int32_t inputs, states;
  layer(source, kind, &inputs, &states);
  expect(source, inputs == wantedInputs && states > 0 && states <= mostOutputs / gates);
  expect(source, inputs + states <= mostInputs && inputs % inputStep == 0 && states % statesStep == 0);
  expectNumber(source, inputs + states);
  Lstm lstm = {inputs, states, emptyMatrix(source, gates * states, inputs + states)};
  for (int gate = 0; gate < gates && !source->failed; gate++)
    readInto(source, &lstm.gates, gate * states, states, inputs + states, inputOffset);
  return lstm;
}

static void readConvolution(Source *source, Convolution *convolution, int inputOffset) {
  enum { inputs = kernelColumns * 3 };
  Row rows[kernelOutputs];
  int32_t in, out;
  layers(source, "Series", 2);
  layer(source, "Convolve", &in, &out);
  expect(source, in == 1 && out == inputs);
  expectNumber(source, 1);
  expectNumber(source, 1);
  layer(source, "Tanh", &in, &out);
  expect(source, in == inputs && out == kernelOutputs);
  readRows(source, kernelOutputs, inputs, inputOffset, rows, convolution->scales);
  for (int row = 0; row < kernelOutputs && !source->failed; row++) {
    convolution->bias[row] = rows[row].bias;
    for (int at = 0; at < inputs; at++) convolution->weights[at / 3][row][at % 3] = rows[row].weights[at];
  }
  skipRates(source, 2);
}

static void readNetwork(Source *source, Network *network) {
  static const char *const whole = "Series", *const lstm = "LSTM";
  const int offset = network->kernel->inputOffset;
  int32_t inputs, outputs;
  layers(source, whole, 8);
  layer(source, "Input", &inputs, &outputs);
  for (int at = 0; at < 5; at++) expectNumber(source, (const int32_t[]){1, lineHeight, 0, 1, 0}[at]);
  readConvolution(source, &network->convolution, offset);
  layer(source, "Maxpool", &inputs, &outputs);
  expectNumber(source, columnsPerStep);
  expectNumber(source, columnsPerStep);
  layers(source, "XYTranspose", 1);
  network->column = readLstm(source, "SummLSTM", kernelOutputs, offset);
  skipRates(source, 1);
  Lstm *lines = network->lines;
  lines[0] = readLstm(source, lstm, network->column.states, offset);
  layers(source, "RTLReversed", 1);
  lines[1] = readLstm(source, lstm, lines[0].states, offset);
  skipRates(source, 1);
  lines[2] = readLstm(source, lstm, lines[1].states, offset);
  layer(source, "Softmax", &inputs, &outputs);
  expect(source, inputs == lines[2].states);
  network->output = emptyMatrix(source, outputs, inputs);
  if (!source->failed) readInto(source, &network->output, 0, outputs, inputs, offset);
  network->outputs = outputs;
}

static uint8_t *readFile(const char *path, size_t *sizeBytes) {
  FILE *file = fopen(path, "rb");
  uint8_t *bytes = file == NULL ? NULL : malloc(mostFileBytes);
  if (bytes != NULL) *sizeBytes = fread(bytes, 1, mostFileBytes, file);
  if (file != NULL) fclose(file);
  return bytes;
}

Network *loadNetwork(const char *path, const Kernel *kernel) {
  size_t sizeBytes = 0;
  int64_t start = -1;
  uint8_t *bytes = readFile(path, &sizeBytes);
  Network *network = bytes == NULL ? NULL : calloc(1, sizeof *network);
  if (network == NULL) return free(bytes), NULL;
  network->kernel = kernel;
  Source head = {bytes, sizeBytes, 0};
  int32_t parts = number(&head);
  expect(&head, parts > networkPart && parts <= mostParts);
  for (int at = 0; at <= networkPart; at++) take(&head, &start, sizeof start);
  expect(&head, start >= 0 && (size_t)start <= sizeBytes);
  Source source = {bytes + (head.failed ? 0 : start), head.failed ? 0 : sizeBytes - (size_t)start, head.failed};
  readNetwork(&source, network);
  free(bytes);
  // What an unknown model has taken is not given back: that happens once in a process.
  return source.failed ? NULL : network;
}

