/* Pass 7 OBV and CVD: whether volume goes with the price, by two measures that must not contradict (SPEC 3).

   Refuses an opinion where nothing was traded. */
#include "reading.h"

/* Joseph Granville's on-balance volume, 0 at the first bar (TA-Lib begins with its volume). */
static void advance(Flow *f, double *obv, const Bars *b, int64_t i) {
    const int way = i ? sign(b->close[i] - b->close[i - 1]) : 0;
    if (way) f->total += way * b->volume[i];
    obv[i] = f->total;
}

/* Least-squares slope of the last `bars` values, per bar; NaN without so many. */
static double slope(const double *x, int64_t n, int64_t bars) {
    if (n < bars) return NAN;
    const double centre = (double)(bars - 1) / 2;
    double total = 0;
    for (int64_t k = 0; k < bars; k++) total += ((double)k - centre) * (x[n - bars + k] - x[n - 1]);
    return total / ((double)(bars * (bars * bars - 1)) / 12);
}

/* The cumulative volume delta as estimated from bars, in [-1, 1]; a bar without range counts 0. */
static double cumulative_delta(const Bars *b, int64_t bars) {
    if (b->n < bars) return NAN;
    double part = 0;
    for (int64_t i = b->n - bars; i < b->n; i++) {
        const double width = b->high[i] - b->low[i];
        if (width != 0) part += (b->close[i] - b->open[i]) / width * b->volume[i];
    }
    const double traded = sum(b->volume, b->n - 1, bars);
    return traded == 0 ? 0 : part / traded;
}

/* +1 where the price fell over `bars` bars and OBV rose, -1 for the mirror image, else 0. */
static int diverges(const Bars *b, const double *obv, int64_t bars) {
    const int64_t t = b->n - 1;
    if (b->n <= bars) return 0;
    const int flowed = sign(obv[t] - obv[t - bars]);
    return sign(b->close[t] - b->close[t - bars]) * flowed < 0 ? flowed : 0;
}

/* Each measure counts from its own size on; strong when both agree and the delta is large. */
static int verdict(double steepness, double delta, const Rules *rules) {
    const int by_obv = fabs(steepness) >= rules->obv_slope_least ? sign(steepness) : 0;
    const int by_cvd = fabs(delta) >= rules->cvd_least ? sign(delta) : 0;
    if (by_obv * by_cvd < 0) return VOL_CONFLICT;
    const int total = by_obv + by_cvd, strong = by_obv == by_cvd && fabs(delta) >= rules->cvd_strong;
    if (total == 0) return VOL_NEUTRAL;
    if (strong) return total > 0 ? VOL_STRONG_BULL : VOL_STRONG_BEAR;
    return total > 0 ? VOL_BULL : VOL_BEAR;
}

void read_obv_cvd(const Reading *r, const int64_t *rows, int64_t n) {
    const Rules *rules = r->rules;
    const int64_t bars = rules->obv_slope_bars;
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = rows[k];
        const Bars b = bars_of(&r->h1, row);
        Flow *f = r->flow + row;
        double *obv = r->obv + row * r->h1.stride;
        for (; f->done < b.n; f->done++) advance(f, obv, &b, f->done);
        const double traded = b.n < bars ? 0 : sum(b.volume, b.n - 1, bars);
        const double steepness = traded > 0 ? slope(obv, b.n, bars) * (double)bars / traded : 0;
        const double delta = cumulative_delta(&b, rules->cvd_bars);
        *figure(r, OBV_SLOPE, row) = finite_or(steepness, 0);
        *label(r, OBV_DIVERGENCE, row) = (int8_t)up_down(diverges(&b, obv, rules->obv_divergence_bars));
        *figure(r, CVD_DELTA, row) = finite_or(delta, 0);
        *label(r, VOL_CONFIRM, row) = (int8_t)verdict(steepness, delta, rules);
    }
}
