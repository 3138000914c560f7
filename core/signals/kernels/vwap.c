/* Pass 1 VWAP: what the last day paid on average, and on which side of it the price stands (SPEC 3).

   Refuses an opinion without volume. Summed as distances of the typical price from the last close: a flat market's VWAP
   is exactly its price. */
#include "reading.h"

static double vwap(const Bars *b, int64_t bars) {
    if (b->n < bars) return NAN;
    const double last = b->close[b->n - 1];
    double moved = 0, traded = 0;
    for (int64_t i = b->n - bars; i < b->n; i++) {
        moved += (typical(b->high[i], b->low[i], b->close[i]) - last) * b->volume[i];
        traded += b->volume[i];
    }
    return traded > 0 ? last + moved / traded : NAN;
}

void read_vwap(const Reading *r, const int64_t *rows, int64_t n) {
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = rows[k];
        const Bars b = bars_of(&r->h1, row);
        const double price = vwap(&b, r->rules->vwap_bars);
        const double close = b.n ? b.close[b.n - 1] : NAN;
        const int above = sign(close - price), side = *label(r, SIDE, row);
        *figure(r, VWAP, row) = price;
        *figure(r, VWAP_DISTANCE_PCT, row) = finite_or((close - price) / price * 100, 0);
        *label(r, VWAP_FILTER, row) = (int8_t)(above * side < 0 ? VWAP_CONFLICT
                                               : above > 0      ? VWAP_BUY_OK
                                               : above < 0      ? VWAP_SELL_OK
                                                                : VWAP_NEUTRAL);
    }
}
