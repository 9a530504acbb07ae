/*
 * Maps, touches, cuts, moves and unmaps memory by a seed, and prints what Linux answered: the oracle of areas and pages.
 *
 * usage: areas-stream SEED REQUESTS
 * First `base`. Then a line for each request, `m ID PAGES`,
 * `t ID FROM PAGES`, `d ID FROM PAGES` (given back), `u ID FROM PAGES` (unmapped), `r ID PAGES` (mremap), in pages from the mapping's
 * start, and the answer: base less the address (of m and r; else 0), and the pages that are resident and that are mapped, of all mappings.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define MAPPINGS_MAX 64

static struct mapping {
    unsigned id;
    char *start;
    size_t pages;
    uint8_t holes[512]; /* pages that were unmapped */
} mapping[MAPPINGS_MAX];
static size_t live;
static unsigned next_id = 1;
static uint64_t random_state;
static char *base;
static int pagemap;

static uint64_t draw(uint64_t bound) {
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return random_state % bound;
}

static char *mapped(size_t pages) {
    char *start = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) exit(1);
    return start;
}

/* Fills every gap above, so that whatever is mapped from here on lies below. */
static void gaps_filled(void) {
    char *last = mapped(1);
    for (int below = 0; below < 64;) {
        char *next = mapped(1);
        below = next == last - PAGE ? below + 1 : 0;
        last = next;
    }
    base = last;
}

static void answered(char *address) {
    size_t resident = 0, size = 0;
    for (size_t n = 0; n < live; n++) {
        uint64_t entry[512];
        if (pread(pagemap, entry, mapping[n].pages * 8, (off_t)((uintptr_t)mapping[n].start / PAGE * 8)) < 0) exit(1);
        for (size_t page = 0; page < mapping[n].pages; page++)
            if (!mapping[n].holes[page]) size++, resident += entry[page] >> 63;
    }
    printf(" %lld %zu %zu\n", address == NULL ? 0LL : (long long)(base - address), resident, size);
}

static int is_whole(const struct mapping *m, size_t from, size_t pages) {
    for (size_t page = from; page < from + pages; page++)
        if (m->holes[page]) return 0;
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    random_state = strtoull(argv[1], 0, 10) * 2654435761u + 88172645463325252u;
    pagemap = open("/proc/self/pagemap", O_RDONLY);
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    printf("base\n");
    fflush(stdout);
    gaps_filled();
    for (unsigned n = 0; n < (unsigned)atoi(argv[2]); n++) {
        uint64_t what = draw(10);
        if (live == 0 || (what < 3 && live < MAPPINGS_MAX)) {
            struct mapping *m = &mapping[live++];
            *m = (struct mapping){.id = next_id++, .pages = 1 + draw(draw(4) == 0 ? 300 : 20)};
            m->start = mapped(m->pages);
            printf("m %u %zu", m->id, m->pages);
            answered(m->start);
            continue;
        }
        struct mapping *m = &mapping[draw(live)];
        size_t from = draw(m->pages), pages = 1 + draw(m->pages - from);
        if (what < 6) {
            if (!is_whole(m, from, pages)) continue;
            for (size_t page = from; page < from + pages; page++) m->start[page * PAGE] = 1;
            printf("t %u %zu %zu", m->id, from, pages);
            answered(NULL);
        } else if (what == 6) {
            if (!is_whole(m, from, pages)) continue;
            madvise(m->start + from * PAGE, pages * PAGE, MADV_DONTNEED);
            printf("d %u %zu %zu", m->id, from, pages);
            answered(NULL);
        } else if (what == 7 && is_whole(m, 0, m->pages)) {
            size_t wanted = 1 + draw(400);
            char *moved = mremap(m->start, m->pages * PAGE, wanted * PAGE, MREMAP_MAYMOVE);
            if (moved == MAP_FAILED) return 1;
            m->start = moved, m->pages = wanted;
            printf("r %u %zu", m->id, wanted);
            answered(moved);
        } else {
            if (what == 8) from = 0, pages = m->pages;
            if (!is_whole(m, from, pages)) continue;
            munmap(m->start + from * PAGE, pages * PAGE);
            for (size_t page = from; page < from + pages; page++) m->holes[page] = 1;
            printf("u %u %zu %zu", m->id, from, pages);
            int gone = 1;
            for (size_t page = 0; page < m->pages; page++) gone &= m->holes[page];
            if (gone) *m = mapping[--live];
            answered(NULL);
        }
    }
    fflush(stdout);
    return 0;
}
