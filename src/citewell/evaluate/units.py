"""Units of measurement: how each is spelled, and by what power of ten it differs from its base."""

from __future__ import annotations

from decimal import Decimal

# Name → its spellings. Units that are no powers of ten of each other (hours and days) are never converted.
SPELLED = {
    "kg": "kg kilogram kilograms", "g": "g gm gram grams gramme grammes", "mg": "mg milligram milligrams",
    "μg": "μg mcg ug microgram micrograms", "ng": "ng nanogram nanograms", "pg": "pg picogram picograms",
    "l": "l litre litres liter liters", "dl": "dl", "ml": "ml cc millilitre millilitres milliliter milliliters",
    "μl": "μl ul microlitre microlitres microliter microliters",
    "mol": "mol", "mmol": "mmol", "μmol": "μmol umol", "nmol": "nmol", "pmol": "pmol", "meq": "meq",
    "molar": "molar", "mmolar": "mmolar", "μmolar": "μmolar", "nmolar": "nmolar",
    "unit": "unit units u", "megaunit": "megau", "kunit": "ku", "munit": "mu", "μunit": "μu",
    "iu": "iu", "megaiu": "megaiu", "kiu": "kiu", "miu": "miu", "μiu": "μiu",
    "cm": "cm", "mm": "mm", "m2": "m2", "mm3": "mm3", "mmhg": "mmhg", "kpa": "kpa",
    "kcal": "kcal", "kj": "kj", "bpm": "bpm", "ppm": "ppm", "%": "% percent", "‰": "‰", "°c": "°c", "°f": "°f",
    "second": "sec secs second seconds", "minute": "min mins minute minutes", "hour": "h hr hrs hour hours",
    "day": "d day days", "week": "wk wks week weeks", "month": "month months", "year": "yr yrs year years",
}  # fmt: skip
NAMES = {spelling: name for name, spellings in SPELLED.items() for spelling in spellings.split()}
# Name → its base and the power of ten between. Kilograms are those of a body, and stay.
SCALES = {
    "g": ("mg", 3), "μg": ("mg", -3), "ng": ("mg", -6), "pg": ("mg", -9),
    "l": ("ml", 3), "dl": ("ml", 2), "μl": ("ml", -3), "cm": ("mm", 1),
    "mol": ("mmol", 3), "μmol": ("mmol", -3), "nmol": ("mmol", -6), "pmol": ("mmol", -9),
    "molar": ("mmolar", 3), "μmolar": ("mmolar", -3), "nmolar": ("mmolar", -6),
    "megaunit": ("unit", 6), "kunit": ("unit", 3), "munit": ("unit", -3), "μunit": ("unit", -6),
    "megaiu": ("iu", 6), "kiu": ("iu", 3), "miu": ("iu", -3), "μiu": ("iu", -6),
}  # fmt: skip


def scaled(number: str, unit: str, per: tuple[str, ...]) -> tuple[str, str]:
    """A decimal number and its units, in base units: ("0.5", "g", ("day",)) is ("500", "mg/day").

    :param unit: Name of the unit it is counted in; empty where it has none. `per` are those that it is divided by.
    """
    base, power = SCALES.get(unit, (unit, 0))
    below = [SCALES.get(each, (each, 0)) for each in per]
    value = format(Decimal(f"{number}e{power - sum(down for _, down in below)}"), "f")  # exact at any length
    value = value.rstrip("0").rstrip(".") if "." in value else value
    return value, "/".join([base, *(name for name, _ in below)])
