### Alles, was Vektor auf Deutsch sagt. Schlüssel und Variablen sind in jeder Sprache dieselben (tests/locales).
### Zahlen und Zeiten kommen fertig; Fluent wählt nur Wörter und Mehrzahl.

## Wörter
side-long = Long
side-short = Short
regime-strong-bull = stark steigend
regime-bull = steigend
regime-neutral = neutral
regime-bear = fallend
regime-strong-bear = stark fallend
regime-choppy = richtungslos
reason-stop = Stop ausgelöst
reason-target = Ziel erreicht
reason-time = Haltezeit abgelaufen
reason-operator = von Hand geschlossen
reason-flatten = glattgestellt
reason-unprotected = kein Stop möglich
reason-displaced = machte Platz für einen besseren
reason-liquidation = liquidiert
reason-foreign = durch eine fremde Order geschlossen
reason-delisted = von der Börse abgerechnet, die den Markt eingestellt hat
reason-deleveraged = von der Börse genommen (Auto-Deleveraging)
reason-end-of-data = Ende der Daten
state-trading = handelt
state-paused = ⏸ pausiert
state-halted = 🛑 angehalten
state-reading = 👁 liest nur
state-manual = ✋ von Hand
state-away = 💤 niemand da

## Wo ein Markt in einem Scan ausschied
stage-candles = Kerzen
stage-universe = Marktliste
stage-timeframes = Zeitebenen
stage-enrichment = Anreicherung
stage-triage = Triage
stage-thresholds = Schwellen
stage-control = Bedienung
stage-limits = Grenzen
stage-sizing = Größe
stage-execution = Ausführung
rule-filled = eröffnet
rule-unconfirmed = Einstieg unbestätigt
rule-not-listed = nicht gelistet
rule-delisted = nicht mehr gelistet
rule-no-candles = keine Kerzen
rule-out-of-order = Kerzen ungeordnet
rule-off-grid = Kerzen neben dem Raster
rule-session-closed = Börse zu
rule-last-bar-missing = letzte Kerze fehlt
rule-too-short = Verlauf zu kurz
rule-gap = Lücke in den Kerzen
rule-non-finite = Kerzen fehlerhaft
rule-high-below-low = Kerzen fehlerhaft
rule-not-positive = Kerzen fehlerhaft
rule-negative-volume = Kerzen fehlerhaft
rule-no-side = keine Richtung
rule-against-4h = gegen den 4h-Trend
rule-opposing-sweep = Sweep gegen die Seite
rule-confidence = zu wenig Zuversicht
rule-borderline = knapp unter Schwelle
rule-strong-bear-long = kein Long im Bärenmarkt
rule-paused = Handel pausiert
rule-halted = Handel angehalten
rule-not-live = Mainnet nicht bestätigt
rule-manual = Modus manual
rule-operator-away = niemand zu erreichen
rule-blocked = gesperrt
rule-day-halt = für heute angehalten
rule-drawdown-halt = durch Drawdown angehalten
rule-position-open = Position offen
rule-resting-order = dort liegt eine Order
rule-cooldown = Abkühlzeit
rule-max-positions = alle Plätze belegt
rule-correlated = läuft wie eine Position
rule-max-same-direction = Seite ist voll
rule-no-volatility = keine Bewegung
rule-liquidation-before-stop = Liquidation zu nah
rule-under-minimum = Order zu klein
rule-no-quote = kein Kurs
rule-no-spread = Spanne unbekannt
rule-moved = Kurs davongelaufen
rule-spread = Spanne zu weit
rule-costs = Kosten zu hoch
rule-market-closed = Heimatbörse geschlossen
rule-blackout = Ereignis-Sperrzeit
rule-venue-refused = Börse lehnt ab

unit-moved = ATR
unit-spread = %
unit-costs = % von 1R
unit-blackout = Min.
unit-cooldown = Min.

## Bezeichnungen (schmale Spalten)
label-equity = Kapital
label-free = Verfügbar
label-unrealised = Unrealisiert
label-today = Heute
label-today-share = Heute, Anteil
label-trades-today = Trades heute
label-leverage = Genutzter Hebel
label-pnl = PnL
label-entry = Einstieg
label-exit = Ausstieg
label-mark = Kurs
label-stop = Stop
label-target = Ziel
label-size = Größe
label-notional = Wert
label-margin = Margin
label-liquidation = Liquidation
label-distance = Abstand
label-before = Jetzt
label-after = Dann
label-if-hit = Falls erreicht
label-part = Geschlossen
label-left = Bleibt
label-age = Offen seit
label-held = Gehalten
label-gross = Brutto
label-fees = Gebühren
label-funding = Funding
label-result = Ergebnis
label-risk = Risiko
label-stage = Stufe
label-measured = Gemessen
label-limit = Grenze
label-confidence = Zuversicht
label-threshold = Schwelle
label-up = Läuft seit
label-markets = Märkte
label-last-scan = Letzter Scan
label-waiting = Nachrichten offen
label-strangers = Fremde ignoriert

