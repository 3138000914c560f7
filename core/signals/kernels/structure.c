/* Pass 5 Structure: the sequence of swing highs and lows on 4h, and whether it was broken (SPEC 3).

   Refuses a swing before it is confirmed by the bars after it. */
#include "reading.h"

/* Whether way * x stands at i strictly above the `wing` bars on each side (Bill Williams' fractal). */
static int is_swing(const double *x, int way, int64_t i, int64_t wing) {
    for (int64_t k = 1; k <= wing; k++)
        if (!(way * x[i] > way * x[i - k] && way * x[i] > way * x[i + k])) return 0;
    return 1;
}

/* The latest and the one before of the confirmed swings of the last `bars` bars; NaN where there is none. */
static void last_swings(const double *x, int way, int64_t n, int64_t bars, int64_t wing, double *latest, double *earlier) {
    *latest = *earlier = NAN;
    const int64_t first = n < bars ? 0 : n - bars;
    for (int64_t i = n - 1 - wing; i >= first + wing; i--) {
        if (!is_swing(x, way, i, wing)) continue;
        if (*latest == *latest) {
            *earlier = x[i];
            return;
        }
        *latest = x[i];
    }
}

void read_structure(const Reading *r, const int64_t *rows, int64_t n) {
    const Rules *rules = r->rules;
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = rows[k];
        const Bars b = bars_of(&r->h4, row);
        double high, high_before, low, low_before;
        last_swings(b.high, +1, b.n, rules->structure_bars, rules->pivot_bars, &high, &high_before);
        last_swings(b.low, -1, b.n, rules->structure_bars, rules->pivot_bars, &low, &low_before);
        const int rising = high > high_before && low > low_before, falling = high < high_before && low < low_before;
        const int known = high_before == high_before && low_before == low_before;
        const double close = b.n ? b.close[b.n - 1] : NAN;
        const int broken = (rising && close < low) || (falling && close > high);
        *label(r, MS_SEQUENCE, row) =
            (int8_t)(rising ? MS_HH_HL : falling ? MS_LH_LL : known ? MS_MIXED : MS_NONE);
        *figure(r, SWING_HIGH, row) = high;
        *figure(r, SWING_LOW, row) = low;
        *label(r, STRUCTURE_BREAK, row) = (int8_t)broken;
        *label(r, MS_BIAS, row) =
            (int8_t)(broken ? MS_BROKEN : rising ? MS_BULLISH : falling ? MS_BEARISH : MS_RANGING);
    }
}
