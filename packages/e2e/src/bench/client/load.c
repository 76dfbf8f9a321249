// The load client of `npm run bench`: blocking HTTP/1.1 over kept-alive connections, one per thread, bodies by sendfile.
// It carries out a plan, prints one JSON line, and costs as little as a client can, so that the server is measured.
//
//   load --port N --plan FILE [--data FILE] [--threads N] [--seconds S] [--header 'Name: value']... [--own-addresses 1]
//   load --loopback BYTES
//
// A plan is text, one step a line; `unit` begins a group whose steps one thread runs in order and whose time is taken:
//   get PATH | head PATH            expects 200 and the announced length
//   basic PATH CREDENTIALS          GET with these Basic credentials (in base64) that expects 200
//   miss PATH                       HEAD that expects 404
//   put PATH TYPE OFFSET LENGTH     PUT of a slice of the data file that expects 201
//   push REPO DIGEST OFFSET LENGTH  POST an upload, PUT the slice with the digest
//   patch REPO DIGEST OFFSET LENGTH CHUNK   POST, PATCH every chunk, PUT without a body
//   mount PATH                      POST that expects 201
//   delete PATH                     expects 202
// With --seconds the plan is repeated until the time is over, otherwise it is carried out once. With --own-addresses every
// thread connects from another address of 127.0.0.0/8, as so many machines would.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20, STATUSES = 600, WORDS = 6, TIMEOUT_SECONDS = 300 };

typedef struct {
  char *words[WORDS];
} Step;

typedef struct {
  size_t first, end;
} Unit;

typedef struct {
  int socket, status, keep, number;
  const char *basic;
  char *buffer;
  size_t held, used;
  char location[4096];
  long long sent, received, requests, failures, statuses[STATUSES];
  double *times;
  size_t time_count, time_room;
} Worker;

static Step *steps;
static Unit *units;
static size_t unit_count;
static char headers[65536];
static int port, own_addresses, data_file = -1;
static double deadline;
static atomic_size_t next_unit;
static pthread_barrier_t start_line;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(2);
}

