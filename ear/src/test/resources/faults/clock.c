/*
 * Lets a test turn the wall clock of one program: preloaded into it (LD_PRELOAD), adds the number of seconds that the file named by FAULTS_CLOCK holds
 * (a 64-bit integer, read anew each time) to what the C library says. Clocks that only measure durations stay as they are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *seconds;
static int (*real_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  real_clock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *file = getenv("FAULTS_CLOCK");
  int open_file = file ? open(file, O_RDONLY) : -1;
  if (open_file >= 0) {
    void *map = mmap(0, sizeof(int64_t), PROT_READ, MAP_SHARED, open_file, 0);
    seconds = map == MAP_FAILED ? 0 : map;
    close(open_file);
  }
}

int clock_gettime(clockid_t which, struct timespec *now) {
  int result = real_clock(which, now);
  if (result == 0 && seconds && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += *seconds;
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec precise;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *now) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now) *now = precise.tv_sec;
  return precise.tv_sec;
}
