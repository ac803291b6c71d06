#ifndef TAKE_OVER_H
#define TAKE_OVER_H

/**
 * From now on lines are read by our own computation of these models (`rus+eng`), where it is exact.
 * @param kernel `any`, or the name of one
 */
void takeOverModels(const char *dataDir, const char *languages, const char *kernel);

/** Lines that the library computed itself since the start: of each model the first ones, with which ours are compared. */
int linesByLibrary(void);

#endif
