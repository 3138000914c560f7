### Everything Vektor says in English. Keys and variables are the same in every language (tests/locales).
### Figures and times come ready-made; Fluent chooses words and plurals only.

## Words
side-long = long
side-short = short
regime-strong-bull = strong bull
regime-bull = bull
regime-neutral = neutral
regime-bear = bear
regime-strong-bear = strong bear
regime-choppy = choppy
reason-stop = stop hit
reason-target = target hit
reason-time = time stop
reason-operator = closed by hand
reason-flatten = flattened
reason-unprotected = no stop could be placed
reason-displaced = made room for a better one
reason-liquidation = liquidated
reason-foreign = closed by an order that is not ours
reason-delisted = settled by the exchange, which delisted the market
reason-deleveraged = taken by the exchange (auto-deleveraging)
reason-end-of-data = end of the data
state-trading = trading
state-paused = ⏸ paused
state-halted = 🛑 halted
state-reading = 👁 reads only
state-manual = ✋ manual
state-away = 💤 no operator

## Where a symbol ended in a scan
stage-candles = candles
stage-universe = universe
stage-timeframes = timeframes
stage-enrichment = enrichment
stage-triage = triage
stage-thresholds = thresholds
stage-control = operator
stage-limits = limits
stage-sizing = sizing
stage-execution = execution
rule-filled = opened
rule-unconfirmed = entry unconfirmed
rule-not-listed = not listed
rule-delisted = delisted
rule-no-candles = no candles
rule-out-of-order = candles disordered
rule-off-grid = candles off grid
rule-session-closed = market closed
rule-last-bar-missing = last candle missing
rule-too-short = history too short
rule-gap = gap in candles
rule-non-finite = broken candles
rule-high-below-low = broken candles
rule-not-positive = broken candles
rule-negative-volume = broken candles
rule-no-side = no direction
rule-against-4h = against the 4h trend
rule-opposing-sweep = sweep against the side
rule-confidence = confidence too low
rule-borderline = just under threshold
rule-strong-bear-long = no longs in strong bear
rule-paused = trading paused
rule-halted = trading halted
rule-not-live = mainnet not confirmed
rule-manual = manual mode
rule-operator-away = no operator there
rule-blocked = blocked
rule-day-halt = halted for today
rule-drawdown-halt = halted by drawdown
rule-position-open = position open
rule-resting-order = an order rests there
rule-cooldown = cooling down
rule-max-positions = all slots taken
rule-correlated = moves like one held
rule-max-same-direction = side is full
rule-no-volatility = no volatility
rule-liquidation-before-stop = liquidation too near
rule-under-minimum = order too small
rule-no-quote = no price
rule-no-spread = spread unknown
rule-moved = price has run away
rule-spread = spread too wide
rule-costs = costs too high
rule-market-closed = home market closed
rule-blackout = event blackout
rule-venue-refused = venue refused

unit-moved = ATR
unit-spread = %
unit-costs = % of 1R
unit-blackout = min
unit-cooldown = min

## Labels of figures (narrow columns)
label-equity = Equity
label-free = Free
label-unrealised = Unrealised
label-today = Today
label-today-share = Today, share
label-trades-today = Trades today
label-leverage = Leverage used
label-pnl = PnL
label-entry = Entry
label-exit = Exit
label-mark = Mark
label-stop = Stop
label-target = Target
label-size = Size
label-notional = Value
label-margin = Margin
label-liquidation = Liquidation
label-distance = Distance
label-before = Now
label-after = Then
label-if-hit = If hit
label-part = Closed
label-left = Left
label-age = Open for
label-held = Held for
label-gross = Gross
label-fees = Fees
label-funding = Funding
label-result = Result
label-risk = Risk
label-stage = Stage
label-measured = Measured
label-limit = Limit
label-confidence = Confidence
label-threshold = Threshold
label-up = Up for
label-markets = Markets
label-last-scan = Last scan
label-waiting = Messages waiting
label-strangers = Strangers ignored

