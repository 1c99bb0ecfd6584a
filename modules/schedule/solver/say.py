"""Puts the whole problem into the model: every rule by the word of its kind."""

from __future__ import annotations

from functools import partial

from modules.schedule.solver import model_activities, model_agents
from modules.schedule.solver.model import Model
from modules.schedule.solver.problem import Kind, Problem

OF_ROOMS = (Kind.ROOMS, Kind.ROOMS_DIFFERENT, Kind.ROOM_KEPT, Kind.BUILDING_CHANGES, Kind.BUILDING_GAPS)


def modelled(problem: Problem, *, guarded: bool = False) -> Model:
    """The model of the problem. Raises Contradiction when an activity has nowhere to begin."""
    model = Model(problem, guarded=guarded)
    model.forbid_meetings()
    if not guarded:
        model.bound_rooms()
    agents = model_agents.Agents(model)
    for number, rule in enumerate(problem.rules):
        if rule.kind in model_activities.SAID:
            if rule.kind is Kind.STARTS and rule.is_hard and not guarded:
                continue  # already in the domains
            model.under(number, rule, partial(model_activities.SAID[rule.kind], model, rule))
        elif rule.kind in model_agents.SAID:
            model.under(number, rule, partial(agents.say, rule))
        elif rule.kind is Kind.ROOMS and not rule.is_hard:
            model.wish_rooms(rule)
        elif rule.kind is Kind.ROOMS and guarded:
            model.under(number, rule, partial(model.bound_rule, rule))
    return model
