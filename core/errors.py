"""The tree of things that can go wrong; what a person did wrong, and what the world did wrong.

::

    VektorError                   key of a sentence in locales/, values to fill it with
     ├─ UserMistake               the request itself: answered to the person, nothing else stops
     │   ├─ UnknownSymbol · AmbiguousSymbol · MissingArgument · SurplusArgument · TooLong
     │   ├─ NoPosition · AlreadyDone · NotAllowed
     │   └─ BadSetting · BadData  a wrong number in configuration; a malformed candle file
     ├─ Unavailable               could not find out or could not act; nothing happened
     │   └─ VenueUnavailable (NotLive) · FeedUnavailable · StorageUnavailable · ChatUnavailable
     ├─ VenueRefused              the exchange understood and said no
 ├─ OutcomeUnknown            it was sent, and no answer came: ask before repeating
     ├─ StartRefused              `run` must not go on: port, lock, folder, database version
     └─ BrokenInvariant           a bug: stop trading and tell the owner

A refusal of a candidate is no error: it is a value (:mod:`core.sifting`).
"""

from __future__ import annotations


class VektorError(Exception):
    """Base of every error that Vektor raises on purpose.

    ``key`` names the sentence in ``locales/``; ``values`` fill its variables. ``str()`` gives a plain English line
    for logs and the command line.
    """

    key = "error-unexpected"

    def __init__(self, message: str, **values: str | float) -> None:
        super().__init__(message)
        self.values = values


class UserMistake(VektorError):
    """The request cannot be carried out as given; the person is told what would be right."""

    key = "error-user-mistake"


class UnknownSymbol(UserMistake):
    """No market of the universe bears this name. Values: ``symbol``, ``nearest``."""

    key = "error-unknown-symbol"


class AmbiguousSymbol(UserMistake):
    """Several markets fit. Values: ``symbol``, ``choices``."""

    key = "error-ambiguous-symbol"


class MissingArgument(UserMistake):
    """A command lacks its argument. Values: ``command``, ``usage``."""

    key = "error-missing-argument"


class SurplusArgument(UserMistake):
    """A command was given more than it takes. Values: ``surplus``, ``usage``."""

    key = "error-surplus-argument"


class TooLong(UserMistake):
    """A text is longer than what is accepted. Values: ``length``, ``limit``."""

    key = "error-too-long"


class NoPosition(UserMistake):
    """No open position in this market. Values: ``symbol``."""

    key = "error-no-position"


class AlreadyDone(UserMistake):
    """What was asked for is already so, or was already decided. Values: ``what``."""

    key = "error-already-done"


class NotAllowed(UserMistake):
    """The person may not do this. Values: ``what``."""

    key = "error-not-allowed"


class BadSetting(UserMistake):
    """A number or switch in the configuration is wrong. Values: ``name``, ``value``, ``expected``."""

    key = "error-bad-setting"


class BadData(UserMistake):
    """A data file is malformed. Values: ``file``, ``line``, ``value``, ``expected``."""

    key = "error-bad-data"


class Unavailable(VektorError):
    """The outside world gave no answer, or said no before anything was done."""

    key = "error-unavailable"


class VenueUnavailable(Unavailable):
    """The exchange cannot be read, or refused before acting."""

    key = "error-venue-unavailable"


class NotLive(VenueUnavailable):
    """Nothing may be signed: trading on mainnet is not allowed or not confirmed. Nothing was sent."""

    key = "error-not-live"


class FeedUnavailable(Unavailable):
    """A market data feed gives nothing."""

    key = "error-feed-unavailable"


class StorageUnavailable(Unavailable):
    """The database cannot be read or written."""

    key = "error-storage-unavailable"


class ChatUnavailable(Unavailable):
    """Telegram cannot be reached."""

    key = "error-chat-unavailable"


class OutcomeUnknown(VektorError):
    """A request left and no answer came back: it may or may not have been carried out."""

    key = "error-outcome-unknown"


class StartRefused(VektorError):
    """The program must not start. The message says what to change."""

    key = "error-start-refused"


class BrokenInvariant(VektorError):
    """Something that cannot be, is. Trading stops and the owner is told."""

    key = "error-broken-invariant"


class VenueRefused(VektorError):
    """The exchange understood and said no, in its own words. Values: ``words``."""

    key = "error-venue-refused"
