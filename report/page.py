"""The page: all sections in one file that needs nothing else, not even a network."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jinja2
import vl_convert
from markupsafe import Markup

from generators.engine.lake import Manifest
from generators.engine.run_record import RunRecord
from report.charts import CONFIG
from report.dbt_artifacts import DbtRun
from report.sections import company, fleet, generated, pieces, quality, realism
from report.warehouse import Warehouse

TEMPLATES = Path(__file__).with_name("templates")


def render(warehouse: Warehouse, manifest: Manifest | None, generation: RunRecord | None, build: DbtRun) -> str:
    """The whole page as HTML. `manifest` and `generation` are the lake's, when it has them; `build` is what dbt left."""
    sections = (
        generated.draw(warehouse, manifest, generation, build),
        realism.draw(warehouse),
        company.draw(warehouse),
        fleet.draw(warehouse),
        quality.draw(warehouse),
        pieces.draw(warehouse, manifest, build),
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        sections=sections,
        manifest=manifest,
        kind=lambda block: type(block).__name__,
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
        script=Markup((TEMPLATES / "page.js").read_text(encoding="utf-8")),
        library=Markup(_library()),
        config=Markup(json.dumps(CONFIG)),
    )


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, safe inside a script element."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")).replace("</script", "<\\/script")
