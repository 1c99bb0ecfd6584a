"""The columns: how they are called in either language, and how their cells are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from imports import normalise
from imports.api import Column, Read, doubt
from kernel import clock
from tenants import reference

_POST_WORDS: dict[str, tuple[str, ...]] = {
    "director": ("директор", "директор школы", "мектеп директоры", "руководитель", "и.о. директора"),
    "deputy_academic": (
        "зам. директора по УР",
        "зам директора по УР",
        "заместитель директора по УР",
        "завуч",
        "ЗДУР",
        "заместитель директора по учебной работе",
        "зам. директора по УВР",
        "ДОІЖО",
        "оқу ісі меңгерушісі",
        "директордың оқу ісі жөніндегі орынбасары",
        "директордың ОІЖ орынбасары",
    ),
    "deputy_educational": (
        "зам. директора по ВР",
        "зам директора по ВР",
        "заместитель директора по ВР",
        "ЗДВР",
        "заместитель директора по воспитательной работе",
        "директордың тәрбие ісі жөніндегі орынбасары",
        "ДТІЖО",
    ),
    "deputy_profile": ("зам. директора по профильному обучению", "зам. директора по ПО"),
    "deputy_household": (
        "завхоз",
        "зам. директора по АХЧ",
        "зам. директора по АХР",
        "шаруашылық меңгерушісі",
        "заместитель директора по хозяйственной части",
        "директордың шаруашылық ісі жөніндегі орынбасары",
    ),
    "deputy_it": ("зам. директора по информатизации", "зам. директора по ИКТ"),
    "teacher_primary": ("учитель начальных классов", "бастауыш сынып мұғалімі", "учитель нач. классов"),
    "teacher_subject": (
        "учитель",
        "педагог",
        "мұғалім",
        "учитель-предметник",
        "пән мұғалімі",
        "учитель предметник",
    ),
    "teacher_preschool": (
        "воспитатель предшколы",
        "мектепалды тәрбиешісі",
        "учитель предшкольного класса",
        "мектепалды даярлық тәрбиешісі",
        "воспитатель предшкольной подготовки",
        "учитель предшколы",
    ),
    "teacher_pe": ("учитель физкультуры", "учитель физической культуры", "дене шынықтыру мұғалімі"),
    "teacher_nvtp": (
        "преподаватель НВП",
        "учитель НВП",
        "преподаватель НВТП",
        "АӘД оқытушысы",
        "АӘТД оқытушысы",
    ),
    "psychologist": ("психолог", "педагог-психолог"),
    "social_pedagogue": ("социальный педагог", "соцпедагог", "соц. педагог", "әлеуметтік педагог"),
    "librarian": ("библиотекарь", "кітапханашы", "зав. библиотекой", "педагог-библиотекарь"),
    "nurse": ("медсестра", "медбике", "мейірбике", "медработник", "школьная медсестра", "мектеп медбикесі"),
    "secretary": ("секретарь", "хатшы", "делопроизводитель", "іс жүргізуші", "секретарь-машинистка"),
    "laboratory_assistant": ("лаборант", "зертханашы"),
    "educator": ("воспитатель", "тәрбиеші"),
    "counsellor": ("вожатый", "тәлімгер", "старший вожатый", "аға тәлімгер"),
    "special_pedagogue": ("дефектолог", "спецпедагог", "арнайы педагог", "специальный педагог"),
    "speech_therapist": ("логопед", "учитель-логопед"),
    "assistant_pedagogue": ("педагог-ассистент", "тьютор", "ассистент"),
    "cook": ("повар", "аспаз", "аспазшы"),
    "guard": ("сторож", "вахтёр", "охранник", "күзетші", "вахтер"),
    "cleaner": ("уборщица", "техничка", "тазалаушы", "уборщик", "уборщик помещений", "техслужащая"),
    "driver": ("водитель", "жүргізуші", "шофёр"),
    "boiler_operator": ("кочегар", "от жағушы", "оператор котельной", "истопник"),
    "accountant": ("бухгалтер", "главный бухгалтер", "бас есепші", "есепші"),
    "system_administrator": ("системный администратор", "сисадмин", "программист", "инженер ИКТ"),
    "maintenance_worker": ("рабочий", "слесарь", "сантехник", "плотник", "рабочий по обслуживанию здания"),
    "yard_keeper": ("дворник", "аула сыпырушы"),
    "cloakroom_attendant": ("гардеробщица", "гардеробщик"),
}
_SUBJECT_WORDS: dict[str, tuple[str, ...]] = {
    "foreign_language": (
        "английский язык",
        "ағылшын тілі",
        "англ. яз.",
        "английский",
        "ағылшын",
        "иностранный язык",
        "шетел тілі",
        "немецкий язык",
        "неміс тілі",
    ),
    "kazakh_language": ("казахский язык", "қазақ тілі", "каз. яз.", "казахский"),
    "kazakh_literature": ("казахская литература", "қазақ әдебиеті", "каз. лит."),
    "kazakh_language_and_literature": (
        "казахский язык и литература",
        "қазақ тілі мен әдебиеті",
        "қазақ тілі және әдебиеті",
    ),
    "russian_language_and_literature": (
        "русский язык и литература",
        "орыс тілі мен әдебиеті",
        "орыс тілі және әдебиеті",
    ),
    "physical_education": ("физкультура", "физическая культура", "дене шынықтыру", "физ-ра", "ФК"),
    "arts_and_crafts": ("художественный труд", "көркем еңбек", "технология", "труд"),
    "military_and_technological_training": ("НВП", "НВТП", "АӘД", "АӘТД", "АӘжТД", "НВиТП"),
    "world_history": ("всемирная история", "дүниежүзі тарихы", "дүние жүзі тарихы"),
    "history_of_kazakhstan": ("история Казахстана", "Қазақстан тарихы", "история"),
    "informatics": ("информатика", "ИКТ", "АКТ"),
    "natural_science": ("естествознание", "жаратылыстану"),
    "basics_of_law": ("основы права", "құқық негіздері", "право", "ЧОП", "человек. общество. право"),
    "visual_arts": ("ИЗО", "изобразительное искусство", "бейнелеу өнері"),
    "graphics_and_design": ("графика", "графика и проектирование", "черчение", "сызу"),
}
# Not a subject but a kind of work: the teacher of the first grades teaches them all.
PRIMARY = "primary_classes"
_CATEGORY_WORDS: dict[str, tuple[str, ...]] = {
    "expert": ("эксперт", "сарапшы"),
    "moderator": ("модератор",),
    "researcher": ("исследователь", "зерттеуші"),
    "master": ("мастер", "шебер"),
    "old_none": ("нет", "жоқ", "без категории", "б/к", "санатсыз"),
    "old_second": ("вторая", "II", "екінші", "2 категория"),
    "old_first": ("первая", "I", "бірінші", "1 категория"),
    "old_highest": ("высшая", "жоғары санат", "высшая категория"),
}
_EDUCATION_WORDS: dict[str, tuple[str, ...]] = {
    "higher": ("высшее", "жоғары", "высшее педагогическое", "жоғары педагогикалық", "в/о", "высш."),
    "tvet": (
        "ТиПО",
        "ТжКБ",
        "ТЖКБ",
        "среднее специальное",
        "арнаулы орта",
        "орта арнаулы",
        "ср. спец.",
        "колледж",
        "техническое и профессиональное",
        "средне-специальное",
    ),
    "master": ("магистр", "магистратура", "послевузовское", "магистратура бітірген"),
    "general_secondary": ("среднее", "орта", "жалпы орта", "общее среднее"),
    "incomplete_higher": ("неоконченное высшее", "незаконченное высшее", "аяқталмаған жоғары"),
    "bachelor": ("бакалавр", "бакалавриат"),
    "specialist": ("специалист", "специалитет"),
    "phd": ("PhD", "доктор PhD"),
    "candidate": ("кандидат наук", "ғылым кандидаты"),
}

_NATIONALITY_WORDS: dict[str, tuple[str, ...]] = {
    "kazakh": ("казашка",),
    "russian": ("русская",),
    "ukrainian": ("украинка",),
    "german": ("немка",),
    "tatar": ("татарка",),
    "korean": ("кореянка", "корей"),
    "uzbek": ("узбечка",),
    "uyghur": ("уйгурка",),
}


def _with_reference(kind: str, more: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found = {
        code: (term.name_kk, term.name_ru, *more.get(code, ()))
        for code, term in reference.terms(kind).items()
    }
    return found | {code: tuple(ones) for code, ones in more.items() if code not in found}


def _subjects() -> dict[str, tuple[str, ...]]:
    found = {
        code: (*_SUBJECT_WORDS.get(code, ()), one.name_kk, one.name_ru, one.short_kk, one.short_ru)
        for code, one in reference.subjects().items()
    }
    return found | {
        PRIMARY: ("начальные классы", "бастауыш сынып", "бастауыш сыныптар", "нач. классы", "начальная школа")
    }


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
            lambda: _with_reference("posts", _POST_WORDS), several=True, separators=r"[;\n/]+|,\s*|\s\+\s"
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
        read=normalise.words(_subjects, several=True, separators=r"[;\n/]+|,\s*"),
        example_kk="Математика",
        example_ru="Математика",
    ),
    Column(
        code="category",
        kk="Санаты",
        ru="Категория",
        names=("квалификационная категория", "біліктілік санаты", "санат", "кв. категория"),
        read=normalise.words(lambda: _with_reference("categories", _CATEGORY_WORDS)),
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
        read=normalise.words(lambda: _with_reference("education_levels", _EDUCATION_WORDS)),
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
        read=normalise.words(lambda: _with_reference("nationalities", _NATIONALITY_WORDS)),
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
