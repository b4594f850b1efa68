"""All rules against a judge of its own (judge.py), on generated histories.

`ANODYNE_HISTORIES=20000` tries so many; they are the same each time.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from decimal import Decimal

import pytest

from anodyne_blocks.pricing.rules import DE, DK, EU, FI, NL, SE
from tests.pricing.judge import NOW, Law, Verdict, generated, judged, past, points

HISTORIES = int(os.environ.get("ANODYNE_HISTORIES", "2000"))
EVER = float("inf")

LAWS: dict[EU, Law] = {
    EU(): Law(),
    NL(): Law(progressive=92),
    DE(): Law(progressive=92),
    FI(): Law(progressive=60),
    SE(): Law(progressive=30),
    DK(): Law(announced_for=10),
    EU(days=60): Law(days=60),
    EU(progressive=True): Law(progressive=EVER),
    EU(new_arrival_days=9): Law(new=9),
    NL(new_arrival_days=9): Law(progressive=92, new=9),
    EU(bridge_silence_days=3): Law(bridge=3),
    NL(max_announcement_days=14, bridge_silence_days=3): Law(
        progressive=92, announced_for=14, bridge=3
    ),
}


@pytest.mark.once
def test_all_rules_say_what_the_judge_says() -> None:
    dice, counts, wrong = random.Random(11), Counter[str](), []
    for number in range(HISTORIES):
        changes = generated(dice)
        told = points(changes)
        pasts = {law.bridge: past(changes, law.bridge) for law in LAWS.values()}
        for rule, law in LAWS.items():
            said = rule.announce(told, NOW)
            mine = judged(pasts[law.bridge], law)
            prior = int((said.prior or Decimal(0)) * 100) if said.announced else 0
            theirs = Verdict(prior, said.percent)
            counts["announced" if mine.percent else "not announced"] += 1
            if theirs != mine:
                wrong.append((number, rule, changes, said, mine))
    print(f"{HISTORIES} histories, {counts.total()} verdicts ({dict(counts)}), {len(wrong)} wrong")
    assert not wrong, wrong[0]
    # Enough of both kinds that agreeing says something.
    assert min(counts.values()) > HISTORIES
