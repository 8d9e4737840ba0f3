from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in millionths of the currency; None is unknown."""

    prompt: int | None
    cached: int | None
    completion: int | None

    @property
    def are_known(self):
        return self.prompt is not None and self.completion is not None

    @property
    def are_free(self):
        return (self.prompt, self.completion) == (0, 0) and not self.cached

    def cost_micros(self, *, prompt_tokens, cached_tokens=0, completion_tokens):
        """Return the cost in millionths of the currency, None where a price is unknown.

        `cached_tokens` are part of `prompt_tokens`; without a price of their own they
        cost what the others do. A provider that reports more of them means all.
        """
        if not self.are_known:
            return None
        cached_tokens = min(cached_tokens, prompt_tokens)
        cached = self.prompt if self.cached is None else self.cached
        total = (
            (prompt_tokens - cached_tokens) * self.prompt
            + cached_tokens * cached
            + completion_tokens * self.completion
        )
        return round(total / MILLION)
