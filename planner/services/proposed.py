"""How a booking lies to what was proposed, written into the journal with it."""

from __future__ import annotations

from planner.planning.plan import CitizenPlan, Slot


def against_proposal(part: CitizenPlan, slot: Slot) -> dict[str, object]:
    """`proposal`: as_proposed, time, channel, time_and_channel or none; `covers`: how many needs the proposal met."""
    if part.proposal is None:
        return {"proposal": "none", "covers": 0}
    meant = part.proposal.slot
    other_time = (slot.on, slot.start) != (meant.on, meant.start)
    other_channel = slot.channel is not meant.channel
    outcome = "_and_".join(name for name, is_other in (("time", other_time), ("channel", other_channel)) if is_other)
    return {"proposal": outcome or "as_proposed", "covers": len(part.proposal.covers)}
