/* Pass 6 Sweep: a wick through a watched level that the body did not follow (SPEC 3).

   Refuses a bar that sweeps both ways, and a sweep whose level a later close has given up. Written for lows (way +1); a
   sweep of a high is the same on prices with their signs turned (way -1). */
#include "reading.h"

/* Whether way * x stands at i strictly under the `wing` bars on each side. */
static int is_swing(const double *x, int way, int64_t i, int64_t wing) {
    for (int64_t k = 1; k <= wing; k++)
        if (!(way * x[i] < way * x[i - k] && way * x[i] < way * x[i + k])) return 0;
    return 1;
}

/* The lowest level that the bar swept, NaN where it swept none: low < level < min(open, close). Levels are the lowest
   low of the `bars` - 1 bars before, and every swing low among them that no close has gone under since. */
static double swept(const Bars *b, const double *edge, int way, int64_t bar, const Rules *rules) {
    const int64_t first = bar - rules->sweep_bars + 1, wing = rules->pivot_bars;
    if (first < 0) return NAN;
    const double wick = way * edge[bar], body = least(way * b->open[bar], way * b->close[bar]);
    double lowest = way * edge[first], found = INFINITY, close_since = INFINITY;
    for (int64_t i = bar - 1; i >= first; i--) {
        const double level = way * edge[i];
        lowest = least(lowest, level);
        const int inner = i <= bar - 1 - wing && i >= first + wing;
        if (inner && wick < level && level < body && level < found && close_since >= level && is_swing(edge, way, i, wing))
            found = level;
        close_since = least(close_since, way * b->close[i]);
    }
    if (wick < lowest && lowest < body) found = least(found, lowest);
    return found == INFINITY ? NAN : way * found;
}

/* Whether no close after the bar has gone beyond the level. */
static int stands(const Bars *b, int way, int64_t bar, double level) {
    for (int64_t i = bar + 1; i < b->n; i++)
        if (way * b->close[i] < way * level) return 0;
    return 1;
}

/* Of the fresh bars the newest whose sweep still stands counts. */
void read_sweep(const Reading *r, const int64_t *rows, int64_t n) {
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = rows[k];
        const Bars b = bars_of(&r->h1, row);
        *label(r, SWEEP, row) = NEITHER;
        *label(r, SWEEP_AGE_BARS, row) = -1;
        *figure(r, SWEEP_LEVEL, row) = NAN;
        for (int64_t age = 0; age <= r->rules->fresh_bars && age < b.n; age++) {
            const int64_t bar = b.n - 1 - age;
            const double low = swept(&b, b.low, +1, bar, r->rules), high = swept(&b, b.high, -1, bar, r->rules);
            const int way = (low == low) - (high == high);
            const double level = way > 0 ? low : high;
            if (way == 0 || !stands(&b, way, bar, level)) continue;
            *label(r, SWEEP, row) = (int8_t)up_down(way);
            *label(r, SWEEP_AGE_BARS, row) = (int8_t)age;
            *figure(r, SWEEP_LEVEL, row) = level;
            break;
        }
    }
}
