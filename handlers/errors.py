"""What a person is told when something goes wrong: what would be right, or an apology with an id that the log knows."""

from __future__ import annotations

import hashlib
import logging

from aiogram import Router
from aiogram.types import ErrorEvent, Update
from aiogram.utils.formatting import Text

from core.errors import ChatUnavailable, UserMistake, VektorError
from handlers.speaker import Speaker
from handlers.views.plain import sentence
from handlers.voice import Voice
from locales.texts import Texts

logger = logging.getLogger(__name__)
ID_LENGTH = 6
ALERT_MOST = 190
NOTHING = "none"
"""Stands in a sentence for an empty value; the sentences know it."""


def explained(error: VektorError, texts: Texts) -> Text:
    """An error of ours in the person's words; values that a sentence needs and the error lacks read as ``–``."""
    values = {"words": str(error), "what": "–", **error.values}
    values = {name: value if value != "" else NOTHING for name, value in values.items()}
    return sentence(texts, error.key, **values)


def error_id(update_id: int, error: BaseException) -> str:
    """Short name under which the log keeps a failure; the same failure of the same update has the same one."""
    return hashlib.sha256(f"{update_id}{error!r}".encode()).hexdigest()[:ID_LENGTH].upper()


async def answer_error(event: ErrorEvent, voice: Voice, speaker: Speaker | None = None) -> bool:
    """Tell whoever asked. Telegram being away is only logged: there is nobody to tell then."""
    error, update = event.exception, event.update
    if isinstance(error, ChatUnavailable):
        logger.warning("an answer could not be sent: %s", error)
        return True
    name = error_id(update.update_id, error)
    if isinstance(error, VektorError):
        logger.log(logging.INFO if isinstance(error, UserMistake) else logging.WARNING, "%s", error)
    else:
        logger.error("error %s in update %s", name, update.update_id, exc_info=error)
    if speaker is not None:
        await tell(error, name, update, voice, speaker)
    return True


async def tell(error: Exception, name: str, update: Update, voice: Voice, speaker: Speaker) -> None:
    """As an alert over the button that was tapped, or as a message where that was answered already."""
    # The words of a failure may name amounts, accounts and addresses: only whoever may see those is told them.
    if isinstance(error, VektorError) and (speaker.reader.full or isinstance(error, UserMistake)):
        text = explained(error, speaker.texts)
    else:
        text = sentence(speaker.texts, "error-apology", id=name)
    query = update.callback_query
    try:
        if query is not None and await voice.answer(query.id, text.render()[0][:ALERT_MOST], alert=True):
            return
        await voice.say(speaker.chat_id, text)
    except ChatUnavailable as away:
        logger.warning("an apology could not be sent: %s", away)


def build() -> Router:
    """The handlers of this subject, in the order they are asked."""
    router = Router(name="errors")
    router.errors.register(answer_error)
    return router
