/* Doors for tests into what the compiled passes keep to themselves. Compiled by tests/core/signals/doors.py. */
#define verdict momentum_verdict
#define diverges momentum_diverges
#define read_row momentum_row
#include "../../../core/signals/kernels/momentum.c"
#undef verdict
#undef diverges
#undef read_row
#define verdict volume_verdict
#define diverges obv_diverges
#define advance obv_advance
#include "../../../core/signals/kernels/obv_cvd.c"
#undef verdict
#undef diverges
#undef advance
#include "../../../core/signals/kernels/structure.c"

int door_turn(const int64_t *signs, int64_t n, int64_t fresh) {
    Turn t = {0};
    for (int64_t i = 0; i < n; i++) turn_at(&t, (int)signs[i], i);
    return fresh_turn(&t, n, fresh);
}

int door_released(const int64_t *inside, const double *deviations, int64_t n, int64_t fresh, int64_t least_inside) {
    const Rules rules = {.fresh_bars = fresh, .squeeze_inside_bars = least_inside};
    Momentum m = {.deviation = NAN};
    for (int64_t i = 0; i < n; i++) count_squeeze(&m, (int)inside[i], deviations[i]);
    return released(&m, &rules);
}

int door_divergence(const double *high, const double *low, const double *measure, int64_t n, int64_t bars, int64_t gap) {
    const Rules rules = {.macd_divergence_bars = bars, .divergence_gap_bars = gap};
    const Bars b = {.n = n, .high = high, .low = low};
    return momentum_diverges(&b, low, +1, measure, &rules) - momentum_diverges(&b, high, -1, measure, &rules);
}

int door_momentum(int64_t points, int64_t side, int64_t strong) {
    const Rules rules = {.strong_momentum = strong};
    return momentum_verdict((int)points, (int)side, &rules);
}

int door_volume(double steepness, double delta, const Rules *rules) { return volume_verdict(steepness, delta, rules); }

void door_swings(const double *x, int64_t way, int64_t n, int64_t wing, double *found) {
    last_swings(x, (int)way, n, n, wing, found, found + 1);
}

int64_t door_size(int64_t which) {
    const int64_t sizes[] = {sizeof(Trend), sizeof(Momentum), sizeof(Flow),  sizeof(Ratchet),
                             sizeof(Width), sizeof(Sweeps),   sizeof(Rules), sizeof(Reading)};
    return sizes[which];
}
