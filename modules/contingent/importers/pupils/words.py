"""Words that people write into cells of pupils beside the official ones, by their code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenants import reference

_PRIVILEGE_WORDS: dict[str, tuple[str, ...]] = {
    "targeted_social_assistance": (
        "АСП",
        "АӘК",
        "получатель АСП",
        "семья АСП",
        "АӘК алушы",
        "адресная помощь",
    ),
    "low_income": (
        "малообеспеченная семья",
        "малообеспеченные",
        "малообеспеченный",
        "малоимущая семья",
        "аз қамтылған отбасы",
        "аз қамтылған",
        "тұрмысы төмен отбасы",
        "төмен қамтылған",
    ),
    "orphan": ("сирота", "жетім", "дети-сироты", "круглый сирота", "тұлдыр жетім", "жетім балалар"),
    "no_parental_care": ("ОБПР", "оставшийся без попечения родителей", "без попечения", "АҚҚ"),
    "guardianship": (
        "опека",
        "под опекой",
        "опекаемый",
        "попечительство",
        "қорғаншылық",
        "қамқоршылық",
        "қорғаншылықта",
        "қамқорлықтағы бала",
        "опекун",
    ),
    "foster_family": ("приёмная семья", "патронат", "патронатная семья", "қабылдаушы отбасы"),
    "many_children": (
        "многодетная семья",
        "многодетные",
        "многодетная",
        "многодетный",
        "көпбалалы",
        "көп балалы отбасы",
        "көпбалалы отбасы",
        "көп балалы",
    ),
    "disability_child": (
        "инвалидность",
        "инвалид",
        "ребёнок-инвалид",
        "ребенок инвалид",
        "мүгедектік",
        "мүгедек",
        "мүгедек бала",
        "мүгедектігі бар",
    ),
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
    "KZ": (
        "РК",
        "ҚР",
        "Казахстан",
        "Қазақстан",
        "Республика Казахстан",
        "Қазақстан Республикасы",
        "KZ",
        "KAZ",
        "гражданин РК",
        "ҚР азаматы",
        "казахстанское",
    ),
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


def privileges() -> Mapping[str, tuple[str, ...]]:
    return _with_reference("privileges", _PRIVILEGE_WORDS)


def nationalities() -> Mapping[str, tuple[str, ...]]:
    return _with_reference("nationalities", _NATIONALITY_WORDS)


def citizenships() -> Mapping[str, tuple[str, ...]]:
    """Codes of countries with their words, the Russian short name first."""
    return _CITIZENSHIP_WORDS


def _with_reference(kind: str, more: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return {
        code: (term.name_kk, term.name_ru, *more.get(code, ()))
        for code, term in reference.terms(kind).items()
    }