## Ansichten
footer-updated = Stand
footer-market = Marktuhr
list-more = … und { $count } weitere
status-open = { $count ->
    [0] keine Position
    [one] { $count } Position
   *[other] { $count } Positionen
 }
status-today = { $amount } heute
status-flat = Keine offenen Positionen.
status-regime = Marktlage: { $regime }
status-no-scan = noch kein Scan
status-scanned = { $count ->
    [one] { $count } Markt geprüft,
   *[other] { $count } Märkte geprüft,
 }
status-degraded = ⚠️ Es fehlt: { $what }
status-blocked = ⛔ Gesperrt: { $symbols }
positions-none = Keine offenen Positionen.
positions-no-stop = ⚠️ An der Börse liegt kein Stop. Er wird gerade gesetzt.
health-well = alles in Ordnung
health-wallet = 🔑 API-Wallet gültig bis
health-wallet-ended = 🚨 API-Wallet abgelaufen seit
health-wallet-unlisted = 🔑 API-Wallet: Die Börse sagt nicht, wann sie endet (sie hat keinen Namen).
health-degraded = { $count ->
    [one] { $count } Teil fehlt
   *[other] { $count } Teile fehlen
 }
health-conflict = { $count ->
    [one] ⚠️ Ein anderes Programm hat das Token dieses Bots { $count } Mal benutzt.
   *[other] ⚠️ Ein anderes Programm hat das Token dieses Bots { $count } Mal benutzt.
 }
scan-begun = { $count ->
    [one] 🔎 { $count } Markt wird geprüft …
   *[other] 🔎 { $count } Märkte werden geprüft …
 }
scan-headline = 🔎 { $venue } · { $opened } von { $total } eröffnet
scan-took = { $seconds } s
scan-others = übrige
scan-missed = { $what } fehlte: { $error }
why-unread = nicht im letzten Scan
why-no-scan = Es gab noch keinen Scan. /scan startet einen.
why-held = Offene Position: { $side } ab { $entry }.
why-blocked = ⛔ Gesperrt von { $by } ({ $why })
why-until = bis
chart-levels = { $side } ab { $entry } · Stop { $stop } · Ziel { $target }

## Fragen, Protokoll, Knöpfe
ask-close = { $symbol } { $side } schließen?
ask-close-what = Die ganze Position wird zum Marktpreis geschlossen, Stop und Ziel werden entfernt. Das lässt sich nicht rückgängig machen.
ask-part = Einen Teil von { $symbol } { $side } schließen?
ask-part-what = Dieser Teil wird zum Marktpreis geschlossen; Stop und Ziel bleiben für den Rest. Das lässt sich nicht rückgängig machen.
ask-stop = Stop von { $symbol } { $side } verschieben?
ask-target = Ziel von { $symbol } { $side } verschieben?
ask-flatten = { $count ->
    [0] Handel anhalten?
    [one] { $count } Position schließen und anhalten?
   *[other] { $count } Positionen schließen und anhalten?
 }
ask-flatten-what = Alle Einstiege werden gestrichen, alles wird zum Marktpreis geschlossen (jetzt { $amount } USDC), und der Handel ruht, bis ihn jemand fortsetzt. Das lässt sich nicht rückgängig machen.
ask-resume = Wieder handeln?
ask-resume-what = { $count ->
    [one] Hebt den Halt auf: Der nächste Scan darf in { $count } Markt Positionen eröffnen.
   *[other] Hebt den Halt auf: Der nächste Scan darf in { $count } Märkten Positionen eröffnen.
 }
ask-expires = Gilt { $seconds } s, bis
ask-elsewhere = Von einem anderen Gerät:
record-closed = geschlossen
record-by = { $reason } · { $by }
record-flattened = { $count ->
    [0] Nichts war offen
    [one] { $count } Position geschlossen
   *[other] { $count } Positionen geschlossen
 }
record-still-open = ⚠️ Noch offen: { $symbols }. Vektor schließt weiter.
record-halted = Der Handel ruht (durch { $by }). /resume setzt ihn fort.
button-close = { $symbol } { $side } schließen · { $share }
button-close-now = { $symbol } { $side } schließen ({ $notional } USDC)
button-part = { $share } % von { $symbol } schließen ({ $notional } USDC)
button-stop = { $symbol } Stop auf { $price }
button-target = { $symbol } Ziel auf { $price }
button-keep = Behalten
button-flatten = { $count ->
    [0] Handel anhalten
    [one] { $count } schließen und anhalten
   *[other] Alle { $count } schließen und anhalten
 }
