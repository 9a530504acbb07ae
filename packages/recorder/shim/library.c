/*
 * Stands before the C library's malloc family and the memory-mapping calls.
 *
 * What Python's MEM and OBJ allocators pass on to malloc is no event here: it follows from their own requests.
 * What they ask for themselves in the course of one, such as the table of their arenas, is.
 */
#ifdef REHEAP_NATIVE
#define _GNU_SOURCE
#include "library.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "hooks.h"
#include "ring.h"

#define OURS __attribute__((visibility("default")))
#define LARGE_BYTES 131072 /* blocks of which the log says what is touched */
#define PAGE_BYTES 4096
#define PEAK_STEP_KIB 1024 /* growth of the peak that a look is worth */

/* The C library's own, below us. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

/* Asked before recording begins: by the loader, and by what is loaded. There is one thread then. */
static struct record early[4096];
static uint32_t early_count;
/* This process is not to be recorded: what it asks for is nobody's business. */
static int stands_aside;

void library_left(void) { stands_aside = 1; }

static void put_early(struct record record) {
    if (early_count < sizeof early / sizeof *early) early[early_count++] = record;
}

/* How a call is taken. */
enum mode {
    BEFORE, /* recording begins */
    PASSES, /* unseen: in a forked child, after the end, or on the recorder's own behalf */
    NESTED, /* in the course of a request of Python's allocators */
    WHOLE   /* as a request of its own */
};

static inline enum mode call_begun(void) {
    if (live == NULL) return stands_aside ? PASSES : BEFORE;
    if (live->cursor == NULL || self.doing == ASIDE) return PASSES;
    if (self.doing == INSIDE) return NESTED;
    order_taken();
    return WHOLE;
}

static inline void call_ended(enum mode mode) {
    if (mode == WHOLE) order_given();
}

static void put(struct record record) {
    live->until_sampled -= live->until_sampled > 0;
    ring_put(record, 0);
}

void library_settled(void *answer) {
    if (self.pending.op != 0 && (answer == NULL || self.pending.address != (uintptr_t)answer)) put(self.pending);
    self.pending.op = 0;
}

/* The block was given. Whether that is the answer to the request under way is known when that is answered. */
static void born(enum mode mode, uint8_t op, void *block, size_t size, uint64_t other) {
    if (block == NULL || mode == PASSES) return;
    if (mode == BEFORE) {
        put_early((struct record){.op = op, .address = (uintptr_t)block, .size = size, .other = other});
        return;
    }
    library_settled(NULL);
    self.pending = record_outside(op, (uintptr_t)block, size, other);
}

/* Looks at the process where it has become larger than any look has found it, before what made it so goes. */
static int peak_kept(void) {
    /* What was given in the course of the request under way is in no record yet. */
    if (self.pending.op != 0 || ring_peak() < live->peak_seen + PEAK_STEP_KIB + live->peak_seen / 256) return 0;
    ring_sample(record_outside(OP_SAMPLE, ring_now(), 0, 0));
    return 1;
}

/* Which pages of a large block are in RAM, before it goes. */
static void touched(void *block) {
    uint64_t entry[512];
    uintptr_t start = (uintptr_t)block, end = start + malloc_usable_size(block), run = 0;
    if (end - start < LARGE_BYTES || peak_kept()) return;
    int saved = errno, file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    uintptr_t page = start / PAGE_BYTES, last = (end - 1) / PAGE_BYTES;
    while (page <= last) {
        size_t wanted = last - page + 1 < 512 ? last - page + 1 : 512;
        if (syscall(SYS_pread64, file, entry, wanted * 8, (off_t)page * 8) != (long)(wanted * 8)) break;
        for (size_t n = 0; n < wanted; n++, page++) {
            /* Its own, and not the one page of zeros that stands where nothing was written. */
            int present = (entry[n] >> 63) != 0 && (entry[n] >> 56 & 1) != 0;
            if (present && run == 0) run = page * PAGE_BYTES < start ? start : page * PAGE_BYTES;
            if (present || run == 0) continue;
            ring_put(record_outside(OP_TOUCHED, start, page * PAGE_BYTES - run, run - start), 0);
            run = 0;
        }
    }
    if (run != 0) ring_put(record_outside(OP_TOUCHED, start, end - run, run - start), 0);
    syscall(SYS_close, file);
    errno = saved;
}

OURS void *malloc(size_t size) {
    enum mode mode = call_begun();
    void *block = __libc_malloc(size);
    born(mode, OP_LIBRARY_MALLOC, block, size, 0);
    call_ended(mode);
    return block;
}

OURS void *calloc(size_t count, size_t size) {
    enum mode mode = call_begun();
    void *block = __libc_calloc(count, size);
    born(mode, OP_LIBRARY_CALLOC, block, size, count);
    call_ended(mode);
    return block;
}

