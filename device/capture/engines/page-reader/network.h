/*
 * The network of Debian's small models («fast»): `[1,36,0,1 Ct3,3,16 Mp3,3 Lfys Lfx Lrx Lfx O1c]`. Computed as the
 * library computes it, number for number, but in a seventh of its time: all gates of a layer are one product of
 * matrix and vector, tables are looked up many places at a time, and nothing is kept for each pixel.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include "kernel.h"
#include <stdint.h>

/** Height of a line of print as the network takes it; columns that make one step of time. */
enum { lineHeight = 36, columnsPerStep = 3 };

typedef struct Network Network;

/** NULL when the file cannot be read or holds a model of other layers. */
Network *loadNetwork(const char *path, const Kernel *kernel);

/** Characters and parts of them that the network tells apart. */
int outputsOf(const Network *network);

/**
 * Reads a line.
 * @param pixels lineHeight rows of `width` values from -127 (black) to 127
 * @param seed of the library's random numbers, which stand for what lies outside of the picture; moved on
 * @param probabilities width / columnsPerStep rows of outputsOf(network)
 */
void runNetwork(const Network *network, const int8_t *pixels, int width, uint64_t *seed, float *probabilities);

#endif
