"""What every table and flow of ours keeps, asked of the code itself."""

import inspect

import pytest
from django.apps import apps
from django.db import models

from workflows.domain import registry
from workflows.domain.acts import nothing
from workflows.flows.base import BaseFlow, root_row_lock
from workflows.models import EngineModel, StateField
from workflows.models.state import GuardedQuerySet

OURS = ("accounts", "workflows", "cases", "surveys")
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.startswith("Historical")
]
ENGINE_MODELS = [model for model in MODELS if issubclass(model, EngineModel)]


def foreign_keys():
    for model in MODELS:
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and not field.remote_field.parent_link:
                yield pytest.param(field, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize("field", list(foreign_keys()))
def test_nothing_disappears_because_something_else_is_deleted(field):
    if field.name == "owner_permission_content_type":
        return
    assert field.remote_field.on_delete in (models.PROTECT, models.RESTRICT)


@pytest.mark.parametrize("model", ENGINE_MODELS, ids=lambda model: model.__name__)
def test_everything_with_a_life_has_a_guarded_state_a_version_and_a_history(model):
    assert isinstance(model._meta.get_field("state"), StateField)
    assert model._meta.get_field("state").protected
    assert model._meta.get_field("version")
    assert hasattr(model, "history")
    assert issubclass(model._default_manager._queryset_class, GuardedQuerySet)
    assert model.SUBJECT_KIND


@pytest.mark.parametrize("flow", registry.flows(), ids=lambda flow: flow.__name__)
def test_every_flow_locks_the_root_row(flow):
    assert issubclass(flow, BaseFlow)
    assert flow.lock_impl is root_row_lock


def commands():
    for flow in registry.flows():
        for node in flow.instance.nodes():
            for outcome in getattr(node, "outcomes", {}).values():
                yield pytest.param(outcome.command, id=f"{flow.key}.{node.name}.{outcome.name}")
        for act in flow.acts:
            yield pytest.param(act.command, id=f"{flow.key}.act.{act.name}")


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_takes_its_input_by_name_with_by_and_at(command):
    parameters = list(inspect.signature(command).parameters.values())
    subject, rest = parameters[0], parameters[1:]
    assert subject.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    named = {parameter.name for parameter in rest}
    assert {"by", "at"} <= named
    assert all(
        parameter.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
        for parameter in rest
    )
    if command is not nothing:
        assert isinstance(command.rules, tuple)


@pytest.mark.parametrize("flow", registry.flows(), ids=lambda flow: flow.__name__)
def test_every_step_and_outcome_has_a_title(flow):
    for node in flow.instance.nodes():
        assert str(node.task_title)
        for outcome in getattr(node, "outcomes", {}).values():
            assert str(outcome.title)
