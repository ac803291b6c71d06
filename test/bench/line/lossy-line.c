/*
 * A bad line between two network namespaces: packets leave one TUN device and come out of the other
 * later, or never. Real TCP stacks at both ends; the kernel's own emulation (netem) needs a module that
 * many machines do not have.
 *
 *   lossy-line NAMESPACE-A NAMESPACE-B DELAY-MS LOSS-PERCENT MBIT-PER-SECOND QUEUE-PACKETS
 *
 * Delay and loss are of one direction. Makes a device `line` in each, prints `up`, ends with stdin.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { mtu = 1500, slots = 8192 };

struct packet {
  double arrives;
  ssize_t size;
  unsigned char bytes[mtu];
};

/* One direction: the sender's interface is busy until `free_at`, then the packet is on its way. */
struct direction {
  int from, to;
  double free_at;
  unsigned first, next;
  struct packet way[slots];
};

static double delay, loss, bytes_per_second, queue_bytes;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int open_device(const char *name) {
  char path[128];
  snprintf(path, sizeof path, "/var/run/netns/%s", name);
  int space = open(path, O_RDONLY);
  if (space < 0 || setns(space, CLONE_NEWNET)) return -1;
  close(space);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq wish = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strcpy(wish.ifr_name, "line");
  return device < 0 || ioctl(device, TUNSETIFF, &wish) ? -1 : device;
}

static void take(struct direction *way) {
  for (int burst = 0; burst < 64; burst++) {
    struct packet *packet = &way->way[way->next % slots];
    double at = now();
    packet->size = read(way->from, packet->bytes, mtu);
    if (packet->size <= 0) return;
    if (way->free_at < at) way->free_at = at;
    double queued = (way->free_at - at) * bytes_per_second;
    if (queued > queue_bytes || way->next - way->first == slots - 1) continue;
    way->free_at += packet->size / bytes_per_second;
    if (drand48() < loss) continue; /* lost on the way: it took its share of the line all the same */
    packet->arrives = way->free_at + delay;
    way->next++;
  }
}

/* Hands over what has arrived; returns the seconds until the next arrival. */
static double give(struct direction *way) {
  for (; way->first != way->next; way->first++) {
    struct packet *packet = &way->way[way->first % slots];
    double left = packet->arrives - now();
    if (left > 0) return left;
    if (write(way->to, packet->bytes, packet->size) < 0) continue; /* the receiver's queue is full: lost */
  }
  return 1;
}

int main(int count, char **words) {
  if (count != 7) return 2;
  static struct direction ways[2];
  int a = open_device(words[1]), b = open_device(words[2]);
  if (a < 0 || b < 0) {
    perror("device");
    return 1;
  }
  ways[0].from = ways[1].to = a;
  ways[1].from = ways[0].to = b;
  delay = atof(words[3]) / 1000;
  loss = atof(words[4]) / 100;
  bytes_per_second = atof(words[5]) * 1e6 / 8;
  queue_bytes = atof(words[6]) * mtu;
  srand48(20261122);
  /* A line does not slow down because the machine is busy. */
  struct sched_param first = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &first)) setpriority(PRIO_PROCESS, 0, -20);
  puts("up");
  fflush(stdout);
  for (;;) {
    double wait = give(&ways[0]), other = give(&ways[1]);
    if (other < wait) wait = other;
    struct timespec time = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (time_t)wait) * 1e9)};
    struct pollfd ends[3] = {{a, POLLIN, 0}, {b, POLLIN, 0}, {0, POLLIN, 0}};
    if (ppoll(ends, 3, &time, NULL) < 0) continue;
    if (ends[0].revents) take(&ways[0]);
    if (ends[1].revents) take(&ways[1]);
    if (ends[2].revents) return 0;
  }
}