static void died(enum mode mode, void *block) {
    if (mode == BEFORE) {
        put_early((struct record){.op = OP_LIBRARY_FREE, .address = (uintptr_t)block});
    } else if (mode != PASSES) {
        touched(block);
        if (block == self.operand) return;
        library_settled(NULL);
        put(record_outside(OP_LIBRARY_FREE, (uintptr_t)block, 0, 0));
    }
}

OURS void free(void *block) {
    if (block == NULL) return;
    enum mode mode = call_begun();
    died(mode, block);
    __libc_free(block);
    call_ended(mode);
}

OURS void *realloc(void *old, size_t size) {
    if (old == NULL) return malloc(size);
    if (size == 0) {
        free(old);
        return NULL;
    }
    enum mode mode = call_begun();
    if (mode == NESTED || mode == WHOLE) touched(old);
    void *block = __libc_realloc(old, size);
    born(mode, OP_LIBRARY_REALLOC, block, size, (uintptr_t)old);
    call_ended(mode);
    return block;
}

OURS void *reallocarray(void *old, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, bytes);
}

OURS void *memalign(size_t alignment, size_t size) {
    enum mode mode = call_begun();
    void *block = __libc_memalign(alignment, size);
    born(mode, OP_LIBRARY_ALIGN, block, size, alignment);
    call_ended(mode);
    return block;
}

OURS void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

OURS void *valloc(size_t size) { return memalign(PAGE_BYTES, size); }

OURS void *pvalloc(size_t size) {
    size_t rounded = (size + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (rounded < size) {
        errno = ENOMEM;
        return NULL;
    }
    return memalign(PAGE_BYTES, rounded);
}

OURS int posix_memalign(void **answer, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    int saved = errno;
    void *block = memalign(alignment, size);
    errno = saved;
    if (block == NULL) return ENOMEM;
    *answer = block;
    return 0;
}

/* A call about address space that is not made on malloc's or an arena's behalf. */
static void put_area(enum mode mode, uint8_t op, void *address, size_t size, uint64_t other) {
    if (mode == WHOLE) put(record_outside(op, (uintptr_t)address, size, other));
    call_ended(mode);
}

/* What is behind a mapping: memory of its own (0), a file (1), or memory that is shared (2). A file that is memory counts as such. */
static uint64_t backing_of(int flags, int file) {
    struct statfs of;
    if ((flags & MAP_SHARED) == 0) return (flags & MAP_ANONYMOUS) == 0;
    return (flags & MAP_ANONYMOUS) != 0 || (fstatfs(file, &of) == 0 && of.f_type == TMPFS_MAGIC) ? 2 : 1;
}

OURS void *mmap(void *wanted, size_t size, int protection, int flags, int file, off_t offset) {
    enum mode mode = call_begun();
    void *area = (void *)syscall(SYS_mmap, wanted, size, protection, flags, file, offset);
    int saved = errno;
    put_area(area == MAP_FAILED ? (call_ended(mode), PASSES) : mode, OP_MAPPED, area, size, backing_of(flags, file));
    errno = saved;
    return area;
}

OURS void *mmap64(void *wanted, size_t size, int protection, int flags, int file, off_t offset) {
    return mmap(wanted, size, protection, flags, file, offset);
}

OURS int munmap(void *address, size_t size) {
    enum mode mode = call_begun();
    if (mode == WHOLE) peak_kept();
    int failed = (int)syscall(SYS_munmap, address, size);
    put_area(failed ? (call_ended(mode), PASSES) : mode, OP_UNMAPPED, address, size, 0);
    return failed;
}

OURS void *mremap(void *old, size_t old_size, size_t size, int flags, ...) {
    va_list more;
    va_start(more, flags);
    void *wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(more, void *) : NULL;
    va_end(more);
    enum mode mode = call_begun();
    if (mode == WHOLE && size < old_size) peak_kept();
    void *area = (void *)syscall(SYS_mremap, old, old_size, size, flags, wanted);
    put_area(area == MAP_FAILED ? (call_ended(mode), PASSES) : mode, OP_REMAPPED, area, size, (uintptr_t)old);
    return area;
}

OURS int madvise(void *address, size_t size, int advice) {
    enum mode mode = call_begun();
    if (mode == WHOLE && (advice == MADV_DONTNEED || advice == MADV_FREE)) peak_kept();
    int failed = (int)syscall(SYS_madvise, address, size, advice);
    put_area(failed ? (call_ended(mode), PASSES) : mode, OP_ADVISED, address, size, (uint64_t)advice);
    return failed;
}

/* Afterwards it cannot be told which pages are this process's own, while the child has them too. */
static void forks(void) {
    if (live->cursor == NULL || self.doing != OUTSIDE) return;
    order_taken();
    ring_sample(record_outside(OP_SAMPLE, ring_now(), 0, 0));
    order_given();
}

void library_begun(void) {
    pthread_atfork(forks, NULL, NULL);
    order_taken();
    for (uint32_t n = 0; n < early_count; n++) ring_put(early[n], 0);
    ring_sample(record_outside(OP_SAMPLE, ring_now(), 0, 0));
    order_given();
}
#endif
