"""All routers in the order they are asked; the one that answers what nobody else understood comes last."""

from __future__ import annotations

from aiogram import Router

from handlers import (
    adjust,
    blackout,
    charts,
    close,
    control,
    decide,
    errors,
    fallback,
    live,
    margin,
    market,
    membership,
    picks,
    risk,
    scan,
    screens,
    start,
    universe,
    why,
)

SUBJECTS = (
    errors,
    membership,
    start,
    screens,
    charts,
    why,
    market,
    risk,
    universe,
    scan,
    close,
    adjust,
    margin,
    control,
    blackout,
    live,
    decide,
    picks,
    fallback,
)


def build_router() -> Router:
    """A fresh tree of handlers: a router has one parent for life, so every dispatcher gets its own."""
    root = Router(name="vektor")
    root.include_routers(*(subject.build() for subject in SUBJECTS))
    return root
