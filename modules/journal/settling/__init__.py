"""Marks settle before families hear of them: what was corrected meanwhile is told as it finally stands, or not at all."""