## Screens
footer-updated = Updated
footer-market = Market clock
list-more = { $count ->
    [one] … and { $count } more
   *[other] … and { $count } more
 }
status-open = { $count ->
    [0] flat
    [one] { $count } open
   *[other] { $count } open
 }
status-today = { $amount } today
status-flat = No open positions.
status-regime = Regime: { $regime }
status-no-scan = no scan yet
status-scanned = { $count ->
    [one] { $count } market scanned at
   *[other] { $count } markets scanned at
 }
status-degraded = ⚠️ Missing: { $what }
status-blocked = ⛔ Blocked: { $symbols }
positions-none = No open positions.
positions-no-stop = ⚠️ No stop rests on the venue. It is being placed.
health-well = all well
health-wallet = 🔑 API wallet good until
health-wallet-ended = 🚨 API wallet ended
health-wallet-unlisted = 🔑 API wallet: the exchange does not say when it ends (it has no name).
health-degraded = { $count ->
    [one] { $count } thing is missing
   *[other] { $count } things are missing
 }
health-conflict = { $count ->
    [one] ⚠️ Another program used this bot's token { $count } time.
   *[other] ⚠️ Another program used this bot's token { $count } times.
 }
scan-begun = { $count ->
    [one] 🔎 Scanning { $count } market …
   *[other] 🔎 Scanning { $count } markets …
 }
scan-headline = 🔎 { $venue } · { $opened } opened of { $total }
scan-took = took { $seconds } s
scan-others = others
scan-missed = { $what } was missing: { $error }
why-unread = not in the last scan
why-no-scan = There has been no scan yet. /scan starts one.
why-held = Open position: { $side } from { $entry }.
why-blocked = ⛔ Blocked by { $by } ({ $why })
why-until = until
chart-levels = { $side } from { $entry } · stop { $stop } · target { $target }

## Questions, records, buttons
ask-close = Close { $symbol } { $side }?
ask-close-what = Sells or buys back the whole position at market and takes its stop and target away. This cannot be undone.
ask-part = Close a part of { $symbol } { $side }?
ask-part-what = Sells or buys back this part at market; stop and target stay for the rest. This cannot be undone.
ask-stop = Move the stop of { $symbol } { $side }?
ask-target = Move the target of { $symbol } { $side }?
ask-flatten = { $count ->
    [0] Halt trading?
    [one] Close { $count } position and halt?
   *[other] Close { $count } positions and halt?
 }
ask-flatten-what = Cancels every entry, closes everything at market (now { $amount } USDC) and halts trading until somebody resumes. This cannot be undone.
ask-resume = Trade again?
ask-resume-what = { $count ->
    [one] Lifts the halt: the next scan may open positions in { $count } market.
   *[other] Lifts the halt: the next scan may open positions in { $count } markets.
 }
ask-expires = Expires in { $seconds } s, at
ask-elsewhere = From another device:
record-closed = closed
record-by = { $reason } · { $by }
record-flattened = { $count ->
    [0] Nothing was open
    [one] { $count } position closed
   *[other] { $count } positions closed
 }
record-still-open = ⚠️ Still open: { $symbols }. Vektor goes on closing.
record-halted = Trading is halted (by { $by }). /resume lifts it.
button-close = Close { $symbol } { $side } · { $share }
button-close-now = Close { $symbol } { $side } ({ $notional } USDC)
button-part = Close { $share }% of { $symbol } ({ $notional } USDC)
button-stop = { $symbol } stop to { $price }
button-target = { $symbol } target to { $price }
button-keep = Keep it
button-flatten = { $count ->
    [0] Halt trading
    [one] Close { $count } and halt
   *[other] Close all { $count } and halt
 }
