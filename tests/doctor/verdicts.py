"""How a check is asked in these tests: what it says is one word, or several."""

from conversations.doctor import Finding, Verdict

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


def verdicts(check):
    """Return the Verdict of each Finding; what is not well says how to repair it."""
    found = check() if callable(check) else check
    findings = [found] if isinstance(found, Finding) else list(found)
    for finding in findings:
        assert finding.fact
        assert bool(finding.repair) == (finding.verdict is not OK), finding
    return [finding.verdict for finding in findings]
