"""JSON Schema (draft 2020-12) of the exchange files, from the structs that read and write them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from planner.exchange.caseload_wire import CaseloadFile
from planner.exchange.experience_wire import ExperienceFile
from planner.exchange.plan_wire import PlanFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def caseload_schema() -> dict[str, Any]:
    """The JSON Schema of the caseload file."""
    return _schema(CaseloadFile, "planner-caseload/1")


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of the plan file."""
    return _schema(PlanFile, "planner-plan/1")


def experience_schema() -> dict[str, Any]:
    """The JSON Schema of the experience package."""
    return _schema(ExperienceFile, "planner-experience/1")


def schema(name: Literal["caseload", "plan", "experience"]) -> dict[str, Any]:
    """The JSON Schema of the file that is called so."""
    return {"caseload": caseload_schema, "plan": plan_schema, "experience": experience_schema}[name]()


def _schema(kind: type[msgspec.Struct], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **msgspec.json.schema(kind)}
