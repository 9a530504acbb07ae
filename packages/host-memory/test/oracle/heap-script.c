/*
 * Runs a given list of requests on the real malloc and prints each with what it answered.
 *
 * usage: heap-script < REQUESTS
 * Lines as those of heap-stream, without answers; `i` asks for figures. Ids are below 1,000.
 */
#include "heap-answers.h"

#define IDS_MAX 1000

static char script[1 << 16];
static void *block[IDS_MAX];

static void run(char kind, const uint64_t *n) {
    void *given = heap;
    size_t bytes = n[1];
    switch (kind) {
        case 'm': given = block[n[0]] = malloc(bytes); break;
        case 'c': given = block[n[0]] = calloc(1, bytes); break;
        case 'a': given = block[n[0]] = memalign(n[1], bytes = n[2]); break;
        case 'r': given = block[n[1]] = realloc(block[n[0]], bytes = n[2]); break;
        case 'f': free(block[n[0]]); break;
        default: _exit(2);
    }
    if (kind != 'f') written(given, bytes);
    answered(given);
}

int main(void) {
    size_t length = 0;
    ssize_t got;
    while ((got = read(0, script + length, sizeof script - 1 - length)) > 0) length += (size_t)got;
    begin();
    for (char *line = script; *line != 0;) {
        uint64_t number_of[3] = {0, 0, 0};
        char kind = *line, *at = line + 1;
        for (int n = 0; *at == ' '; n++) number_of[n] = strtoull(at, &at, 10);
        if (kind == 'i') figures();
        else {
            for (char *c = line; c < at; c++) put(*c);
            put(' '), run(kind, number_of);
        }
        line = at + (*at == '\n');
    }
    flush();
    return 0;
}