/// `from` is the host part of the address in 127.0.0.0/8 to connect from, 0 for any.
static int dial(int to, uint32_t from) {
  struct sockaddr_in own = {.sin_family = AF_INET}, address = {.sin_family = AF_INET, .sin_port = htons(to)};
  struct timeval patience = {.tv_sec = TIMEOUT_SECONDS};
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  own.sin_addr.s_addr = htonl((127u << 24) + from);
  if (fd < 0 || (from && bind(fd, (struct sockaddr *)&own, sizeof own))) fail("bind");
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

static int write_all(int fd, const char *bytes, size_t length, int flags) {
  while (length) {
    ssize_t n = send(fd, bytes, length, flags | MSG_NOSIGNAL);
    if (n <= 0) return -1;
    bytes += n;
    length -= n;
  }
  return 0;
}

static int send_slice(Worker *w, off_t offset, size_t length) {
  while (length) {
    ssize_t n = sendfile(w->socket, data_file, &offset, length);
    if (n <= 0) return -1;
    w->sent += n;
    length -= n;
  }
  return 0;
}

static int fill(Worker *w) {
  if (w->used == w->held) w->used = w->held = 0;
  if (w->held == BUFFER_BYTES) return -1;
  ssize_t n = recv(w->socket, w->buffer + w->held, BUFFER_BYTES - w->held, 0);
  if (n <= 0) return -1;
  w->held += n;
  return 0;
}

static int skip(Worker *w, long long length) {
  w->received += length;
  while (length) {
    if (w->used == w->held && fill(w)) return -1;
    size_t part = w->held - w->used;
    if ((long long)part > length) part = length;
    w->used += part;
    length -= part;
  }
  return 0;
}

/// One line without its end, or NULL when the connection broke.
static char *read_line(Worker *w) {
  for (;;) {
    char *begin = w->buffer + w->used, *end = memchr(begin, '\n', w->held - w->used);
    if (end) {
      w->used = end + 1 - w->buffer;
      *end = 0;
      if (end > begin && end[-1] == '\r') end[-1] = 0;
      return begin;
    }
    if (w->used) {
      memmove(w->buffer, begin, w->held - w->used);
      w->held -= w->used;
      w->used = 0;
    }
    if (fill(w)) return NULL;
  }
}

static int skip_chunks(Worker *w) {
  for (;;) {
    char *line = read_line(w);
    if (!line) return -1;
    long long length = strtoll(line, NULL, 16);
    if (length && skip(w, length)) return -1;
    if (!read_line(w)) return -1;
    if (!length) return 0;
  }
}

static int read_answer(Worker *w, int has_body) {
  long long length = 0;
  int chunked = 0;
  do {
    char *line = read_line(w);
    if (!line) return -1;
    w->status = atoi(line + 9);
    w->keep = 1;
    while ((line = read_line(w)) && *line) {
      if (!strncasecmp(line, "content-length:", 15)) length = atoll(line + 15);
      if (!strncasecmp(line, "transfer-encoding: chunked", 26)) chunked = 1;
      if (!strncasecmp(line, "connection: close", 17)) w->keep = 0;
      if (!strncasecmp(line, "location:", 9)) {
        char *value = line + 9 + strspn(line + 9, " ");
        char *host = strstr(value, "://");
        if (host) value = strchr(host + 3, '/');
        snprintf(w->location, sizeof w->location, "%s", value ? value : "/");
      }
    }
    if (!line) return -1;
  } while (w->status == 100);
  if (has_body && (chunked ? skip_chunks(w) : skip(w, length))) return -1;
  return 0;
}

/// Threads from 1.0 upwards, so that nothing else on the machine has the address.
static int dial_from(const Worker *w) {
  return dial(port, own_addresses ? (1u << 16) + w->number + 1 : 0);
}

/// Sends one request and reads its answer; true when the status is the expected one.
static int exchange(Worker *w, int expected, const char *method, const char *path, const char *type, off_t offset,
                    long long length) {
  char head[sizeof headers + 8192];
  int n = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s", method, path, port, headers);
  if (length >= 0) n += snprintf(head + n, sizeof head - n, "Content-Length: %lld\r\n", length);
  if (type) n += snprintf(head + n, sizeof head - n, "Content-Type: %s\r\n", type);
  if (w->basic) n += snprintf(head + n, sizeof head - n, "Authorization: Basic %s\r\n", w->basic);
  n += snprintf(head + n, sizeof head - n, "\r\n");
  w->requests++;
  w->status = 0;
  w->keep = 0;
  if (w->socket < 0) {
    w->socket = dial_from(w);
    w->used = w->held = 0;
  }
  int broken = write_all(w->socket, head, n, length > 0 ? MSG_MORE : 0);
  if (!broken && length > 0) broken = send_slice(w, offset, length);
  if (!broken) broken = read_answer(w, strcmp(method, "HEAD"));
  if (broken || !w->keep) {
    close(w->socket);
    w->socket = -1;
  }
  w->statuses[broken || w->status < 0 || w->status >= STATUSES ? 0 : w->status]++;
  if (!broken && w->status == expected) return 1;
  w->failures++;
  return 0;
}

static int begin_upload(Worker *w, const char *repository) {
  char path[2048];
  snprintf(path, sizeof path, "/v2/%s/blobs/uploads/", repository);
  return exchange(w, 202, "POST", path, NULL, 0, 0);
}

static int finish_upload(Worker *w, const char *digest, off_t offset, long long length) {
  char path[8192];
  snprintf(path, sizeof path, "%s%cdigest=%s", w->location, strchr(w->location, '?') ? '&' : '?', digest);
  return exchange(w, 201, "PUT", path, "application/octet-stream", offset, length);
}

static int patch(Worker *w, char **word) {
  long long offset = atoll(word[3]), left = atoll(word[4]), chunk = atoll(word[5]);
  if (!begin_upload(w, word[1])) return 0;
  while (left > 0) {
    long long part = left < chunk ? left : chunk;
    char path[4096];
    memcpy(path, w->location, sizeof path);
    if (!exchange(w, 202, "PATCH", path, "application/octet-stream", offset, part)) return 0;
    offset += part;
    left -= part;
  }
  return finish_upload(w, word[2], 0, 0);
}

static int get_as(Worker *w, const char *path, const char *basic) {
  w->basic = basic;
  int good = exchange(w, 200, "GET", path, NULL, 0, -1);
  w->basic = NULL;
  return good;
}

static int take(Worker *w, char **word) {
  const char *kind = word[0];
  if (!strcmp(kind, "get")) return exchange(w, 200, "GET", word[1], NULL, 0, -1);
  if (!strcmp(kind, "basic")) return get_as(w, word[1], word[2]);
  if (!strcmp(kind, "head")) return exchange(w, 200, "HEAD", word[1], NULL, 0, -1);
  if (!strcmp(kind, "miss")) return exchange(w, 404, "HEAD", word[1], NULL, 0, -1);
  if (!strcmp(kind, "put")) return exchange(w, 201, "PUT", word[1], word[2], atoll(word[3]), atoll(word[4]));
  if (!strcmp(kind, "push")) return begin_upload(w, word[1]) && finish_upload(w, word[2], atoll(word[3]), atoll(word[4]));
  if (!strcmp(kind, "patch")) return patch(w, word);
  if (!strcmp(kind, "mount")) return exchange(w, 201, "POST", word[1], NULL, 0, 0);
  if (!strcmp(kind, "delete")) return exchange(w, 202, "DELETE", word[1], NULL, 0, -1);
  fprintf(stderr, "load: unknown step %s\n", kind);
  exit(2);
}

static void *work(void *argument) {
  Worker *w = argument;
  w->socket = dial_from(w);
  pthread_barrier_wait(&start_line);
  for (;;) {
    size_t at = atomic_fetch_add(&next_unit, 1);
    double began = now();
    if (deadline ? began >= deadline : at >= unit_count) break;
    Unit unit = units[at % unit_count];
    for (size_t i = unit.first; i < unit.end; i++)
      if (!take(w, steps[i].words)) break;
    if (w->time_count == w->time_room) {
      w->time_room = w->time_room ? w->time_room * 2 : 4096;
      w->times = realloc(w->times, w->time_room * sizeof *w->times);
    }
    w->times[w->time_count++] = now() - began;
  }
  if (w->socket >= 0) close(w->socket);
  return NULL;
}

static void read_plan(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail(path);
  size_t step_room = 0, unit_room = 0, step_count = 0, room = 0;
  char *line = NULL;
  while (getline(&line, &room, file) > 0) {
    line[strcspn(line, "\n")] = 0;
    if (!*line) continue;
    if (!strcmp(line, "unit")) {
      if (unit_count == unit_room) units = realloc(units, (unit_room = unit_room * 2 + 64) * sizeof *units);
      units[unit_count++] = (Unit){step_count, step_count};
      continue;
    }
    if (!unit_count) fail("the plan begins without a unit");
    if (step_count == step_room) steps = realloc(steps, (step_room = step_room * 2 + 64) * sizeof *steps);
    Step *step = &steps[step_count++];
    memset(step, 0, sizeof *step);
    char *rest = strdup(line);
    for (int i = 0; i < WORDS && rest; i++) step->words[i] = strsep(&rest, " ");
    units[unit_count - 1].end = step_count;
  }
  fclose(file);
  free(line);
  if (!unit_count) fail("the plan is empty");
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void report(Worker *workers, int count, double seconds) {
  Worker all = {0};
  size_t at = 0;
  for (int i = 0; i < count; i++) all.time_count += workers[i].time_count;
  all.times = malloc((all.time_count + 1) * sizeof *all.times);
  for (int i = 0; i < count; i++) {
    Worker *w = &workers[i];
    if (w->time_count) memcpy(all.times + at, w->times, w->time_count * sizeof *w->times);
    at += w->time_count;
    all.sent += w->sent;
    all.received += w->received;
    all.requests += w->requests;
    all.failures += w->failures;
    for (int s = 0; s < STATUSES; s++) all.statuses[s] += w->statuses[s];
  }
  qsort(all.times, at, sizeof *all.times, by_size);
  printf("{\"seconds\":%.6f,\"units\":%zu,\"requests\":%lld,\"sent\":%lld,\"received\":%lld,\"failures\":%lld,", seconds, at,
         all.requests, all.sent, all.received, all.failures);
  printf("\"p50Ms\":%.4f,\"p95Ms\":%.4f,\"p99Ms\":%.4f,\"cpuSeconds\":%.3f,\"statuses\":{",
         at ? all.times[at / 2] * 1e3 : 0, at ? all.times[(size_t)(at * 0.95)] * 1e3 : 0,
         at ? all.times[(size_t)(at * 0.99)] * 1e3 : 0, cpu_seconds());
  const char *comma = "";
  for (int s = 0; s < STATUSES; s++) {
    if (!all.statuses[s]) continue;
    printf("%s\"%d\":%lld", comma, s, all.statuses[s]);
    comma = ",";
  }
  printf("}}\n");
}

static void *drain(void *argument) {
  int listener = *(int *)argument, fd = accept(listener, NULL, NULL);
  char *buffer = malloc(BUFFER_BYTES);
  while (recv(fd, buffer, BUFFER_BYTES, 0) > 0) {
  }
  close(fd);
  return NULL;
}

/// How fast two threads hand bytes to each other over the loopback device: the limit of every transfer.
static void loopback(long long bytes) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  pthread_t receiver;
  pthread_create(&receiver, NULL, drain, &listener);
  int fd = dial(ntohs(address.sin_port), 0);
  char *buffer = calloc(1, BUFFER_BYTES);
  double began = now();
  for (long long left = bytes; left > 0; left -= BUFFER_BYTES)
    if (write_all(fd, buffer, BUFFER_BYTES, 0)) fail("send");
  close(fd);
  pthread_join(receiver, NULL);
  printf("{\"seconds\":%.6f,\"bytes\":%lld}\n", now() - began, bytes);
}

static void add_header(const char *line) {
  size_t used = strlen(headers);
  if (snprintf(headers + used, sizeof headers - used, "%s\r\n", line) >= (int)(sizeof headers - used)) {
    errno = E2BIG;
    fail("headers");
  }
}

int main(int argc, char **argv) {
  int threads = 1;
  double seconds = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (!strcmp(name, "--loopback")) return loopback(atoll(value)), 0;
    if (!strcmp(name, "--port")) port = atoi(value);
    if (!strcmp(name, "--threads")) threads = atoi(value);
    if (!strcmp(name, "--seconds")) seconds = atof(value);
    if (!strcmp(name, "--own-addresses")) own_addresses = atoi(value);
    if (!strcmp(name, "--header")) add_header(value);
    if (!strcmp(name, "--plan")) read_plan(value);
    if (!strcmp(name, "--data") && (data_file = open(value, O_RDONLY | O_CLOEXEC)) < 0) fail(value);
  }
  if (!port || !unit_count || threads < 1) return fprintf(stderr, "load: --port and --plan are needed\n"), 2;
  Worker *workers = calloc(threads, sizeof *workers);
  pthread_t *ids = calloc(threads, sizeof *ids);
  pthread_barrier_init(&start_line, NULL, threads + 1);
  for (int i = 0; i < threads; i++) {
    workers[i].number = i;
    workers[i].buffer = malloc(BUFFER_BYTES);
    pthread_create(&ids[i], NULL, work, &workers[i]);
  }
  double began = now();
  if (seconds) deadline = began + seconds;
  pthread_barrier_wait(&start_line);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  report(workers, threads, now() - began);
  return 0;
}
