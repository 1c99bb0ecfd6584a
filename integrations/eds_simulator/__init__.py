"""ЭЦП without НУЦ: a made-up authority, and programs that speak as NCALayer and NCANode do. For tests and the demo."""
