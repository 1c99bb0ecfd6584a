"""The columns: how they are called in either language, and how their cells are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from imports import normalise
from imports.api import Column
from tenants import reference

# Words people write beside the official ones; by reference code.
_PRIVILEGE_WORDS: dict[str, tuple[str, ...]] = {
    "targeted_social_assistance": ("АСП", "АӘК", "получатель АСП", "семья АСП", "АӘК алушы", "адресная помощь"),
    "low_income": ("малообеспеченная семья", "малообеспеченные", "малообеспеченный", "малоимущая семья")
    + ("аз қамтылған отбасы", "аз қамтылған", "тұрмысы төмен отбасы", "төмен қамтылған"),
    "orphan": ("сирота", "жетім", "дети-сироты", "круглый сирота", "тұлдыр жетім", "жетім балалар"),
    "no_parental_care": ("ОБПР", "оставшийся без попечения родителей", "без попечения", "АҚҚ"),
    "guardianship": ("опека", "под опекой", "опекаемый", "попечительство", "қорғаншылық", "қамқоршылық")
    + ("қорғаншылықта", "қамқорлықтағы бала", "опекун"),
    "foster_family": ("приёмная семья", "патронат", "патронатная семья", "қабылдаушы отбасы"),
    "many_children": ("многодетная семья", "многодетные", "многодетная", "многодетный", "көпбалалы")
    + ("көп балалы отбасы", "көпбалалы отбасы", "көп балалы"),
    "disability_child": ("инвалидность", "инвалид", "ребёнок-инвалид", "ребенок инвалид", "мүгедектік")
    + ("мүгедек", "мүгедек бала", "мүгедектігі бар"),
    "disability_parent": ("родитель-инвалид", "родители инвалиды", "ата-анасы мүгедек"),
    "special_educational_needs": ("ООП", "ПМПК", "ЕББҚ", "особые образовательные потребности"),
    "home_education": ("надомное обучение", "на дому", "үйде оқыту", "үйден оқыту"),
    "single_parent": ("неполная семья", "толық емес отбасы"),
    "single_mother": ("мать-одиночка", "мать одиночка", "жалғызбасты ана"),
    "loss_of_breadwinner": ("потеря кормильца", "СПК", "асыраушысынан айырылу", "асыраушысынан айырылған"),
    "kandas": ("кандас", "қандас", "оралман"),
    "dysfunctional_family": ("неблагополучная семья", "қолайсыз отбасы"),
    "internal_register": ("ВШУ", "внутришкольный учёт", "МІЕ", "мектепішілік есеп"),
    "police_register": ("ИДН", "учёт ИДН", "ОДН"),
    "school_transport": ("подвоз", "тасымалдау"),
}
_NATIONALITY_WORDS: dict[str, tuple[str, ...]] = {
    "kazakh": ("казах(шка)", "казашка", "казах", "қазақ", "казахи", "казах(ка)"),
    "russian": ("русская", "русский", "рус", "орыс", "русский(ая)"),
    "ukrainian": ("украинка", "украинец(ка)"),
    "german": ("немка", "немец(ка)"),
    "tatar": ("татарка", "татар"),
    "korean": ("кореянка", "корей"),
    "uzbek": ("узбечка",),
    "uyghur": ("уйгурка",),
    "belarusian": ("белоруска", "беларус"),
    "chechen": ("чеченка",),
    "azerbaijani": ("азербайджанка",),
    "turk": ("турчанка", "турок"),
    "kurd": ("курдянка",),
    "kyrgyz": ("киргизка", "кыргыз"),
    "pole": ("полька",),
    "bashkir": ("башкирка",),
    "dungan": ("дунганка",),
    "ingush": ("ингушка",),
    "armenian": ("армянка",),
    "greek": ("гречанка",),
    "georgian": ("грузинка",),
    "jew": ("еврейка",),
    "moldovan": ("молдаванка",),
    "chuvash": ("чувашка",),
    "tajik": ("таджичка",),
}
_CITIZENSHIP_WORDS: dict[str, tuple[str, ...]] = {
    "KZ": ("РК", "ҚР", "Казахстан", "Қазақстан", "Республика Казахстан", "Қазақстан Республикасы", "KZ", "KAZ")
    + ("гражданин РК", "ҚР азаматы", "казахстанское"),
    "RU": ("РФ", "Россия", "Ресей", "Российская Федерация", "RU", "RUS"),
    "UZ": ("Узбекистан", "Өзбекстан", "РУз", "UZ"),
    "KG": ("Кыргызстан", "Киргизия", "Қырғызстан", "КР", "KG"),
    "CN": ("Китай", "КНР", "Қытай", "CN"),
    "MN": ("Монголия", "Моңғолия", "MN"),
    "TJ": ("Таджикистан", "Тәжікстан", "TJ"),
    "TM": ("Туркменистан", "Түрікменстан", "TM"),
    "TR": ("Турция", "Түркия", "TR"),
    "UA": ("Украина", "UA"),
    "DE": ("Германия", "DE"),
    "stateless": ("без гражданства", "ЛБГ", "азаматтығы жоқ"),
}


def _with_reference(kind: str, more: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return {
        code: (term.name_kk, term.name_ru, *more.get(code, ())) for code, term in reference.terms(kind).items()
    }


def citizenships() -> Mapping[str, tuple[str, ...]]:
    """Codes of countries with their words, the Russian short name first."""
    return _CITIZENSHIP_WORDS


def _guardian(code: str, kk: str, ru: str, *names: str) -> tuple[Column, ...]:
    """The three columns of a guardian; `names` are other words for her."""

    def of(part: str, *words: str) -> tuple[str, ...]:
        called = (kk, ru, *names)
        return tuple(f"{who} {word}" for who in called for word in words) + tuple(
            f"{word} {who}" for who in called for word in words
        )

    return (
        Column(
            code=f"{code}_name",
            kk=f"{kk}: ТАӘ",
            ru=f"{ru}: ФИО",
            names=(*of("name", "ФИО", "ТАӘ", "аты-жөні", "Ф.И.О."), ru, kk, *names),
            read=normalise.full_name,
            example_kk="Ахметова Гүлнар Серікқызы" if code == "mother" else "",
            example_ru="Ахметова Гүлнар Серікқызы" if code == "mother" else "",
        ),
        Column(
            code=f"{code}_iin",
            kk=f"{kk}: ЖСН",
            ru=f"{ru}: ИИН",
            names=of("iin", "ИИН", "ЖСН", "IIN"),
            read=normalise.iin,
        ),
        Column(
            code=f"{code}_phone",
            kk=f"{kk}: телефоны",
            ru=f"{ru}: телефон",
            names=of("phone", "телефон", "телефоны", "тел", "ұялы телефоны", "номер телефона", "сотовый"),
            read=normalise.phone,
            example_kk="+7 705 111 22 33" if code == "mother" else "",
            example_ru="+7 705 111 22 33" if code == "mother" else "",
        ),
    )


COLUMNS: tuple[Column, ...] = (
    Column(
        code="iin",
        kk="ЖСН",
        ru="ИИН",
        names=("IIN", "ИИН/ЖСН", "ЖСН/ИИН", "ИИН ученика", "ИИН учащегося", "ИИН ребёнка", "оқушының ЖСН")
        + ("ИИН обучающегося", "баланың ЖСН", "индивидуальный идентификационный номер", "жеке сәйкестендіру нөмірі"),
        read=normalise.iin,
        strict=True,
    ),
    Column(
        code="full_name",
        kk="Тегі, аты, әкесінің аты",
        ru="Фамилия, имя, отчество",
        names=("ФИО", "ТАӘ", "Ф.И.О.", "Т.А.Ә.", "ФИО ученика", "ФИО учащегося", "ФИО обучающегося", "ФИО ребёнка")
        + ("оқушының ТАӘ", "оқушының аты-жөні", "аты-жөні", "аты жөні", "фамилия имя", "тегі аты", "ученик", "оқушы")
        + ("фамилия имя отчество учащегося", "баланың аты-жөні", "фамилия имя ученика"),
        read=normalise.full_name,
        strict=True,
    ),
    Column(
        code="surname",
        kk="Тегі",
        ru="Фамилия",
        names=("фамилия ученика", "фамилия учащегося", "оқушының тегі", "тегi"),
        read=normalise.person_name,
        strict=True,
        example_kk="Ахметов",
        example_ru="Ахметов",
    ),
    Column(
        code="name",
        kk="Аты",
        ru="Имя",
        names=("имя ученика", "имя учащегося", "оқушының аты", "есімі"),
        read=normalise.person_name,
        strict=True,
        example_kk="Ерлан",
        example_ru="Ерлан",
    ),
    Column(
        code="patronymic",
        kk="Әкесінің аты (болған жағдайда)",
        ru="Отчество (при его наличии)",
        names=("отчество", "әкесінің аты", "отчество ученика", "отчество (при наличии)", "әкесінің аты (бар болса)"),
        read=normalise.person_name,
        example_kk="Болатұлы",
        example_ru="Болатұлы",
    ),
    Column(
        code="sex",
        kk="Жынысы",
        ru="Пол",
        names=("жыныс", "пол ребёнка", "м/ж", "пол (м/ж)", "пол м/ж"),
        read=normalise.sex,
        strict=True,
        example_kk="ер",
        example_ru="м",
        choices_kk=("ер", "әйел"),
        choices_ru=("м", "ж"),
    ),
    Column(
        code="birth_date",
        kk="Туған күні",
        ru="Дата рождения",
        names=("день рождения", "дата рожд", "д.р.", "др", "родился", "туған күні, айы, жылы", "туған жылы")
        + ("число, месяц, год рождения", "дата рождения (дд.мм.гггг)", "год рождения"),
        read=normalise.birth_date,
        strict=True,
        example_kk="05.04.2013",
        example_ru="05.04.2013",
    ),
    Column(
        code="nationality",
        kk="Ұлты",
        ru="Национальность",
        names=("нац", "нация", "ұлт"),
        read=normalise.words(lambda: _with_reference("nationalities", _NATIONALITY_WORDS)),
        example_kk="қазақ",
        example_ru="казах(шка)",
    ),
    Column(
        code="citizenship",
        kk="Азаматтығы",
        ru="Гражданство",
        names=("азаматтық",),
        read=normalise.words(citizenships),
        example_kk="ҚР",
        example_ru="РК",
    ),
    Column(
        code="class",
        kk="Сыныбы",
        ru="Класс",
        names=("сынып", "класс обучения", "класс, литера", "сыныбы, литері", "класс/литер", "группа/класс"),
        read=normalise.school_class,
        required=True,
        example_kk="7 «А»",
        example_ru="7А",
    ),
    Column(
        code="language",
        kk="Оқыту тілі",
        ru="Язык обучения",
        names=("оқу тілі", "язык", "язык класса", "тілі"),
        read=normalise.language,
        example_kk="қазақ",
        example_ru="казахский",
        choices_kk=("қазақ", "орыс"),
        choices_ru=("казахский", "русский"),
    ),
    Column(
        code="shift",
        kk="Ауысым",
        ru="Смена",
        names=("ауысымы", "смена обучения"),
        read=normalise.number,
        example_kk="1",
        example_ru="1",
        choices_kk=("1", "2"),
        choices_ru=("1", "2"),
    ),
    Column(
        code="enrolled",
        kk="Қабылданған күні",
        ru="Дата зачисления",
        names=("дата приёма", "зачислен", "дата прибытия", "қабылдау күні", "келген күні", "дата поступления"),
        read=normalise.past_day,
        example_kk="01.09.2020",
        example_ru="01.09.2020",
    ),
    Column(
        code="order_number",
        kk="Қабылдау бұйрығының №",
        ru="№ приказа о зачислении",
        names=("номер приказа", "приказ о зачислении", "№ приказа", "бұйрық №", "бұйрық нөмірі", "приказ"),
        read=normalise.text(40),
        example_kk="26-у",
        example_ru="26-у",
    ),
    Column(
        code="file_number",
        kk="Жеке іс №",
        ru="№ личного дела",
        names=("личное дело", "номер личного дела", "жеке іс", "жеке ісінің №", "л/д", "№ л/д"),
        read=normalise.text(20),
        example_kk="А-231",
        example_ru="А-231",
    ),
    Column(
        code="address",
        kk="Мекенжайы",
        ru="Адрес",
        names=("домашний адрес", "адрес проживания", "место жительства", "мекен-жайы", "тұрғылықты мекенжайы")
        + ("адрес места жительства", "үй мекенжайы"),
        read=normalise.text(250),
        example_kk="Қарқаралы, Абай көш. 51-27",
        example_ru="Каркаралинск, ул. Абая, 51-27",
    ),
    Column(
        code="phone",
        kk="Оқушының телефоны",
        ru="Телефон ученика",
        names=("телефон", "телефон учащегося", "контактный телефон", "байланыс телефоны", "телефоны"),
        read=normalise.phone,
    ),
    *_guardian("mother", "Анасы", "Мать", "мама", "мамасы", "ана", "шешесі", "матери"),
    *_guardian("father", "Әкесі", "Отец", "папа", "папасы", "әке", "отца"),
    *_guardian(
        "guardian", "Қамқоршысы", "Опекун", "законный представитель", "заңды өкілі", "қорғаншысы", "родитель",
        "опекуна", "ата-анасы", "родителя", "законного представителя",
    ),
    Column(
        code="privilege",
        kk="Жеңілдік санаты",
        ru="Льготная категория",
        names=("льгота", "льготы", "категория", "социальный статус", "соц. статус", "әлеуметтік мәртебесі")
        + ("жеңілдіктер", "жеңілдігі", "социальная категория", "статус семьи", "отбасы мәртебесі", "санаты"),
        read=normalise.words(lambda: _with_reference("privileges", _PRIVILEGE_WORDS), several=True),
        example_kk="Көпбалалы отбасы",
        example_ru="Многодетная семья",
    ),
    Column(
        code="special_needs",
        kk="ЕББҚ (ПМПК)",
        ru="ООП (ПМПК)",
        names=("ООП", "ПМПК", "ЕББҚ", "особые образовательные потребности", "ерекше білім беру қажеттілігі"),
        read=normalise.yes_no,
        choices_kk=("иә",),
        choices_ru=("да",),
    ),
    Column(
        code="home",
        kk="Үйде оқыту",
        ru="Надомное обучение",
        names=("обучение на дому", "на дому", "үйден оқыту", "үйде оқиды"),
        read=normalise.yes_no,
        choices_kk=("иә",),
        choices_ru=("да",),
    ),
    Column(
        code="transport",
        kk="Тасымалдау",
        ru="Подвоз",
        names=("школьный автобус", "подвозят", "тасымалданады", "мектеп автобусы", "подвоз учащихся"),
        read=normalise.yes_no,
        choices_kk=("иә",),
        choices_ru=("да",),
    ),
)
