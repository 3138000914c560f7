/* Exponential smoothing and what is built on it, one bar at a time. Refuses any seed but TA-Lib's. */
#ifndef VEKTOR_SMOOTHING_H
#define VEKTOR_SMOOTHING_H

#include "block.h"

/* An average under way. `value` is NaN until the seed, the mean of the first values, taken as distances from the first
   of them so that a flat row is smoothed to exactly itself. */
typedef struct {
    double value, origin, total;
    int64_t seen;
} Smooth;

static inline double smooth(Smooth *s, double x, int64_t bars, double weight) {
    if (s->seen >= bars) return s->value += weight * (x - s->value);
    if (s->seen == 0) {
        s->origin = x;
        s->total = 0;
    } else {
        s->total += x - s->origin;
    }
    s->seen += 1;
    return s->value = s->seen == bars ? s->origin + s->total / (double)bars : NAN;
}

/* Exponential moving average, weight 2 / (bars + 1). */
static inline double ema(Smooth *s, double x, int64_t bars) { return smooth(s, x, bars, 2.0 / ((double)bars + 1)); }

/* Wilder's, weight 1 / bars (New Concepts in Technical Trading Systems, 1978). */
static inline double wilder(Smooth *s, double x, int64_t bars) { return smooth(s, x, bars, 1.0 / (double)bars); }

/* Wilder's true range of bar i > 0. */
static inline double true_range(const Bars *b, int64_t i) {
    const double before = b->close[i - 1];
    return greatest(greatest(b->high[i] - b->low[i], fabs(b->high[i] - before)), fabs(b->low[i] - before));
}

/* Wilder's average true range at bar i; NaN until there are `bars` ranges. */
static inline double atr(Smooth *s, const Bars *b, int64_t i, int64_t bars) {
    return i == 0 ? (s->value = NAN) : wilder(s, true_range(b, i), bars);
}

/* Where a sign last turned into the other; zeros in between are skipped. */
typedef struct {
    int64_t held, turn, bar;
} Turn;

static inline void turn_at(Turn *t, int now, int64_t bar) {
    if (now == 0) return;
    if (t->held * now < 0) {
        t->turn = now;
        t->bar = bar;
    }
    t->held = now;
}

/* The sign of a turn at most `fresh` bars before the last of n, else 0. */
static inline int fresh_turn(const Turn *t, int64_t n, int64_t fresh) {
    return t->turn && n - 1 - t->bar <= fresh ? (int)t->turn : 0;
}

#endif
