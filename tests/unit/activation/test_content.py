"""Templates: what is missing stops everybody, what one customer lacks stops that customer."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.activation import content
from orchestration.activation.campaigns import Campaign, read
from orchestration.activation.content import Content, EmptyValueError, Templates
from orchestration.activation.errors import ContentError

TEMPLATE = """
{% block subject %}Hello
  {{ name }}{% endblock %}
{% block text %}You & {{ name }}{% endblock %}
{% block html %}<p>{{ name }}</p>{% endblock %}
"""


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "hello.en.j2").write_text(TEMPLATE)
    (tmp_path / "broken.en.j2").write_text("{% block subject %}\n{{ name ")
    (tmp_path / "poor.en.j2").write_text("{% block subject %}x{% endblock %}")
    return Templates("en", tmp_path)


def test_markup_is_escaped_and_plain_text_is_not(templates: Templates) -> None:
    assert templates.render("hello", {"name": "<b>Lin & Wu</b>"}) == Content(
        {
            "subject": "Hello <b>Lin & Wu</b>",
            "text": "You & <b>Lin & Wu</b>\n",
            "html": "<p>&lt;b&gt;Lin &amp; Wu&lt;/b&gt;</p>\n",
        }
    )


def test_a_subject_stays_on_one_line(templates: Templates) -> None:
    assert templates.render("hello", {"name": "Lin\r\nBcc: x"}).parts["subject"] == "Hello Lin Bcc: x"


@pytest.mark.parametrize(
    ("key", "told"),
    [("missing", "no template content/missing.en.j2"), ("broken", "line 2"), ("poor", "lacks the block text")],
)
def test_a_template_that_cannot_serve_anybody_is_an_error(templates: Templates, key: str, told: str) -> None:
    with pytest.raises(ContentError, match=told):
        templates.render(key, {"name": "Lin"})


def test_a_name_the_campaign_does_not_give_is_an_error_that_lists_what_it_gives(templates: Templates) -> None:
    with pytest.raises(ContentError, match="'name' is undefined; the campaign gives colour"):
        templates.render("hello", {"colour": "red"})


def test_an_empty_value_is_never_printed(templates: Templates) -> None:
    with pytest.raises(EmptyValueError):
        templates.render("hello", {"name": None})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("campaign", read(), ids=lambda campaign: campaign.campaign_id)
def test_every_campaign_has_content_that_its_figures_fill(campaign: Campaign, language: str) -> None:
    names = [column.removesuffix("_key") for column in campaign.payload_columns]
    values = {name: f"value of {name}" for name in (*names, "unsubscribe_url")}
    parts = Templates(language).render(campaign.meta.content_key, values).parts
    assert parts["subject"]
    assert all("value of unsubscribe_url" in parts[part] for part in ("text", "html"))


def test_no_template_stands_there_that_no_campaign_uses() -> None:
    used = {campaign.meta.content_key for campaign in read()}
    assert {path.name.partition(".")[0] for path in content.FOLDER.glob("*.j2")} == used