button-keep-all = Leave everything as it is
button-margin = Add { $amount } to { $symbol }
button-resume = Resume trading
button-stay-halted = Stay halted
button-live = Trade real money
button-stay-reading = Go on reading only
button-full = Confirm full size
button-stay-small = Stay at minimum size
button-undo = ↩ Undo ({ $seconds } s)
button-lift = ✖ { $name } · { $time }
button-refresh = 🔄 Refresh
button-expired = ⌛ Expired
button-working = ⏳ Working …
stamp-closed = ✅ Closed
stamp-flattened = ✅ Flattened
stamp-resumed = ✅ Resumed
stamp-live = 🔴 Live
stamp-full = ✅ Full size
stamp-added = ✅ Added
stamp-moved = ✅ Moved
stamp-reduced = ✅ Part closed
stamp-undone = ↩ Undone
stamp-kept = ✖ Nothing done
stamp-failed = ❌ Not done
done-paused = ⏸ Paused. No new entries; open positions stay managed.
done-resumed = ▶️ Trading again.
done-blocked = ⛔ { $symbol } blocked: no new entries.
done-unblocked = ✅ { $symbol } unblocked.
done-added = ➕ { $symbol } is read and may be entered.
done-removed = ➖ { $symbol } is read no more. An open position stays managed.
done-mode-auto = ⚙️ Mode auto. Finalists trade by themselves; borderline candidates are refused.
done-mode-semi = ⚙️ Mode semi. Finalists trade by themselves; borderline candidates are refused for now.
done-mode-manual = ✋ Mode manual. Nothing is entered without a person, and there is no way yet to approve a candidate: so nothing is entered at all. Open positions stay managed.
done-readonly = 👁 Reads only. Nothing is signed on mainnet until /live is confirmed again.
pick-symbol = Which market?
pick-position = Which position?
pick-blocked = Which block shall be lifted?
blocks-none = Nothing is blocked.
margin-far = { $name }: far from its liquidation
margin-cross = { $name }: on cross margin, all free collateral stands behind it
margin-levels = Warns at { $warn }, critical at { $critical }.
margin-ask = Add margin to { $name }?
margin-ask-what = Binds { $amount } USDC more to this position: its liquidation is then { $after } away. It stays bound until the position is closed.
margin-added = 🧷 { $symbol }: { $amount } USDC of margin added by { $by }.
margin-now = Liquidation now at { $liquidation }, { $distance } away.

## Risk
risk-tier-0 = 🛡 Free: nothing holds us back
risk-tier-1 = 🛡 Careful: drawdown over the first limit
risk-tier-2 = 🛡 Very careful: drawdown over the second limit
risk-halt-day = 🛑 No more entries today
risk-halt-drawdown = 🛑 Halted by the drawdown; /resume asks
risk-used = now
risk-most = most
risk-drawdown = Drawdown
risk-day-loss = Lost today
risk-open-risk = Open risk
risk-gross = Gross
risk-positions = Positions
risk-longs = of them long
risk-shorts = of them short
risk-factor = Risk
risk-threshold = Thresholds
risk-record = Last { $trades } trades: { $rate } won, payoff { $payoff }; { $share } of equity at risk per trade.
risk-prior = Only { $trades } trades: { $rate } won and payoff { $payoff } are assumed; { $share } of equity at risk per trade.
risk-probe = Kelly is not positive: entries are probes.
risk-probation = On probation: { $symbols }
size-would = 📐 { $name } { $leverage }× would be entered
size-if = 📐 { $name } { $leverage }× if the confidence were enough
size-refused = 📐 { $name } would not be entered: { $why }
size-none = 📐 { $symbol }: nothing to enter ({ $why })
leverage-headline = ⚖️ { $name } would be levered { $leverage }×
leverage-market = Market's most
leverage-range = Range of 24 h
leverage-volatility = for volatility
leverage-wins = for win rate
leverage-cap = Liquidation
leverage-given = Given
audit-clean = ✅ Book and exchange agree
audit-apart = 🚨 Book and exchange differ
audit-ours = Our cash
audit-theirs = Theirs
audit-difference = Difference
blocks-headline = ⛔ { $count ->
    [one] 1 market is blocked
   *[other] { $count } markets are blocked
 }