button-keep-all = Alles lassen, wie es ist
button-margin = { $amount } zu { $symbol } geben
button-resume = Handel fortsetzen
button-stay-halted = Angehalten lassen
button-live = Mit echtem Geld handeln
button-stay-reading = Weiter nur lesen
button-full = Volle Größe bestätigen
button-stay-small = Bei der kleinsten bleiben
button-undo = ↩ Rückgängig ({ $seconds } s)
button-lift = ✖ { $name } · { $time }
button-refresh = 🔄 Aktualisieren
button-expired = ⌛ Abgelaufen
button-working = ⏳ Läuft …
stamp-closed = ✅ Geschlossen
stamp-flattened = ✅ Glattgestellt
stamp-resumed = ✅ Fortgesetzt
stamp-live = 🔴 Live
stamp-full = ✅ Volle Größe
stamp-added = ✅ Hinzugefügt
stamp-moved = ✅ Verschoben
stamp-reduced = ✅ Teil geschlossen
stamp-undone = ↩ Rückgängig gemacht
stamp-kept = ✖ Nichts getan
stamp-failed = ❌ Nicht ausgeführt
done-paused = ⏸ Pausiert. Keine neuen Einstiege; offene Positionen werden weiter geführt.
done-resumed = ▶️ Der Handel läuft wieder.
done-blocked = ⛔ { $symbol } gesperrt: keine neuen Einstiege.
done-unblocked = ✅ { $symbol } wieder frei.
done-added = ➕ { $symbol } wird gelesen und darf gehandelt werden.
done-removed = ➖ { $symbol } wird nicht mehr gelesen. Eine offene Position bleibt betreut.
done-mode-auto = ⚙️ Modus auto. Finalisten handeln von selbst; Grenzfälle werden abgelehnt.
done-mode-semi = ⚙️ Modus semi. Finalisten handeln von selbst; Grenzfälle werden vorerst abgelehnt.
done-mode-manual = ✋ Modus manual. Ohne einen Menschen gibt es keinen Einstieg, und noch kann niemand einen Kandidaten freigeben: also gibt es gar keinen. Offene Positionen werden weiter geführt.
done-readonly = 👁 Liest nur. Auf dem Mainnet wird nichts unterschrieben, bis /live wieder bestätigt ist.
pick-symbol = Welcher Markt?
pick-position = Welche Position?
pick-blocked = Welche Sperre soll fallen?
blocks-none = Nichts ist gesperrt.
margin-far = { $name }: weit weg von der Liquidation
margin-cross = { $name }: auf Cross-Margin, alles freie Guthaben steht dahinter
margin-levels = Warnt bei { $warn }, kritisch bei { $critical }.
margin-ask = { $name } Margin hinzufügen?
margin-ask-what = Bindet { $amount } USDC mehr an diese Position: Die Liquidation ist dann { $after } entfernt. Gebunden bis zum Schließen.
margin-added = 🧷 { $symbol }: { $amount } USDC Margin von { $by } hinzugefügt.
margin-now = Liquidation jetzt bei { $liquidation }, { $distance } entfernt.

## Risiko
risk-tier-0 = 🛡 Frei: nichts bremst
risk-tier-1 = 🛡 Vorsichtig: Drawdown über der ersten Grenze
risk-tier-2 = 🛡 Sehr vorsichtig: Drawdown über der zweiten Grenze
risk-halt-day = 🛑 Heute keine Einstiege mehr
risk-halt-drawdown = 🛑 Durch Drawdown angehalten; /resume fragt nach
risk-used = jetzt
risk-most = max.
risk-drawdown = Drawdown
risk-day-loss = Heute verl.
risk-open-risk = Offenes Ris.
risk-gross = Brutto
risk-positions = Positionen
risk-longs = davon long
risk-shorts = davon short
risk-factor = Risiko
risk-threshold = Schwellen
risk-record = Letzte { $trades } Trades: { $rate } gewonnen, Payoff { $payoff }; je Trade { $share } des Kapitals im Risiko.
risk-prior = Erst { $trades } Trades: { $rate } gewonnen und Payoff { $payoff } sind angenommen; je Trade { $share } des Kapitals im Risiko.
risk-probe = Kelly ist nicht positiv: Einstiege sind Proben.
risk-probation = Auf Bewährung: { $symbols }
size-would = 📐 { $name } { $leverage }× würde eröffnet
size-if = 📐 { $name } { $leverage }×, wenn die Konfidenz reichte
size-refused = 📐 { $name } würde nicht eröffnet: { $why }
size-none = 📐 { $symbol }: nichts zu eröffnen ({ $why })
leverage-headline = ⚖️ { $name } bekäme Hebel { $leverage }×
leverage-market = Höchster am Markt
leverage-range = Spanne 24 h
leverage-volatility = für Schwankung
leverage-wins = für Trefferquote
leverage-cap = Liquidation
leverage-given = Gegeben
audit-clean = ✅ Buch und Börse stimmen überein
audit-apart = 🚨 Buch und Börse weichen ab
audit-ours = Unser Geld
audit-theirs = Dort
audit-difference = Unterschied
blocks-headline = ⛔ { $count ->
    [one] 1 Markt ist gesperrt
   *[other] { $count } Märkte sind gesperrt
 }
blocks-by = von { $by }

blackouts-headline = { $count ->
    [0] ☀️ Kein Ereignis eingetragen
    [one] 🌒 1 Ereignis eingetragen: ringsum nichts Neues
   *[other] 🌒 { $count } Ereignisse eingetragen: ringsum nichts Neues
 }
