/*
 * The way of the records to the reader: a ring of chunks in a file that both map or read.
 *
 * The program stores each record straight into the mapped file, so that what was recorded is the
 * reader's even if the program is killed in the next instant, and no descriptor is needed that the
 * program could close. Numbers are little-endian, as on the machines that CPython runs on.
 */
#ifndef REHEAP_RING_H
#define REHEAP_RING_H

#include <stddef.h>
#include <stdint.h>

#define RING_MAGIC 0x31504852 /* "RHP1" */
#define RING_CHUNKS_MAX 512
#define CHILDREN_MAX 128

/* A process of Python that a recorded one has started, and the ring that the reader made for it: a descriptor, or -1. */
struct child {
    uint32_t pid;
    int32_t ring;
};

/* First page of the file. `ring.ts` has the same offsets. */
struct ring_header {
    /* 0: written by the reader before the program starts */
    uint32_t magic, chunk_bytes, chunk_count, reader_pid;
    uint64_t observe_every, sample_every;
    uint32_t follows_children;
    uint8_t reserved_a[92];
    /* 128: written by the reader at any time */
    uint32_t reader_stops, samples_taken;
    uint8_t reserved_b[56];
    /* 192: written by the program */
    uint32_t recorded_pid, stopped, children, forks;
    uint8_t reserved_c[48];
    /* 256: 1 = the reader's to read, 0 = the program's to fill */
    uint8_t full[RING_CHUNKS_MAX];
    /* 768: the program writes who asks, the reader what it gets */
    struct child child[CHILDREN_MAX];
    uint8_t reserved_d[256];
    /* 2048: bytes of each chunk that hold records */
    uint32_t used[RING_CHUNKS_MAX];
};
#define RING_HEADER_BYTES 4096

enum {
    OP_MALLOC = 1,
    OP_CALLOC,
    OP_REALLOC,
    OP_FREE,
    OP_ARENA_MAPPED, /* at 0: refused */
    OP_ARENA_UNMAPPED,
    OP_ARENA_UNMAPPED_OUTSIDE, /* by no request: an interpreter's own heap ends, or no arena of pymalloc */
    OP_REFUSED,                /* a request that got no memory */
    OP_BYPASSED,               /* an arena was mapped for a request that the hooks never saw */
    OP_MARK,                   /* text follows */
    OP_STATS,                  /* text follows: what sys._debugmallocstats() prints */
    OP_BLOCKS,                 /* what sys.getallocatedblocks() answers */
    OP_SKIPPED,                /* an observation that could not be made without disturbing */
    OP_TEXT,
    /* With REHEAP_NATIVE: what the C library and the system were asked by anyone but Python's own allocators. */
    OP_LIBRARY_MALLOC,
    OP_LIBRARY_CALLOC,
    OP_LIBRARY_ALIGN,
    OP_LIBRARY_REALLOC,
    OP_LIBRARY_FREE,
    OP_MAPPED,
    OP_UNMAPPED,
    OP_REMAPPED,
    OP_ADVISED,
    OP_TOUCHED, /* pages of a large block that is about to be freed */
    OP_SAMPLE   /* the program waits until the reader has looked at it */
};

struct record {
    uint8_t op, domain;
    uint16_t thread, heap, text_bytes;
    uint64_t address; /* of a mark or observation: nanoseconds since recording began */
    uint64_t size;
    uint64_t other; /* the old address of a realloc, the count of a calloc */
};
#define TEXT_BYTES_PER_RECORD 24

/* Why recording stopped before the program ended. */
enum { STOPPED_NOT = 0, STOPPED_READER_GONE, STOPPED_BY_READER, STOPPED_TOO_MANY_HEAPS };

/*
 * What changes while recording. It lies in a page of its own that the kernel gives to a forked
 * child as zeros, however it forked: a child therefore records nothing, and holds no lock.
 */
struct live {
    struct record *cursor; /* where the next record goes; null: nothing is recorded */
    struct record *limit;  /* where ring_turn() must be called */
    struct record *chunk, *chunk_end;
    uint32_t *used;
    uint32_t chunk_number;
    uint32_t threads; /* that have a number */
    uint64_t until_observed, steps;
    uint64_t until_sampled;
    uint32_t samples;
    uint64_t peak_seen; /* KiB, at the last sample */
    int (*phase_ended)(void); /* null in the last phase */
    int lock;
};

extern struct live *live;

/* Opens the ring that the reader made, if this process is the one to be recorded. */
int ring_opened(const char *path);
/* Whether what this process starts is recorded too. */
int ring_follows_children(void);
/* In a process that records nothing: if it is a fork that goes on as the program, it is counted, once. */
void ring_fork_seen(void);
void ring_stop(uint32_t reason);
uint64_t ring_now(void);
/* Hands a full chunk over, or makes the observation that is due. */
void ring_turn(int request_finished);
/* Hands over what stands in the chunk, and waits until the reader has taken a sample of this process. */
void ring_sample(struct record sample);
/* Largest resident size so far, in KiB. */
uint64_t ring_peak(void);
void ring_put_text(struct record head, const char *text, size_t length);

static inline void ring_put(struct record record, int request_finished) {
    struct record *at = live->cursor;
    if (at == NULL) return;
    *at++ = record;
    live->cursor = at;
    __atomic_store_n(live->used, (uint32_t)((char *)at - (char *)live->chunk), __ATOMIC_RELEASE);
    if (__builtin_expect(at == live->limit, 0)) ring_turn(request_finished);
}

#endif