blocks-by = by { $by }

blackouts-headline = { $count ->
    [0] ☀️ No event is listed
    [one] 🌒 1 event is listed: nothing new around it
   *[other] 🌒 { $count } events are listed: nothing new around them
 }
blackouts-how = One more: /blackout FOMC 2026-12-09T19:00 30m 1h crypto (time in your zone, before, after, classes or markets). One less: /blackout off FOMC
blackout-all = all markets
blackout-listed = 🌒 { $name } is listed: no new entries around it.
blackout-lifted = ☀️ { $name } is off the list.
## Going live
mode-headline = mode { $mode }
mode-auto = Finalists trade by themselves.
mode-semi = Finalists trade by themselves.
mode-manual = Nothing is entered without a person. Candidates cannot be approved yet, so nothing is entered at all; open positions stay managed.
mode-borderline = Borderline candidates are refused in every mode for now.
mode-reading = 👁 Nothing is signed on mainnet until an operator confirms it with /live.
mode-away = 💤 No operator was heard of for { $hours } hours: nothing is entered. Anything you write here ends that.
mode-how = Change with /mode auto, semi or manual; /mode readonly ends trading with real money.
live-elsewhere = This is { $venue }: no real money moves, and there is nothing to confirm. Real money needs LIVE_TRADING=mainnet and --venue mainnet.
live-reading = reads only, nothing is signed
live-edge = { $venue }: { $mean } { $span }, { $trades } trades on { $days } days
live-edge-aside = { $venue }: { $mean } { $span }, { $trades } trades on { $days } days (does not count: not a real market)
live-edge-none = ⚠️ There are no trades of paper or replay: no edge was measured.
live-edge-short = ⚠️ { $trades } trades on fewer than { $days } days: too few for an interval. No edge is shown.
live-edge-shown = Over what counts ({ $trades } trades) the whole { $coverage } interval lies above zero, after costs.
live-edge-zero = ⚠️ Over what counts ({ $trades } trades) the { $coverage } interval holds zero: no edge is shown.
live-edge-loss = 🚨 Over what counts ({ $trades } trades) the whole { $coverage } interval lies below zero: it lost money.
live-type = To trade real money all the same, type
live-phrase = I accept that no edge is measured
live-confirmed = confirmed by { $by }
live-since = Since
live-small = First live trades: { $done } of { $first }, each as small as the exchange takes it.
live-full = Full size, confirmed by { $by }.
live-slippage = Fills against the decision's price (above zero cost us), orders in brackets:
live-entries = entry
live-exits = exit
ask-live = Trade real money on this account?
ask-live-what = Orders are signed from then on. The first { $count } trades are as small as the exchange takes them; /mode readonly ends it.
ask-full = Trade at full size?
ask-full-what = { $count } live trades are closed. From now on entries are as large as the risk rules let them be.
record-live = 🔴 { $by } confirmed: real money trades. The first { $count } trades are as small as the exchange takes them.
record-full = 🔴 { $by } confirmed full size after { $count } live trades.

## Universe
class-crypto = Crypto
class-equity = Equities
class-commodity = Commodities
class-forex = Forex
class-index = Indices
universe-headline = 🌐 { $count ->
    [one] 1 market is read
   *[other] { $count } markets are read
 }
universe-left-out = ➖ Left out: { $symbols }
universe-how = Change with /universe add SYMBOL or /universe remove SYMBOL; what another dex lists needs its class, such as “add xyz:NEW equity”.

## Short answers to taps (at most 200 characters)
toast-working = Working …
toast-updated = Updated
toast-kept = Nothing was done
tap-unknown = This button has expired.
tap-expired = Too late: this question has expired. Nothing was done. Ask again.
tap-used = This was decided already.
tap-other-person = This question was put to someone else.
tap-other-message = This button does not belong to this message.
tap-not-yours = You may not do this here.
code-unknown = No open question has the code “{ $code }”; the right one stands under its question. Nothing was done.
code-expired = This code has expired. Nothing was done.
code-used = This was decided already.
code-other-person = This question was put to someone else.