blackouts-how = Eines mehr: /blackout FOMC 2026-12-09T19:00 30m 1h crypto (Zeit in deiner Zone, davor, danach, Klassen oder Märkte). Eines weniger: /blackout off FOMC
blackout-all = alle Märkte
blackout-listed = 🌒 { $name } ist eingetragen: ringsum keine neuen Einstiege.
blackout-lifted = ☀️ { $name } ist ausgetragen.
## Mit echtem Geld
mode-headline = Modus { $mode }
mode-auto = Finalisten handeln von selbst.
mode-semi = Finalisten handeln von selbst.
mode-manual = Ohne einen Menschen gibt es keinen Einstieg. Noch kann niemand Kandidaten freigeben, also gibt es gar keinen; offene Positionen werden weiter geführt.
mode-borderline = Grenzfälle werden vorerst in jedem Modus abgelehnt.
mode-reading = 👁 Auf dem Mainnet wird nichts unterschrieben, bis es jemand mit /live bestätigt.
mode-away = 💤 Seit { $hours } Stunden war niemand da: kein Einstieg. Was immer du hier schreibst, beendet das.
mode-how = Ändern mit /mode auto, semi oder manual; /mode readonly beendet den Handel mit echtem Geld.
live-elsewhere = Das ist { $venue }: Hier bewegt sich kein echtes Geld, und es gibt nichts zu bestätigen. Echtes Geld braucht LIVE_TRADING=mainnet und --venue mainnet.
live-reading = liest nur, nichts wird unterschrieben
live-edge = { $venue }: { $mean } { $span }, { $trades } Trades an { $days } Tagen
live-edge-aside = { $venue }: { $mean } { $span }, { $trades } Trades an { $days } Tagen (zählt nicht: kein echter Markt)
live-edge-none = ⚠️ Es gibt keine Trades aus Paper oder Replay: Ein Vorteil wurde nicht gemessen.
live-edge-short = ⚠️ { $trades } Trades an weniger als { $days } Tagen: zu wenige für ein Intervall. Ein Vorteil ist nicht belegt.
live-edge-shown = Über alles, was zählt ({ $trades } Trades), liegt das ganze { $coverage }-Intervall über null, nach Kosten.
live-edge-zero = ⚠️ Über alles, was zählt ({ $trades } Trades), enthält das { $coverage }-Intervall die Null: Ein Vorteil ist nicht belegt.
live-edge-loss = 🚨 Über alles, was zählt ({ $trades } Trades), liegt das ganze { $coverage }-Intervall unter null: Es wurde Geld verloren.
live-type = Um trotzdem mit echtem Geld zu handeln, schreib
live-phrase = Ich weiß, dass kein Vorteil gemessen ist
live-confirmed = bestätigt von { $by }
live-since = Seit
live-small = Erste Trades mit echtem Geld: { $done } von { $first }, jeder so klein, wie die Börse ihn nimmt.
live-full = Volle Größe, bestätigt von { $by }.
live-slippage = Ausführungen gegen den Preis der Entscheidung (über null kostete es uns), Orders in Klammern:
live-entries = Einstieg
live-exits = Ausstieg
ask-live = Auf diesem Konto mit echtem Geld handeln?
ask-live-what = Von da an werden Orders unterschrieben. Die ersten { $count } Trades sind so klein, wie die Börse sie nimmt; /mode readonly beendet es.
ask-full = In voller Größe handeln?
ask-full-what = { $count } Trades mit echtem Geld sind abgeschlossen. Von da an sind Einstiege so groß, wie die Risikoregeln es erlauben.
record-live = 🔴 { $by } hat bestätigt: Es wird mit echtem Geld gehandelt. Die ersten { $count } Trades sind so klein, wie die Börse sie nimmt.
record-full = 🔴 { $by } hat nach { $count } Trades mit echtem Geld die volle Größe bestätigt.

## Märkte
class-crypto = Krypto
class-equity = Aktien
class-commodity = Rohstoffe
class-forex = Devisen
class-index = Indizes
universe-headline = 🌐 { $count ->
    [one] 1 Markt wird gelesen
   *[other] { $count } Märkte werden gelesen
 }
universe-left-out = ➖ Ausgelassen: { $symbols }
universe-how = Ändern mit /universe add SYMBOL oder /universe remove SYMBOL; was eine andere dex führt, braucht seine Klasse, etwa „add xyz:NEW equity“.

## Kurze Antworten auf Knöpfe (höchstens 200 Zeichen)
toast-working = Läuft …
toast-updated = Aktualisiert
toast-kept = Nichts wurde getan
tap-unknown = Dieser Knopf ist abgelaufen.
tap-expired = Zu spät: Die Frage ist abgelaufen. Nichts wurde getan. Frag noch einmal.
tap-used = Das ist schon entschieden.
tap-other-person = Diese Frage galt jemand anderem.
tap-other-message = Dieser Knopf gehört nicht zu dieser Nachricht.
tap-not-yours = Das darfst du hier nicht.
code-unknown = Zum Code „{ $code }“ gibt es keine offene Frage; der richtige steht unter seiner Frage. Nichts wurde getan.
code-expired = Dieser Code ist abgelaufen. Nichts wurde getan.
code-used = Das ist schon entschieden.
code-other-person = Diese Frage galt jemand anderem.

