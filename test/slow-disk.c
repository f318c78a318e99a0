/* Loaded before a program (LD_PRELOAD): a disk that answers late, as far as a program waits for it. See slow-disk.ts. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The disk is slow while the file of this name is there. */
static int is_slow(void) {
  const char *name = getenv("SLOW_DISK_SWITCH");
  return name != NULL && access(name, F_OK) == 0;
}

/* Waits, and notes which thread did. */
static void wait_for_disk(const char *call) {
  if (!is_slow()) return;
  const char *ms_text = getenv("SLOW_DISK_MS");
  long ms = ms_text != NULL ? atol(ms_text) : 500;
  const char *log = getenv("SLOW_DISK_LOG");
  if (log != NULL) {
    char line[64];
    const char *thread = syscall(SYS_gettid) == getpid() ? "main" : "other";
    int length = snprintf(line, sizeof line, "%d %s %s\n", (int)getpid(), thread, call);
    int file = open(log, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (file >= 0) {
      if (write(file, line, (size_t)length) < 0) abort();
      close(file);
    }
  }
  struct timespec left = {ms / 1000, (ms % 1000) * 1000000L};
  while (nanosleep(&left, &left) != 0) {
  }
}

int fsync(int file) {
  static int (*real)(int);
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_for_disk("fsync");
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_for_disk("fdatasync");
  return real(file);
}