## Refusals
refused-forwarded = Forwarded messages are not carried out. Type the command yourself.
refused-follower = You can read here, not act. /help shows what you may ask.
refused-stale = This command is more than two minutes old and was not carried out. Send it again if you still mean it.
claim-how = This Vektor has no owner yet. Send /start followed by the code that was printed where it was started.
claim-wrong = That code is wrong; the right one was printed where Vektor was started.
claim-expired = That code has expired. Restart Vektor for a new one.
claim-locked = Too many wrong codes. Restart Vektor for a new one.
claim-closed = This Vektor has an owner already.
fallback-talk = I understand commands only. /help lists them.
fallback-unknown = There is no command { $command }. /help lists them all.
fallback-nearest = There is no command { $command }. Did you mean { $nearest }?

## Errors
error-unexpected = Something went wrong: { $words }
error-apology = Sorry, that failed on my side. The log has it as { $id }; nothing else is affected.
error-user-mistake = That cannot be done: { $words }
error-unknown-symbol = There is no market “{ $symbol }”. { $nearest ->
    [none] /universe lists them.
   *[other] Nearest: { $nearest }.
 }
error-ambiguous-symbol = “{ $symbol }” can mean several markets: { $choices }. Write one of them in full.
error-missing-argument = { $command } needs something more, for example: { $usage }
error-surplus-argument = “{ $surplus }” is too much. Right would be: { $usage }
error-too-long = That is { $length } characters long; { $limit } are the most.
error-no-position = There is no open position in { $symbol }. /positions lists them.
error-already-done = That is so already ({ $what }).
error-not-allowed = You may not do this ({ $what }).
error-bad-setting = Setting { $name } is { $value }; it must be { $expected }.
error-bad-data = { $file }, line { $line }: { $value } is wrong; expected { $expected }.
error-unavailable = The outside world does not answer. Nothing was done. Try again in a moment.
error-venue-unavailable = The exchange does not answer. Nothing was done. Try again in a moment.
error-not-live = Nothing was sent: { $words }
error-feed-unavailable = There is no market data at the moment. Nothing was done.
error-storage-unavailable = My storage does not answer, so nothing was done.
error-chat-unavailable = Telegram does not answer.
error-outcome-unknown = The order was sent and no answer has come yet. Vektor is finding out; /positions will show what happened. Do not repeat it.
error-start-refused = Vektor cannot start: { $words }
error-broken-invariant = Something impossible happened: { $words }. Trading stops until this is understood.
error-venue-refused = The exchange said no: { $words }

## Commands
command-status = where we stand
command-positions = open positions with stops and targets
command-balance = the account's money
command-scan = look at every market now
command-chart = candles with levels
command-regime = the state of the whole market
command-top = the strongest readings
command-funding = who is crowded
command-liq = liquidations and cascades
command-enrich = all 35 readings of a market
command-risk = how much is dared and used
command-size = what would be entered now, and why
command-leverage = the leverage an entry would have, and why
command-audit = our book against the exchange's, now
command-blocks = what is blocked
command-universe = which markets are read; add, remove
command-why = why there is (no) trade in a market
command-close = close a position or a part of it, after asking
command-margin = distance to liquidation; add margin, after asking
command-stop = move a stop, after asking
command-target = move a target, after asking
command-flatten = close everything and halt, after asking
command-pause = no new entries
command-resume = allow entries again
command-block = no entries in one market
command-blackout = events around which nothing new is entered
command-unblock = allow entries in one market again
command-mode = venue and trading mode; change it
command-live = real money: the measured edge, and what must be confirmed
command-confirm = answer a question from another device
command-health = is everything there?
command-help = what I understand
command-start = begin
usage-chart = SYMBOL
usage-why = SYMBOL
usage-enrich = SYMBOL
usage-size = SYMBOL
usage-leverage = SYMBOL
usage-universe = add SYMBOL | remove SYMBOL
usage-close = SYMBOL [50%]
usage-margin = SYMBOL [25.50]
usage-stop = SYMBOL PRICE
usage-target = SYMBOL PRICE
usage-block = SYMBOL [3d|7d|30d]
usage-blackout = [NAME TIME [30m [1h]] [crypto|SYMBOL …] | off NAME]
usage-unblock = SYMBOL
usage-mode = auto | semi | manual | readonly
usage-live = SENTENCE
usage-confirm = CODE
key-status = 📊 Status
key-positions = 📂 Positions
key-scan = 🔎 Scan
key-pause = ⏸ Pause
key-resume = ▶️ Resume
key-help = ❔ Help
menu-placeholder = Command or key

