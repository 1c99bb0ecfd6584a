"""What the wizard's pages send."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.declaration import Importer
from imports.kinds import SHEET, sheet_or
from imports.models import ImportBatch
from kernel.uploads import UploadField
from ui.forms import offer


class Upload(forms.Form):
    """The file, and which sheet of it when there are several."""

    file = UploadField(
        SHEET,
        label=_("Spreadsheet"),
        help_text=_("XLSX, XLS, ODS or CSV, up to 10 MB and 10,000 rows."),
        allow_empty_file=True,
        max_length=255,
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.tsv", "data-autosubmit": True}
        ),
    )

    def __init__(self, *args: Any, importer: Importer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if importer.accepts:
            field = cast("UploadField", self.fields["file"])
            field.label = _("File")
            field.help_text = importer.accepts_words
            field.kind = sheet_or(importer.accepts)
            field.widget.attrs["accept"] = ",".join((field.widget.attrs["accept"], *importer.accepts))


class Sheets(forms.Form):
    """Which sheets of the file hold the list."""

    sheets = forms.MultipleChoiceField(label=_("Sheets to read"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, batch: ImportBatch) -> None:
        super().__init__(data, initial={"sheets": batch.taken})
        offer(self, "sheets", [(name, name) for name in batch.sheets])


class Columns(forms.Form):
    """For every column that we understand, the column of the file; a column of the file serves one of ours."""

    def __init__(self, data: Any = None, *, batch: ImportBatch, importer: Importer, language: str) -> None:
        super().__init__(data)
        self.importer = importer
        choices = [("", _("not in the file"))] + [
            (str(place), label or f"({place + 1})") for place, label in enumerate(batch.labels)
        ]
        alone = {group[0] for group in importer.needs if len(group) == 1}
        for column in importer.columns:
            self.fields[column.code] = forms.ChoiceField(
                label=column.label(language),
                choices=choices,
                required=column.code in alone,
                initial=str(batch.mapping[column.code]) if column.code in batch.mapping else "",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken: dict[str, str] = {}
        for code, place in list(given.items()):
            if place and place in taken:
                other = self.fields[taken[place]].label
                self.add_error(
                    code,
                    forms.ValidationError(
                        _("This column is chosen already for: %(other)s"), params={"other": other}
                    ),
                )
            elif place:
                taken[place] = code
        return given

    @property
    def mapping(self) -> dict[str, int]:
        return {code: int(place) for code, place in self.cleaned_data.items() if place}
