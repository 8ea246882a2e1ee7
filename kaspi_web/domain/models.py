"""Every table of the bank: the one door for alembic."""

from kaspi_web.domain.bills.models import (
    Biller,
    BillPayment,
    BillRefund,
    Difference,
    Favourite,
    Holiday,
    PaymentIntent,
)
from kaspi_web.domain.bonus.models import BonusRule
from kaspi_web.domain.cards.models import Card, CardCharge, CardLink, CardPayout, CardRecipient, CardRefund
from kaspi_web.domain.customers.models import Customer, SignInTry
from kaspi_web.domain.identity.models import Identity, IdentityRequest, IdentityTry
from kaspi_web.domain.ledger.models import Account, Entry, Hold, Posting, Seal
from kaspi_web.domain.onboarding.models import PhoneProof
from kaspi_web.domain.sessions.models import SignIn
from kaspi_web.domain.sms.models import SmsCode, SmsMessage
from kaspi_web.domain.terminals.models import KioskVisit, LookUp, Terminal, TerminalNetwork, TopUp
from kaspi_web.domain.transfers.models import ReturnRequest, Transfer, TransferLimit
from kaspi_web.domain.wallet.models import Operation

__all__ = [
    "Account",
    "BillPayment",
    "BillRefund",
    "Biller",
    "BonusRule",
    "Card",
    "CardCharge",
    "CardLink",
    "CardPayout",
    "CardRecipient",
    "CardRefund",
    "Customer",
    "Difference",
    "Entry",
    "Favourite",
    "Hold",
    "Holiday",
    "Identity",
    "IdentityRequest",
    "IdentityTry",
    "KioskVisit",
    "LookUp",
    "Operation",
    "PaymentIntent",
    "PhoneProof",
    "Posting",
    "ReturnRequest",
    "Seal",
    "SignIn",
    "SignInTry",
    "SmsCode",
    "SmsMessage",
    "Terminal",
    "TerminalNetwork",
    "TopUp",
    "Transfer",
    "TransferLimit",
]
