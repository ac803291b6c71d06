/*
 * Reads pages with Debian's libtesseract, one after the other, for as long as its input is open. The program
 * `tesseract` loads both models anew for each page, which costs a tenth of the time of reading it.
 *
 *   page-reader DATA_DIR LANGUAGES KERNEL NAME=VALUE...
 *
 * Input, for each page: a line `WIDTH HEIGHT DPI`, then WIDTH × HEIGHT grey bytes, 0 is black.
 * KERNEL is `any`, `avx512`, `avx2` or `library`: by what the network is computed (`take-over.h`).
 * Output, for each page: a line with a number of bytes and the number of lines of print whose network the library
 * computed itself so far, then so many bytes of tesseract's table of words (TSV).
 * Ends with 0 when its input ends between two pages, with 1 when anything else happens.
 */
#include "take-over.h"
#include <leptonica/allheaders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

enum { widestPixels = 20000, mostPixels = 32000000, firstParameter = 4, mostParameters = 32 };

/*
 * The library comes with OpenMP and asks the kernel to wake threads at each step of time of its network, also
 * when it may have none: a fourteenth of its work. These stand before those of libgomp and use this thread.
 */
static unsigned section, sections;

void GOMP_parallel(void (*work)(void *), void *data, unsigned threads, unsigned flags) {
  (void)threads, (void)flags;
  work(data);
}

void GOMP_parallel_sections(void (*work)(void *), void *data, unsigned threads, unsigned count, unsigned flags) {
  unsigned outerSection = section, outerSections = sections;
  (void)threads, (void)flags;
  section = 0, sections = count;
  work(data);
  section = outerSection, sections = outerSections;
}

unsigned GOMP_sections_next(void) { return section < sections ? ++section : 0; }

void GOMP_sections_end_nowait(void) {}

/*
 * The library packs the picture of each line as PNG, keeps it in memory and unpacks it again at once, which is
 * a twenty-fifth of its work. As raw pixels nothing is packed; the reader of such pictures looks at what it is given.
 */
l_ok pixWriteMem(l_uint8 **data, size_t *sizeBytes, PIX *picture, l_int32 format) {
  (void)format;
  return pixWriteMemSpix(data, sizeBytes, picture);
}

static TessBaseAPI *startEngine(int count, char **words) {
  char *names[mostParameters], *values[mostParameters];
  if (count < firstParameter || count - firstParameter > mostParameters) return NULL;
  for (int at = firstParameter; at < count; at++) {
    char *equals = strchr(words[at], '=');
    if (equals == NULL) return NULL;
    *equals = '\0';
    names[at - firstParameter] = words[at];
    values[at - firstParameter] = equals + 1;
  }
  TessBaseAPI *engine = TessBaseAPICreate();
  int failed = TessBaseAPIInit4(engine, words[1], words[2], OEM_LSTM_ONLY, NULL, 0, names, values,
                                (size_t)(count - firstParameter), 0);
  return failed ? NULL : engine;
}

/** Whether a page was read and told. */
static int readPage(TessBaseAPI *engine, const unsigned char *pixels, int width, int height, int dpi) {
  TessBaseAPISetImage(engine, pixels, width, height, 1, width);
  TessBaseAPISetSourceResolution(engine, dpi);
  if (TessBaseAPIRecognize(engine, NULL) != 0) return 0;
  char *table = TessBaseAPIGetTsvText(engine, 0);
  if (table == NULL) return 0;
  size_t sizeBytes = strlen(table);
  int told = printf("%zu %d\n", sizeBytes, linesByLibrary()) > 0 && fwrite(table, 1, sizeBytes, stdout) == sizeBytes &&
             fflush(stdout) == 0;
  TessDeleteText(table);
  TessBaseAPIClear(engine);
  return told;
}

int main(int count, char **words) {
  char line[64];
  unsigned char *pixels = malloc(mostPixels);
  TessBaseAPI *engine = startEngine(count, words);
  if (engine != NULL) takeOverModels(words[1], words[2], words[3]);
  if (engine == NULL || pixels == NULL) return 1;
  while (fgets(line, sizeof line, stdin) != NULL) {
    int width, height, dpi;
    if (sscanf(line, "%d %d %d", &width, &height, &dpi) != 3) return 1;
    if (width < 1 || height < 1 || width > widestPixels || height > mostPixels / width) return 1;
    if (fread(pixels, (size_t)width, (size_t)height, stdin) != (size_t)height) return 1;
    if (!readPage(engine, pixels, width, height, dpi)) return 1;
  }
  return ferror(stdin) ? 1 : 0;
}
