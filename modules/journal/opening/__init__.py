"""Cells of a closed period opened for a teacher for some hours: asked with a reason, answered in one tap, closed by itself."""
