/* Sums, means and extremes over the bars before one. Refuses running totals, which drift and remember what has left. */
#ifndef VEKTOR_WINDOWS_H
#define VEKTOR_WINDOWS_H

#include "block.h"

/* (high + low + close) / 3, taken from the close so that a bar without range has exactly its price. */
static inline double typical(double high, double low, double close) {
    return close + ((high - close) + (low - close)) / 3;
}

/* Sum of the `bars` values that end at i. */
static inline double sum(const double *x, int64_t i, int64_t bars) {
    double total = x[i - bars + 1];
    for (int64_t k = i - bars + 2; k <= i; k++) total += x[k];
    return total;
}

/* Their mean, taken as distances from the newest: a flat window has exactly its value. */
static inline double mean(const double *x, int64_t i, int64_t bars) {
    double total = 0;
    for (int64_t k = i - bars + 1; k < i; k++) total += x[k] - x[i];
    return x[i] + total / (double)bars;
}

/* Their standard deviation about `centre`, ddof 0, as John Bollinger defines his bands. */
static inline double deviation(const double *x, int64_t i, int64_t bars, double centre) {
    double total = 0;
    for (int64_t k = i - bars + 1; k <= i; k++) total += (x[k] - centre) * (x[k] - centre);
    return sqrt(total / (double)bars);
}

/* Sum of (close - open as a sign) times volume over that of volume, in [-1, 1]; 0 without volume, NaN without bars. */
static inline double volume_delta(const Bars *b, int64_t i, int64_t bars) {
    if (i < bars - 1) return NAN;
    double part = 0;
    for (int64_t k = i - bars + 1; k <= i; k++) part += sign(b->close[k] - b->open[k]) * b->volume[k];
    const double traded = sum(b->volume, i, bars);
    return traded == 0 ? 0 : part / traded;
}

/* Bar of the least way * x among those from `bars` - 1 to `gap` before t; of several the oldest. */
static inline int64_t extreme(const double *x, int way, int64_t t, int64_t bars, int64_t gap) {
    int64_t found = t - bars + 1;
    for (int64_t k = found + 1; k <= t - gap; k++)
        if (way * x[k] < way * x[found]) found = k;
    return found;
}

/* Whether way * x is at t the least of its `bars` bars and under that of bar j. */
static inline int new_extreme(const double *x, int way, int64_t t, int64_t bars, int64_t j) {
    for (int64_t k = t - bars + 1; k < t; k++)
        if (!(way * x[t] <= way * x[k])) return 0;
    return way * x[t] < way * x[j];
}

#endif
