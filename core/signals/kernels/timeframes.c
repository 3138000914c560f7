/* The trend of each timeframe and the side that 15m and 1h give together (SPEC M1); the price's width for stops. */
#include "reading.h"

/* +1 for close > EMA fast > EMA slow, -1 for the mirror image, else 0; at the last bar. */
static int state(const Bars *b, Trend *t, const Rules *rules) {
    for (; t->done < b->n; t->done++) {
        ema(&t->fast, b->close[t->done], rules->ema_fast);
        ema(&t->slow, b->close[t->done], rules->ema_slow);
    }
    if (b->n == 0) return 0;
    const int above = sign(b->close[b->n - 1] - t->fast.value), across = sign(t->fast.value - t->slow.value);
    return above == across ? above : 0;
}

static void read_states(const Reading *r, const Block *block, Trend *trend, enum Label which, const int64_t *rows,
                        int64_t n) {
    for (int64_t k = 0; k < n; k++) {
        const Bars b = bars_of(block, rows[k]);
        *label(r, which, rows[k]) = (int8_t)state(&b, trend + rows[k], r->rules);
    }
}

void read_15m(const Reading *r, const int64_t *rows, int64_t n) {
    read_states(r, &r->m15, r->trend_15m, STATE_15M, rows, n);
    for (int64_t k = 0; k < n; k++) {
        const Bars b = bars_of(&r->m15, rows[k]);
        *figure(r, CLOSE, rows[k]) = b.n ? b.close[b.n - 1] : NAN;
    }
}

void read_1h(const Reading *r, const int64_t *rows, int64_t n) { read_states(r, &r->h1, r->trend_1h, STATE_1H, rows, n); }

void read_4h(const Reading *r, const int64_t *rows, int64_t n) { read_states(r, &r->h4, r->trend_4h, STATE_4H, rows, n); }

/* sign(15m + 1h); writes the rows whose side has changed to `turned` and returns how many there are. */
int64_t read_side(const Reading *r, int64_t *turned) {
    int64_t found = 0;
    for (int64_t row = 0; row < r->rows; row++) {
        const int8_t side = (int8_t)sign(*label(r, STATE_15M, row) + *label(r, STATE_1H, row));
        int8_t *held = label(r, SIDE, row);
        if (side != *held) turned[found++] = row;
        *held = side;
    }
    return found;
}

/* Wilder's ATR, and (highest high - lowest low) as a share of the last close; 1h bars. */
void read_width(const Reading *r, const int64_t *rows, int64_t n) {
    for (int64_t k = 0; k < n; k++) {
        const Bars b = bars_of(&r->h1, rows[k]);
        Width *w = r->width + rows[k];
        for (; w->done < b.n; w->done++) atr(&w->range, &b, w->done, r->rules->atr_bars);
        *figure(r, ATR, rows[k]) = b.n ? w->range.value : NAN;
        double high = -INFINITY, low = INFINITY;
        for (int64_t i = b.n < r->rules->range_bars ? 0 : b.n - r->rules->range_bars; i < b.n; i++) {
            high = greatest(high, b.high[i]);
            low = least(low, b.low[i]);
        }
        *figure(r, RANGE_24H, rows[k]) = b.n ? (high - low) / b.close[b.n - 1] : NAN;
    }
}
