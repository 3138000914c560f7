/* What every pass is given: bars, rules, the moment, what is carried from bar to bar, and where its columns go.

   The structures are those of library.py, field by field (a test compares their sizes and names). */
#ifndef VEKTOR_READING_H
#define VEKTOR_READING_H

#include "block.h"
#include "labels.h"
#include "smoothing.h"
#include "windows.h"

/* Numbers of core/settings.py: Enrichment, and the two EMAs of TimeframeRules. */
typedef struct {
    int64_t ema_fast, ema_slow, fresh_bars, vwap_bars, delta_bars, delta_divergence_bars, macd_fast, macd_slow,
        macd_signal, macd_divergence_bars, divergence_gap_bars, rsi_bars, stoch_bars, stoch_smooth, squeeze_bars,
        squeeze_inside_bars, strong_momentum, structure_bars, pivot_bars, sweep_bars, obv_slope_bars,
        obv_divergence_bars, cvd_bars, supertrend_bars, breakout_bars, bounce_bars, atr_bars, range_bars;
    double delta_filter, overbought, oversold, bollinger_sigmas, keltner_atrs, obv_slope_least, cvd_least, cvd_strong,
        supertrend_atrs;
} Rules;

/* Carried per row. `done` counts the bars that are in it; all zero is the state before the first bar. */
typedef struct {
    int64_t done;
    Smooth fast, slow;
} Trend;

typedef struct {
    int64_t done;
    Smooth fast, slow, signal, gain, loss, middle, range;
    Turn cross;
    double deviation;
    int64_t inside, outside, inside_before, widening;
} Momentum;

typedef struct {
    int64_t done;
    double total;
} Flow;

typedef struct {
    int64_t done;
    Smooth range;
    double upper, lower;
    int64_t direction;
    Turn flip;
} Ratchet;

typedef struct {
    int64_t done;
    Smooth range;
} Width;

typedef struct {
    int64_t done;
} Sweeps;

typedef struct {
    Block m15, h1, h4;
    const Rules *rules;
    int64_t rows;                                   /* length of a column */
    int64_t now_ms, closed_ms;                      /* the moment; close of the last 15m bar due */
    int64_t premarket, opens, opening_over, closes; /* New York's trading day, epoch ms; all 0 without one */
    const int8_t *equity;                           /* which rows are stocks */
    Trend *trend_15m, *trend_1h, *trend_4h;
    Momentum *momentum;
    Flow *flow;
    Ratchet *ratchet;
    Width *width;
    Sweeps *sweeps;
    double *macd_line, *rsi, *obv, *swept; /* at every 1h bar, stride as h1 */
    double *figures;                       /* [Figure][rows] */
    int8_t *labels;                        /* [Label][rows] */
} Reading;

/* A pass reads the rows that it is given, `n` of them. */
typedef void Pass(const Reading *r, const int64_t *rows, int64_t n);

static inline double *figure(const Reading *r, enum Figure which, int64_t row) {
    return r->figures + (int64_t)which * r->rows + row;
}

static inline int8_t *label(const Reading *r, enum Label which, int64_t row) {
    return r->labels + (int64_t)which * r->rows + row;
}

/* The neutral number in place of one that is not finite. */
static inline double finite_or(double x, double neutral) { return isfinite(x) ? x : neutral; }

#endif
