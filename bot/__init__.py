"""Everything that acts: disk, network, clock and wording. No judgement about a need or an expert lives here."""