## Ablehnungen
refused-forwarded = Weitergeleitete Nachrichten werden nicht ausgeführt. Tippe den Befehl selbst.
refused-follower = Hier kannst du lesen, nicht handeln. /help zeigt, was du fragen kannst.
refused-stale = Dieser Befehl ist über zwei Minuten alt und wurde nicht ausgeführt. Sende ihn erneut, wenn er noch gilt.
claim-how = Dieser Vektor hat noch keinen Besitzer. Sende /start und dahinter den Code, der beim Start ausgegeben wurde.
claim-wrong = Der Code ist falsch; der richtige wurde dort ausgegeben, wo Vektor gestartet wurde.
claim-expired = Der Code ist abgelaufen. Ein Neustart von Vektor erzeugt einen neuen.
claim-locked = Zu viele falsche Codes. Ein Neustart von Vektor erzeugt einen neuen.
claim-closed = Dieser Vektor hat schon einen Besitzer.
fallback-talk = Ich verstehe nur Befehle. /help zählt sie auf.
fallback-unknown = Den Befehl { $command } gibt es nicht. /help zählt alle auf.
fallback-nearest = Den Befehl { $command } gibt es nicht. Meintest du { $nearest }?

## Fehler
error-unexpected = Etwas ist schiefgegangen: { $words }
error-apology = Entschuldigung, das ist bei mir fehlgeschlagen. Im Protokoll steht es unter { $id }; sonst ist nichts betroffen.
error-user-mistake = Das geht nicht: { $words }
error-unknown-symbol = Einen Markt „{ $symbol }“ gibt es nicht. { $nearest ->
    [none] /universe führt sie auf.
   *[other] Am nächsten: { $nearest }.
 }
error-ambiguous-symbol = „{ $symbol }“ kann mehrere Märkte meinen: { $choices }. Schreib einen davon ganz aus.
error-missing-argument = { $command } braucht noch etwas, zum Beispiel: { $usage }
error-surplus-argument = „{ $surplus }“ ist zu viel. Richtig wäre: { $usage }
error-too-long = Das sind { $length } Zeichen; höchstens { $limit } sind erlaubt.
error-no-position = In { $symbol } ist keine Position offen. /positions zeigt alle.
error-already-done = Das ist schon so ({ $what }).
error-not-allowed = Das darfst du nicht ({ $what }).
error-bad-setting = Die Einstellung { $name } ist { $value }; richtig wäre { $expected }.
error-bad-data = { $file }, Zeile { $line }: { $value } ist falsch; erwartet wird { $expected }.
error-unavailable = Die Außenwelt antwortet nicht. Nichts wurde getan. Versuch es gleich noch einmal.
error-venue-unavailable = Die Börse antwortet nicht. Nichts wurde getan. Versuch es gleich noch einmal.
error-not-live = Nichts wurde gesendet: { $words }
error-feed-unavailable = Im Moment gibt es keine Marktdaten. Nichts wurde getan.
error-storage-unavailable = Mein Speicher antwortet nicht, also wurde nichts getan.
error-chat-unavailable = Telegram antwortet nicht.
error-outcome-unknown = Die Order ist abgeschickt, eine Antwort steht noch aus. Vektor klärt das; /positions zeigt, was geschehen ist. Bitte nicht wiederholen.
error-start-refused = Vektor kann nicht starten: { $words }
error-broken-invariant = Etwas Unmögliches ist geschehen: { $words }. Der Handel ruht, bis das verstanden ist.
error-venue-refused = Die Börse lehnt ab: { $words }

## Befehle
command-status = wo wir stehen
command-positions = offene Positionen mit Stop und Ziel
command-balance = das Geld auf dem Konto
command-scan = jetzt alle Märkte prüfen
command-chart = Kerzen mit Marken
command-regime = der Zustand des ganzen Marktes
command-top = die stärksten Märkte
command-funding = wo es eng ist
command-liq = Liquidationen und Kaskaden
command-enrich = alle 35 Messwerte eines Marktes
command-risk = wie viel gewagt und genutzt wird
command-size = was jetzt eröffnet würde, und warum
command-leverage = welchen Hebel ein Einstieg bekäme, und warum
command-audit = unser Buch gegen das der Börse, jetzt
command-blocks = was gesperrt ist
command-universe = welche Märkte gelesen werden; dazu, weg
command-why = warum ein Markt (nicht) gehandelt wird
command-close = eine Position oder einen Teil schließen, nach Rückfrage
command-margin = Abstand zur Liquidation; Margin hinzufügen, nach Rückfrage
command-stop = einen Stop verschieben, nach Rückfrage
command-target = ein Ziel verschieben, nach Rückfrage
command-flatten = alles schließen und anhalten, nach Rückfrage
command-pause = keine neuen Einstiege
command-resume = Einstiege wieder erlauben
command-block = keine Einstiege in einem Markt
command-blackout = Ereignisse, um die herum nicht eingestiegen wird
command-unblock = einen Markt wieder freigeben
command-mode = Börse und Handelsmodus; ihn ändern
command-live = echtes Geld: der gemessene Vorteil, und was zu bestätigen ist
command-confirm = eine Frage von einem anderen Gerät beantworten
command-health = ist alles da?
command-help = was ich verstehe
command-start = anfangen
usage-chart = SYMBOL
usage-why = SYMBOL
usage-enrich = SYMBOL
usage-size = SYMBOL
usage-leverage = SYMBOL
usage-universe = add SYMBOL | remove SYMBOL
usage-close = SYMBOL [50 %]
usage-margin = SYMBOL [25.50]
usage-stop = SYMBOL PREIS
usage-target = SYMBOL PREIS
usage-block = SYMBOL [3d|7d|30d]
usage-blackout = [NAME ZEIT [30m [1h]] [crypto|SYMBOL …] | off NAME]
usage-unblock = SYMBOL
usage-mode = auto | semi | manual | readonly
usage-live = SATZ
usage-confirm = CODE
key-status = 📊 Stand
key-positions = 📂 Positionen
key-scan = 🔎 Scan
key-pause = ⏸ Pause
key-resume = ▶️ Weiter
key-help = ❔ Hilfe
menu-placeholder = Befehl oder Taste

