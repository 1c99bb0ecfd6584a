"""The columns: how they are called in either language, and how their cells are read."""

from __future__ import annotations

from typing import Any

from imports import normalise
from imports.api import Column, Read, doubt
from kernel import clock
from modules.staff.importers import words


def _year(value: Any) -> Read:
    """A year of finishing: 2008, or the year of a whole date."""
    read = normalise.number(value)
    if read.value is None:
        day = normalise.day(value)
        return Read(day.value[:4]) if day.value else read
    year = int(float(read.value))
    if 1940 <= year <= clock.today().year:
        return Read(str(year))
    return doubt("year_far", None, value=str(value))


def _hours(value: Any) -> Read:
    read = normalise.number(value)
    if read.value is None:
        return read
    hours = int(float(read.value))
    return Read(str(hours)) if 1 <= hours <= 2000 else doubt("hours_far", None, value=str(value))


COLUMNS: tuple[Column, ...] = (
    Column(
        code="iin",
        kk="ЖСН",
        ru="ИИН",
        names=("IIN", "ИИН/ЖСН", "ЖСН/ИИН", "ИИН сотрудника", "ИИН работника", "қызметкердің ЖСН"),
        read=normalise.iin,
        strict=True,
    ),
    Column(
        code="full_name",
        kk="Тегі, аты, әкесінің аты",
        ru="Фамилия, имя, отчество",
        names=(
            "ФИО",
            "ТАӘ",
            "Ф.И.О.",
            "Т.А.Ә.",
            "ФИО сотрудника",
            "ФИО учителя",
            "ФИО педагога",
            "ФИО работника",
            "аты-жөні",
            "аты жөні",
            "қызметкердің аты-жөні",
            "сотрудник",
            "фамилия имя",
            "педагог",
            "мұғалім",
        ),
        read=normalise.full_name,
        strict=True,
    ),
    Column(
        code="surname",
        kk="Тегі",
        ru="Фамилия",
        read=normalise.person_name,
        strict=True,
        example_kk="Оспанова",
        example_ru="Оспанова",
    ),
    Column(
        code="name",
        kk="Аты",
        ru="Имя",
        names=("есімі",),
        read=normalise.person_name,
        strict=True,
        example_kk="Аружан",
        example_ru="Аружан",
    ),
    Column(
        code="patronymic",
        kk="Әкесінің аты (болған жағдайда)",
        ru="Отчество (при его наличии)",
        names=("отчество", "әкесінің аты", "отчество (при наличии)", "әкесінің аты (бар болса)"),
        read=normalise.person_name,
        example_kk="Асқарқызы",
        example_ru="Асқарқызы",
    ),
    Column(
        code="sex",
        kk="Жынысы",
        ru="Пол",
        names=("жыныс", "м/ж", "пол (м/ж)"),
        read=normalise.sex,
        strict=True,
        example_kk="әйел",
        example_ru="ж",
        choices_kk=("ер", "әйел"),
        choices_ru=("м", "ж"),
    ),
    Column(
        code="birth_date",
        kk="Туған күні",
        ru="Дата рождения",
        names=("день рождения", "дата рожд", "д.р.", "туған күні, айы, жылы", "число, месяц, год рождения"),
        read=normalise.birth_date,
        strict=True,
        example_kk="16.09.1986",
        example_ru="16.09.1986",
    ),
    Column(
        code="post",
        kk="Лауазымы",
        ru="Должность",
        names=("лауазым", "занимаемая должность", "қызметі", "должность сотрудника"),
        read=normalise.words(
            lambda: words.with_reference("posts", words.POSTS),
            several=True,
            separators=r"[;\n/]+|,\s*|\s\+\s",
        ),
        required=True,
        example_kk="педагог",
        example_ru="учитель",
    ),
    Column(
        code="subject",
        kk="Пәні",
        ru="Предмет",
        names=(
            "пән",
            "предметы",
            "пәндері",
            "преподаваемый предмет",
            "беретін пәні",
            "специальность",
            "пәндер",
        ),
        read=normalise.words(words.subjects, several=True, separators=r"[;\n/]+|,\s*"),
        example_kk="Математика",
        example_ru="Математика",
    ),
    Column(
        code="category",
        kk="Санаты",
        ru="Категория",
        names=("квалификационная категория", "біліктілік санаты", "санат", "кв. категория"),
        read=normalise.words(lambda: words.with_reference("categories", words.CATEGORIES)),
        example_kk="педагог-сарапшы",
        example_ru="педагог-эксперт",
    ),
    Column(
        code="category_date",
        kk="Берілген күні",
        ru="Дата присвоения",
        names=("дата присвоения категории", "санат берілген күні", "дата категории", "берілген уақыты"),
        read=normalise.past_day,
        example_kk="25.08.2022",
        example_ru="25.08.2022",
    ),
    Column(
        code="education",
        kk="Білімі",
        ru="Образование",
        names=("білім деңгейі", "уровень образования"),
        read=normalise.words(lambda: words.with_reference("education_levels", words.EDUCATION)),
        example_kk="жоғары",
        example_ru="высшее",
    ),
    Column(
        code="teaching_since",
        kk="Пед. жұмыстың басталуы",
        ru="Начало пед. работы",
        names=(
            "начало педагогической работы",
            "педагогикалық жұмыстың басталуы",
            "педстаж с",
            "пед. стаж с",
            "дата начала работы",
            "жұмысқа кіріскен күні",
        ),
        read=normalise.past_day,
        example_kk="01.09.2008",
        example_ru="01.09.2008",
    ),
    Column(
        code="rate",
        kk="Мөлшерлеме",
        ru="Ставка",
        names=("ставка (доля)", "кол-во ставок", "мөлшерлемесі", "количество ставок", "ставки"),
        read=normalise.number,
        example_kk="1",
        example_ru="1",
    ),
    Column(
        code="phone",
        kk="Телефоны",
        ru="Телефон",
        names=("телефон", "сотовый", "ұялы телефоны", "контактный телефон", "номер телефона", "тел"),
        read=normalise.phone,
        example_kk="+7 705 111 22 33",
        example_ru="+7 705 111 22 33",
    ),
    Column(
        code="email",
        kk="Электрондық пошта",
        ru="E-mail",
        names=(
            "email",
            "эл. почта",
            "электронная почта",
            "почта",
            "эл. пошта",
            "e-mail",
            "электронный адрес",
        ),
        read=normalise.email,
        example_kk="user@example.kz",
        example_ru="user@example.kz",
    ),
    Column(
        code="here_since",
        kk="Осы мектепте жұмыс істейді (қай күннен)",
        ru="Дата приёма на работу",
        names=(
            "принят на работу",
            "принята на работу",
            "дата приема",
            "работает в школе с",
            "в данной школе с",
            "жұмысқа қабылданған күні",
            "осы мектепте қай күннен",
            "мектепте жұмыс істей бастаған күні",
        ),
        read=normalise.past_day,
        example_kk="01.09.2015",
        example_ru="01.09.2015",
    ),
    Column(
        code="institution",
        kk="Бітірген оқу орны",
        ru="Учебное заведение",
        names=(
            "ВУЗ",
            "ЖОО",
            "оқу орны",
            "что окончил",
            "какое учебное заведение окончил",
            "қандай оқу орнын бітірген",
            "наименование учебного заведения",
        ),
        read=normalise.text(250),
        example_kk="Е. А. Бөкетов атындағы Қарағанды университеті",
        example_ru="Карагандинский университет им. Е. А. Букетова",
    ),
    Column(
        code="speciality",
        kk="Диплом бойынша мамандығы",
        ru="Специальность по диплому",
        names=(
            "мамандығы",
            "квалификация по диплому",
            "диплом бойынша біліктілігі",
            "специальность по образованию",
        ),
        read=normalise.text(200),
        example_kk="Математика",
        example_ru="Математика",
    ),
    Column(
        code="diploma",
        kk="Диплом №",
        ru="№ диплома",
        names=("номер диплома", "диплом нөмірі", "серия и номер диплома", "дипломының нөмірі"),
        read=normalise.text(60),
        example_kk="ЖБ-Б 0123456",
        example_ru="ЖБ-Б 0123456",
    ),
    Column(
        code="graduated",
        kk="Бітірген жылы",
        ru="Год окончания",
        names=("год окончания вуза", "оқу орнын бітірген жылы", "окончил в", "когда окончил"),
        read=_year,
        example_kk="2008",
        example_ru="2008",
    ),
    Column(
        code="course_theme",
        kk="Соңғы курсының тақырыбы",
        ru="Тема последних курсов",
        names=(
            "курсы",
            "курстар",
            "тема курсов",
            "курсы повышения квалификации",
            "біліктілікті арттыру курсы",
            "курстың тақырыбы",
            "КПК",
        ),
        read=normalise.text(250),
        example_kk="Критериалды бағалау",
        example_ru="Критериальное оценивание",
    ),
    Column(
        code="course_date",
        kk="Соңғы курсын бітірген күні",
        ru="Дата окончания курсов",
        names=(
            "дата прохождения курсов",
            "дата курсов",
            "когда прошел курсы",
            "курстан өткен күні",
            "курс бітірген күні",
        ),
        read=normalise.past_day,
        example_kk="20.06.2024",
        example_ru="20.06.2024",
    ),
    Column(
        code="course_hours",
        kk="Курс сағаты",
        ru="Часов курсов",
        names=("количество часов курсов", "кол-во часов", "сағат саны", "объем курсов"),
        read=_hours,
        example_kk="80",
        example_ru="80",
    ),
    Column(
        code="nationality",
        kk="Ұлты",
        ru="Национальность",
        read=normalise.words(lambda: words.with_reference("nationalities", words.NATIONALITIES)),
        example_kk="қазақ",
        example_ru="казах",
    ),
    Column(
        code="address",
        kk="Мекенжайы",
        ru="Адрес",
        names=("домашний адрес", "үйінің мекенжайы", "адрес проживания", "тұратын мекенжайы"),
        read=normalise.text(250),
        example_kk="Қарқаралы қ., Абай к-сі, 5",
        example_ru="г. Каркаралинск, ул. Абая, 5",
    ),
)
