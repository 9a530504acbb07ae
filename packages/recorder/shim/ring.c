#define _GNU_SOURCE
#include "ring.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hooks.h"
#include "observe.h"

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

_Static_assert(sizeof(struct ring_header) == RING_HEADER_BYTES, "ring.ts has the same offsets");
_Static_assert(sizeof(struct record) == 32, "ring.ts has the same offsets");

struct live *live;
static struct ring_header *header;
static int is_child; /* of a recorded process, not of the reader */
static int is_fork;  /* and asked for nothing yet */
static uint64_t started;
static size_t ring_bytes;

static uint64_t clock_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t ring_now(void) { return clock_now() - started; }

static void forked(void) { memset(live, 0, sizeof *live); }

static void fork_began(void) { is_fork = 1; }

void ring_fork_seen(void) {
    if (!is_fork) return;
    is_fork = 0;
    __atomic_add_fetch(&header->forks, 1, __ATOMIC_RELAXED);
}

static int live_allocated(void) {
    size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    live = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (live == MAP_FAILED) return 0;
    /* Kernels before 4.14 cannot wipe a page; there a child that forks around the C library is not caught. */
    return madvise(live, bytes, MADV_WIPEONFORK) == 0 || pthread_atfork(NULL, NULL, forked) == 0;
}

static void limit_set(void) {
    uint64_t room = (uint64_t)(live->chunk_end - live->cursor);
    live->steps = room < live->until_observed ? room : live->until_observed;
    live->limit = live->cursor + live->steps;
}

static void chunk_entered(uint32_t number) {
    live->chunk_number = number;
    live->chunk = (struct record *)((char *)header + RING_HEADER_BYTES + (size_t)number * header->chunk_bytes);
    live->chunk_end = live->chunk + header->chunk_bytes / sizeof(struct record);
    live->used = &header->used[number];
    live->cursor = live->chunk;
}

static int reader_gone(void) {
    if (is_child) return kill((pid_t)header->reader_pid, 0) != 0 && errno == ESRCH;
    return header->reader_pid != (uint32_t)getppid();
}

static const struct timespec short_while = {0, 200000};

static int ring_mapped(const char *path) {
    struct stat file;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return 0;
    header = MAP_FAILED;
    if (fstat(fd, &file) == 0 && file.st_size > RING_HEADER_BYTES)
        header = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (header == MAP_FAILED) return 0;
    ring_bytes = (size_t)file.st_size;
    if (header->magic == RING_MAGIC) return 1;
    munmap(header, ring_bytes);
    return 0;
}

/* A process that a recorded one has started asks the reader for a ring of its own. */
static int child_ring_mapped(void) {
    char path[64];
    uint32_t place = __atomic_load_n(&header->children, __ATOMIC_ACQUIRE);
    do
        if (place >= CHILDREN_MAX) return 0;
    while (!__atomic_compare_exchange_n(&header->children, &place, place + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    struct child *own = &header->child[place];
    __atomic_store_n(&own->pid, (uint32_t)getpid(), __ATOMIC_RELEASE);
    is_child = 1;
    while (__atomic_load_n(&own->ring, __ATOMIC_ACQUIRE) == 0) {
        if (reader_gone()) return 0;
        nanosleep(&short_while, NULL);
    }
    if (own->ring < 0) return 0;
    snprintf(path, sizeof path, "/proc/%u/fd/%d", header->reader_pid, own->ring);
    munmap(header, ring_bytes);
    return ring_mapped(path);
}

int ring_follows_children(void) { return header->follows_children != 0; }

int ring_opened(const char *path) {
    if (!ring_mapped(path)) return 0;
    /* The reader's own child is the program; what a wrapper script starts on its way to it is not. */
    int is_program = header->reader_pid == (uint32_t)getppid() && header->recorded_pid == 0;
    if (!is_program && (header->recorded_pid == 0 || !header->follows_children || !child_ring_mapped())) return 0;
    if (!live_allocated()) return 0;
    if (header->follows_children) pthread_atfork(NULL, NULL, fork_began);
    header->recorded_pid = (uint32_t)getpid();
    started = clock_now();
    live->until_observed = header->observe_every ? header->observe_every : UINT64_MAX;
    live->until_sampled = header->sample_every ? header->sample_every : UINT64_MAX;
    chunk_entered(0);
    limit_set();
    return 1;
}

void ring_stop(uint32_t reason) {
    live->cursor = live->limit = NULL;
    header->stopped = reason;
}

/* Waits for room where the reader is slower than the program; does not wait for a reader that is gone. */
static void chunk_turned(void) {
    uint32_t next = (live->chunk_number + 1) % header->chunk_count;
    __atomic_store_n(&header->full[live->chunk_number], 1, __ATOMIC_RELEASE);
#ifdef REHEAP_NATIVE
    /* The records are the file's; this process's resident size is not to grow with them. */
    madvise(live->chunk, header->chunk_bytes, MADV_DONTNEED);
#endif
    while (__atomic_load_n(&header->full[next], __ATOMIC_ACQUIRE)) {
        if (reader_gone()) {
            ring_stop(STOPPED_READER_GONE);
            return;
        }
        nanosleep(&short_while, NULL);
    }
    if (__atomic_load_n(&header->reader_stops, __ATOMIC_ACQUIRE)) {
        ring_stop(STOPPED_BY_READER);
        return;
    }
    chunk_entered(next);
}

void ring_turn(int request_finished) {
    int saved = errno;
    if (header->observe_every) live->until_observed -= live->steps;
    if (live->cursor == live->chunk_end) chunk_turned();
    if (live->cursor != NULL && live->until_observed == 0) {
        live->until_observed = request_finished ? header->observe_every : 1;
        limit_set();
        if (request_finished) observe_running();
    }
    if (live->cursor != NULL) limit_set();
    errno = saved;
}

uint64_t ring_peak(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss : 0;
}

void ring_sample(struct record sample) {
    if (live->cursor == NULL || header->sample_every == 0) return;
    int saved = errno;
    live->until_sampled = header->sample_every;
    ring_put(sample, 0);
    uint32_t wanted = ++live->samples;
    if (header->observe_every) live->until_observed -= live->steps - (uint64_t)(live->limit - live->cursor);
    if (live->cursor != NULL && live->cursor != live->chunk) chunk_turned();
    if (live->cursor != NULL) limit_set();
    while (live->cursor != NULL && __atomic_load_n(&header->samples_taken, __ATOMIC_ACQUIRE) < wanted) {
        if (reader_gone()) ring_stop(STOPPED_READER_GONE);
        else if (__atomic_load_n(&header->reader_stops, __ATOMIC_ACQUIRE)) ring_stop(STOPPED_BY_READER);
        else nanosleep(&short_while, NULL);
    }
    live->peak_seen = ring_peak();
    errno = saved;
}

void ring_put_text(struct record head, const char *text, size_t length) {
    int saved = errno;
    head.size = length;
    ring_put(head, 0);
    for (size_t done = 0; done < length; done += TEXT_BYTES_PER_RECORD) {
        size_t left = length - done;
        struct record piece = {.op = OP_TEXT, .text_bytes = left < TEXT_BYTES_PER_RECORD ? (uint16_t)left : TEXT_BYTES_PER_RECORD};
        memcpy(&piece.address, text + done, piece.text_bytes);
        ring_put(piece, 0);
    }
    errno = saved;
}
