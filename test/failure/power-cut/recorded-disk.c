/*
 * LD_PRELOAD: writes down what a program does to one folder, in order, so that every state which a power
 * cut could have left can be made again afterwards (recorded-disk.ts).
 *
 *   OKNO_DISK_DIR  the folder
 *   OKNO_DISK_LOG  where to write it down, outside of the folder
 *   OKNO_DISK_DIE  SIGKILL before the call with this number, if given
 *
 * A record is {u32 what, u32 length, u64 inode, u64 number} and `length` bytes, little-endian. What
 * the program says on its standard output is a record as well: it may not have said too much. A flush counts
 * for what was recorded when it began. Calls that change something wait for each other.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, WRITTEN, TRUNCATED, FLUSHED, RENAMED, UNLINKED, MADE_FOLDER, SAID };
enum { most_files = 65536 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int out = -1;
static uint64_t records, die;
static ino_t inode_of[most_files];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("OKNO_DISK_LOG"), *death = getenv("OKNO_DISK_DIE");
  folder = getenv("OKNO_DISK_DIR");
  if (!folder || !path) return;
  folder_length = strlen(folder);
  die = death ? strtoull(death, NULL, 10) : 0;
  out = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Inside the folder, or the folder itself; SQLite's shared memory is no file that a power cut leaves. */
static int is_ours(const char *path) {
  size_t length = strlen(path);
  if (out < 0 || strncmp(path, folder, folder_length) != 0) return 0;
  if (path[folder_length] != '/' && path[folder_length] != 0) return 0;
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static ino_t tracked(int fd) { return fd >= 0 && fd < most_files ? inode_of[fd] : 0; }

static void record(uint32_t what, uint64_t inode, uint64_t number, const void *bytes, uint32_t length) {
  struct { uint32_t what, length; uint64_t inode, number; } head = {what, length, inode, number};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)bytes, length}};
  if (REAL(writev)(out, parts, 2) != (ssize_t)(sizeof head + length)) _exit(99);
  records++;
}

/* Everything that changes something begins here: the program may die right before it. */
static void begin_turn(void) {
  pthread_mutex_lock(&turn);
  if (die && records + 1 >= die) kill(getpid(), SIGKILL);
}
static void end_turn(void) {
  int error = errno;
  pthread_mutex_unlock(&turn);
  errno = error;
}

static int open_file(__typeof__(&open) real, const char *path, int flags, mode_t mode) {
  if (!is_ours(path)) {
    int fd = real(path, flags, mode);
    if (fd >= 0 && fd < most_files) inode_of[fd] = 0;
    return fd;
  }
  begin_turn();
  struct stat before, after;
  int existed = stat(path, &before) == 0;
  int fd = real(path, flags, mode);
  if (fd >= 0 && fd < most_files && fstat(fd, &after) == 0) {
    inode_of[fd] = after.st_ino;
    record(OPENED, after.st_ino, existed, path + folder_length, strlen(path + folder_length));
    if (existed && (flags & O_TRUNC)) record(TRUNCATED, after.st_ino, 0, NULL, 0);
  }
  end_turn();
  return fd;
}

#define OPEN(name)                                                     \
  int name(const char *path, int flags, ...) {                         \
    va_list rest;                                                      \
    va_start(rest, flags);                                             \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;          \
    va_end(rest);                                                      \
    return open_file((__typeof__(&open))REAL(name), path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (fd >= 0 && fd < most_files) inode_of[fd] = 0;
  return REAL(close)(fd);
}

/* Where a write without a place goes. */
static uint64_t place(int fd) {
  struct stat now;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &now) == 0) return now.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

static void note(int fd, uint64_t at, const struct iovec *parts, int count, ssize_t written) {
  for (int index = 0; index < count && written > 0; index++) {
    size_t length = parts[index].iov_len < (size_t)written ? parts[index].iov_len : (size_t)written;
    record(WRITTEN, tracked(fd), at, parts[index].iov_base, length);
    at += length;
    written -= length;
  }
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset) {
  begin_turn();
  uint64_t at = offset < 0 ? place(fd) : (uint64_t)offset;
  ssize_t written = offset < 0 ? REAL(writev)(fd, parts, count) : REAL(pwritev)(fd, parts, count, offset);
  if (written > 0) note(fd, at, parts, count, written);
  end_turn();
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (fd == 1 && out >= 0) {
    begin_turn();
    record(SAID, 0, 0, bytes, length);
    ssize_t written = REAL(write)(fd, bytes, length);
    end_turn();
    return written;
  }
  struct iovec part = {(void *)bytes, length};
  return tracked(fd) ? write_parts(fd, &part, 1, -1) : REAL(write)(fd, bytes, length);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  return tracked(fd) ? write_parts(fd, parts, count, -1) : REAL(writev)(fd, parts, count);
}

#define PWRITE(name, type)                                                       \
  ssize_t name(int fd, const void *bytes, size_t length, type offset) {          \
    struct iovec part = {(void *)bytes, length};                                 \
    if (tracked(fd)) return write_parts(fd, &part, 1, offset);                   \
    return REAL(name)(fd, bytes, length, offset);                                \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, type)                                                      \
  ssize_t name(int fd, const struct iovec *parts, int count, type offset) {      \
    if (tracked(fd)) return write_parts(fd, parts, count, offset);               \
    return REAL(name)(fd, parts, count, offset);                                 \
  }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define FTRUNCATE(name, type)                                                    \
  int name(int fd, type size) {                                                  \
    if (!tracked(fd)) return REAL(name)(fd, size);                               \
    begin_turn();                                                                \
    int result = REAL(name)(fd, size);                                           \
    if (result == 0) record(TRUNCATED, tracked(fd), size, NULL, 0);              \
    end_turn();                                                                  \
    return result;                                                               \
  }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

static int flush(int (*real)(int), int fd) {
  ino_t inode = tracked(fd);
  if (!inode) return real(fd);
  begin_turn();
  uint64_t before = records;
  end_turn();
  int result = real(fd);
  begin_turn();
  if (result == 0) record(FLUSHED, inode, before, NULL, 0);
  end_turn();
  return result;
}
int fsync(int fd) { return flush(REAL(fsync), fd); }
int fdatasync(int fd) { return flush(REAL(fdatasync), fd); }

int rename(const char *from, const char *to) {
  if (!is_ours(from) && !is_ours(to)) return REAL(rename)(from, to);
  begin_turn();
  int result = REAL(rename)(from, to);
  if (result == 0) {
    char both[8192];
    size_t first = strlen(from + folder_length), second = strlen(to + folder_length);
    if (first + second + 1 > sizeof both) _exit(98);
    memcpy(both, from + folder_length, first + 1);
    memcpy(both + first + 1, to + folder_length, second);
    record(RENAMED, 0, 0, both, first + 1 + second);
  }
  end_turn();
  return result;
}

int unlink(const char *path) {
  if (!is_ours(path)) return REAL(unlink)(path);
  begin_turn();
  int result = REAL(unlink)(path);
  if (result == 0) record(UNLINKED, 0, 0, path + folder_length, strlen(path + folder_length));
  end_turn();
  return result;
}

int mkdir(const char *path, mode_t mode) {
  if (!is_ours(path)) return REAL(mkdir)(path, mode);
  begin_turn();
  int result = REAL(mkdir)(path, mode);
  if (result == 0) record(MADE_FOLDER, 0, 0, path + folder_length, strlen(path + folder_length));
  end_turn();
  return result;
}