## Welcome and help
welcome-headline = Vektor at your service
welcome-owner = { $count ->
    [one] You own this desk. It watches { $count } market and trades by its rules; every order has a stop resting on the exchange.
   *[other] You own this desk. It watches { $count } markets and trades by its rules; every order has a stop resting on the exchange.
 }
welcome-operator = { $count ->
    [one] You operate this desk. It watches { $count } market and trades by its rules; every order has a stop resting on the exchange.
   *[other] You operate this desk. It watches { $count } markets and trades by its rules; every order has a stop resting on the exchange.
 }
welcome-follower = { $count ->
    [one] You follow this desk. It watches { $count } market. /status and /positions show how it stands, without amounts.
   *[other] You follow this desk. It watches { $count } markets. /status and /positions show how it stands, without amounts.
 }
welcome-venue-sim = The exchange is simulated: no real money moves.
welcome-venue-paper = Prices are real, fills are simulated: no real money moves.
welcome-venue-testnet = This is the exchange's test network: no real money moves.
welcome-venue-mainnet = This is real money.
welcome-next = Begin with the keys below, or with /scan.
help-headline = What I understand
help-symbols = A SYMBOL is a market's name, such as BTC or TSLA; xyz:TSLA works as well. Left out, you pick from a list.

## The market's readings
regime-breadth = { $neutral } neutral, { $up } up, { $down } down · correlation { $correlation }
regime-pairs = { $count ->
    [one] Correlation over { $count } pair of the same class.
   *[other] Correlation over { $count } pairs of the same class.
 }
regime-crypto-only = Size binds every market; threshold and confidence bind crypto alone.
funding-market = market
funding-year = a year
funding-interest = OI
funding-score = crowd
funding-headline = { $count ->
    [0] 💰 Funding: nobody is extremely crowded
    [one] 💰 Funding: { $count } side is extremely crowded
   *[other] 💰 Funding: { $count } sides are extremely crowded
 }
funding-extreme = 🔴 −10 pp and half the size: { $names }
funding-moderate = 🟠 −5 pp: { $names }
funding-label = Funding alone is extreme in { $names }.
liq-headline = 💥 Liquidations of 5 minutes: { $tier }
liq-tier = tier
liq-quiet = Nothing was liquidated in the last five minutes.
liq-market = all
liq-rate = After exhaustion the price went its way in { $short } after 15 min, { $long } after 60 min.
tier-none = none
tier-low = low
tier-medium = med
tier-high = high
tier-extreme = extr
certainty-exact = all
certainty-sampled = sampled
certainty-inferred = inferred
top-headline = 🏆 Strongest readings
top-none = No market has a direction right now.
enrich-neutral = A dot means nothing to say.
enrich-short = ⚠️ Short history.
pass-vwap = ① VWAP
pass-premarket = ② Pre-market
pass-volume-delta = ③ Volume delta
pass-momentum = ④ Momentum
pass-structure = ⑤ Structure, 4h
pass-sweep = ⑥ Sweep
pass-obv-cvd = ⑦ OBV and CVD
pass-supertrend = ⑧ Supertrend and pivots
dim-close = Close
dim-atr = ATR 1h
dim-vwap = VWAP 24h
dim-vwap-distance-pct = Distance
dim-vwap-filter = Filter
dim-premarket-high = Pre-market high
dim-premarket-low = Pre-market low
dim-opening-high = Opening high
dim-opening-low = Opening low
dim-premarket-signal = Break
dim-vd-delta = Delta
dim-vd-divergence = Divergence
dim-vd-filter = Filter
dim-macd-bias = MACD
dim-macd-cross = Cross
dim-macd-divergence = Divergence
dim-stoch-rsi = StochRSI
dim-stoch-rsi-state = State
dim-squeeze = Squeeze
dim-mi-signal = Verdict
dim-ms-sequence = Sequence
dim-swing-high = Swing high
dim-swing-low = Swing low
dim-structure-break = Broken
dim-ms-bias = Bias
dim-sweep = Sweep
dim-sweep-level = Level
dim-sweep-age-bars = Bars ago
dim-obv-slope = OBV slope
dim-obv-divergence = Divergence
dim-cvd-delta = CVD
dim-vol-confirm = Verdict
dim-st-direction = Trend
dim-st-flip = Flip
dim-pivots = Pivots
dim-pivot-zone = Zone
dim-pp-st-signal = Signal

