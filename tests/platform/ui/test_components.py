"""Components: their arguments are checked, what they show is escaped and can be read by ear."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import TemplateSyntaxError
from django.utils import translation

from ui import gallery
from ui.charts import Chart, Series
from ui.components import Tab
from ui.forms import InParts, Part

Draw = Callable[..., str]


class TestArguments:
    @pytest.mark.parametrize(
        "source",
        [
            '{% button "Save" colour="red" %}',
            "{% button %}",
            '{% card "A" %}',
            '{% card "A" wide=True %}{% endcard %}',
            '{% stat "Pupils" %}',
            "{% slot actions %}{% endslot %}",
            '{% button "Save" onclick="x()" %}',
        ],
    )
    def test_a_wrong_use_fails_when_the_template_is_compiled(self, draw: Draw, source: str) -> None:
        with pytest.raises(TemplateSyntaxError):
            draw(source)

    @pytest.mark.parametrize(
        "source",
        [
            '{% icon "no-such-icon" %}',
            '{% badge "x" "purple" %}',
            '{% button "x" kind="huge" %}',
            '{% slot "actions" %}{% endslot %}',
        ],
    )
    def test_a_wrong_value_fails_when_it_is_drawn(self, draw: Draw, source: str) -> None:
        with pytest.raises(TemplateSyntaxError):
            draw(source)


class TestWhatIsShown:
    def test_texts_are_escaped_everywhere(self, draw: Draw) -> None:
        html = draw(
            "{% button t hx_get=t %}{% badge t %}{% card t subtitle=t %}{{ t }}{% endcard %}{% empty t text=t %}"
            "{% stat t t hint=t %}{% alert t %}{% endalert %}{% modal 'm' t %}{% endmodal %}{% icon 'check' label=t %}"
            "{% confirm 'c' t t '/x' t %}{% outside t 'o' %}",
            t='"><script>alert(1)</script>',
        )
        assert "<script" not in html
        assert html.count("&lt;script&gt;") >= 15

    def test_a_link_that_somebody_typed_says_whither_before_it_goes(self, draw: Draw) -> None:
        html = draw('{% outside address "away" %}', address="https://mektep.example.kz/a?b=1")
        first, asked = html.split("<dialog")
        assert 'data-dialog="away"' in first
        assert ": mektep.example.kz<" in asked
        assert html.count('href="https://mektep.example.kz/a?b=1"') == 2
        assert html.count('rel="noopener noreferrer nofollow"') == 2

    def test_slots_stand_in_their_places_and_not_in_the_body(self, draw: Draw) -> None:
        html = draw('{% card "A" %}body{% slot "footer" %}foot{% endslot %}{% endcard %}')
        assert re.search(r'class="card-body">\s*body\s*</div>', html)
        assert re.search(r'class="card-foot">\s*foot\s*</div>', html)

    def test_a_card_inside_a_card_keeps_its_own_slots(self, draw: Draw) -> None:
        html = draw(
            '{% card "A" %}{% slot "actions" %}outer{% endslot %}'
            '{% card "B" %}{% slot "actions" %}inner{% endslot %}{% endcard %}{% endcard %}'
        )
        assert html.index("outer") < html.index("inner")
        assert html.count("card-slot") == 2

    def test_a_button_is_shut_by_a_reason_and_open_without_one(self, draw: Draw) -> None:
        assert " disabled" in draw('{% button "A" disabled=faults %}', faults=["one"])
        assert " disabled" not in draw('{% button "A" disabled=faults %}', faults=[])

    def test_a_button_with_an_address_is_a_link_and_a_dialog_opener_never_sends(self, draw: Draw) -> None:
        assert draw('{% button "A" href="/a" %}').strip().startswith("<a ")
        assert 'type="button"' in draw('{% button "A" dialog="x" %}')

    def test_an_icon_alone_is_silent_and_a_labelled_one_speaks(self, draw: Draw) -> None:
        assert 'aria-hidden="true"' in draw('{% icon "check" %}')
        assert 'role="img" aria-label="Дайын"' in draw('{% icon "check" label="Дайын" %}')

    def test_a_table_has_a_caption_and_can_be_scrolled_with_the_keyboard(self, draw: Draw) -> None:
        html = draw('{% table "Оқушылар" %}<tbody></tbody>{% endtable %}')
        assert '<caption class="visually-hidden">Оқушылар</caption>' in html
        assert 'tabindex="0"' in html

    def test_a_column_head_sorts_and_keeps_the_query(
        self, draw: Draw, request_to: Callable[..., HttpRequest]
    ) -> None:
        request = request_to("/?q=ә&sort=name&page=3")
        html = draw('{% th "Name" sort="name" %}{% th "Class" sort="class" %}', request=request)
        assert 'aria-sort="ascending"' in html
        assert 'href="?q=%D3%99&amp;sort=-name"' in html
        assert 'href="?q=%D3%99&amp;sort=class"' in html

    def test_the_pager_keeps_the_query_and_marks_the_page(
        self, draw: Draw, request_to: Callable[..., HttpRequest]
    ) -> None:
        page = Paginator(range(95), 20).get_page(2)
        html = draw("{% pager page %}", page=page, request=request_to("/?q=a&page=2"))
        assert 'href="?q=a&amp;page=3"' in html
        assert re.search(r'page=2" aria-current="page"', html)
        assert "21–40" in html

    def test_steps_tell_the_current_one(self, draw: Draw) -> None:
        html = draw("{% steps names 2 %}", names=["A", "B", "C"])
        assert html.count("is-done") == 1
        assert re.search(r'aria-current="step">B', html)

    def test_tabs_mark_the_active_one(self, draw: Draw) -> None:
        html = draw("{% tabs items %}", items=[Tab("A", "/a"), Tab("B", "/b", active=True, count=0)])
        assert re.search(r'href="/b" aria-current="page">B <span[^>]*>0<', html)

    def test_a_person_s_initials_come_from_the_first_two_names(self, draw: Draw) -> None:
        assert ">ӘҒ<" in draw('{% avatar "Әбдірахманов Ғалымжан Қайратұлы" %}')
        assert ">?<" in draw('{% avatar "" %}')

    def test_a_missing_figure_is_a_dash_and_not_zero(self, draw: Draw) -> None:
        assert draw("{% number x %}|{% percent x %}|{% number y 1 %}", x=None, y=0) == "–|–|0,0"

    @pytest.mark.parametrize(
        ("value", "digits", "shown"),
        [(2.5, 0, "3"), (84.96, 1, "85,0"), ("0.125", 2, "0,13"), (-1.5, 0, "-2")],
    )
    def test_a_figure_is_rounded_half_up(self, draw: Draw, value: object, digits: int, shown: str) -> None:
        source = f"{{% number x {digits} %}}|{{% percent x {digits} %}}"
        assert draw(source, x=value) == f"{shown}|{shown}\u00a0%"

    def test_the_number_of_a_school_stays_with_its_sign(self, draw: Draw) -> None:
        assert draw("{{ x|unbroken }}", x="Школа № 1, №2") == "Школа №\u00a01, №\u00a02"


class TestCharts:
    chart = Chart("bar", "Сапа", ["7А", "7Ә"], [Series("Үлес", [64.5, None])], unit="%")

    def test_its_table_says_the_same_figures(self, draw: Draw) -> None:
        html = draw("{% chart chart %}", chart=self.chart)
        assert re.search(r'scope="row">7А</th><td class="num">64,5</td>', html)
        assert re.search(r'scope="row">7Ә</th><td class="num">–</td>', html)
        assert 'data-island="chart"' in html
        assert '"values": [64.5, null]' in html

    def test_every_series_has_a_value_for_each_category(self) -> None:
        with pytest.raises(ValueError, match="1 values for 2"):
            Chart("bar", "x", ["a", "b"], [Series("s", [1])])


class TestForms:
    class Sample(forms.Form):
        name = forms.CharField(label="Тегі", help_text="Құжаттағыдай")
        kind = forms.ChoiceField(label="Түрі", choices=[("a", "A")], widget=forms.RadioSelect)
        note = forms.CharField(label="Ескертпе", required=False)

    def test_a_fault_is_tied_to_its_field_and_listed_on_top(self, draw: Draw) -> None:
        form = self.Sample({})
        html = draw("{% form form %}", form=form)
        assert 'id="id_name_error"' in html
        assert re.search(
            r'<input[^>]*aria-invalid="true"[^>]*aria-describedby="id_name_helptext id_name_error"', html
        )
        assert '<a href="#id_name">Тегі</a>' in html
        assert "is-invalid" in html

    def test_django_s_own_rendering_looks_the_same(self, draw: Draw) -> None:
        form = self.Sample()
        assert 'class="form-control"' in draw("{{ form }}", form=form)
        assert (
            draw("{% field form.name %}", form=form).split()
            == draw("{{ form.name.as_field_group }}", form=form).split()
        )

    def test_choices_as_short_as_grades_stand_close_and_the_nought_is_one_of_them(self, draw: Draw) -> None:
        class Bells(forms.Form):
            grades = forms.MultipleChoiceField(
                label="Сыныптар", widget=forms.CheckboxSelectMultiple, choices=[(n, n) for n in range(3)]
            )

        html = draw("{% form form %}", form=Bells())
        assert '<div class="choices short">' in html
        assert html.count('<span class="form-check-label">') == 3

    def test_what_may_be_left_out_says_so(self, draw: Draw) -> None:
        html = draw("{% field form.note %}{% field form.name %}", form=self.Sample())
        assert html.count("міндетті емес") == 1


class TestGallery:
    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_shows_every_component_without_inline_code(
        self, request_to: Callable[..., HttpRequest], language: str
    ) -> None:
        with translation.override(language):
            html = gallery.show(request_to("/ui/")).content.decode()
        assert "<c-" not in html
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", html)
        assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
        assert f'<html lang="{language}"' in html

    def test_leaves_no_english_on_the_page(self, request_to: Callable[..., HttpRequest]) -> None:
        html = gallery.show(request_to("/ui/")).content.decode()
        text = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL)
        words = set(re.findall(r"[A-Za-z]{4,}", text)) - {
            "Mektep",
            "Ctrl",
            "Enter",
            "Excel",
            "imports",
            "load",
        }
        assert not words


class Long(InParts, forms.Form):
    parts = (
        Part("Кім", ("surname name", "nobody")),
        Part("Тағы", ("note", "rate"), folded=True),
    )
    surname = forms.CharField(label="Тегі")
    name = forms.CharField(label="Аты")
    note = forms.CharField(label="Ескертпе", required=False)
    rate = forms.IntegerField(label="Мөлшерлеме", required=False, initial=1)
    forgotten = forms.CharField(label="Ұмытылған", required=False)


class TestLongForms:
    def names(self, form: Long) -> list[list[list[str]]]:
        return [[[field.name for field in row] for row in part.rows] for part in form.shown_parts()]

    def test_stand_in_parts_and_lose_no_field(self) -> None:
        assert self.names(Long()) == [[["surname", "name"]], [["note"], ["rate"]], [["forgotten"]]]

    def test_fold_what_is_seldom_filled(self, draw: Draw) -> None:
        html = draw("{% form f %}", f=Long())
        assert re.search(r'<details class="form-part"><summary>.*?Тағы</summary>', html, re.DOTALL)
        assert 'aria-labelledby="part-1"' in html

    @pytest.mark.parametrize(
        ("data", "initial"),
        [({"surname": "А", "name": "Б", "rate": "x"}, {}), (None, {"note": "бар"})],
        ids=["a fault", "something of its own"],
    )
    def test_open_by_themselves_what_must_be_seen(
        self, data: dict[str, str], initial: dict[str, str]
    ) -> None:
        [_who, more, _rest] = Long(data, initial=initial).shown_parts()
        assert more.is_open

    def test_list_their_faults_in_the_order_of_the_page(self, draw: Draw) -> None:
        form = Long({"rate": "x"})
        form.parts = (Part("", ("rate",)), Part("", ("name", "surname")))
        html = draw("{% form_errors f %}", f=form)
        assert re.findall(r'href="#id_(\w+)"', html) == ["rate", "name", "surname"]

    def test_a_short_form_stays_as_it_was(self, draw: Draw) -> None:
        class Short(forms.Form):
            note = forms.CharField(label="Ескертпе")

        html = draw("{% form f %}", f=Short())
        assert "form-plain" in html
        assert "form-part" not in html

    def test_a_password_can_be_looked_at(self, draw: Draw) -> None:
        class Secret(forms.Form):
            word = forms.CharField(widget=forms.PasswordInput)

        assert 'data-reveal="id_word"' in draw("{% field f.word %}", f=Secret())


class TestNothingAndNumbers:
    @pytest.mark.parametrize("value", [None, "", []])
    def test_nothing_is_a_quiet_dash(self, draw: Draw, value: object) -> None:
        assert draw("{{ v|dash }}{{ v|telephone }}", v=value) == '<span class="none">–</span>' * 2

    def test_something_is_itself_and_escaped(self, draw: Draw) -> None:
        assert draw("{{ v|dash }}", v="<7А>") == "&lt;7А&gt;"
        assert draw("{{ v|dash }}", v=0) == "0"

    def test_a_telephone_is_in_groups_and_can_be_called(self, draw: Draw) -> None:
        html = draw("{{ v|telephone }}", v="+77051112233")
        assert html == '<a href="tel:+77051112233">+7\xa0705\xa0111\xa022\xa033</a>'
        assert "8 (72146) 3-12-45" in draw("{{ v|telephone }}", v="8 (72146) 3-12-45")
