/* Pass 4 Momentum: MACD, stochastic RSI and the squeeze, and what they add up to (SPEC 3).

   Refuses to call anything strong on one witness: three points of the sum are needed. */
#include "reading.h"

/* MACD line and signal (Gerald Appel). As TA-Lib has it, the fast EMA is seeded where the slow one's seed ends. */
static void advance_macd(Momentum *m, double *line, const Bars *b, int64_t i, const Rules *rules) {
    const int64_t late = rules->macd_slow - rules->macd_fast;
    const double fast = i >= late ? ema(&m->fast, b->close[i], rules->macd_fast) : NAN;
    line[i] = fast - ema(&m->slow, b->close[i], rules->macd_slow);
    const int64_t longer = rules->macd_slow > rules->macd_fast ? rules->macd_slow : rules->macd_fast;
    if (i >= longer - 1) {
        turn_at(&m->cross, sign(line[i] - ema(&m->signal, line[i], rules->macd_signal)), i);
    } else {
        m->signal.value = NAN;
    }
}

/* The part of a move that goes up. */
static double gained(double move) { return move > 0 || move != move ? move : 0; }

/* Wilder's relative strength index, 0 ... 100; 50 where the price has not moved since the row began. */
static void advance_rsi(Momentum *m, double *rsi, const Bars *b, int64_t i, const Rules *rules) {
    rsi[i] = NAN;
    if (i == 0) return;
    const double move = b->close[i] - b->close[i - 1];
    const double gain = wilder(&m->gain, gained(move), rules->rsi_bars);
    const double moved = gain + wilder(&m->loss, gained(-move), rules->rsi_bars);
    rsi[i] = moved == 0 ? 50 : 100 * gain / moved;
}

/* What is counted about a squeeze: bars inside; since a release bars outside, bars inside before it, and whether the
   deviation has risen on every bar since the last one inside. */
static void count_squeeze(Momentum *m, int inside, double width) {
    const double before = m->deviation;
    m->deviation = width;
    if (inside) {
        m->inside += 1;
        m->outside = 0;
        return;
    }
    if (m->inside) {
        m->inside_before = m->inside;
        m->inside = 0;
        m->widening = 1;
    }
    m->outside += 1;
    m->widening &= width > before;
}

/* Whether a squeeze is firing: released, fresh, after enough bars inside, widening ever since. */
static int released(const Momentum *m, const Rules *rules) {
    return m->outside >= 1 && m->outside <= rules->fresh_bars + 1 && m->widening &&
           m->inside_before >= rules->squeeze_inside_bars;
}

/* Bollinger's bands inside Keltner's (Linda Raschke's form): John Carter's squeeze. */
static void advance_squeeze(Momentum *m, const Bars *b, int64_t i, const Rules *rules) {
    const double line = ema(&m->middle, b->close[i], rules->squeeze_bars);
    const double outer = rules->keltner_atrs * atr(&m->range, b, i, rules->squeeze_bars);
    double width = NAN, centre = NAN;
    if (i >= rules->squeeze_bars - 1) {
        centre = mean(b->close, i, rules->squeeze_bars);
        width = deviation(b->close, i, rules->squeeze_bars, centre);
    }
    const double bands = rules->bollinger_sigmas * width;
    count_squeeze(m, centre + bands < line + outer && centre - bands > line - outer, width);
}

/* %K of the stochastic RSI (Chande and Kroll): where the RSI lies in its own range, averaged; a range of zero is 50. */
static double stoch_rsi(const double *rsi, int64_t n, const Rules *rules) {
    if (n - 1 < rules->rsi_bars + rules->stoch_bars + rules->stoch_smooth - 2) return NAN;
    double newest = NAN, total = 0;
    for (int64_t i = n - 1; i > n - 1 - rules->stoch_smooth; i--) {
        double low = rsi[i], high = rsi[i];
        for (int64_t k = i - rules->stoch_bars + 1; k < i; k++) {
            low = least(low, rsi[k]);
            high = greatest(high, rsi[k]);
        }
        const double raw = high == low ? 50 : 100 * (rsi[i] - low) / (high - low);
        if (i == n - 1) newest = raw;
        total += raw - newest;
    }
    return newest + total / (double)rules->stoch_smooth;
}

/* div(x, n, g) of SPEC 3 for the MACD line. */
static int diverges(const Bars *b, const double *edge, int way, const double *line, const Rules *rules) {
    const int64_t t = b->n - 1, bars = rules->macd_divergence_bars, gap = rules->divergence_gap_bars;
    if (b->n < bars || gap >= bars) return 0;
    const int64_t then = extreme(edge, way, t, bars, gap);
    return new_extreme(edge, way, t, bars, then) && way * line[t] > way * line[then];
}

/* Strong by itself, else along or against the side. */
static int verdict(int points, int side, const Rules *rules) {
    if (points >= rules->strong_momentum) return MI_STRONG_LONG;
    if (points <= -rules->strong_momentum) return MI_STRONG_SHORT;
    return side * points >= 1 ? MI_CONFIRMED : side * points <= -1 ? MI_CONFLICT : MI_NEUTRAL;
}

static void read_row(const Reading *r, int64_t row) {
    const Rules *rules = r->rules;
    const Bars b = bars_of(&r->h1, row);
    Momentum *m = r->momentum + row;
    double *line = r->macd_line + row * r->h1.stride, *rsi = r->rsi + row * r->h1.stride;
    for (; m->done < b.n; m->done++) {
        advance_macd(m, line, &b, m->done, rules);
        advance_rsi(m, rsi, &b, m->done, rules);
        advance_squeeze(m, &b, m->done, rules);
    }
    const int64_t t = b.n - 1;
    const int bias = b.n ? sign(line[t] - m->signal.value) : 0, cross = fresh_turn(&m->cross, b.n, rules->fresh_bars);
    const int apart = diverges(&b, b.low, +1, line, rules) - diverges(&b, b.high, -1, line, rules);
    const double stochastic = stoch_rsi(rsi, b.n, rules);
    const int high = stochastic >= rules->overbought, low = stochastic <= rules->oversold;
    const int firing = released(m, rules) ? sign(b.close[t] - mean(b.close, t, rules->squeeze_bars)) : 0;
    *label(r, MACD_BIAS, row) = (int8_t)up_down(bias);
    *label(r, MACD_CROSS, row) = (int8_t)up_down(cross);
    *label(r, MACD_DIVERGENCE, row) = (int8_t)up_down(apart);
    *figure(r, STOCH_RSI, row) = finite_or(stochastic, 50);
    *label(r, STOCH_RSI_STATE, row) = (int8_t)(high ? STOCH_OVERBOUGHT : low ? STOCH_OVERSOLD : STOCH_NEUTRAL);
    *label(r, SQUEEZE, row) = (int8_t)(m->inside    ? SQUEEZE_COILING
                                       : firing > 0 ? SQUEEZE_FIRING_LONG
                                       : firing < 0 ? SQUEEZE_FIRING_SHORT
                                                    : SQUEEZE_NONE);
    const int points = bias + cross + apart + low - high + 2 * firing;
    *label(r, MI_SIGNAL, row) = (int8_t)verdict(points, *label(r, SIDE, row), rules);
}

void read_momentum(const Reading *r, const int64_t *rows, int64_t n) {
    for (int64_t k = 0; k < n; k++) read_row(r, rows[k]);
}