## Alerts
alert-opened = { $symbol } { $side } { $leverage }× opened
alert-stop-moved = 🔒 { $symbol } stop { $before } → { $after }
alert-target-moved = 🎯 { $symbol } target { $before } → { $after }
alert-reduced = ✂️ { $name }: { $size } closed at { $price }, { $left } left
word-buy = buy
word-sell = sell
alert-stray-ours = 🧹 { $symbol }: an order left over from a closed position was cancelled ({ $side } { $size } at { $price }).
alert-stray-foreign = 👤 { $symbol }: an order rests that is not ours ({ $side } { $size } at { $price }). We leave it alone and do not enter { $symbol } meanwhile; only /flatten cancels it.
alert-adopted = 🧩 { $symbol } { $side } was found on the exchange without us knowing it. It has a stop at { $stop } now.
alert-unprotected = 🚨 { $symbol }: no stop could be made to rest. The position is being closed.
alert-order-failed = ⚠️ { $symbol }: the { $intent } order was not carried out.
alert-paused = ⏸ Trading paused by { $by }. Open positions stay managed.
alert-resumed = ▶️ Trading resumed by { $by }.
alert-money-in = 💰 { $amount } USDC came in.
alert-money-out = 💸 { $amount } USDC went out.
alert-probing = 🔬 No edge in the last { $trades } trades: Kelly { $kelly }.
alert-probing-risk = Entries are probes until it is above zero: { $risk } % of the equity at risk in each.
alert-edge = 🔬 The last { $trades } trades show an edge again: Kelly { $kelly }.
alert-edge-risk = { $risk } % of the equity at risk in each trade.
alert-governor-tighter = 🛡 Daring less: { $drawdown } under the peak.
alert-governor-looser = 🛡 Daring more again: { $drawdown } under the peak.
alert-governor-figures = At most { $positions } positions, risk × { $risk }, thresholds { $threshold } pp higher.
alert-halt-day = 🛑 No more entries today: { $measured } lost, the limit is { $limit }. They come back at 00:00 UTC.
alert-halt-drawdown = 🛑 Entries are halted: { $measured } under the peak, the limit is { $limit }. /resume asks, and lets the peak begin here.
alert-protected = 🩹 { $symbol } is left alone: { $why } (block { $number }).
alert-protected-until = Then on probation. Until
protected-losses = losses in a row
protected-rate = too few gains
protected-probation = a loss on probation
protected-second = the second block in a short time
protected-third = the third block in a short time
alert-displaced = 🔁 { $old } makes room for { $new }.
alert-displaced-figures = Confidence { $old } → { $new }, result { $result } after { $age } (way { $ways }).
alert-liquidation-warning = ⚠️ { $name } is { $distance } from its liquidation.
alert-liquidation-critical = 🚨 { $name } is only { $distance } from its liquidation!
alert-liquidation-cure = { $amount } USDC of margin would lead back to { $goal }.
alert-liquidation-deposit = On cross margin: a deposit of about { $amount } USDC would lead back to { $goal }.
alert-added = ➕ { $symbol } added by { $by }.
alert-delisted = 🪦 { $symbol } was delisted by the exchange. It is read and entered no more.
alert-delisted-held = Our position in it is settled by the exchange and booked like any other close.
alert-removed = ➖ { $symbol } removed by { $by }.
alert-blocked = ⛔ { $symbol } blocked by { $by }.
alert-unblocked = ✅ { $symbol } unblocked by { $by }.
alert-blackout = 🌒 { $name } was listed by { $by }: no new entries around it.
alert-blackout-lifted = ☀️ { $name } was taken off the list by { $by }.
alert-mode = ⚙️ Mode { $mode }, by { $by }.
alert-live = 🔴 Real money trades, confirmed by { $by }.
alert-live-without = No edge was measured; that was acknowledged.
alert-live-mean = Shown were { $mean } over { $trades } trades, too few days for an interval; that was acknowledged.
alert-live-edge = Shown were { $mean } ({ $span }) over { $trades } trades.
alert-readonly = 👁 Reads only, by { $by }: nothing is signed on mainnet any more.
alert-stranger = 🚨 The account holds { $name }, which is not ours. Nothing may be signed, so it is left alone.
alert-stranger-stop = A stop rests behind it.
alert-stranger-bare = NO STOP rests behind it: place one at the exchange, or confirm with /live that Vektor may.
alert-away = 💤 No operator was heard of for { $hours } hours: nothing is entered until one writes here. Open positions stay managed.
alert-operator-back = 👋 { $by } is back: entries are made again.
alert-wallet = { $count ->
    [one] 🔑 The API wallet ends within { $count } day.
   *[other] 🔑 The API wallet ends within { $count } days.
 }
