/*
 * LD_PRELOAD: notes how long each log of SQLite was when it was last flushed, in FILE.flushed beside it.
 * What lies behind that length is what a power cut may take.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(int fd, long long size) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 16);
  if (length < 4 || strncmp(path + length - 4, "-wal", 4) != 0) return;
  strcpy(path + length, ".flushed");
  int out = open(path, O_WRONLY | O_CREAT, 0600);
  if (out < 0) return;
  char text[32];
  int n = snprintf(text, sizeof text, "%020lld", size);
  if (pwrite(out, text, n, 0) != n) _exit(99);
  close(out);
}

static int flush(const char *name, int fd) {
  struct stat before = {0};
  fstat(fd, &before);
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (result == 0) note(fd, before.st_size);
  return result;
}

int fsync(int fd) { return flush("fsync", fd); }
int fdatasync(int fd) { return flush("fdatasync", fd); }
