/*
 * Puts our computation of the network in the place of the library's. Two functions here stand before those of the
 * library, because the dynamic linker takes those of the program first. They look into nothing of the library and
 * only call what it exports. A network is taken over once we computed its first lines as the library did, to the
 * last bit: with another model or another library, pages are read as before.
 */
#define _GNU_SOURCE
#include "take-over.h"
#include "network.h"
#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { mostModels = 8, linesToCompare = 2, mostLinesCompared = 20, widestLine = 30000, mostValues = 1024 };

typedef void Line, Series, Shape;
typedef void PrepareInput(const Shape *shape, PIX *picture, uint64_t *seed, Line *line);
typedef void Forward(Series *series, _Bool debug, const Line *in, const void *transposed, void *scratch, Line *out);

#define PREPARE_INPUT "_ZN9tesseract5Input15PreparePixInputERKNS_11StaticShapeENS_5ImageEPNS_5TRandEPNS_9NetworkIOE"
#define FORWARD \
  "_ZN9tesseract6Series7ForwardEbRKNS_9NetworkIOEPKNS_15TransposedArrayEPNS_14NetworkScratchEPS1_"
PrepareInput prepareInput __asm__(PREPARE_INPUT);
Forward forward __asm__(FORWARD);
void readStep(const Line *line, int step, float *values) __asm__("_ZNK9tesseract9NetworkIO12ReadTimeStepEiPf");
void writeStep(Line *line, int step, const float *values) __asm__("_ZN9tesseract9NetworkIO13WriteTimeStepEiPKf");
void resize(Line *line, _Bool isWhole, int steps, int values) __asm__("_ZN9tesseract9NetworkIO8Resize2dEbii");

/** A model of ours and, once a line was alike, the network of the library that it computes. */
typedef struct {
  Network *network;
  const Series *series;
  int compared, alike;
} Model;

static Model models[mostModels];
static int modelCount, computedByLibrary;

/** The line that was prepared last, as pixels. */
static struct {
  const Line *line;
  int width, height;
  uint64_t *seed;
} prepared;

int linesByLibrary(void) { return computedByLibrary; }

void takeOverModels(const char *dataDir, const char *languages, const char *kernelName) {
  const Kernel *kernel = findKernel(kernelName);
  char path[PATH_MAX];
  while (kernel != NULL && *languages != '\0' && modelCount < mostModels) {
    int length = (int)strcspn(languages, "+");
    snprintf(path, sizeof path, "%s/%.*s.traineddata", dataDir, length, languages);
    Network *network = loadNetwork(path, kernel);
    if (network != NULL && outputsOf(network) <= mostValues) models[modelCount++].network = network;
    languages += length + (languages[length] == '+');
  }
}

void prepareInput(const Shape *shape, PIX *picture, uint64_t *seed, Line *line) {
  static PrepareInput *original;
  if (original == NULL) original = (PrepareInput *)dlsym(RTLD_NEXT, PREPARE_INPUT);
  original(shape, picture, seed, line);
  prepared.line = line;
  prepared.width = pixGetWidth(picture);
  prepared.height = pixGetHeight(picture);
  prepared.seed = seed;
}

/** Probabilities of each step of a line, to be freed. */
static float *compute(const Network *network, const Line *line, int width, uint64_t *seed) {
  int8_t *pixels = malloc((size_t)width * lineHeight);
  float *probabilities = malloc((size_t)(width / columnsPerStep) * (size_t)outputsOf(network) * sizeof *probabilities);
  if (pixels == NULL || probabilities == NULL) abort();
  for (int at = 0; at < width * lineHeight; at++) {
    float value;
    readStep(line, at, &value);
    pixels[at] = (int8_t)(value * 127 + (value < 0 ? -0.5f : 0.5f));
  }
  runNetwork(network, pixels, width, seed, probabilities);
  free(pixels);
  return probabilities;
}

static int isAlike(const float *probabilities, const Line *line, int steps, int outputs) {
  float values[mostValues];
  for (int at = 0; at < steps; at++) {
    readStep(line, at, values);
    if (memcmp(values, probabilities + (size_t)at * (size_t)outputs, (size_t)outputs * sizeof *values) != 0) return 0;
  }
  return 1;
}

static void compare(const Series *series, const Line *in, int width, uint64_t seedBefore, const Line *out) {
  for (Model *model = models; model < models + modelCount; model++) {
    uint64_t seed = seedBefore;
    if (model->compared >= mostLinesCompared || (model->series != NULL && model->series != series)) continue;
    float *probabilities = compute(model->network, in, width, &seed);
    model->compared++;
    if (seed == *prepared.seed && isAlike(probabilities, out, width / columnsPerStep, outputsOf(model->network))) {
      model->series = series;
      model->alike++;
    } else if (model->series != NULL) {
      // Alike once and not always: it is not to be trusted.
      model->compared = mostLinesCompared;
      model->alike = 0;
    }
    free(probabilities);
  }
}

static const Network *takenOver(const Series *series) {
  for (const Model *model = models; model < models + modelCount; model++)
    if (model->series == series && model->alike >= linesToCompare) return model->network;
  return NULL;
}

void forward(Series *series, _Bool debug, const Line *in, const void *transposed, void *scratch, Line *out) {
  static Forward *original;
  if (original == NULL) original = (Forward *)dlsym(RTLD_NEXT, FORWARD);
  const int width = prepared.width, steps = width / columnsPerStep;
  const int isWholeLine = in == prepared.line;
  prepared.line = NULL;
  // Parts of the network are such series too, and read what the parts before them say.
  if (!isWholeLine) return original(series, debug, in, transposed, scratch, out);
  const int isFit = prepared.height == lineHeight && steps > 0 && width <= widestLine;
  const Network *network = isFit ? takenOver(series) : NULL;
  if (network == NULL) {
    const uint64_t seed = *prepared.seed;
    original(series, debug, in, transposed, scratch, out);
    computedByLibrary++;
    if (isFit) compare(series, in, width, seed, out);
    return;
  }
  float *probabilities = compute(network, in, width, prepared.seed);
  resize(out, 0, steps, outputsOf(network));
  for (int at = 0; at < steps; at++) writeStep(out, at, probabilities + (size_t)at * (size_t)outputsOf(network));
  free(probabilities);
}
