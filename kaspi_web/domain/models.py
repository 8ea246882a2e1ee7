"""Every table of the bank: the one door for alembic."""

from kaspi_web.domain.bills.models import Biller, BillPayment, PaymentIntent
from kaspi_web.domain.customers.models import Customer, SignInTry
from kaspi_web.domain.ledger.models import Account, Entry, Hold, Posting, Seal
from kaspi_web.domain.onboarding.models import PhoneProof
from kaspi_web.domain.sessions.models import SignIn
from kaspi_web.domain.sms.models import SmsCode, SmsMessage
from kaspi_web.domain.terminals.models import KioskVisit, LookUp, Terminal, TerminalNetwork, TopUp
from kaspi_web.domain.wallet.models import Operation

__all__ = [
    "Account",
    "BillPayment",
    "Biller",
    "Customer",
    "Entry",
    "Hold",
    "KioskVisit",
    "LookUp",
    "Operation",
    "PaymentIntent",
    "PhoneProof",
    "Posting",
    "Seal",
    "SignIn",
    "SignInTry",
    "SmsCode",
    "SmsMessage",
    "Terminal",
    "TerminalNetwork",
    "TopUp",
]