## Begrüßung und Hilfe
welcome-headline = Vektor, zu Diensten
welcome-owner = { $count ->
    [one] Dieser Handelstisch gehört dir. Er beobachtet { $count } Markt und handelt nach seinen Regeln; zu jeder Position liegt ein Stop an der Börse.
   *[other] Dieser Handelstisch gehört dir. Er beobachtet { $count } Märkte und handelt nach seinen Regeln; zu jeder Position liegt ein Stop an der Börse.
 }
welcome-operator = { $count ->
    [one] Du bedienst diesen Handelstisch. Er beobachtet { $count } Markt und handelt nach seinen Regeln; zu jeder Position liegt ein Stop an der Börse.
   *[other] Du bedienst diesen Handelstisch. Er beobachtet { $count } Märkte und handelt nach seinen Regeln; zu jeder Position liegt ein Stop an der Börse.
 }
welcome-follower = { $count ->
    [one] Du folgst diesem Handelstisch. Er beobachtet { $count } Markt. /status und /positions zeigen, wie er steht, ohne Beträge.
   *[other] Du folgst diesem Handelstisch. Er beobachtet { $count } Märkte. /status und /positions zeigen, wie er steht, ohne Beträge.
 }
welcome-venue-sim = Die Börse ist simuliert: Es fließt kein echtes Geld.
welcome-venue-paper = Die Kurse sind echt, die Ausführungen simuliert: Es fließt kein echtes Geld.
welcome-venue-testnet = Das ist das Testnetz der Börse: Es fließt kein echtes Geld.
welcome-venue-mainnet = Hier geht es um echtes Geld.
welcome-next = Fang mit den Tasten unten an oder mit /scan.
help-headline = Was ich verstehe
help-symbols = SYMBOL ist der Name eines Markts, etwa BTC oder TSLA; xyz:TSLA geht auch. Lässt du ihn weg, wählst du aus einer Liste.

## Was der Markt sagt
regime-breadth = { $neutral } neutral, { $up } steigend, { $down } fallend · Korrelation { $correlation }
regime-pairs = { $count ->
    [one] Korrelation über { $count } Paar derselben Klasse.
   *[other] Korrelation über { $count } Paare derselben Klasse.
 }
regime-crypto-only = Die Größe gilt für alle Märkte, Schwelle und Zuversicht nur für Krypto.
funding-market = Markt
funding-year = im Jahr
funding-interest = OI
funding-score = Enge
funding-headline = { $count ->
    [0] 💰 Funding: nirgends ist es extrem eng
    [one] 💰 Funding: auf { $count } Seite ist es extrem eng
   *[other] 💰 Funding: auf { $count } Seiten ist es extrem eng
 }
