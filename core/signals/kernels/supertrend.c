/* Pass 8 Supertrend and pivots: the trend's direction, its turns, and the levels of the day before (SPEC 3).

   Refuses a breakout without a fresh turn, a bounce without a touch, and a trend before the price has once left its
   bands. */
#include "reading.h"

#define DAY_MS 86400000

/* Olivier Seban's Supertrend. Bands lie around (high + low) / 2; the upper only falls and the lower only rises, until a
   close beyond one resets it. The published form begins with an arbitrary direction; here it is 0 until then. */
static void advance(Ratchet *s, const Bars *b, int64_t i, const Rules *rules) {
    if (i == 0) {
        s->upper = INFINITY;
        s->lower = -INFINITY;
    }
    const double reach = rules->supertrend_atrs * atr(&s->range, b, i, rules->supertrend_bars);
    const double middle = (b->high[i] + b->low[i]) / 2, before = i ? b->close[i - 1] : NAN, now = b->close[i];
    if (middle + reach < s->upper || before > s->upper) s->upper = middle + reach;
    if (middle - reach > s->lower || before < s->lower) s->lower = middle - reach;
    const int above = now > s->upper, below = now < s->lower;
    if (s->direction == 0) {
        s->direction = above - below;
    } else if (s->direction > 0 ? below : above) {
        s->direction = -s->direction;
    }
    turn_at(&s->flip, (int)s->direction, i);
}

typedef struct {
    double p, r1, r2, s1, s2;
} Pivots;

/* Floor pivots of the last UTC day with bars that was over at `now_ms`; NaN where no such day is held. */
static Pivots pivots(const Bars *b, int64_t now_ms) {
    int64_t i = b->n - 1;
    while (i >= 0 && b->time[i] >= now_ms / DAY_MS * DAY_MS) i--;
    if (i < 0) return (Pivots){NAN, NAN, NAN, NAN, NAN};
    const int64_t midnight = b->time[i] / DAY_MS * DAY_MS;
    const double last = b->close[i];
    double top = b->high[i], bottom = b->low[i];
    for (; i >= 0 && b->time[i] >= midnight; i--) {
        top = greatest(top, b->high[i]);
        bottom = least(bottom, b->low[i]);
    }
    const double p = typical(top, bottom, last), width = top - bottom;
    return (Pivots){p, 2 * p - bottom, p + width, 2 * p - top, p - width};
}

/* Equality belongs to the zone nearer P. */
static int zone(double close, const Pivots *at) {
    if (close > at->r2) return ZONE_ABOVE_R2;
    if (close > at->r1) return ZONE_R1_R2;
    if (close > at->p) return ZONE_P_R1;
    if (close < at->s2) return ZONE_BELOW_S2;
    if (close < at->s1) return ZONE_S2_S1;
    return close < at->p ? ZONE_S1_P : ZONE_AT_P;
}

/* In order: breakout through P or the resistance, bounce off the support, strength beyond P. Seen from the side of
   the trend `way`, +1 or -1: a short signal is a long one on prices with their signs turned. A fresh turn is into it. */
static int signal(const Bars *b, int way, int flip, double p, double resistance, double support, const Rules *rules) {
    const int64_t t = b->n - 1;
    const double *edge = way > 0 ? b->low : b->high, last = way * b->close[t];
    double before = INFINITY, touch = INFINITY;
    for (int64_t i = t - 1; i >= 0 && i >= t - rules->breakout_bars; i--) before = least(before, way * b->close[i]);
    for (int64_t i = t; i >= 0 && i > t - rules->bounce_bars; i--) touch = least(touch, way * edge[i]);
    const int through_p = before <= way * p && last > way * p;
    if (flip && (through_p || (before <= way * resistance && last > way * resistance)))
        return way > 0 ? PP_BREAKOUT_LONG : PP_BREAKOUT_SHORT;
    if (touch <= way * support && last > way * support && last > way * b->open[t])
        return way > 0 ? PP_BOUNCE_LONG : PP_BOUNCE_SHORT;
    if (last > way * p) return way > 0 ? PP_STRONG_LONG : PP_STRONG_SHORT;
    return PP_NONE;
}

static void read_row(const Reading *r, int64_t row) {
    const Bars b = bars_of(&r->h1, row);
    Ratchet *s = r->ratchet + row;
    for (; s->done < b.n; s->done++) advance(s, &b, s->done, r->rules);
    const int trend = (int)s->direction, flip = fresh_turn(&s->flip, b.n, r->rules->fresh_bars);
    const Pivots at = pivots(&b, r->now_ms);
    *label(r, ST_DIRECTION, row) = (int8_t)trend;
    *label(r, ST_FLIP, row) = (int8_t)up_down(flip);
    *figure(r, PIVOT_P, row) = at.p;
    *figure(r, PIVOT_R1, row) = at.r1;
    *figure(r, PIVOT_R2, row) = at.r2;
    *figure(r, PIVOT_S1, row) = at.s1;
    *figure(r, PIVOT_S2, row) = at.s2;
    *label(r, PIVOT_ZONE, row) = (int8_t)(b.n ? zone(b.close[b.n - 1], &at) : ZONE_AT_P);
    *label(r, PP_ST_SIGNAL, row) = PP_NONE;
    if (trend > 0) *label(r, PP_ST_SIGNAL, row) = (int8_t)signal(&b, +1, flip, at.p, at.r1, at.s1, r->rules);
    if (trend < 0) *label(r, PP_ST_SIGNAL, row) = (int8_t)signal(&b, -1, flip, at.p, at.s1, at.r1, r->rules);
}

void read_supertrend(const Reading *r, const int64_t *rows, int64_t n) {
    for (int64_t k = 0; k < n; k++) read_row(r, rows[k]);
}
