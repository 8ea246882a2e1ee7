"""Invented owners and addresses, the same on every start."""

from __future__ import annotations

from random import Random

# Lists of words are written as one text each: they are read, not counted.
# ruff: noqa: SIM905
_SURNAMES = (
    "Ахметов Серикбаев Жумабеков Оспанов Нурланов Касымов Бекмуратов Тлеубаев Ибраимов Сагындыков Абдрахманов "
    "Мусаев Иванов Ковалёв Морозов Новиков Лебедев Соколов Волков Павлов"
).split()
_KK_SURNAMES = "Сейтқали Әбілқас Қанатбек Жүнісбек Үсенбай Оразғали Мұхтарбай Ізбасар Төлеген Шәкірт".split()
_MEN = "Нурлан Ерлан Азамат Дархан Әділет Бауыржан Тимур Сергей Дмитрий Андрей".split()
_WOMEN = "Айгүл Гүлнар Динара Асель Жанар Әсем Қарлығаш Ольга Наталья Марина".split()
_FATHERS = "Марат Серик Болат Ержан Қайрат Талгат".split()
_RU_FATHERS = "Иванович Петрович Сергеевич".split()

STREETS = {
    "Алматы": (
        "пр. Абая|пр. Достык|ул. Сатпаева|ул. Жандосова|ул. Толе би|ул. Тимирязева|ул. Розыбакиева|ул. Курмангазы|"
        "ул. Шевченко|ул. Байтурсынова|мкр. Самал-2|мкр. Аксай-4|мкр. Орбита-3|мкр. Мамыр-1"
    ).split("|"),
    "Астана": (
        "пр. Мәңгілік Ел|пр. Қабанбай батыр|пр. Тұран|пр. Республики|ул. Кенесары|ул. Сығанақ|ул. Достык|ул. Иманова|"
        "ул. Бейбітшілік|ул. Сауран|ул. Алматы|пр. Бауыржан Момышұлы"
    ).split("|"),
    "Караганда": (
        "пр. Бухар-Жырау|пр. Нуркена Абдирова|ул. Ерубаева|ул. Гоголя|ул. Алиханова|ул. Ермекова|пр. Строителей|"
        "мкр. Степной-2|мкр. Гульдер-1|мкр. Восток-3"
    ).split("|"),
}


def person(dice: Random) -> str:
    """A full name as an account card has it: surname, name, father's name."""
    woman = dice.random() < 0.5
    name = dice.choice(_WOMEN if woman else _MEN)
    if dice.random() < 0.35:
        return f"{dice.choice(_KK_SURNAMES)} {name} {dice.choice(_FATHERS)}{'қызы' if woman else 'ұлы'}"
    surname, father = dice.choice(_SURNAMES), dice.choice(_RU_FATHERS)
    return f"{surname}а {name} {father[:-2]}на" if woman else f"{surname} {name} {father}"


def address(dice: Random, city: str) -> str:
    """A flat in a street that the city has."""
    return f"г. {city}, {dice.choice(STREETS[city])}, д. {dice.randint(1, 190)}, кв. {dice.randint(1, 120)}"
