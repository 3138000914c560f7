/* Closed bars of many markets at one timeframe, and what is read off them. Refuses to know a market's name.

   A row's numbers depend on that row alone, sums run from the oldest bar to the newest, and the build forbids fused and
   reordered arithmetic: the same bars give the same bits on every machine, whether read at once or bar by bar. */
#ifndef VEKTOR_BLOCK_H
#define VEKTOR_BLOCK_H

#include <math.h>
#include <stdint.h>

typedef struct {
    int64_t stride;        /* columns of a row */
    const int64_t *count;  /* bars held per row, from column 0 on */
    const int64_t *time;   /* open times, epoch ms */
    const double *open, *high, *low, *close, *volume;
} Block;

/* One row of a block: n bars, oldest first. */
typedef struct {
    int64_t n;
    const int64_t *time;
    const double *open, *high, *low, *close, *volume;
} Bars;

static inline Bars bars_of(const Block *block, int64_t row) {
    const int64_t at = row * block->stride;
    const Bars bars = {block->count[row], block->time + at, block->open + at,  block->high + at,
                       block->low + at,   block->close + at, block->volume + at};
    return bars;
}

/* +1, 0 or -1; 0 for what is not a number. */
static inline int sign(double x) { return (x > 0) - (x < 0); }

/* The lesser of two; what is not a number stays. */
static inline double least(double a, double b) { return b < a || b != b ? b : a; }

/* The greater of two; what is not a number stays. */
static inline double greatest(double a, double b) { return b > a || b != b ? b : a; }

#endif