funding-extreme = 🔴 −10 pp und halbe Größe: { $names }
funding-moderate = 🟠 −5 pp: { $names }
funding-label = Das Funding allein ist extrem in { $names }.
liq-headline = 💥 Liquidationen in 5 Minuten: { $tier }
liq-tier = Stufe
liq-quiet = In den letzten fünf Minuten wurde nichts liquidiert.
liq-market = alle
liq-rate = Nach Erschöpfung ging der Preis seinen Weg in { $short } nach 15 min, { $long } nach 60 min.
tier-none = keine
tier-low = tief
tier-medium = mittel
tier-high = hoch
tier-extreme = extr
certainty-exact = alle
certainty-sampled = Auswahl
certainty-inferred = erschlossen
top-headline = 🏆 Die stärksten Märkte
top-none = Kein Markt hat gerade eine Richtung.
enrich-neutral = Ein Punkt heißt: nichts zu sagen.
enrich-short = ⚠️ Kurze Geschichte.
pass-vwap = ① VWAP
pass-premarket = ② Vorbörse
pass-volume-delta = ③ Volumendelta
pass-momentum = ④ Momentum
pass-structure = ⑤ Struktur, 4h
pass-sweep = ⑥ Sweep
pass-obv-cvd = ⑦ OBV und CVD
pass-supertrend = ⑧ Supertrend und Pivots
dim-close = Schluss
dim-atr = ATR 1h
dim-vwap = VWAP 24h
dim-vwap-distance-pct = Abstand
dim-vwap-filter = Filter
dim-premarket-high = Vorbörse hoch
dim-premarket-low = Vorbörse tief
dim-opening-high = Eröffnung hoch
dim-opening-low = Eröffnung tief
dim-premarket-signal = Ausbruch
dim-vd-delta = Delta
dim-vd-divergence = Divergenz
dim-vd-filter = Filter
dim-macd-bias = MACD
dim-macd-cross = Kreuzung
dim-macd-divergence = Divergenz
dim-stoch-rsi = StochRSI
dim-stoch-rsi-state = Zustand
dim-squeeze = Squeeze
dim-mi-signal = Urteil
dim-ms-sequence = Folge
dim-swing-high = Hochpunkt
dim-swing-low = Tiefpunkt
dim-structure-break = Gebrochen
dim-ms-bias = Neigung
dim-sweep = Sweep
dim-sweep-level = Marke
dim-sweep-age-bars = Kerzen her
dim-obv-slope = OBV-Steigung
dim-obv-divergence = Divergenz
dim-cvd-delta = CVD
dim-vol-confirm = Urteil
dim-st-direction = Trend
dim-st-flip = Wende
dim-pivots = Pivots
dim-pivot-zone = Zone
dim-pp-st-signal = Signal

## Meldungen
alert-opened = { $symbol } { $side } { $leverage }× eröffnet
alert-stop-moved = 🔒 { $symbol } Stop { $before } → { $after }
alert-target-moved = 🎯 { $symbol } Ziel { $before } → { $after }
alert-reduced = ✂️ { $name }: { $size } zu { $price } geschlossen, { $left } bleiben
word-buy = Kauf
word-sell = Verkauf
alert-stray-ours = 🧹 { $symbol }: Eine Order, die von einer geschlossenen Position übrig war, wurde gestrichen ({ $side } { $size } zu { $price }).
alert-stray-foreign = 👤 { $symbol }: Dort liegt eine Order, die nicht von uns ist ({ $side } { $size } zu { $price }). Wir rühren sie nicht an und eröffnen { $symbol } solange nicht; nur /flatten streicht sie.
alert-adopted = 🧩 { $symbol } { $side } lag an der Börse, ohne dass wir davon wussten. Ein Stop liegt jetzt bei { $stop }.
alert-unprotected = 🚨 { $symbol }: Kein Stop ließ sich setzen. Die Position wird geschlossen.
alert-order-failed = ⚠️ { $symbol }: Die Order ({ $intent }) wurde nicht ausgeführt.
alert-paused = ⏸ Handel pausiert von { $by }. Offene Positionen werden weiter geführt.
alert-resumed = ▶️ Handel fortgesetzt von { $by }.
alert-money-in = 💰 { $amount } USDC sind eingegangen.
alert-money-out = 💸 { $amount } USDC sind abgegangen.
alert-probing = 🔬 Kein Vorteil in den letzten { $trades } Trades: Kelly { $kelly }.
alert-probing-risk = Einstiege sind Proben, bis er über null ist: je { $risk } % des Eigenkapitals im Risiko.
alert-edge = 🔬 Die letzten { $trades } Trades zeigen wieder einen Vorteil: Kelly { $kelly }.
alert-edge-risk = Je Trade { $risk } % des Eigenkapitals im Risiko.
alert-governor-tighter = 🛡 Vorsichtiger: { $drawdown } unter dem Höchststand.
alert-governor-looser = 🛡 Wieder mutiger: { $drawdown } unter dem Höchststand.
alert-governor-figures = Höchstens { $positions } Positionen, Risiko × { $risk }, Schwellen { $threshold } pp höher.
alert-halt-day = 🛑 Heute keine Einstiege mehr: { $measured } verloren, erlaubt sind { $limit }. Ab 00:00 UTC wieder.
alert-halt-drawdown = 🛑 Einstiege sind angehalten: { $measured } unter dem Höchststand, erlaubt sind { $limit }. /resume fragt nach und beginnt den Höchststand neu.
alert-protected = 🩹 { $symbol } bleibt in Ruhe: { $why } (Sperre { $number }).
alert-protected-until = Danach auf Bewährung. Bis
protected-losses = Verluste in Folge
protected-rate = zu wenige Gewinne
protected-probation = ein Verlust auf Bewährung
protected-second = die zweite Sperre in kurzer Zeit
protected-third = die dritte Sperre in kurzer Zeit
alert-displaced = 🔁 { $old } macht Platz für { $new }.
alert-displaced-figures = Konfidenz { $old } → { $new }, Ergebnis { $result } nach { $age } (Weg { $ways }).
alert-liquidation-warning = ⚠️ { $name } ist { $distance } von der Liquidation entfernt.
alert-liquidation-critical = 🚨 { $name } ist nur noch { $distance } von der Liquidation entfernt!
alert-liquidation-cure = { $amount } USDC Margin würden auf { $goal } zurückführen.
alert-liquidation-deposit = Auf Cross-Margin: Eine Einzahlung von etwa { $amount } USDC würde auf { $goal } zurückführen.
alert-added = ➕ { $symbol } von { $by } aufgenommen.
alert-delisted = 🪦 { $symbol } wurde von der Börse eingestellt. Der Markt wird nicht mehr gelesen und nicht mehr gehandelt.
alert-delisted-held = Unsere Position darin rechnet die Börse ab; sie wird wie jeder andere Abschluss gebucht.
alert-removed = ➖ { $symbol } von { $by } entfernt.
alert-blocked = ⛔ { $symbol } gesperrt von { $by }.
alert-unblocked = ✅ { $symbol } freigegeben von { $by }.
alert-blackout = 🌒 { $name } eingetragen von { $by }: ringsum keine neuen Einstiege.
alert-blackout-lifted = ☀️ { $name } ausgetragen von { $by }.
alert-mode = ⚙️ Modus { $mode }, von { $by }.
alert-live = 🔴 Es wird mit echtem Geld gehandelt, bestätigt von { $by }.
alert-live-without = Ein Vorteil wurde nicht gemessen; das wurde zur Kenntnis genommen.
alert-live-mean = Gezeigt wurden { $mean } über { $trades } Trades, zu wenige Tage für ein Intervall; das wurde zur Kenntnis genommen.
alert-live-edge = Gezeigt wurden { $mean } ({ $span }) über { $trades } Trades.
alert-readonly = 👁 Liest nur, von { $by }: Auf dem Mainnet wird nichts mehr unterschrieben.
alert-stranger = 🚨 Das Konto hält { $name }, nicht von uns. Es darf nichts unterschrieben werden, also bleibt das unberührt.
alert-stranger-stop = Ein Stop liegt dahinter.
alert-stranger-bare = KEIN STOP liegt dahinter: Setz einen an der Börse, oder bestätige mit /live, dass Vektor das darf.
alert-away = 💤 Seit { $hours } Stunden war niemand da: kein Einstieg, bis jemand hier schreibt. Offene Positionen werden weiter geführt.
alert-operator-back = 👋 { $by } ist wieder da: Es gibt wieder Einstiege.
alert-wallet = { $count ->
    [one] 🔑 Die API-Wallet endet innerhalb von { $count } Tag.
   *[other] 🔑 Die API-Wallet endet innerhalb von { $count } Tagen.
 }