alert-wallet-ended = 🚨 The API wallet has ended: no order is accepted any more, no stop can be moved.
alert-wallet-cure = Make a new one on the exchange's page, put its key into .env and restart.
alert-flattened = { $count ->
    [one] 🛑 Flattened by { $by }: { $count } position closed, trading halted.
   *[other] 🛑 Flattened by { $by }: { $count } positions closed, trading halted.
 }
alert-flattened-open = ⚠️ Still open: { $symbols }
alert-unshown = ⚠️ { $kind } happened and cannot be shown (event { $number }); the log says why. /status shows how things stand.
alert-degraded = 🟠 Missing: { $what }
alert-recovered = 🟢 Back: { $what }
alert-regime = 🧭 Regime: { $before } → { $after }
alert-crowded = 🥵 { $symbol }: the { $side } side is extremely crowded
alert-crowded-figures = Funding { $funding } a year, open interest { $interest } in a day, score { $score }. Entries on that side cost 10 pp and are halved.
alert-cascade = 💥 { $symbol }: a { $tier } liquidation cascade is over → { $side }
alert-cascade-rate = Right after 60 min so far: { $rate }
alert-mismatch = 🚨 Book and exchange differ by { $difference } USDC.
alert-started = { $count ->
    [0] Up. No open positions.
    [one] Up. { $count } open position taken over.
   *[other] Up. { $count } open positions taken over.
 }
alert-resolved = { $count ->
    [one] { $count } unanswered order was looked up.
   *[other] { $count } unanswered orders were looked up.
 }
alert-unsure = ⚠️ Alert { $id } may not have reached you. It said:
alert-repeated = ↻ said again, alert { $id }
alert-conflict = 🚨 Another program is reading this bot's messages with the same token. Stop it, or revoke the token with BotFather.
left-group = I was added to “{ $title }” by { $user } and left: I speak only where you want me.
intent-entry = entry
intent-stop = stop
intent-target = target
intent-close = close
intent-margin = margin
intent-reduce = partial close
