/*
 * The far end of a serial cable: makes a pseudo-terminal, prints the name of its device file, and
 * carries bytes between that and stdin/stdout. Ends with stdin, which pulls the cable.
 *
 * The device side is never held open here: a reader that locks the port (TIOCEXCL) would then keep
 * it locked after leaving. While nobody holds it, poll() says POLLHUP at once, hence the short sleep.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static int carry(int from, int to) {
  char bytes[4096];
  ssize_t count = read(from, bytes, sizeof bytes);
  if (count <= 0) return count < 0 && (errno == EIO || errno == EAGAIN) ? 1 : 0;
  for (ssize_t at = 0; at < count;) {
    ssize_t written = write(to, bytes + at, count - at);
    if (written < 0) return 0;
    at += written;
  }
  return 1;
}

int main(void) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) || unlockpt(master)) return 1;
  struct termios raw;
  if (tcgetattr(master, &raw)) return 1;
  cfmakeraw(&raw);
  if (tcsetattr(master, TCSANOW, &raw)) return 1;
  fprintf(stderr, "%s\n", ptsname(master));
  for (;;) {
    struct pollfd ends[2] = {{master, POLLIN, 0}, {0, POLLIN, 0}};
    if (poll(ends, 2, -1) < 0) return 1;
    if (ends[1].revents && !carry(0, master)) return 0;
    if ((ends[0].revents & POLLIN) && !carry(master, 1)) return 0;
    if ((ends[0].revents & (POLLHUP | POLLIN)) == POLLHUP) usleep(5000);
  }
}
