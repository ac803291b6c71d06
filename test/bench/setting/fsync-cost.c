/*
 * Preloaded into a program, it gives every fsync and fdatasync one fixed cost and counts them. Files lie
 * in memory, where the call itself is free: the disk of a shared machine changes its mind by the minute.
 *
 *   OKNO_FSYNC_US     microseconds that a call takes, at least
 *   OKNO_FSYNC_COUNT  file of 8 bytes, the count as a little-endian integer
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static long cost_us;
static atomic_long *count;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
  const char *cost = getenv("OKNO_FSYNC_US"), *path = getenv("OKNO_FSYNC_COUNT");
  cost_us = cost ? atol(cost) : 0;
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *page = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) count = page;
  close(file);
}

static int with_cost(int (*sync)(int), int file) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  int result = sync(file);
  if (count) atomic_fetch_add(count, 1);
  long long ns = end.tv_nsec + cost_us * 1000LL;
  end.tv_sec += ns / 1000000000;
  end.tv_nsec = ns % 1000000000;
  if (cost_us > 0)
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL)) continue;
  return result;
}

int fsync(int file) { return with_cost(real_fsync, file); }
int fdatasync(int file) { return with_cost(real_fdatasync, file); }
