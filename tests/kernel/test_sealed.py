"""Columns closed with the tenant's own key."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import FieldError
from django.db import DataError, IntegrityError, connection, transaction

from imports.copying import insert, update_fields
from kernel import keys, tenancy
from kernel.crypto import Unreadable
from kernel.db.rows import Read, Statement
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, HealthNote, Pupil

pytestmark = [pytest.mark.requirement("SEC-04"), pytest.mark.requirement("TEN-01")]

IIN, OTHER = "100101700011", "100101700022"


def pupil(**given: object) -> Pupil:
    values = {"surname": "Ахметов", "name": "Асан", "sex": "m", "birth_date": date(2010, 1, 1), "iin": IIN}
    return Pupil(**(values | given))


def kept(row: Pupil, column: str = "iin") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM contingent_pupil WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


class TestColumn:
    def test_holds_nothing_of_the_text(self, in_school: TenantRef) -> None:
        row = pupil(address="Абай көшесі, 5")
        row.save()
        assert kept(row).startswith("1.")
        assert IIN not in kept(row)
        assert "Абай" not in kept(row, "address")
        assert kept(row, "address").split(".")[1:3] == ["", ""], (
            "what is not looked up tells nothing of itself"
        )

    def test_is_read_as_text_everywhere(self, in_school: TenantRef) -> None:
        row = pupil()
        row.save()
        assert Pupil.objects.get(pk=row.pk).iin == IIN
        assert Pupil.objects.values("iin").get() == {"iin": IIN}
        assert list(Pupil.objects.values_list("iin", flat=True)) == [IIN]
        assert [one.iin for one in Read(Pupil, "WHERE t.id = %s").all(row.pk)] == [IIN]
        assert [one.iin for one in Statement(lambda: Pupil.objects.filter(iin=IIN)).all()] == [IIN]

    def test_stays_empty_when_empty(self, in_school: TenantRef) -> None:
        row = pupil(iin="")
        row.save()
        assert kept(row) == ""
        assert list(Pupil.objects.filter(iin="")) == [row]
        assert list(Pupil.objects.exclude(iin="")) == []

    def test_is_written_sealed_by_every_way(self, in_school: TenantRef) -> None:
        copied = pupil(iin=OTHER)
        insert([copied])
        assert OTHER not in kept(copied)
        update_fields(Pupil, {copied.pk: {"iin": IIN, "phone": "+77011234567"}})
        assert IIN not in kept(copied)
        copied.refresh_from_db()
        assert (copied.iin, copied.phone) == (IIN, "+77011234567")
        Pupil.objects.filter(pk=copied.pk).update(iin=OTHER)
        copied.refresh_from_db()
        assert copied.iin == OTHER
        copied.iin = IIN
        Pupil.objects.bulk_update([copied], ["iin"])
        assert IIN not in kept(copied)
        assert Pupil.objects.get(iin=IIN) == copied

    def test_refuses_what_is_too_long(self, in_school: TenantRef) -> None:
        with pytest.raises(DataError):
            pupil(iin="1" * 13).save()


class TestLookUp:
    def test_finds_whole_values(self, in_school: TenantRef) -> None:
        one, other, none = pupil(), pupil(iin=OTHER), pupil(iin="")
        for row in (one, other, none):
            row.save()
        assert list(Pupil.objects.filter(iin=IIN)) == [one]
        assert set(Pupil.objects.filter(iin__in=[IIN, OTHER])) == {one, other}
        assert set(Pupil.objects.filter(iin__in=["", OTHER])) == {none, other}
        assert list(Pupil.objects.filter(iin__in=[])) == []
        assert set(Pupil.objects.exclude(iin=IIN)) == {other, none}

    def test_stands_on_the_index(self, in_school: TenantRef) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, values = (
                Pupil.objects.filter(iin=IIN, removed_at=None).exclude(iin="").query.sql_with_params()
            )
            cursor.execute(f"EXPLAIN {sql}", values)
            assert "contingent_iin_once" in "\n".join(line for (line,) in cursor.fetchall())

    @pytest.mark.parametrize("asked", ["iin__startswith", "iin__contains", "iin__gt", "iin__iexact"])
    def test_refuses_what_a_sealed_column_cannot_answer(self, in_school: TenantRef, asked: str) -> None:
        with pytest.raises(FieldError):
            list(Pupil.objects.filter(**{asked: "1001"}))

    def test_refuses_to_find_by_a_column_without_digests(self, in_school: TenantRef) -> None:
        with pytest.raises(FieldError):
            list(HealthNote.objects.filter(name="астма"))

    def test_keeps_numbers_apart(self, in_school: TenantRef) -> None:
        pupil().save()
        with pytest.raises(IntegrityError, match="contingent_iin_once"), transaction.atomic():
            pupil().save()
        Guardian(iin=IIN, surname="А", name="Б").save()


class TestBinding:
    def test_opens_in_no_other_column(self, in_school: TenantRef) -> None:
        row = pupil()
        row.save()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE contingent_pupil SET phone = iin WHERE id = %s", [row.pk])
        with pytest.raises(Unreadable):
            Pupil.objects.get(pk=row.pk)

    def test_opens_in_no_other_school(self, school_a: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_a):
            row = pupil()
            row.save()
            sealed = kept(row)
        with tenancy.use(school_b):
            stranger = pupil(iin="")
            stranger.save()
            with connection.cursor() as cursor:
                cursor.execute("UPDATE contingent_pupil SET iin = %s WHERE id = %s", [sealed, stranger.pk])
            with pytest.raises(Unreadable):
                Pupil.objects.get(pk=stranger.pk)
            assert not Pupil.objects.filter(iin=IIN).exists()

    def test_does_not_take_plain_text_for_its_own(self, in_school: TenantRef) -> None:
        row = pupil()
        row.save()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE contingent_pupil SET iin = %s WHERE id = %s", [OTHER, row.pk])
        with pytest.raises(Unreadable):
            Pupil.objects.get(pk=row.pk)

    def test_says_nothing_without_the_key(
        self, in_school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pupil().save()
        keys.forget()
        monkeypatch.setattr("kernel.keys.store.Folder.load", lambda _self, _schema: None)
        with pytest.raises(keys.KeyUnavailable):
            Pupil.objects.get()
        keys.forget()
