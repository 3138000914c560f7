/* Pass 3 Volume delta: how much more was traded in rising bars than in falling ones (SPEC 3).

   Refuses an opinion where nothing was traded. */
#include "reading.h"

/* div(x, n, g) of SPEC 3: +1 for a new low (way +1), or a new high (way -1), that volume delta does not follow. */
static int diverges(const Bars *b, const double *edge, int way, double now, const Rules *rules) {
    const int64_t t = b->n - 1, bars = rules->delta_divergence_bars, gap = rules->divergence_gap_bars;
    if (b->n < bars || gap >= bars) return 0;
    const int64_t then = extreme(edge, way, t, bars, gap);
    if (!new_extreme(edge, way, t, bars, then)) return 0;
    return way * now > way * volume_delta(b, then, rules->delta_bars);
}

void read_volume_delta(const Reading *r, const int64_t *rows, int64_t n) {
    const Rules *rules = r->rules;
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = rows[k];
        const Bars b = bars_of(&r->h1, row);
        const double now = volume_delta(&b, b.n - 1, rules->delta_bars);
        const double along = *label(r, SIDE, row) * now;
        const int apart = diverges(&b, b.low, +1, now, rules) - diverges(&b, b.high, -1, now, rules);
        *figure(r, VD_DELTA, row) = finite_or(now, 0);
        *label(r, VD_DIVERGENCE, row) = (int8_t)up_down(apart);
        *label(r, VD_FILTER, row) = (int8_t)(along >= rules->delta_filter    ? VD_CONFIRMED
                                             : along <= -rules->delta_filter ? VD_CONFLICT
                                                                             : VD_NEUTRAL);
    }
}