alert-wallet-ended = 🚨 Die API-Wallet ist abgelaufen: Keine Order wird mehr angenommen, kein Stop kann mehr bewegt werden.
alert-wallet-cure = Leg auf der Seite der Börse eine neue an, trag ihren Schlüssel in .env ein und starte neu.
alert-flattened = { $count ->
    [one] 🛑 Glattgestellt von { $by }: { $count } Position geschlossen, der Handel ruht.
   *[other] 🛑 Glattgestellt von { $by }: { $count } Positionen geschlossen, der Handel ruht.
 }
alert-flattened-open = ⚠️ Noch offen: { $symbols }
alert-unshown = ⚠️ { $kind } ist geschehen und lässt sich nicht zeigen (Ereignis { $number }); das Protokoll sagt, warum. /status zeigt den Stand.
alert-degraded = 🟠 Es fehlt: { $what }
alert-recovered = 🟢 Wieder da: { $what }
alert-regime = 🧭 Regime: { $before } → { $after }
alert-crowded = 🥵 { $symbol }: auf der Seite { $side } ist es extrem eng
alert-crowded-figures = Funding { $funding } im Jahr, Open Interest { $interest } in einem Tag, Wert { $score }. Einstiege auf dieser Seite kosten 10 pp und werden halbiert.
alert-cascade = 💥 { $symbol }: eine Liquidationskaskade ({ $tier }) ist vorbei → { $side }
alert-cascade-rate = Nach 60 min bisher richtig: { $rate }
alert-mismatch = 🚨 Buch und Börse weichen um { $difference } USDC voneinander ab.
alert-started = { $count ->
    [0] Bereit. Keine offenen Positionen.
    [one] Bereit. { $count } offene Position übernommen.
   *[other] Bereit. { $count } offene Positionen übernommen.
 }
alert-resolved = { $count ->
    [one] { $count } unbeantwortete Order wurde nachgeschlagen.
   *[other] { $count } unbeantwortete Orders wurden nachgeschlagen.
 }
alert-unsure = ⚠️ Die Meldung { $id } kam vielleicht nicht an. Sie lautete:
alert-repeated = ↻ noch einmal gesagt, Meldung { $id }
alert-conflict = 🚨 Ein anderes Programm liest die Nachrichten dieses Bots mit demselben Token. Beende es, oder widerrufe das Token bei BotFather.
left-group = { $user } hat mich zu „{ $title }“ hinzugefügt, und ich bin wieder gegangen: Ich spreche nur, wo du mich haben willst.
intent-entry = Einstieg
intent-stop = Stop
intent-target = Ziel
intent-close = Schließen
intent-margin = Margin
intent-reduce = Teilschluss
