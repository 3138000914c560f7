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

/* Whether any of the bars before lies where a swept level would have to. Nearly always none does. */
static int in_reach(const double *edge, int way, int64_t first, int64_t bar, double wick, double body) {
    int found = 0;
    for (int64_t i = first; i < bar; i++) found |= (wick < way * edge[i]) & (way * edge[i] < body);
    return found;
}

/* The lowest level that the bar swept, NaN where it swept none: low < level < min(open, close). Levels are the lowest
   low of the `bars` - 1 bars before, and every swing low among them that no close has gone under since. */
static double swept(const Bars *b, const double *edge, int way, int64_t bar, const Rules *rules) {
    const int64_t first = bar - rules->sweep_bars + 1, wing = rules->pivot_bars;
    if (first < 0) return NAN;
    const double wick = way * edge[bar], body = least(way * b->open[bar], way * b->close[bar]);
    if (!in_reach(edge, way, first, bar, wick, body)) return NAN;
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

/* What a bar swept, way * level; NaN when nothing, or both ways. It depends on no later bar, so it is found once. */
static double swept_by(const Bars *b, int64_t bar, const Rules *rules) {
    const double low = swept(b, b->low, +1, bar, rules), high = swept(b, b->high, -1, bar, rules);
    return low == low && high == high ? NAN : low == low ? low : -high;
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
        const int64_t row = rows[k], fresh = r->rules->fresh_bars;
        const Bars b = bars_of(&r->h1, row);
        double *found = r->swept + row * r->h1.stride;
        int64_t *done = &r->sweeps[row].done;
        for (*done = *done < b.n - 1 - fresh ? b.n - 1 - fresh : *done; *done < b.n; ++*done)
            if (*done >= 0) found[*done] = swept_by(&b, *done, r->rules);
        *label(r, SWEEP, row) = NEITHER;
        *label(r, SWEEP_AGE_BARS, row) = -1;
        *figure(r, SWEEP_LEVEL, row) = NAN;
        for (int64_t age = 0; age <= fresh && age < b.n; age++) {
            const int64_t bar = b.n - 1 - age;
            const int way = sign(found[bar]);
            if (way == 0 || !stands(&b, way, bar, way * found[bar])) continue;
            *label(r, SWEEP, row) = (int8_t)up_down(way);
            *label(r, SWEEP_AGE_BARS, row) = (int8_t)age;
            *figure(r, SWEEP_LEVEL, row) = way * found[bar];
            break;
        }
    }
}
