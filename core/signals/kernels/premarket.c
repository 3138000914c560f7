/* Pass 2 Pre-market: the ranges of New York's morning, and whether the session has left them (SPEC 3).

   Stocks only. Refuses an opening range before it is complete, and a break outside the regular session. Where one of the
   two ranges is not there, the other alone is to be broken. */
#include "reading.h"

/* Highest high and lowest low of the bars that open in [from, to); NaN where there is none. */
static void range(const Bars *b, int64_t from, int64_t to, double *high, double *low) {
    *high = *low = NAN;
    for (int64_t i = b->n - 1; i >= 0 && b->time[i] >= from; i--) {
        if (b->time[i] >= to) continue;
        *high = *high == *high ? greatest(*high, b->high[i]) : b->high[i];
        *low = *low == *low ? least(*low, b->low[i]) : b->low[i];
    }
}

/* +1 (-1) when the last bar due closed above (below) both ranges in the regular session. */
static int broken(const Reading *r, const Bars *b, double top, double bottom) {
    const int64_t last_ms = r->closed_ms - 900000;
    if (b->n == 0 || b->time[b->n - 1] != last_ms || last_ms < r->opens || last_ms >= r->closes) return 0;
    const double close = b->close[b->n - 1];
    return (close > top) - (close < bottom);
}

void read_premarket(const Reading *r, const int64_t *rows, int64_t n) {
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = rows[k];
        const Bars b = bars_of(&r->m15, row);
        double high = NAN, low = NAN, opening_high = NAN, opening_low = NAN;
        if (r->equity[row] && r->opens) {
            range(&b, r->premarket, r->opens, &high, &low);
            if (r->closed_ms >= r->opening_over) range(&b, r->opens, r->opening_over, &opening_high, &opening_low);
        }
        *figure(r, PREMARKET_HIGH, row) = high;
        *figure(r, PREMARKET_LOW, row) = low;
        *figure(r, OPENING_HIGH, row) = opening_high;
        *figure(r, OPENING_LOW, row) = opening_low;
        const int along = broken(r, &b, fmax(high, opening_high), fmin(low, opening_low)) * *label(r, SIDE, row);
        *label(r, PREMARKET_SIGNAL, row) =
            (int8_t)(along > 0 ? PREMARKET_CONFIRMED : along < 0 ? PREMARKET_CON : PREMARKET_NONE);
    }
}
