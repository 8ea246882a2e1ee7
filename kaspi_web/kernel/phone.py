"""Mobile numbers of Kazakhstan, in any usual spelling."""

from __future__ import annotations

import phonenumbers

from kaspi_web.kernel.errors import Invalid


class BadPhone(Invalid):
    """The text is no phone number."""

    code, field = "phone_unreadable", "phone"


class ForeignPhone(BadPhone):
    """A number of another country."""

    code = "phone_foreign"


class NotMobile(BadPhone):
    """A number of Kazakhstan that is no mobile: a wallet needs SMS."""

    code = "phone_not_mobile"


def parse_phone(typed: str) -> str:
    """The number in E.164 (`+77011234567`); raises BadPhone, ForeignPhone or NotMobile."""
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    # Ten digits that start with 7 are the national part, as people say it: 701 123 45 67.
    text = f"+7{digits}" if len(digits) == 10 and digits[0] in "67" and "+" not in typed else typed
    try:
        number = phonenumbers.parse(text, "KZ")
    except phonenumbers.NumberParseException:
        raise BadPhone from None
    if number.country_code != 7 and phonenumbers.is_valid_number(number):
        raise ForeignPhone
    if not phonenumbers.is_valid_number(number):
        raise BadPhone
    if phonenumbers.region_code_for_number(number) != "KZ":
        raise ForeignPhone
    if phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
        raise NotMobile
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken(phone: str) -> str:
    """The number as people here write it: `+7 701 123 45 67`."""
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]} {phone[8:10]} {phone[10:]}"


def masked(phone: str) -> str:
    """The number with its middle hidden: `+7 701 ••• •• 67`."""
    return f"{phone[:2]} {phone[2:5]} ••• •• {phone[10:]}"
